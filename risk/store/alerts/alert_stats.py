"""Statistics of the alert desk: counts by state, handling times, false positives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Row, delete, extract, func, select, text
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.alerts.alert import Disposition
from risk.domain.assessment import LEVELS, RiskLevel
from risk.store.alerts import alert_counts
from risk.store.db.tables import alert_spans, alerts


class Duration(BaseModel):
    """Median and 90th percentile in seconds, of ``count`` durations; null if there are none."""

    count: int
    p50: float | None
    p90: float | None


class Performance(BaseModel):
    """Outcomes of alerts. ``false_positive_rate`` is among judged alerts; null if there are none."""

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
    """Outcomes of the alerts of one level."""

    level: RiskLevel


class AnalystPerformance(BaseModel):
    """One person's acknowledgements and resolutions, and the time from opening to each."""

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
    """Counts of alerts by state. ``span`` holds the statistics of alerts opened in a period."""

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


RECENT = timedelta(days=30)
RECENT_NAME = "recent"
MOST_READ = 5_000
"""Above this number of alerts, the statistics of a span are cached for other readers."""
KEPT_FOR = timedelta(minutes=5)
"""Maximum age of a cached span; maintenance refreshes the recent one every minute."""

c = alerts.c


def _duration(moment: ColumnElement[Any], prefix: str) -> list[ColumnElement[Any]]:
    seconds = extract("epoch", moment - c.opened_at)
    return [
        func.count(moment).label(f"{prefix}_count"),
        # both of one type
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


def _span(connection: Connection, since: datetime, until: datetime, now: datetime) -> Span:
    breached = func.coalesce(c.breached_at, c.due_at) <= now
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


def refresh(connection: Connection, now: datetime) -> None:
    """Merge the counts, and cache the span of the last 30 days if it is too large for readers to compute."""
    alert_counts.merge(connection)
    since = now - RECENT
    if alert_counts.opened(connection, since, now) > MOST_READ:
        _keep(connection, RECENT_NAME, _span(connection, since, now, now), now)


def _keep(connection: Connection, name: str, span: Span, now: datetime) -> None:
    row = {"computed_at": now, "span": span.model_dump(mode="json")}
    connection.execute(
        upsert(alert_spans).values(name=name, **row).on_conflict_do_update(index_elements=["name"], set_=row)
    )
    old = (alert_spans.c.computed_at < now - KEPT_FOR) & (alert_spans.c.name != RECENT_NAME)
    connection.execute(delete(alert_spans).where(old))


def _kept(connection: Connection, name: str, now: datetime) -> Span | None:
    """The cached span of this name, unless it is too old."""
    query = select(alert_spans.c.span).where(alert_spans.c.name == name, alert_spans.c.computed_at > now - KEPT_FOR)
    found = connection.scalar(query)
    return None if found is None else Span.model_validate(found)


def read_span(connection: Connection, now: datetime, since: datetime | None, until: datetime | None) -> Span:
    """Statistics of the alerts opened in a span, by default the last 30 days.

    A span of more than ``MOST_READ`` alerts is read from a cache at most ``KEPT_FOR`` old.
    """
    name = RECENT_NAME if since is None and until is None else f"{since or ''}/{until or ''}"
    end = until or now
    start = since or end - RECENT
    if alert_counts.opened(connection, start, end) <= MOST_READ:
        return _span(connection, start, end, now)
    span = _kept(connection, name, now)
    if span is None:
        span = _span(connection, start, end, now)
        _keep(connection, name, span, now)
    return span


def stats(
    connection: Connection, now: datetime, since: datetime | None = None, until: datetime | None = None
) -> AlertStats:
    """Counts of all alerts, and statistics of those opened in a span, by default the last 30 days."""
    alert_counts.merge_many(connection)
    values = alert_counts.totals(connection)
    by_level = {level: values.pop(level.value) for level in RiskLevel}
    values["breached"] += alert_counts.newly_breached(connection, now)
    span = read_span(connection, now, since, until)
    return AlertStats(
        **values,
        open_by_level=by_level,
        opened_last_24h=alert_counts.opened(connection, now - timedelta(hours=24), now + timedelta(hours=1)),
        oldest_open_at=alert_counts.oldest_open(connection),
        snoozed=alert_counts.snoozed(connection, now),
        median_seconds_to_acknowledge=span.total.to_acknowledge.p50,
        median_seconds_to_resolve=span.total.to_resolve.p50,
        span=span,
    )
