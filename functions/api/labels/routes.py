"""Labels, and the quality of assessments measured by them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request

from functions.api.assessments.event_reference import UNKNOWN, OwnSource, StoredEvent
from functions.api.http.conventions import time_spans
from functions.api.http.dependencies import AuditDep, CurrentCaller, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.labels import body_parsing, service
from functions.api.labels.schemas import LabelAccepted, LabelInput, LabelList, LabelsResult
from risk.alerts.alert import Disposition
from risk.domain.errors import Conflict
from risk.domain.events import check_time
from risk.domain.field_rules import Moment
from risk.domain.permissions import Permission
from risk.monitoring.precision_recall import Quality
from risk.store.alerts import alerts
from risk.store.assessments import labels

router = APIRouter(prefix=PREFIX, tags=["labels"])
_READ = require(Permission.RISK_READ)
_WRITE = require(Permission.LABELS_WRITE)


async def _raw(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/risk/{event_id:path}/label",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[_WRITE],
    responses=UNKNOWN,
)
def label_event(
    event: StoredEvent,
    body: LabelInput,
    user: CurrentCaller,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
) -> LabelAccepted:
    """Label a scored event as fraud or legitimate.

    The label goes through the stream: later events are scored with it. The most recently known label of an event
    counts. Sending the same label again is harmless.
    """
    label = body_parsing.complete(body, event, now, body_parsing.own_source(user.email))
    check_time(label, now)
    service.send(services, connection, body_parsing.Parsed({1: label}, []))
    audit(fraud=label.fraud)
    return LabelAccepted(
        event_source=event.source, event_id=event, fraud=label.fraud, known_at=label.known_at, source=label.source
    )


@router.get("/risk/{event_id:path}/labels", dependencies=[_READ], responses=UNKNOWN)
def list_event_labels(event: StoredEvent, connection: Database, audit: AuditDep) -> LabelList:
    """List all labels of an event, the one that counts first."""
    found = labels.of_event(connection, event)
    audit()
    return LabelList(items=found)


@router.post(
    "/labels",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[_WRITE],
    openapi_extra=body_parsing.BODY,
    responses={
        413: {"description": "The body has more than 5 MB."},
        415: {"description": "The body is neither JSON, nor JSON lines, nor CSV."},
    },
)
def send_labels(
    user: CurrentCaller,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    own: OwnSource,
    raw: Annotated[bytes, Depends(_raw)],
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> LabelsResult:
    """Label up to 5,000 scored events.

    Each row is validated by itself: valid ones enter the stream, the others are returned with their problem. Sending
    everything again is harmless: stored labels are left out. `event_id` is the sender's own id of the event, one of
    `event_source`; without a source it is one of yours, if you are an API key and have it, else of the one that has it.
    """
    parsed = body_parsing.parse(raw, content_type, now=now, source=body_parsing.own_source(user.email))
    parsed = service.of_stored_events(connection, parsed, own)
    sent = service.send(services, connection, parsed)
    audit(accepted=sent.accepted, rejected=sent.rejected)
    return sent


@router.post(
    "/alerts/{alert_id:uuid}/labels",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[_WRITE],
    responses={
        404: {"description": "Alert not found."},
        409: {"description": "Its resolution says nothing of its events, or it is not resolved."},
    },
)
def send_alert_labels(alert_id: UUID, services: ServicesDep, connection: Database) -> LabelsResult:
    """Send the labels of a resolved alert again, if the logs say that some were lost.

    They are the same labels: those already stored are reported as duplicates.
    """
    alert = alerts.find(connection, alert_id)
    found = service.of_alert(alert, labels.events_of_alerts(connection, [alert_id])[alert_id])
    if not found:
        raise Conflict(
            f"the alert is {alert.disposition or alert.status}; only {Disposition.CONFIRMED_RISK} and "
            f"{Disposition.FALSE_POSITIVE} say something of its events"
        )
    return service.send(services, connection, body_parsing.Parsed(dict(enumerate(found, start=1)), []))


@router.get("/quality", dependencies=[_READ])
def get_quality(
    connection: Database,
    now: Now,
    since: Annotated[
        Moment | None,
        Query(alias="from", description="Events that occurred then or later (RFC 3339); 30 days, if left out."),
    ] = None,
    until: Annotated[
        Moment | None, Query(alias="to", description="Events that occurred before then; now, if left out.")
    ] = None,
) -> Quality:
    """Precision, recall and F1 of levels, scorers, rules and days, over up to 92 days.

    An event counts with its newest label known by now; events without a label are counted apart.
    """
    since, until = time_spans.complete(since, until, now)
    return labels.quality(connection, since, until, now)
