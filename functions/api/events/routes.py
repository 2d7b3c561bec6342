"""Accepts events for the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from http import HTTPStatus
from math import ceil
from time import monotonic, sleep
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from functions.api.assessments.schemas import AssessmentDetail
from functions.api.assessments.service import assessment_detail
from functions.api.events.body_parsing import BODY, RefusedEvent, parse
from functions.api.events.schemas import EventAccepted, EventInput, EventResult, EventsResult, notes_of
from functions.api.http.dependencies import Now, ServicesDep, require_to_ingest
from functions.api.http.logs import logger
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.adapters.kinesis import Record, put_records
from risk.domain import events
from risk.domain.errors import Conflict, InvalidInput, Overloaded, Unavailable
from risk.domain.event_ids import EventId
from risk.domain.event_types import SHIPPED_TYPES, EventTypes
from risk.domain.label_origin import prove
from risk.domain.permissions import Permission
from risk.features.profiles.observation import Observation
from risk.store.assessments import assessments
from risk.store.config import configurations
from risk.store.engine_state import profiles

# Each takes two seconds at most: with their waits they end, and are answered, before the Lambda's time does.
ATTEMPTS = 4
PUT_SECONDS = 20.0
"""A list is put one event of an account after another; the Lambda has 29 seconds."""
MAX_WAIT_MS = 5_000
LEAST_RETRY_SECONDS, MOST_RETRY_SECONDS = 5, 60
_LOOK_AGAIN_SECONDS = 0.015

router = APIRouter(prefix=f"{PREFIX}/events", tags=["events"])


async def _raw(request: Request) -> bytes:
    return await request.body()


def _put_off_when_behind(services: Services) -> None:
    """Refuse events while the engine is so far behind that they would wait on the stream for longer than allowed."""
    limit = services.settings.shed_seconds_behind
    behind = services.limiter.engine_behind() if limit else 0.0
    if behind > limit:
        raise Overloaded(
            f"events are scored {behind:.0f} seconds late; send this again later",
            retry_after=min(MOST_RETRY_SECONDS, max(LEAST_RETRY_SECONDS, ceil(behind - limit))),
        )


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


def _event_types(services: Services, request: Request) -> EventTypes:
    """The registry in force; the shipped one while the database is down, since the engine checks what is required."""
    if not request.state.database_answers:
        return SHIPPED_TYPES
    try:
        with services.database.connect() as connection:
            found = configurations.current(connection)
    except SQLAlchemyError as error:
        logger.warning("the registry of event types was not read", extra={"error": type(error).__name__})
        return SHIPPED_TYPES
    return SHIPPED_TYPES if found is None else found.types


def _others(services: Services, scored: Mapping[UUID, EventInput]) -> dict[UUID, str]:
    """By key what differs between these events and those that are scored under their ids, where something does."""
    if not scored:
        return {}
    with services.database.connect() as connection:
        stored = profiles.find_events(connection, list(scored))
    return {
        key: ", ".join(names)
        for key, event in scored.items()
        if key in stored and (names := Observation.of(event).differences(stored[key]))
    }


def _put(services: Services, found: Sequence[EventInput]) -> dict[int, str]:
    """Put the events on the stream; returns the reason of each failure by index."""
    records = [Record(event.account_id, events.to_json(prove(event, services.label_key))) for event in found]
    stream = services.settings.events_stream
    failures = put_records(services.kinesis, stream, records, attempts=ATTEMPTS, timeout=PUT_SECONDS)
    if failures:
        codes = sorted({failure.code for failure in failures})
        logger.error("events did not enter the stream", extra={"failed": len(failures), "codes": codes})
    return {failure.index: failure.code for failure in failures}


def _send_one(services: Services, request: Request, event: EventInput, types: EventTypes) -> EventAccepted:
    key = event.event_id.key
    if _scored_already(services, request, [key]):
        if differs := _others(services, {key: event}).get(key):
            raise Conflict(f"event {event.event_id} is scored already as another event: {differs} differ")
    elif _put(services, [event]):
        raise Unavailable("the event did not enter the stream; send it again in a moment")
    return EventAccepted(event_id=event.event_id.text, event_source=event.event_source, notes=notes_of(event, types))


def _send_many(
    services: Services, request: Request, items: Sequence[EventInput | RefusedEvent], types: EventTypes
) -> EventsResult:
    events_only = [item for item in items if not isinstance(item, RefusedEvent)]
    scored = _scored_already(services, request, [event.event_id.key for event in events_only]) if events_only else set()
    others = _others(services, {event.event_id.key: event for event in events_only if event.event_id in scored})
    fresh = [event for event in events_only if event.event_id not in scored]
    failed = {fresh[index].event_id: code for index, code in _put(services, fresh).items()}
    if fresh and len(failed) == len(fresh):
        raise Unavailable("no event entered the stream; send them again in a moment")
    results = [_result(item, scored, others, failed, types) for item in items]
    accepted = len(fresh) - len(failed)
    return EventsResult(accepted=accepted, rejected=len(items) - accepted, items=results)


def _result(
    item: EventInput | RefusedEvent,
    scored: Set[UUID],
    others: Mapping[UUID, str],
    failed: Mapping[EventId, str],
    types: EventTypes,
) -> EventResult:
    if isinstance(item, RefusedEvent):
        return EventResult(event_id=item.event_id, status="refused", field=item.field, detail=item.detail)
    event_id = item.event_id.text
    if differs := others.get(item.event_id):
        return EventResult(event_id=event_id, status="conflict", detail=f"scored as another event: {differs} differ")
    if item.event_id in scored:
        return EventResult(event_id=event_id, status="duplicate", detail="scored already")
    if item.event_id in failed:
        return EventResult(event_id=event_id, status="failed", detail=f"{failed[item.event_id]}; send it again")
    return EventResult(event_id=event_id, status="accepted", notes=notes_of(item, types))


def _assessment(services: Services, event_id: UUID, deadline: float) -> AssessmentDetail | None:
    """The assessment of an event just sent, once it is stored; None after ``deadline``."""
    try:
        with services.database.connect() as connection:
            # Each query in its own transaction: a long one would keep the database from vacuuming.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            while monotonic() < deadline:
                if assessments.scored(connection, [event_id]):
                    found = assessments.find(connection, event_id)
                    return None if found is None else assessment_detail(connection, found)
                sleep(_LOOK_AGAIN_SECONDS)
    except SQLAlchemyError as error:
        logger.warning("an assessment was not waited for", extra={"error": type(error).__name__})
    return None


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[require_to_ingest(Permission.EVENTS_WRITE)],
    openapi_extra=BODY,
    response_model=EventAccepted | EventsResult,
    responses={
        200: {"model": AssessmentDetail, "description": "The assessment, which was ready within `wait_ms`."},
        409: {"description": "Another event with this id of yours is scored already."},
        503: {"description": "The stream does not take it, or the engine is too far behind; see `Retry-After`."},
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

    Each event of a list is judged by itself, and `items` says what became of it, in the order of the list: valid ones
    enter the stream, the others are returned with their problem. Sending an event again with its `event_id` is
    harmless: it is scored once, and answered as before. Your ids are your own: another sender may have the same.

    With `wait_ms` the answer to a single event is its assessment, when that is ready within so many
    milliseconds of the request; else the event is accepted as ever, and scored all the same.
    """
    deadline = monotonic() + wait_ms / 1000
    _put_off_when_behind(services)
    types = _event_types(services, request)
    found = parse(raw, now, types, request.state.event_source)
    if isinstance(found, list):
        if wait_ms:
            raise InvalidInput("only a single event can be waited for; leave it out of a list", field="wait_ms")
        return _send_many(services, request, found, types)
    accepted = _send_one(services, request, found, types)
    if wait_ms and request.state.database_answers:
        assessment = _assessment(services, found.event_id.key, deadline)
        if assessment is not None:
            return Response(assessment.model_dump_json(), media_type="application/json")
    return accepted
