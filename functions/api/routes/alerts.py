"""What is put before analysts, and what they do with it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query

from functions.api import labelling, paging
from functions.api.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.models import Acknowledgement, AlertPage, Resolution
from functions.api.push import push
from functions.api.routes import PREFIX
from risk.access import Permission
from risk.alerts import Alert, AlertStatus
from risk.assessment import RiskLevel
from risk.events import Identifier
from risk.store import alerts, labels
from risk.store.alerts import AlertStats
from risk.updates import UpdateType

router = APIRouter(prefix=f"{PREFIX}/alerts", tags=["alerts"])
_READ = require(Permission.ALERTS_READ)
_ACT = require(Permission.ALERTS_ACT)
_REFUSALS: dict[int | str, dict[str, object]] = {
    404: {"description": "There is no such alert."},
    409: {"description": "Its present state does not allow this; `detail` says what it allows."},
}


@router.get("", dependencies=[_READ])
def list_alerts(
    connection: Database,
    audit: AuditDep,
    status: Annotated[AlertStatus | None, Query(description="Only those in this state.")] = None,
    level: Annotated[RiskLevel | None, Query(description="Only this level.")] = None,
    min_level: Annotated[RiskLevel | None, Query(description="This level and those above it.")] = None,
    account_id: Annotated[Identifier | None, Query()] = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> AlertPage:
    """Alerts, newest opened first, filtered."""
    if account_id is not None:
        audit(personal={"account_id": account_id})
    wanted = alerts.Filter(status=status, level=level, min_level=min_level, account_id=account_id)
    before = None if cursor is None else paging.to_alert(cursor)
    found = alerts.page(connection, wanted, limit=limit + 1, before=before)
    more = len(found) > limit
    items = found[:limit]
    return AlertPage(items=items, next_cursor=paging.from_alert(items[-1].opened_at, items[-1].id) if more else None)


@router.get("/stats", dependencies=[_READ])
def get_alert_stats(connection: Database, now: Now) -> AlertStats:
    """How many alerts stand where, and how long people take."""
    return alerts.stats(connection, now)


@router.post("/{alert_id}/acknowledge", dependencies=[_ACT], responses=_REFUSALS)
def acknowledge_alert(
    alert_id: UUID,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
    body: Acknowledgement | None = None,
) -> Alert:
    """Say that you look at an open alert."""
    note = body.note if body else None
    alert = alerts.acknowledge(connection, alert_id, by=user.email, at=now, note=note)
    audit(personal={"note": note}, version=alert.version)
    after.add_task(push, services, UpdateType.ALERT, alert)
    return alert


@router.post("/{alert_id}/resolve", dependencies=[_ACT], responses=_REFUSALS)
def resolve_alert(
    alert_id: UUID,
    body: Resolution,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> Alert:
    """Say what an alert was found to be. This is final.

    What it says of the alert's events is put on the stream as their labels: `confirmed_risk` that they are
    fraud, `false_positive` that they are not, `inconclusive` nothing. Should the
    stream not take them, the resolution stands, and `POST /alerts/{alert_id}/labels` sends them again.
    """
    alert = alerts.resolve(connection, alert_id, by=user.email, at=now, disposition=body.disposition, note=body.note)
    audit(personal={"note": body.note}, disposition=body.disposition.value, version=alert.version)
    after.add_task(push, services, UpdateType.ALERT, alert)
    after.add_task(labelling.push, services, alert, labels.events_of_alert(connection, alert_id))
    return alert
