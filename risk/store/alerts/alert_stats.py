"""Statistics of the alert desk: counts by state, handling times, false positives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Row, extract, func, select, text
from sqlalchemy.dialects.postgresql import array

from risk.alerts.alert import AlertStatus, Disposition
from risk.domain.assessment import LEVELS, RiskLevel
from risk.store.db.tables import alerts


class Duration(BaseModel):
    """Seconds that half (``p50``) and nine of ten (``p90``) took at most, of ``count``; null of none."""

    count: int
    p50: float | None
    p90: float | None


class Performance(BaseModel):
    """What became of alerts. ``false_positive_rate`` is of those found to be risk or not: null if there are none."""

    opened: int
    resolved: int
    breached: int
    to_acknowledge: Duration
    to_resolve: Duration
    confirmed_risk: int
    false_positive: int
    inconclusive: int
    false_positive_rate: float | None


class LevelPerformance(Performance):
    """What became of the alerts of one level."""

    level: RiskLevel


class AnalystPerformance(BaseModel):
    """What one person acknowledged and resolved, and how long that took from the opening."""

    analyst: str
    acknowledged: Duration
    resolved: Duration
    false_positive_rate: float | None


class Span(BaseModel):
    """The alerts opened from ``since`` until before ``until``."""

    since: datetime
    until: datetime
    total: Performance
    by_level: list[LevelPerformance]
    by_analyst: list[AnalystPerformance]


class AlertStats(BaseModel):
    """How many alerts stand where. ``span`` has more of those opened in a span of time; the two medians are its own."""

    open: int
    acknowledged: int
    resolved: int
    open_by_level: dict[RiskLevel, int]
    opened_last_24h: int
    oldest_open_at: datetime | None
    median_seconds_to_acknowledge: float | None
    median_seconds_to_resolve: float | None
    unassigned: int
    snoozed: int
    breached: int
    span: Span


c = alerts.c


def _duration(moment: ColumnElement[Any], prefix: str) -> list[ColumnElement[Any]]:
    seconds = extract("epoch", moment - c.opened_at)
    return [
        func.count(moment).label(f"{prefix}_count"),
        # Both of one sort.
        func.percentile_cont(array([0.5, 0.9])).within_group(seconds).label(f"{prefix}_percentiles"),
    ]


def _dispositions() -> list[ColumnElement[Any]]:
    return [func.count().filter(c.disposition == one).label(one.value) for one in Disposition]


def _read_duration(row: Row[Any], prefix: str) -> Duration:
    values = row._asdict()
    p50, p90 = values[f"{prefix}_percentiles"] or (None, None)
    return Duration(count=values[f"{prefix}_count"], p50=p50, p90=p90)


def _rate(row: Row[Any]) -> float | None:
    judged = row.false_positive + row.confirmed_risk
    return row.false_positive / judged if judged else None


def _performance(row: Row[Any]) -> dict[str, Any]:
    counts = ("opened", "breached", *(one.value for one in Disposition))
    values = row._asdict()
    return {name: values[name] for name in counts} | {
        "resolved": values["resolve_count"],
        "to_acknowledge": _read_duration(row, "acknowledge"),
        "to_resolve": _read_duration(row, "resolve"),
        "false_positive_rate": _rate(row),
    }


def _by_analyst(connection: Connection, within: ColumnElement[bool]) -> list[AnalystPerformance]:
    acknowledged = select(c.acknowledged_by, *_duration(c.acknowledged_at, "took")).where(within)
    resolved = select(c.resolved_by, *_duration(c.resolved_at, "took"), *_dispositions()).where(within)
    first = {
        row.acknowledged_by: _read_duration(row, "took")
        for row in connection.execute(acknowledged.where(c.acknowledged_by.is_not(None)).group_by(c.acknowledged_by))
    }
    second = {
        row.resolved_by: (_read_duration(row, "took"), _rate(row))
        for row in connection.execute(resolved.where(c.resolved_by.is_not(None)).group_by(c.resolved_by))
    }
    none = Duration(count=0, p50=None, p90=None)
    return [
        AnalystPerformance(
            analyst=name,
            acknowledged=first.get(name, none),
            resolved=second.get(name, (none, None))[0],
            false_positive_rate=second.get(name, (none, None))[1],
        )
        for name in sorted({*first, *second})
    ]


def _span(connection: Connection, since: datetime, until: datetime, breached: ColumnElement[bool]) -> Span:
    within = (c.opened_at >= since) & (c.opened_at < until)
    columns = [
        func.count().label("opened"),
        func.count().filter(breached).label("breached"),
        *_duration(c.acknowledged_at, "acknowledge"),
        *_duration(c.resolved_at, "resolve"),
        *_dispositions(),
    ]
    sets = func.grouping_sets(c.level, text("()"))
    query = select(c.level, *columns).where(within).group_by(sets).order_by(c.level.desc().nulls_last())
    *levels, total = connection.execute(query)
    return Span(
        since=since,
        until=until,
        total=Performance(**_performance(total)),
        by_level=[LevelPerformance(level=LEVELS[row.level], **_performance(row)) for row in levels],
        by_analyst=_by_analyst(connection, within),
    )


def stats(connection: Connection, now: datetime, since: datetime, until: datetime) -> AlertStats:
    """The numbers of all alerts, and more of those opened from ``since`` until before ``until``."""
    is_open = c.status == AlertStatus.OPEN
    unresolved = c.status != AlertStatus.RESOLVED
    breached = func.coalesce(c.breached_at, c.due_at) <= now
    row = connection.execute(
        select(
            *(func.count().filter(c.status == status).label(status.value) for status in AlertStatus),
            *(func.count().filter(is_open, c.level == level.rank).label(level.value) for level in RiskLevel),
            func.count().filter(c.opened_at >= now - timedelta(hours=24)).label("opened_last_24h"),
            func.min(c.opened_at).filter(is_open).label("oldest_open_at"),
            func.count().filter(unresolved, c.assignee.is_(None)).label("unassigned"),
            func.count().filter(unresolved, c.snoozed_until > now).label("snoozed"),
            func.count().filter(unresolved, breached).label("breached"),
        )
    ).one()
    values = row._asdict()
    by_level = {level: values.pop(level.value) for level in RiskLevel}
    span = _span(connection, since, until, breached)
    return AlertStats(
        **values,
        open_by_level=by_level,
        median_seconds_to_acknowledge=span.total.to_acknowledge.p50,
        median_seconds_to_resolve=span.total.to_resolve.p50,
        span=span,
    )
