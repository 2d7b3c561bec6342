"""Imports of uploaded files before they are loaded: uploaded, previewed, started; read by a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, or_, select, update

from risk.domain.errors import Conflict
from risk.store.db.tables import imports
from risk.store.imports.imports import UNSTARTED, Import, ImportStatus, get, locked

PREFIX = "imports/"
"""Of the keys of uploaded files."""
_c = imports.c


def key_of(name: str) -> str:
    """A new object key for a file; what the file is called is not part of it."""
    return f"{PREFIX}{uuid4()}/file" + ("" if "." not in name else "." + name.rpartition(".")[2][:16])


def refused_key(found: Import) -> str:
    """The object key of the refused rows of an uploaded file."""
    return f"{(found.upload or '').rpartition('/')[0]}/refused.csv"


def create(
    connection: Connection,
    *,
    name: str,
    size: int,
    key: str,
    upload_id: str,
    options: Mapping[str, Any],
    by: str,
    at: datetime,
) -> Import:
    """A new import whose file of ``size`` bytes is being uploaded to ``key``."""
    values = {
        "name": name,
        "source": options.get("source") or name,
        "fingerprint": f"upload:{key}",
        "status": ImportStatus.UPLOADING,
        "created_by": by,
        "created_at": at,
        "options": dict(options),
        "upload": key,
        "upload_id": upload_id,
        "size": size,
    }
    return get(connection, connection.scalar(insert(imports).values(values).returning(_c.id)) or 0)


def unstarted(connection: Connection, import_id: int, *states: ImportStatus) -> Import:
    """The import of an uploaded file, locked; ``Conflict`` unless it is in one of ``states``."""
    found = locked(connection, import_id)
    if found.status not in states or found.upload is None:
        raise Conflict(f"import {import_id} is {found.status}; it would have to be {' or '.join(states)}")
    return found


def uploaded(connection: Connection, import_id: int) -> Import:
    """Have the whole file previewed."""
    return _set(connection, import_id, status=ImportStatus.UPLOADED, upload_id=None)


def read_by(connection: Connection, import_id: int, options: Mapping[str, Any]) -> Import:
    """Have the file previewed anew, read by other ``options``; ``Conflict`` once it is started."""
    found = unstarted(connection, import_id, ImportStatus.UPLOADED, ImportStatus.PLANNED)
    source = options.get("source") or found.name
    return _set(connection, import_id, status=ImportStatus.UPLOADED, options=dict(options), source=source, preview=None)


def start(connection: Connection, import_id: int, *, at: datetime) -> Import:
    """Start loading; ``Conflict`` unless the preview shows that the file can be read."""
    found = unstarted(connection, import_id, ImportStatus.PLANNED)
    if not found.preview or found.preview.get("error"):
        raise Conflict(f"import {import_id} cannot be read as it is; say what its columns are first")
    return _set(connection, import_id, status=ImportStatus.RUNNING, started_at=at, preview=None, read_share=0.0)


def discard(connection: Connection, import_id: int, *, by: str, at: datetime) -> Import | None:
    """Give up an import that was not started; None if it was, and has to be undone by the engine."""
    if locked(connection, import_id).status not in UNSTARTED:
        return None
    values = {"status": ImportStatus.UNDONE, "undone_by": by, "undone_at": at, "upload_id": None, "preview": None}
    return _set(connection, import_id, **values)


def _set(connection: Connection, import_id: int, **values: Any) -> Import:
    connection.execute(update(imports).where(_c.id == import_id).values(values))
    return get(connection, import_id)


# For the worker.


def to_preview(connection: Connection) -> list[int]:
    """The imports that wait for a preview, the oldest first."""
    return list(connection.scalars(select(_c.id).where(_c.status == ImportStatus.UPLOADED).order_by(_c.id)))


def to_load(connection: Connection) -> list[int]:
    """The started imports whose files are not read to their end, the oldest first."""
    wanted = (_c.status == ImportStatus.RUNNING, _c.upload.is_not(None), _c.complete.is_(False))
    return list(connection.scalars(select(_c.id).where(*wanted).order_by(_c.id)))


def previewed(connection: Connection, read: Import, preview: Mapping[str, Any], source: str) -> None:
    """Store the preview of ``read``, unless it has been asked for by other options meanwhile."""
    same = (_c.id == read.id, _c.status == ImportStatus.UPLOADED, _c.options == read.options)
    values = {"status": ImportStatus.PLANNED, "preview": dict(preview), "source": source}
    connection.execute(update(imports).where(*same).values(values))


def note_share(connection: Connection, import_id: int, share: float) -> bool:
    """Store how much of the file is read; False if it is not to be read any more."""
    running = (_c.id == import_id, _c.status == ImportStatus.RUNNING)
    return bool(connection.execute(update(imports).where(*running).values(read_share=share)).rowcount)


def in_progress(connection: Connection, also: Sequence[int]) -> list[Import]:
    """The imports that are not ended, and those numbered ``also``."""
    states = (ImportStatus.UPLOADED, ImportStatus.PLANNED, ImportStatus.RUNNING, ImportStatus.UNDOING)
    wanted = select(_c.id).where(or_(_c.status.in_(states), _c.id.in_(also))).order_by(_c.id)
    return [get(connection, number) for number in connection.scalars(wanted).all()]
