"""Imports: started by a command or the API, queued in chunks by a reader, loaded and undone by the engine."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, or_, select, text, update

from risk.audit.record import ENGINE, SYSTEM, Entry, Outcome
from risk.domain.errors import Conflict, NotFound
from risk.store.audit import audit_log
from risk.store.db.tables import import_chunks, imports

SOURCE = "import:"
"""Prefix of an import's number in source names."""


class ImportStatus(StrEnum):
    """The state of an import."""

    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


UNDOABLE = (ImportStatus.RUNNING, ImportStatus.DONE, ImportStatus.FAILED)
UNSTARTED = (ImportStatus.UPLOADING, ImportStatus.UPLOADED, ImportStatus.PLANNED)


class Position(NamedTuple):
    """A record of an import: its chunk and its line there, both from 0."""

    chunk: int
    line: int

    def __str__(self) -> str:
        return f"{self.chunk}:{self.line}"

    @classmethod
    def parse(cls, position: str | None) -> Position:
        """The position that ``str`` wrote; before the first record for None."""
        if position is None:
            return cls(0, -1)
        chunk, _, line = position.partition(":")
        return cls(int(chunk), int(line))


class NewImport(NamedTuple):
    """The arguments of a new import."""

    name: str
    source: str
    fingerprint: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Import:
    """An import as it stands."""

    id: int
    name: str
    source: str
    fingerprint: str
    status: ImportStatus
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    options: Mapping[str, Any]
    upload: str | None
    rows: int
    refused: int
    written: int
    complete: bool
    position: str | None
    events: int
    labels: int
    repeated: int
    failed: int
    detail: str | None
    upload_id: str | None
    size: int
    read_share: float
    preview: Mapping[str, Any] | None
    started_at: datetime | None

    @property
    def loaded(self) -> int:
        """The number of accepted records."""
        return self.events + self.labels + self.repeated + self.failed


@dataclass
class Loaded:
    """Counts of one import in a transaction, and its last position."""

    position: str
    events: int = 0
    labels: int = 0
    repeated: int = 0
    failed: int = 0


def of_source(source: str) -> int | None:
    """The import whose records come from ``source``; None for a stream."""
    return int(source.removeprefix(SOURCE)) if source.startswith(SOURCE) else None


def _made(row: Row[Any]) -> Import:
    return Import(**row._asdict() | {"status": ImportStatus(row.status)})


def get(connection: Connection, import_id: int) -> Import:
    """The import with this number, or ``NotFound``."""
    row = connection.execute(select(imports).where(imports.c.id == import_id)).one_or_none()
    if row is None:
        raise NotFound(f"import {import_id} not found")
    return _made(row)


def locked(connection: Connection, import_id: int) -> Import:
    """The import with this number, locked until the transaction ends, or ``NotFound``."""
    connection.execute(select(imports.c.id).where(imports.c.id == import_id).with_for_update())
    return get(connection, import_id)


def page(connection: Connection, *, limit: int, before: int | None = None) -> list[Import]:
    """At most ``limit`` imports, the newest first, from those before the number ``before`` on."""
    query: Select[Any] = select(imports).order_by(imports.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(imports.c.id < before)
    return [_made(row) for row in connection.execute(query)]


def begin(connection: Connection, new: NewImport, *, by: str, at: datetime) -> Import:
    """Start an import, or resume the interrupted one of the same fingerprint."""
    c = imports.c
    unfinished = select(c.id).where(c.fingerprint == new.fingerprint, c.status == ImportStatus.RUNNING)
    found = connection.scalar(unfinished.order_by(c.id.desc()).limit(1))
    if found is not None:
        return get(connection, found)
    values = new._asdict() | {"status": ImportStatus.RUNNING, "created_by": by, "created_at": at}
    return get(connection, connection.scalar(insert(imports).values(values).returning(c.id)) or 0)


def put_up(connection: Connection, import_id: int, number: int, records: Sequence[bytes]) -> None:
    """Queue ``records`` as chunk ``number``; ``Conflict`` if it is not the next, or the import is not running."""
    changed = connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.written == number, imports.c.status == ImportStatus.RUNNING)
        .values(written=number + 1)
    ).rowcount
    if not changed:
        raise Conflict(f"import {import_id} is being loaded by another command, or was taken back")
    body = zlib.compress(b"\n".join(records), 1)
    connection.execute(insert(import_chunks).values(import_id=import_id, number=number, body=body))


def waiting(connection: Connection, import_id: int) -> int:
    """The number of queued chunks."""
    count = select(func.count()).select_from(import_chunks).where(import_chunks.c.import_id == import_id)
    return connection.scalar(count) or 0


def put_up_all(connection: Connection, import_id: int, *, rows: int, refused: int) -> None:
    """Mark the import as fully queued, with the total and the refused rows of its files."""
    running = and_(imports.c.id == import_id, imports.c.status == ImportStatus.RUNNING)
    connection.execute(update(imports).where(running).values(complete=True, rows=rows, refused=refused))


def fail(connection: Connection, import_id: int, detail: str, *, at: datetime) -> None:
    """Fail the import: its file cannot be read further. Loaded data stays until it is undone."""
    changed = connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.status == ImportStatus.RUNNING)
        .values(status=ImportStatus.FAILED, detail=detail[:2_000], finished_at=at)
    ).rowcount
    if changed:
        connection.execute(delete(import_chunks).where(import_chunks.c.import_id == import_id))
        entry = Entry(at=at, actor=SYSTEM, action="fail_import", subject=f"import:{import_id}", outcome=Outcome.FAILURE)
        audit_log.append(connection, [entry])


def undo(connection: Connection, import_id: int, *, by: str) -> Import:
    """Have the engine undo an import; ``Conflict`` if there is nothing to undo."""
    found = locked(connection, import_id)
    if found.status in (ImportStatus.UNDOING, ImportStatus.UNDONE):
        return found
    if found.status not in UNDOABLE:
        raise Conflict(f"import {import_id} is {found.status}: nothing of it is loaded")
    values = {"status": ImportStatus.UNDOING, "undone_by": by}
    connection.execute(update(imports).where(imports.c.id == import_id).values(values))
    return get(connection, import_id)


# For the engine.


class Chunk(NamedTuple):
    """The next part of a chunk to load: ``lines`` from the position ``first``."""

    import_id: int
    first: Position
    lines: list[bytes]


_OPEN = or_(imports.c.status == ImportStatus.RUNNING, imports.c.status == ImportStatus.UNDOING)


def positions(connection: Connection) -> dict[str, str]:
    """The positions of running imports by source."""
    rows = connection.execute(select(imports.c.id, imports.c.position).where(_OPEN, imports.c.position.is_not(None)))
    return {f"{SOURCE}{row.id}": row.position for row in rows}


def to_undo(connection: Connection) -> list[int]:
    """The imports to undo, newest first."""
    wanted = select(imports.c.id).where(imports.c.status == ImportStatus.UNDOING).order_by(imports.c.id.desc())
    return list(connection.scalars(wanted))


def next_chunk(connection: Connection, *, after: Mapping[int, Position]) -> Chunk | None:
    """The next chunk of the oldest running import that has one.

    ``after`` holds positions that were read but may not be stored yet.
    """
    running = select(imports.c.id, imports.c.position).where(imports.c.status == ImportStatus.RUNNING)
    for import_id, position in connection.execute(running.order_by(imports.c.id)).all():
        chunk, line = after.get(import_id) or Position.parse(position)
        c = import_chunks.c
        wanted = select(c.number, c.body).where(c.import_id == import_id, c.number.in_((chunk, chunk + 1)))
        for number, body in connection.execute(wanted.order_by(c.number)):
            lines = zlib.decompress(body).split(b"\n")
            first = line + 1 if number == chunk else 0
            if first < len(lines):
                return Chunk(import_id, Position(number, first), lines[first:])
    return None


def store_loaded(connection: Connection, import_id: int, loaded: Loaded) -> None:
    """Record the outcomes of records in the transaction that stores them; loaded chunks are deleted."""
    c = imports.c
    counted = {name: c[name] + getattr(loaded, name) for name in ("events", "labels", "repeated", "failed")}
    values = {"position": loaded.position, **counted}
    connection.execute(update(imports).where(c.id == import_id).values(values))
    chunk = Position.parse(loaded.position).chunk
    connection.execute(
        delete(import_chunks).where(import_chunks.c.import_id == import_id, import_chunks.c.number < chunk)
    )


def finish(connection: Connection, *, at: datetime) -> list[int]:
    """Finish imports of which every record is stored; returns them."""
    c = imports.c
    complete = select(imports).where(c.status == ImportStatus.RUNNING, c.complete).with_for_update(skip_locked=True)
    ended = [one for one in map(_made, connection.execute(complete)) if _is_stored(connection, one)]
    for one in ended:
        connection.execute(update(imports).where(c.id == one.id).values(status=ImportStatus.DONE, finished_at=at))
        connection.execute(delete(import_chunks).where(import_chunks.c.import_id == one.id))
        details = {name: getattr(one, name) for name in ("rows", "refused", "events", "labels", "repeated", "failed")}
        entry = Entry(at=at, actor=ENGINE, action="finish_import", subject=f"import:{one.id}", details=details)
        audit_log.append(connection, [entry])
    return [one.id for one in ended]


def _is_stored(connection: Connection, one: Import) -> bool:
    if not one.written:
        return True
    chunk, line = Position.parse(one.position)
    body = connection.scalar(
        select(import_chunks.c.body).where(import_chunks.c.import_id == one.id, import_chunks.c.number == chunk)
    )
    return chunk == one.written - 1 and body is not None and line == zlib.decompress(body).count(b"\n")


def take_back(connection: Connection, import_id: int, *, at: datetime) -> dict[str, int]:
    """Delete an import's data; returns the counts. The caller restores profiles."""
    found = dict(connection.scalar(text("SELECT take_back_import(:which)"), {"which": import_id}) or {})
    values = {"status": ImportStatus.UNDONE, "undone_at": at}
    connection.execute(update(imports).where(imports.c.id == import_id).values(values))
    entry = Entry(at=at, actor=ENGINE, action="take_back_import", subject=f"import:{import_id}", details=found)
    audit_log.append(connection, [entry])
    return found
