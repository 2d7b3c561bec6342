"""Queues records of files for the engine, in order and in chunks; a restarted import continues where it was."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, Engine

from risk.audit.record import SYSTEM, Entry
from risk.domain.errors import Conflict, RiskError
from risk.domain.events import to_json
from risk.store.audit import audit_log
from risk.store.imports import imports
from risk.store.imports.imports import Import, ImportStatus, NewImport
from streaming.importing.mapping import as_yaml
from streaming.importing.source import Options, Plan, Records

CHUNK = 5_000
"""Records per chunk: the same in every version, because a restarted reader counts in chunks."""
MOST_WAITING = 40
"""Queued chunks at most: more would fill the database before the engine loads them."""
_LOOK_AGAIN = 0.2
_NEVER = threading.Event()


class Interrupted(Exception):
    """The reader was told to stop."""


def fingerprint(plans: Sequence[Plan], options: Options) -> str:
    """Identifies an import: the files by name, size and time, and how they are read."""
    said = hashlib.sha256()
    for plan in plans:
        stat = plan.path.stat()
        mapping = repr(plan.labels or "") if plan.mapping is None else as_yaml(plan.mapping)
        said.update(f"{plan.path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\0{plan.source}\0{mapping}\0".encode())
    said.update(f"{options.currency}\0{options.encoding}\0{options.limit}\0{options.labels}".encode())
    return said.hexdigest()


def begin(engine: Engine, plans: Sequence[Plan], options: Options, *, by: str) -> Import:
    """The import of these files by the command ``by``, new or resumed."""
    name = plans[0].path.name if len(plans) == 1 else f"{plans[0].path.parent.name}/ ({len(plans)} files)"
    said = {
        "currency": options.currency,
        "encoding": options.encoding,
        "limit": options.limit,
        "labels": options.labels,
    }
    new = NewImport(name, plans[0].source or name, fingerprint(plans, options), said)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        begun = imports.begin(connection, new, by=by, at=now)
        _log(connection, "begin_import", begun.id, by, now, name=name, source=new.source, written=begun.written)
    return begun


def undo(engine: Engine, import_id: int, *, by: str) -> Import:
    """Have the engine undo an import, as the command ``by``."""
    now = datetime.now(UTC)
    with engine.begin() as connection:
        found = imports.undo(connection, import_id, by=by)
        _log(connection, "undo_import", import_id, by, now, events=found.events, labels=found.labels)
    return found


def _log(connection: Connection, action: str, import_id: int, by: str, at: datetime, **details: str | int) -> None:
    entry = Entry(at=at, actor=SYSTEM, action=action, subject=f"import:{import_id}", details={"command": by, **details})
    audit_log.append(connection, [entry])


def put_up(
    engine: Engine,
    begun: Import,
    records: Records,
    advance: Callable[[int], None] = lambda _: None,
    *,
    stop: threading.Event | None = None,
    before_end: Callable[[], None] = lambda: None,
) -> None:
    """Queue ``records`` from where ``begun`` stopped; waits while the queue is full.

    ``before_end`` is called when all records are queued and the import is not complete yet. ``Interrupted`` once
    ``stop`` is set: begun again, it goes on there.

    Raises ``Conflict`` when the import is undone meanwhile. An error in a file fails the import.
    """
    try:
        rest = (to_json(record) for record in records)
        for _ in range(begun.written):
            advance(sum(1 for _ in islice(rest, CHUNK)))
        number = begun.written
        while chunk := list(islice(rest, CHUNK)):
            _wait_for_room(engine, begun.id, stop or _NEVER)
            with engine.begin() as connection:
                imports.put_up(connection, begun.id, number, chunk)
            number += 1
            advance(len(chunk))
        before_end()
    except (Conflict, Interrupted):
        raise
    except (RiskError, OSError) as error:
        with engine.begin() as connection:
            imports.fail(connection, begun.id, str(error), at=datetime.now(UTC))
        raise
    with engine.begin() as connection:
        imports.put_up_all(connection, begun.id, rows=records.counts.rows, refused=records.counts.refused)


def _wait_for_room(engine: Engine, import_id: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with engine.connect() as connection:
            if imports.waiting(connection, import_id) < MOST_WAITING:
                return
        stop.wait(_LOOK_AGAIN)
    raise Interrupted


def wait(engine: Engine, import_id: int, done: Callable[[Import], None], *, patience: float) -> Import:
    """Wait until the engine has loaded an import, or made no progress for ``patience`` seconds; returns its state."""
    last, since = -1, time.monotonic()
    while True:
        with engine.connect() as connection:
            found = imports.get(connection, import_id)
        done(found)
        if found.loaded != last:
            last, since = found.loaded, time.monotonic()
        if found.status is not ImportStatus.RUNNING or time.monotonic() - since > patience:
            return found
        time.sleep(_LOOK_AGAIN)
