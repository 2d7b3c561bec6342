"""Dead letters: listed, inspected, exported, corrected and replayed, or dismissed with a reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic_core import to_json

from functions.api.dead_letters.schemas import (
    DeadLetterCounts,
    DeadLetterDetail,
    DeadLetterDismissal,
    DeadLetterPage,
    DeadLetterReplay,
    DeadLettersDismissed,
    detail,
    shown,
)
from functions.api.http.conventions import paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from risk.adapters.kinesis import Record, put_records
from risk.domain.errors import Conflict, InvalidInput, Unavailable
from risk.domain.event_ids import EventId, SenderId
from risk.domain.events import Event, parse_record
from risk.domain.events import to_json as record_json
from risk.domain.field_rules import Moment
from risk.domain.label_origin import prove
from risk.domain.permissions import Permission
from risk.store.assessments import labels
from risk.store.engine_state import dead_letter_review
from risk.store.engine_state.dead_letter_review import Filter, Outcome, Status

EXPORTED = 5_000
ATTEMPTS = 4
router = APIRouter(
    prefix=f"{PREFIX}/dead-letters", tags=["dead letters"], dependencies=[require(Permission.DEAD_LETTERS_MANAGE)]
)
Number = Annotated[int, Path(ge=1, le=2**53, description="The dead letter's number.")]
_Status = Annotated[Status, Query(description="Those to be worked off, if left out.")]
_NO_NUL = r"^[^\x00]+$"
_Reason = Annotated[
    str | None, Query(max_length=200, pattern=_NO_NUL, description="Only those refused for this reason.")
]
_Field = Annotated[str | None, Query(max_length=200, pattern=_NO_NUL, description="Only those refused for this field.")]
_Source = Annotated[
    str | None, Query(max_length=200, pattern=_NO_NUL, description="Only those of this shard or partition.")
]
_EventId = Annotated[SenderId | None, Query(description="Only those of the events with this sender's id.")]
_From = Annotated[Moment | None, Query(alias="from", description="Received then or later (RFC 3339).")]
_To = Annotated[Moment | None, Query(alias="to", description="Received before then.")]


def wanted_letters(
    status: _Status = Status.OPEN,
    reason: _Reason = None,
    field: _Field = None,
    source: _Source = None,
    event_id: _EventId = None,
    since: _From = None,
    until: _To = None,
) -> Filter:
    """Which dead letters a request is about."""
    return Filter(status, reason, field, source, event_id, since, until)


Wanted = Annotated[Filter, Depends(wanted_letters)]


@router.get("")
def list_dead_letters(
    connection: Database,
    audit: AuditDep,
    wanted: Wanted,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> DeadLetterPage:
    """Records that could not be scored, newest first: at first those that wait to be worked off."""
    before = None if cursor is None else paging.to_sequence(cursor)
    found = dead_letter_review.page(connection, wanted, limit=limit + 1, before=before)
    items = found[:limit]
    next_cursor = paging.from_sequence(items[-1].number) if len(found) > limit else None
    audit()
    return DeadLetterPage(items=[shown(letter) for letter in items], next_cursor=next_cursor)


@router.get("/stats")
def count_dead_letters(connection: Database) -> DeadLetterCounts:
    """How many wait to be worked off, by reason."""
    by_reason = dead_letter_review.count_by_reason(connection)
    return DeadLetterCounts(open=sum(by_reason.values()), by_reason=by_reason)


@router.get("/export", responses={200: {"content": {"application/jsonl": {}}}})
def export_dead_letters(
    connection: Database,
    audit: AuditDep,
    wanted: Wanted,
) -> Response:
    """The newest 5,000 of those wanted with their records, one JSON object a line."""
    found = dead_letter_review.page(connection, wanted, limit=EXPORTED)
    audit(rows=len(found))
    body = b"".join(to_json(detail(letter)) + b"\n" for letter in found)
    return Response(body, media_type="application/jsonl")


@router.post("/dismiss")
def dismiss_dead_letters(
    body: DeadLetterDismissal, user: CurrentUser, connection: Database, now: Now, audit: AuditDep
) -> DeadLettersDismissed:
    """Say that nothing is to come of these dead letters, and why. Those that are closed already stay as they are."""
    closed = dead_letter_review.close(
        connection, body.numbers, Outcome.DISMISSED, by=user.email, at=now, note=body.reason
    )
    audit(numbers=[*body.numbers], reason=body.reason, dismissed=closed)
    return DeadLettersDismissed(dismissed=closed)


@router.get("/{number:int}", responses={404: {"description": "Dead letter not found."}})
def get_dead_letter(number: Number, connection: Database, audit: AuditDep) -> DeadLetterDetail:
    """One dead letter, with its record."""
    found = dead_letter_review.find(connection, number)
    audit(f"dead-letter:{number}")
    return detail(found)


@router.post(
    "/{number:int}/replay",
    status_code=HTTPStatus.ACCEPTED,
    responses={
        404: {"description": "Dead letter not found."},
        409: {"description": "It is closed already, its record is not whole, or its event's id was changed."},
    },
)
def replay_dead_letter(
    number: Number,
    body: DeadLetterReplay,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
) -> DeadLetterDetail:
    """Put its record on the stream again, corrected or as it is. The id of its event stays: it is scored once."""
    letter = dead_letter_review.find(connection, number, to_close=True)
    if body.record is None and letter.raw_bytes > len(letter.raw):
        raise Conflict(f"only {len(letter.raw)} of {letter.raw_bytes} bytes were kept; send the whole record")
    try:
        record = parse_record(letter.raw if body.record is None else to_json(body.record), now)
    except InvalidInput as error:
        where = f"record.{error.field}" if error.field else "record"
        raise InvalidInput(error.detail, field=where) from error
    if letter.event_id is not None and record.event_id != letter.event_id:
        stays = EventId.stored(letter.event_id, letter.sender_event_id, letter.event_source)
        raise Conflict(
            f"the record's event_id must stay {stays}, of {stays.source}: it is what makes a replay harmless"
        )
    if isinstance(record, Event) and letter.reason != "forged":
        record = prove(record, services.label_key)
    account = record.account_id if isinstance(record, Event) else None
    if account is None:
        account = labels.accounts_of(connection, [record.event_id]).get(record.event_id, record.event_id.hex)
    dead_letter_review.close(connection, [number], Outcome.REPLAYED, by=user.email, at=now, note=body.note)
    stream = services.settings.events_stream
    if put_records(services.kinesis, stream, [Record(account, record_json(record))], attempts=ATTEMPTS):
        raise Unavailable("the record did not enter the stream; replay it again in a moment")
    audit(f"dead-letter:{number}", corrected=body.record is not None)
    return detail(dead_letter_review.find(connection, number))
