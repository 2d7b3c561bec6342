"""Reads of alerts, and what people do with them. The engine opens and grows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Row, extract, func, select, tuple_, update

from risk.alerts import Alert, AlertStatus, Disposition, check_transition
from risk.assessment import LEVELS, RiskLevel
from risk.errors import NotFound
from risk.store.tables import alerts


@dataclass(frozen=True)
class Filter:
    """Which alerts are wanted."""

    status: AlertStatus | None = None
    level: RiskLevel | None = None
    min_level: RiskLevel | None = None
    account_id: str | None = None


class AlertStats(BaseModel):
    """How many alerts stand where; medians over all that were ever acknowledged or resolved, from their opening."""

    open: int
    acknowledged: int
    resolved: int
    open_by_level: dict[RiskLevel, int]
    opened_last_24h: int
    oldest_open_at: datetime | None
    median_seconds_to_acknowledge: float | None
    median_seconds_to_resolve: float | None


def from_row(row: Row[Any]) -> Alert:
    """The alert that a row of the table holds."""
    values = row._asdict()
    return Alert.model_validate(values | {"level": LEVELS[values["level"]]})


def page(
    connection: Connection, wanted: Filter, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> list[Alert]:
    """At most ``limit`` alerts, newest opened first, from those after ``before`` (moment, id) in that order."""
    c = alerts.c
    query = select(alerts).order_by(c.opened_at.desc(), c.id.desc()).limit(limit)
    if wanted.status:
        query = query.where(c.status == wanted.status)
    if wanted.level:
        query = query.where(c.level == wanted.level.rank)
    if wanted.min_level:
        query = query.where(c.level >= wanted.min_level.rank)
    if wanted.account_id is not None:
        query = query.where(c.account_id == wanted.account_id)
    if before is not None:
        query = query.where(tuple_(c.opened_at, c.id) < before)
    return [from_row(row) for row in connection.execute(query)]


def find(connection: Connection, alert_id: UUID) -> Alert:
    """The alert with this id, or ``NotFound``."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}")
    return from_row(row)


def stats(connection: Connection, now: datetime) -> AlertStats:
    """The numbers of all alerts, in one read."""
    c = alerts.c
    is_open = c.status == AlertStatus.OPEN

    def median(moment: Any) -> Any:
        seconds = extract("epoch", moment - c.opened_at)
        return func.percentile_cont(0.5).within_group(seconds)

    row = connection.execute(
        select(
            *(func.count().filter(c.status == status).label(status.value) for status in AlertStatus),
            *(func.count().filter(is_open, c.level == level.rank).label(level.value) for level in RiskLevel),
            func.count().filter(c.opened_at >= now - timedelta(hours=24)).label("opened_last_24h"),
            func.min(c.opened_at).filter(is_open).label("oldest_open_at"),
            median(c.acknowledged_at).label("median_seconds_to_acknowledge"),
            median(c.resolved_at).label("median_seconds_to_resolve"),
        )
    ).one()
    values = row._asdict()
    by_level = {level: values.pop(level.value) for level in RiskLevel}
    return AlertStats(**values, open_by_level=by_level)


def _change(
    connection: Connection, alert_id: UUID, wanted: AlertStatus, *, at: datetime, changes: dict[str, object]
) -> Alert:
    # Locked: of two people who act at once the second sees what the first did, and is told.
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}")
    present = from_row(row)
    check_transition(present.status, wanted)
    changed = connection.execute(
        update(alerts)
        .where(alerts.c.id == alert_id)
        .values(status=wanted, version=present.version + 1, updated_at=max(at, present.updated_at), **changes)
        .returning(alerts)
    ).one()
    return from_row(changed)


def acknowledge(connection: Connection, alert_id: UUID, *, by: str, at: datetime, note: str | None) -> Alert:
    """Someone looks at an open alert. ``NotFound``, or ``Conflict`` saying what is allowed instead."""
    changes: dict[str, object] = {"acknowledged_at": at, "acknowledged_by": by}
    if note:
        changes["note"] = note
    return _change(connection, alert_id, AlertStatus.ACKNOWLEDGED, at=at, changes=changes)


def resolve(
    connection: Connection, alert_id: UUID, *, by: str, at: datetime, disposition: Disposition, note: str | None
) -> Alert:
    """The alert is judged, for good. ``NotFound``, or ``Conflict`` saying what is allowed instead."""
    changes: dict[str, object] = {"resolved_at": at, "resolved_by": by, "disposition": disposition}
    if note:
        changes["note"] = note
    return _change(connection, alert_id, AlertStatus.RESOLVED, at=at, changes=changes)
