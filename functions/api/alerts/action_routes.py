"""Alert actions. Each writes one version, one timeline entry and one push."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal
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
from risk.domain.errors import NotFound
from risk.domain.permissions import Permission
from risk.store.alerts import workflow as store
from risk.store.identity import users

router = APIRouter(prefix=f"{PREFIX}/alerts", tags=["alerts"], dependencies=[require(Permission.ALERTS_ACT)])
_REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "Alert not found."},
    409: {"description": "Its present state does not allow this; `detail` says what it allows, and who did what last."},
    428: {"description": "It is assigned to somebody else: send the `ETag` that you read as `If-Match`."},
    412: {"description": "It has changed since the version in `If-Match`; `detail` says who did what last."},
}


@router.get("/assignees")
def list_assignees(connection: Database) -> Assignees:
    """List the people to whom an alert may be assigned: those who may act on alerts and can sign in."""
    found = users.who_may(connection, Permission.ALERTS_ACT)
    return Assignees(items=[Assignee(id=each.id, email=each.email, role=each.role) for each in found])


@router.post(
    "/next",
    responses={200: {"model": Alert}, 204: {"description": "Every alert is somebody's, snoozed or resolved."}},
    response_model=None,
)
def claim_next_alert(desk: DeskDep, body: NextAlert | None = None) -> Alert | Response:
    """Take the next unassigned alert of the queue and assign it to yourself.

    The queue is ordered by risk × money × age. Concurrent callers never get the same alert.
    """
    alert = store.claim_next(desk.connection, desk.act._replace(seen=None), min_level=body.min_level if body else None)
    return Response(status_code=HTTPStatus.NO_CONTENT) if alert is None else desk.done(alert)


@router.post("/bulk")
def act_on_alerts(body: BulkAction, desk: DeskDep) -> BulkResults:
    """Apply one action to up to 100 alerts.

    Each alert succeeds or fails by itself; failures carry their reason. What is assigned to somebody else is refused:
    act on it alone, with `If-Match`.
    """
    assignee = desk.person(body.assignee) if isinstance(body, BulkAssignment) else None
    outcomes = _act(body, desk, assignee)
    items = [_result(alert_id, outcomes[alert_id]) for alert_id in body.ids]
    changed = [item.alert for item in items if item.alert is not None]
    desk.told(changed, getattr(body, "note", None))
    return BulkResults(done=len(changed), refused=len(items) - len(changed), items=items)


def _result(alert_id: UUID, outcome: Alert | store.Refusal) -> BulkResult:
    if isinstance(outcome, Alert):
        return BulkResult(id=alert_id, status="done", alert=outcome)
    status: Literal["not-found", "conflict"] = "not-found" if isinstance(outcome, NotFound) else "conflict"
    return BulkResult(id=alert_id, status=status, detail=outcome.detail)


def _act(body: BulkAction, desk: DeskDep, assignee: str | None) -> store.Outcomes:
    act = desk.act._replace(seen=None)  # one version cannot be meant of several alerts
    connection, ids = desk.connection, body.ids
    match body:
        case BulkAcknowledgement():
            return store.acknowledge(connection, ids, act, body.note)
        case BulkAssignment():
            return store.assign(connection, ids, act, assignee)
        case BulkResolution():
            return store.resolve(connection, ids, act, body.disposition, body.reason, body.note, body.suppress_days)
        case BulkSnooze():
            return store.snooze(connection, ids, act, body.until, body.note)


@router.post("/{alert_id:uuid}/acknowledge", responses=_REFUSALS)
def acknowledge_alert(alert_id: UUID, desk: DeskDep, body: Acknowledgement | None = None) -> Alert:
    """Acknowledge an open alert. An unassigned alert is assigned to you."""
    note = body.note if body else None
    return desk.done(store.only(store.acknowledge(desk.connection, [alert_id], desk.act, note)), note)


@router.post("/{alert_id:uuid}/resolve", responses=_REFUSALS)
def resolve_alert(alert_id: UUID, body: Resolution, desk: DeskDep) -> Alert:
    """Resolve an alert with a disposition and a reason.

    The disposition labels the alert's events: `confirmed_risk` as fraud, `false_positive` as legitimate,
    `inconclusive` not at all. The same finding raises no new alert for `suppress_days`, unless it becomes more severe
    or new evidence appears. If the stream does not accept the labels, the resolution stands, and `POST
    /alerts/{alert_id}/labels` sends them again.
    """
    return desk.done(
        store.only(
            store.resolve(
                desk.connection, [alert_id], desk.act, body.disposition, body.reason, body.note, body.suppress_days
            )
        ),
        body.note,
    )


@router.post("/{alert_id:uuid}/reopen", responses=_REFUSALS)
def reopen_alert(alert_id: UUID, desk: DeskDep, body: Reopening | None = None) -> Alert:
    """Reopen an acknowledged or resolved alert: it is open and due like a new one.

    Labels given by its resolution are withdrawn.
    """
    note = body.note if body else None
    outcomes, resolved = store.reopen(desk.connection, [alert_id], desk.act, note)
    desk.withdraw(resolved)
    return desk.done(store.only(outcomes), note)


@router.post("/{alert_id:uuid}/undo", responses=_REFUSALS)
def undo_alert(alert_id: UUID, desk: DeskDep) -> Alert:
    """Undo the last acknowledgement or resolution.

    Status, assignee, snooze and deadline return to what they were; labels given by the resolution are withdrawn.
    """
    outcomes, resolved = store.undo(desk.connection, alert_id, desk.act)
    desk.withdraw(resolved)
    return desk.done(store.only(outcomes))


@router.post("/{alert_id:uuid}/assign", responses=_REFUSALS)
def assign_alert(alert_id: UUID, body: Assignment, desk: DeskDep) -> Alert:
    """Assign or unassign an alert.

    An alert that is assigned to somebody else can only be taken over, or acted on, with `If-Match`.
    """
    return desk.done(store.only(store.assign(desk.connection, [alert_id], desk.act, desk.person(body.assignee))))


@router.post("/{alert_id:uuid}/snooze", responses=_REFUSALS)
def snooze_alert(alert_id: UUID, body: Snooze, desk: DeskDep) -> Alert:
    """Snooze an alert. It returns to the queue at that time, or at once if a more severe event joins it."""
    return desk.done(store.only(store.snooze(desk.connection, [alert_id], desk.act, body.until, body.note)), body.note)


@router.post("/{alert_id:uuid}/wake", responses=_REFUSALS)
def wake_alert(alert_id: UUID, desk: DeskDep) -> Alert:
    """End a snooze early."""
    return desk.done(store.only(store.wake(desk.connection, [alert_id], desk.act)))


@router.post("/{alert_id:uuid}/notes", responses={404: _REFUSALS[404], 412: _REFUSALS[412]})
def note_on_alert(alert_id: UUID, body: NewNote, desk: DeskDep) -> Alert:
    """Add a note, whatever the alert's status. Notes are never changed; the timeline keeps them all."""
    return desk.done(store.only(store.note(desk.connection, [alert_id], desk.act, body.text)), body.text)
