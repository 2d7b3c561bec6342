"""What analysts do with alerts. Each change is one new version, one line in the timeline, and one push."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from functions.api.alerts.action_context import DeskDep
from functions.api.alerts.schemas import (
    Acknowledgement,
    Assignee,
    Assignees,
    Assignment,
    BulkAcknowledgement,
    BulkAction,
    BulkAssignment,
    BulkResolution,
    BulkResult,
    BulkResults,
    BulkSnooze,
    NewNote,
    NextAlert,
    Reopening,
    Resolution,
    Snooze,
)
from functions.api.http.dependencies import Database, require
from functions.api.http.routing import PREFIX
from risk.alerts.alert import Alert
from risk.domain.errors import Conflict, NotFound
from risk.domain.permissions import Permission
from risk.store.alerts import workflow as store
from risk.store.identity import users

router = APIRouter(prefix=f"{PREFIX}/alerts", tags=["alerts"], dependencies=[require(Permission.ALERTS_ACT)])
_REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such alert."},
    409: {"description": "Its present state does not allow this; `detail` says what it allows, and who did what last."},
    412: {"description": "It has changed since the version in `If-Match`; `detail` says who did what last."},
}


@router.get("/assignees")
def list_assignees(connection: Database) -> Assignees:
    """Whom an alert may be given to: people who may act on alerts, and can sign in."""
    found = users.who_may(connection, Permission.ALERTS_ACT)
    return Assignees(items=[Assignee(id=each.id, email=each.email, role=each.role) for each in found])


@router.post(
    "/next",
    responses={200: {"model": Alert}, 204: {"description": "Every alert is somebody's, snoozed or resolved."}},
    response_model=None,
)
def claim_next_alert(desk: DeskDep, body: NextAlert | None = None) -> Alert | Response:
    """Get the next alert to deal with, which becomes yours: the first of the queue that is nobody's.

    The queue is ordered by risk × money × age. However many ask at once, no two get the same.
    """
    alert = store.claim_next(desk.connection, desk.act._replace(seen=None), min_level=body.min_level if body else None)
    return Response(status_code=HTTPStatus.NO_CONTENT) if alert is None else desk.done(alert)


@router.post("/bulk")
def act_on_alerts(body: BulkAction, desk: DeskDep) -> BulkResults:
    """Do the same with up to 100 alerts. Each is judged by itself: those that can be done are, the others say why."""
    assignee = desk.person(body.assignee) if isinstance(body, BulkAssignment) else None
    results: dict[UUID, BulkResult] = {}
    # In the order in which everyone takes several alerts: two who do never wait for each other.
    for alert_id in sorted(body.ids):
        try:
            alert = _act(body, desk, alert_id, assignee)
        except NotFound as error:
            results[alert_id] = BulkResult(id=alert_id, status="not-found", detail=error.detail)
        except Conflict as error:
            results[alert_id] = BulkResult(id=alert_id, status="conflict", detail=error.detail)
        else:
            results[alert_id] = BulkResult(id=alert_id, status="done", alert=alert)
    items = [results[alert_id] for alert_id in body.ids]
    changed = [item.alert for item in items if item.alert is not None]
    desk.told(changed, getattr(body, "note", None))
    return BulkResults(done=len(changed), refused=len(items) - len(changed), items=items)


def _act(body: BulkAction, desk: DeskDep, alert_id: UUID, assignee: str | None) -> Alert:
    act = desk.act._replace(seen=None)  # one version cannot be meant of several alerts
    match body:
        case BulkAcknowledgement():
            return store.acknowledge(desk.connection, alert_id, act, body.note)
        case BulkAssignment():
            return store.assign(desk.connection, alert_id, act, assignee)
        case BulkResolution():
            return store.resolve(desk.connection, alert_id, act, body.disposition, body.reason, body.note)
        case BulkSnooze():
            return store.snooze(desk.connection, alert_id, act, body.until, body.note)


@router.post("/{alert_id:uuid}/acknowledge", responses=_REFUSALS)
def acknowledge_alert(alert_id: UUID, desk: DeskDep, body: Acknowledgement | None = None) -> Alert:
    """Say that you look at an open alert. If it is nobody's, it becomes yours."""
    note = body.note if body else None
    return desk.done(store.acknowledge(desk.connection, alert_id, desk.act, note), note)


@router.post("/{alert_id:uuid}/resolve", responses=_REFUSALS)
def resolve_alert(alert_id: UUID, body: Resolution, desk: DeskDep) -> Alert:
    """Say what an alert was found to be, and why.

    What it says of the alert's events is put on the stream as their labels: `confirmed_risk` that they are
    fraud, `false_positive` that they are not, `inconclusive` nothing. Should the
    stream not take them, the resolution stands, and `POST /alerts/{alert_id}/labels` sends them again.
    """
    return desk.done(
        store.resolve(desk.connection, alert_id, desk.act, body.disposition, body.reason, body.note), body.note
    )


@router.post("/{alert_id:uuid}/reopen", responses=_REFUSALS)
def reopen_alert(alert_id: UUID, desk: DeskDep, body: Reopening | None = None) -> Alert:
    """Take back an acknowledgement or a resolution.

    Labels that a resolution gave stay until another resolution says otherwise: of several the last counts.
    """
    return desk.done(
        store.reopen(desk.connection, alert_id, desk.act, body.note if body else None), body.note if body else None
    )


@router.post("/{alert_id:uuid}/assign", responses=_REFUSALS)
def assign_alert(alert_id: UUID, body: Assignment, desk: DeskDep) -> Alert:
    """Say whose an alert is. One that is another's can be taken only with `If-Match`, by who has seen that."""
    return desk.done(store.assign(desk.connection, alert_id, desk.act, desk.person(body.assignee)))


@router.post("/{alert_id:uuid}/snooze", responses=_REFUSALS)
def snooze_alert(alert_id: UUID, body: Snooze, desk: DeskDep) -> Alert:
    """Put an alert off. It is back in the queue by itself, at once if a more severe event joins it."""
    return desk.done(store.snooze(desk.connection, alert_id, desk.act, body.until, body.note), body.note)


@router.post("/{alert_id:uuid}/wake", responses=_REFUSALS)
def wake_alert(alert_id: UUID, desk: DeskDep) -> Alert:
    """End a snooze early."""
    return desk.done(store.wake(desk.connection, alert_id, desk.act))


@router.post("/{alert_id:uuid}/notes", responses={404: _REFUSALS[404], 412: _REFUSALS[412]})
def note_on_alert(alert_id: UUID, body: NewNote, desk: DeskDep) -> Alert:
    """Write something down, whatever state the alert is in. Notes are never changed; the timeline has them all."""
    return desk.done(store.note(desk.connection, alert_id, desk.act, body.text), body.text)
