"""The audit log: records, proofs and verification."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import StringConstraints
from sqlalchemy import Connection

from functions.api.audit.schemas import (
    MAX_VERIFY,
    AuditCheckpoint,
    AuditErased,
    AuditErasure,
    AuditFinding,
    AuditPage,
    AuditProof,
    AuditRecord,
    AuditVerification,
    AuditVerified,
    PersonalValue,
)
from functions.api.http.access.request_audit import Audit
from functions.api.http.conventions import paging, time_spans
from functions.api.http.conventions.exports import EXPORT_ANSWERS, ExportFormat, ExportLink, Format, export
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.logs import logger
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, open_checkpoint, proof_text
from risk.audit.diff import Finding
from risk.audit.record import Json, Outcome
from risk.domain.errors import Conflict, InvalidInput, NotFound
from risk.domain.permissions import Permission
from risk.store import personal_data
from risk.store.audit import audit_log as log
from risk.store.audit import checkpoints
from risk.store.identity import users

router = APIRouter(prefix=f"{PREFIX}/audit", tags=["audit"])
_READ = require(Permission.AUDIT_READ)
_NONE: dict[int | str, dict[str, object]] = {404: {"description": "There is no checkpoint yet."}}
Word = Annotated[str | None, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


def _shown(stored: log.Stored) -> AuditRecord:
    fields: dict[str, Any] = json.loads(stored.record)
    personal = {
        name: PersonalValue(commitment=commitment, value=stored.kept.get(name), erased=name not in stored.kept)
        for name, commitment in fields.pop("personal").items()
    }
    return AuditRecord(**fields, seq=stored.seq, personal=personal, leaf_hash=stored.leaf_hash.hex())


def wanted(
    connection: Database,
    span: time_spans.BoundsDep,
    actor: Annotated[
        Word, Query(description="Only what they did: `user:<id>` or a person's address; `engine`.")
    ] = None,
    action: Annotated[Word, Query(description="Only this action, such as `resolve_alert`.")] = None,
    subject: Annotated[Word, Query(description="Only what was done to this, such as `alert:<id>`.")] = None,
    outcome: Annotated[Outcome | None, Query(description="Only what ended so.")] = None,
) -> log.Filter:
    """Filters of audit records, from the query string."""
    if actor is not None and "@" in actor:
        user = users.find_by_email(connection, actor)
        actor = f"user:{user.id}" if user else actor
    return log.Filter(actor=actor, action=action, subject=subject, outcome=outcome, since=span.since, until=span.until)


Wanted = Annotated[log.Filter, Depends(wanted)]


def _note_read(audit: Audit, wanted: log.Filter, kind: ExportFormat | None = None) -> None:
    """Audit a read. An actor filter that matches nobody's address is treated as personal data."""
    asked: dict[str, Json] = {"action": wanted.action, "subject": wanted.subject, "outcome": wanted.outcome}
    audit(personal={"actor": wanted.actor}, wanted=asked, format=kind)


@router.get("/logs", dependencies=[_READ])
def list_audit_logs(
    connection: Database,
    audit: AuditDep,
    wanted: Wanted,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> AuditPage:
    """List audit records, newest first. Reading them is audited."""
    _note_read(audit, wanted)
    before = None if cursor is None else paging.to_sequence(cursor)
    found = log.page(connection, wanted, limit=limit + 1, before=before)
    items = [_shown(one) for one in found[:limit]]
    return AuditPage(items=items, next_cursor=paging.from_sequence(items[-1].seq) if len(found) > limit else None)


@router.get("/logs/export", dependencies=[_READ], responses=EXPORT_ANSWERS, response_model=None)
def export_audit_logs(
    services: ServicesDep,
    connection: Database,
    audit: AuditDep,
    now: Now,
    wanted: Wanted,
    kind: Format = ExportFormat.CSV,
) -> Response | ExportLink:
    """Export the audit records that a filter finds, newest first, for reading.

    For verification use `risk audit export`, which includes the hashes that `risk audit verify --export` checks.
    """
    _note_read(audit, wanted, kind)
    with closing(log.stream(connection, wanted)) as records:
        rows = (_shown(one).model_dump() for one in records)
        return export(services, rows, list(AuditRecord.model_fields), kind=kind, name="audit", now=now)


@router.post("/erasures", dependencies=[require(Permission.AUDIT_ERASE)])
def erase_personal_value(
    body: AuditErasure, connection: Database, audit: AuditDep, services: ServicesDep
) -> AuditErased:
    """Erase a personal value from all audit records, and the account or counterparty of that id. It cannot be undone.

    A customer's events, alerts and labels stay under a token that nothing leads back from; their devices, addresses,
    attributes, notes, explanations, profiles, messages and dead letters go, from the live view as well. An entry of a
    list that is in force stays until it is taken off.

    Records and proofs stay valid because they hold only salted commitments to such values. The erasure is audited
    with its reason and the number of records; the value is not.
    """
    records = log.erase(connection, body.value)
    rows = personal_data.erase(connection, body.value)
    valkey_live.hide(services.live, body.value)
    audit("audit", personal={"reason": body.reason}, records=records, rows={**rows})
    return AuditErased(records=records, rows=rows)


def _kept(services: Services) -> Checkpoint | None:
    """The newest checkpoint in the bucket; ``Conflict`` if the log's key did not sign it."""
    note = services.kept_checkpoint()
    return None if note is None else _open(services, note)


def _newest(connection: Connection) -> str:
    note = checkpoints.newest(connection)
    if note is None:
        raise NotFound("no checkpoint yet; one is signed every minute")
    return note


def _open(services: Services, note: str) -> Checkpoint:
    try:
        return open_checkpoint(note, services.audit_key)
    except InvalidInput as error:
        logger.error("the newest checkpoint of the audit log does not verify", extra={"error": error.detail})
        raise Conflict(f"the newest checkpoint does not verify: {error.detail}") from error


@router.get("/checkpoint", dependencies=[_READ], responses=_NONE)
def get_audit_checkpoint(connection: Database, services: ServicesDep) -> AuditCheckpoint:
    """Get the newest checkpoint. Keep a copy elsewhere: records that it covers cannot be changed undetected."""
    note = _newest(connection)
    found = _open(services, note)
    return AuditCheckpoint(
        note=note,
        origin=found.origin,
        size=found.size,
        root=base64.b64encode(found.root).decode(),
        signed_at=checkpoints.signed_at(connection, found.size),
        key=str(services.audit_key),
    )


@router.get(
    "/proof/{seq}",
    dependencies=[_READ],
    responses={
        404: {"description": "Record not found, or no checkpoint yet."},
        409: {"description": "No checkpoint covers the record yet."},
    },
)
def get_audit_proof(seq: Annotated[int, Path(ge=1, le=2**53)], connection: Database, audit: AuditDep) -> AuditProof:
    """Get a record with its inclusion proof, which anyone can verify with the log's public key."""
    found = log.find(connection, seq)
    note = _newest(connection)
    size = Checkpoint.parse(Note.parse(note).text).size
    if seq > size:
        raise Conflict(f"the newest checkpoint covers {size} records; the next is signed within a minute")
    path = merkle.inclusion_proof(log.reader(connection), seq - 1, size)
    audit()
    return AuditProof(
        seq=seq,
        record=found.record.decode(),
        leaf_hash=found.leaf_hash.hex(),
        size=size,
        proof=proof_text(seq - 1, path, note),
    )


def _since_last(connection: Connection) -> int:
    """The first record that failed the last verification."""
    wanted = log.Filter(action="verify_audit_log", outcome=Outcome.SUCCESS)
    for one in log.page(connection, wanted, limit=1):
        last = json.loads(one.record)["details"]["verified"]
        return int(last) + 1
    return 1


@router.post("/verify", dependencies=[require(Permission.AUDIT_VERIFY)], responses=_NONE)
def verify_audit_log(
    connection: Database, services: ServicesDep, audit: AuditDep, body: AuditVerification | None = None
) -> AuditVerified:
    """Verify records against the newest checkpoint, at most 100,000 per call: `next` is where to continue.

    Without a range it continues after the last verified record. `risk audit verify` checks the whole log against a
    checkpoint that you kept elsewhere.
    """
    checkpoint = _open(services, _newest(connection))
    kept = _kept(services)
    if kept is not None and kept.size > checkpoint.size:
        checkpoint = kept
    wanted = body or AuditVerification()
    verified = _since_last(connection)
    first = wanted.first or min(verified, checkpoint.size + 1)
    last = min(wanted.last or checkpoint.size, checkpoint.size, first + MAX_VERIFY - 1)
    if wanted.first and wanted.first > (wanted.last or checkpoint.size):
        raise InvalidInput(f"must not be after the last record ({wanted.last or checkpoint.size})", field="first")
    checked, found = last, list[Finding]()
    if first <= last:
        checked, found = checkpoints.verify_part(connection, checkpoint, first, last)
    if found:
        logger.error("the audit log was changed", extra={"findings": [str(one) for one in found[:10]]})
    known = max(verified - 1, checked) if first <= verified else verified - 1
    audit("audit", outcome=Outcome.FAILURE if found else Outcome.SUCCESS, first=first, last=last, verified=known)
    return AuditVerified(
        ok=not found,
        first=first if first <= last else None,
        last=last if first <= last else None,
        records=max(0, last - first + 1),
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        findings=[AuditFinding(**one._asdict()) for one in found[:100]],
        next=last + 1 if last < checkpoint.size and first <= last else None,
    )
