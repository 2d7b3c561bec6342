"""Imports: a file is uploaded in parts, previewed, mapped, loaded as history, and taken back whole."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path

from functions.api.http.conventions import paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.imports.schemas import (
    ImportDetail,
    ImportPage,
    NewImport,
    Reading,
    RefusedLink,
    UploadPart,
    detail,
    shown,
)
from functions.api.imports.storage import LINK_MINUTES, PART_MINUTES, Uploads
from risk.domain.errors import NotFound
from risk.domain.permissions import Permission
from risk.store.imports import imports, uploads
from risk.store.imports.imports import Import, ImportStatus

router = APIRouter(prefix=f"{PREFIX}/imports", tags=["imports"], dependencies=[require(Permission.IMPORTS_MANAGE)])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The import's number.")]
MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Import not found."}}
STATE: dict[int | str, dict[str, Any]] = MISSING | {409: {"description": "The import's status does not allow this."}}


def _subject(found: Import) -> str:
    return f"import:{found.id}"


@router.get("")
def list_imports(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ImportPage:
    """List imports, the newest first: those of `risk import` too."""
    before = None if cursor is None else min(paging.to_sequence(cursor), 2**31 - 1)
    found = imports.page(connection, limit=limit + 1, before=before)
    items = found[:limit]
    more = paging.from_sequence(items[-1].id) if len(found) > limit else None
    return ImportPage(items=[shown(one) for one in items], next_cursor=more)


@router.post("", status_code=HTTPStatus.CREATED)
def create_import(
    body: NewImport, user: CurrentUser, services: ServicesDep, connection: Database, now: Now, audit: AuditDep
) -> ImportDetail:
    """Begin to upload a file of at most 5 GB. CSV, TSV, Excel, Parquet, JSON, ISO 20022 XML; also gzipped or zipped.

    Send its parts to the addresses of `GET /imports/{import_id}/parts/{part}`, and say when all are there. Nothing
    is loaded before `POST /imports/{import_id}/start`.
    """
    key, upload_id = Uploads(services).begin(body.name)
    found = uploads.create(
        connection,
        name=body.name,
        size=body.size,
        key=key,
        upload_id=upload_id,
        options=body.model_dump(exclude={"name", "size"}),
        by=user.email,
        at=now,
    )
    audit(_subject(found), name=found.name, bytes=found.size)
    return detail(found)


@router.get("/{import_id}", responses=MISSING)
def get_import(import_id: Number, connection: Database, audit: AuditDep) -> ImportDetail:
    """Get an import, with the preview of its file until it is started."""
    found = imports.get(connection, import_id)
    if found.preview:
        audit(_subject(found))
    return detail(found)


@router.get("/{import_id}/parts/{part}", responses=STATE)
def get_upload_part(
    import_id: Number,
    part: Annotated[int, Path(ge=1, le=10_000, description="The part of the file, from 1.")],
    services: ServicesDep,
    connection: Database,
    now: Now,
) -> UploadPart:
    """Get the address to which a part of the file is sent by `PUT`. A part may be sent again."""
    found = uploads.unstarted(connection, import_id, ImportStatus.UPLOADING)
    url, start, length = Uploads(services).part(found, part)
    return UploadPart(url=url, expires_at=now + timedelta(minutes=PART_MINUTES), start=start, bytes=length)


@router.post("/{import_id}/uploaded", responses=STATE)
def complete_upload(import_id: Number, services: ServicesDep, connection: Database, audit: AuditDep) -> ImportDetail:
    """Say that all parts are there. The file is then previewed: its status becomes `planned`."""
    found = uploads.unstarted(connection, import_id, ImportStatus.UPLOADING)
    Uploads(services).complete(found)
    audit(_subject(found), bytes=found.size)
    return detail(uploads.uploaded(connection, import_id))


@router.put("/{import_id}/reading", responses=STATE)
def change_reading(import_id: Number, body: Reading, connection: Database, audit: AuditDep) -> ImportDetail:
    """Say how the file is read: which column is which field, whose ids these are. It is previewed again."""
    found = uploads.read_by(connection, import_id, body.model_dump())
    audit(_subject(found), source=body.source, columns=dict(body.columns), mapping=body.mapping is not None)
    return detail(found)


@router.post("/{import_id}/start", status_code=HTTPStatus.ACCEPTED, responses=STATE)
def start_import(import_id: Number, connection: Database, now: Now, audit: AuditDep) -> ImportDetail:
    """Load the file as history: profiles, definitions and labels learn of it; it raises no alerts."""
    found = uploads.start(connection, import_id, at=now)
    audit(_subject(found), name=found.name, source=found.source)
    return detail(found)


@router.post("/{import_id}/undo", status_code=HTTPStatus.ACCEPTED, responses=STATE)
def undo_import(
    import_id: Number, user: CurrentUser, services: ServicesDep, connection: Database, now: Now, audit: AuditDep
) -> ImportDetail:
    """Take an import back whole, with all that profiles learnt of it; one that was not started is given up.

    The engine does it, and reads nothing meanwhile: the status is `undoing` until it is `undone`.
    """
    before = imports.locked(connection, import_id)
    found = uploads.discard(connection, import_id, by=user.email, at=now)
    if found is None:
        found = imports.undo(connection, import_id, by=user.email)
    elif before.upload_id:
        Uploads(services).abort(before)
    audit(_subject(found), events=found.events, labels=found.labels)
    return detail(found)


@router.get("/{import_id}/refused", responses=MISSING)
def get_refused_rows(
    import_id: Number, services: ServicesDep, connection: Database, now: Now, audit: AuditDep
) -> RefusedLink:
    """Get where the rows that became nothing can be downloaded as CSV, with their number, field and reason."""
    found = imports.get(connection, import_id)
    if not found.refused or found.upload is None:
        raise NotFound(f"import {import_id} has no refused rows" + ("" if found.upload else " that were kept here"))
    audit(_subject(found), refused=found.refused)
    url = Uploads(services).refused(found)
    return RefusedLink(url=url, expires_at=now + timedelta(minutes=LINK_MINUTES))
