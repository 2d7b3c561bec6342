"""Accepts events for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from time import monotonic, sleep
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json
from sqlalchemy.exc import SQLAlchemyError

from functions.api.assessments.schemas import AssessmentDetail
from functions.api.assessments.service import assessment_detail
from functions.api.events.schemas import EventAccepted, EventInput, EventResult, EventsResult
from functions.api.http.conventions.problems import MAX_FIELD_ERRORS, InvalidFields, TooLarge, field_errors
from functions.api.http.conventions.schemas import FieldError
from functions.api.http.dependencies import Now, ServicesDep, require_to_ingest
from functions.api.http.logs import logger
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.adapters.kinesis import Record, put_records
from risk.domain import events
from risk.domain.errors import Conflict, InvalidInput, Unavailable
from risk.domain.permissions import Permission
from risk.domain.refusals import FIELDS
from risk.store.assessments import assessments

MAX_EVENTS = 500
# Each takes two seconds at most: with their waits they end, and are answered, before the Lambda's time does.
ATTEMPTS = 4
PUT_SECONDS = 20.0
"""A list is put one event of an account after another; the Lambda has 29 seconds."""
MAX_WAIT_MS = 5_000
_LOOK_AGAIN_SECONDS = 0.015

router = APIRouter(prefix=f"{PREFIX}/events", tags=["events"])
_ONE: TypeAdapter[EventInput] = TypeAdapter(EventInput)
_MANY: TypeAdapter[list[EventInput]] = TypeAdapter(list[EventInput])


def input_schemas() -> dict[str, Any]:
    """The schemas of what is posted: the body is read here and not by FastAPI, which therefore does not know them."""
    schema = EventInput.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "EventInput": schema}


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/EventInput"},
                        {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/EventInput"},
                            "minItems": 1,
                            "maxItems": MAX_EVENTS,
                        },
                    ]
                }
            }
        },
    }
}


async def _raw(request: Request) -> bytes:
    return await request.body()


def _check_size(item: object, field: str) -> None:
    size = len(to_json(item))
    if size > events.MAX_RECORD_BYTES:
        raise TooLarge(f"{field} has {size} bytes; an event may have {events.MAX_RECORD_BYTES}")


def _check_unique(found: Sequence[EventInput]) -> None:
    first: dict[UUID, int] = {}
    repeated = [
        FieldError(field=f"{index}.event_id", detail=f"the same as {first[event.event_id]}.event_id")
        for index, event in enumerate(found)
        if first.setdefault(event.event_id, index) != index
    ]
    if repeated:
        raise InvalidFields(repeated[:MAX_FIELD_ERRORS])


def _check_times(found: Sequence[EventInput], now: datetime, *, listed: bool) -> None:
    wrong = []
    for index, event in enumerate(found):
        try:
            events.check_time(event, now)
        except InvalidInput as error:
            wrong.append(
                FieldError(field=f"{index}.{error.field}" if listed else str(error.field), detail=error.detail)
            )
    if wrong:
        raise InvalidFields(wrong[:MAX_FIELD_ERRORS])


def parse(raw: bytes, now: datetime) -> EventInput | list[EventInput]:
    """The event, or the list of events, in a body; refused as a whole if anything in it is wrong."""
    try:
        body = from_json(raw)
    except ValueError as error:
        raise InvalidFields([FieldError(field="body", detail=f"this is not JSON: {error}")]) from error
    listed = isinstance(body, list)
    if listed and not 1 <= len(body) <= MAX_EVENTS:
        raise InvalidFields([FieldError(field="body", detail=f"a list has 1 to {MAX_EVENTS} events, not {len(body)}")])
    for index, item in enumerate(body if listed else [body]):
        _check_size(item, str(index) if listed else "the event")
    try:
        # From the text and not from ``body``: as the engine reads the stream, by the same rules for JSON.
        found = _MANY.validate_json(raw) if listed else [_ONE.validate_json(raw)]
    except ValidationError as error:
        raise InvalidFields(field_errors(error.errors(include_url=False), known=FIELDS)) from error
    _check_times(found, now, listed=listed)
    _check_unique(found)
    return found if listed else found[0]


def _scored_already(services: Services, request: Request, ids: Sequence[UUID]) -> set[UUID]:
    """Which of ``ids`` have been scored; none while the database is down, since the engine drops duplicates anyway."""
    if not request.state.database_answers:
        return set()
    try:
        with services.database.connect() as connection:
            return assessments.scored(connection, ids)
    except SQLAlchemyError as error:
        logger.warning("duplicates were not looked for", extra={"error": type(error).__name__})
        return set()


def _put(services: Services, found: Sequence[EventInput]) -> dict[int, str]:
    """Put the events on the stream; returns the reason of each failure by index."""
    records = [Record(event.account_id, events.to_json(event)) for event in found]
    stream = services.settings.events_stream
    failures = put_records(services.kinesis, stream, records, attempts=ATTEMPTS, timeout=PUT_SECONDS)
    if failures:
        codes = sorted({failure.code for failure in failures})
        logger.error("events did not enter the stream", extra={"failed": len(failures), "codes": codes})
    return {failure.index: failure.code for failure in failures}


def _send_one(services: Services, request: Request, event: EventInput) -> EventAccepted:
    if _scored_already(services, request, [event.event_id]):
        raise Conflict(f"event {event.event_id} is scored already; GET /api/v1/risk/{event.event_id} shows how")
    if _put(services, [event]):
        raise Unavailable("the event did not enter the stream; send it again in a moment")
    return EventAccepted(event_id=event.event_id)


def _send_many(services: Services, request: Request, found: Sequence[EventInput]) -> EventsResult:
    scored = _scored_already(services, request, [event.event_id for event in found])
    fresh = [event for event in found if event.event_id not in scored]
    failed = {fresh[index].event_id: code for index, code in _put(services, fresh).items()}
    if fresh and len(failed) == len(fresh):
        raise Unavailable("no event entered the stream; send them again in a moment")
    items = []
    for event in found:
        if event.event_id in scored:
            items.append(EventResult(event_id=event.event_id, status="duplicate", detail="scored already"))
        elif event.event_id in failed:
            detail = f"{failed[event.event_id]}; send it again"
            items.append(EventResult(event_id=event.event_id, status="failed", detail=detail))
        else:
            items.append(EventResult(event_id=event.event_id, status="accepted"))
    accepted = len(fresh) - len(failed)
    return EventsResult(accepted=accepted, rejected=len(found) - accepted, items=items)


def _assessment(services: Services, event_id: UUID, deadline: float) -> AssessmentDetail | None:
    """The assessment of an event just sent, once it is stored; None after ``deadline``."""
    try:
        with services.database.connect() as connection:
            # Each query in its own transaction: a long one would keep the database from vacuuming.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            while monotonic() < deadline:
                if assessments.scored(connection, [event_id]):
                    found = assessments.find(connection, event_id)
                    return None if found is None else assessment_detail(found)
                sleep(_LOOK_AGAIN_SECONDS)
    except SQLAlchemyError as error:
        logger.warning("an assessment was not waited for", extra={"error": type(error).__name__})
    return None


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[require_to_ingest(Permission.EVENTS_WRITE)],
    openapi_extra=_BODY,
    response_model=EventAccepted | EventsResult,
    responses={
        200: {"model": AssessmentDetail, "description": "The assessment, which was ready within `wait_ms`."},
        409: {"description": "The event is scored already."},
        413: {"description": "The body has more than 5 MB, or an event more than 16 KB."},
    },
)
def send_events(
    request: Request,
    services: ServicesDep,
    now: Now,
    raw: Annotated[bytes, Depends(_raw)],
    wait_ms: Annotated[
        int, Query(ge=0, le=MAX_WAIT_MS, description="How long to wait for the assessment of a single event.")
    ] = 0,
) -> EventAccepted | EventsResult | Response:
    """Send one event, or a list of up to 500, to be scored.

    A list is taken or refused as a whole when it is read; what then fails is told event by event. Sending
    an event again with its `event_id` is harmless: it is scored once.

    With `wait_ms` the answer to a single event is its assessment, when that is ready within so many
    milliseconds of the request; else the event is accepted as ever, and scored all the same.
    """
    deadline = monotonic() + wait_ms / 1000
    found = parse(raw, now)
    if isinstance(found, list):
        if wait_ms:
            raise InvalidInput("only a single event can be waited for; leave it out of a list", field="wait_ms")
        return _send_many(services, request, found)
    accepted = _send_one(services, request, found)
    if wait_ms and request.state.database_answers:
        assessment = _assessment(services, found.event_id, deadline)
        if assessment is not None:
            return Response(assessment.model_dump_json(), media_type="application/json")
    return accepted
