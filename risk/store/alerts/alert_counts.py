"""Counts of alerts by state, kept up to date by triggers on ``alerts``.

A change adds rows to ``alert_counts``, so that no transaction waits for another; ``merge`` combines the rows of a
cell. A cell is: hour of opening, status, level, whether unassigned, whether a deadline was missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, select, text

from risk.alerts.alert import AlertStatus
from risk.domain.assessment import RiskLevel
from risk.store.alerts.alerts import UNRESOLVED
from risk.store.db.tables import alert_counts, alerts

MOST_CHANGES = 2_000
"""A reader that finds more unmerged changes merges them."""

c = alert_counts.c
_MERGE = text(
    """
    WITH hours AS (SELECT DISTINCT hour FROM alert_counts WHERE NOT merged),
    gone AS (DELETE FROM alert_counts USING hours WHERE alert_counts.hour = hours.hour RETURNING alert_counts.*)
    INSERT INTO alert_counts (hour, status, level, unassigned, breached, count, merged)
    SELECT hour, status, level, unassigned, breached, sum(count), true FROM gone
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(count) <> 0
    """
)


def merge(connection: Connection) -> None:
    """Merge the rows of each cell; nothing while another merge runs."""
    if connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('alert_counts'))")):
        connection.execute(_MERGE)


def merge_many(connection: Connection) -> None:
    """Merge when there are too many changes for a reader to add up."""
    changes = select(c.hour).where(~c.merged).limit(MOST_CHANGES + 1).subquery()
    if (connection.scalar(select(func.count()).select_from(changes)) or 0) > MOST_CHANGES:
        merge(connection)


def totals(connection: Connection) -> dict[str, Any]:
    """Counts by status, of open alerts by level, of those unassigned, and of those that missed a recorded deadline."""

    def count(name: str, *wanted: ColumnElement[bool]) -> ColumnElement[int]:
        return cast(func.coalesce(func.sum(c.count).filter(*wanted), 0), BigInteger).label(name)

    is_open = c.status == AlertStatus.OPEN
    query = select(
        *(count(status.value, c.status == status) for status in AlertStatus),
        *(count(level.value, is_open, c.level == level.rank) for level in RiskLevel),
        count("unassigned", c.unassigned),
        count("breached", c.breached),
    )
    return connection.execute(query).one()._asdict()


def opened(connection: Connection, since: datetime, until: datetime) -> int:
    """How many alerts were opened in a span: whole hours from the counts, its edges from the alerts."""
    first, last = _hour(since + timedelta(hours=1) - timedelta(microseconds=1)), _hour(until)
    if first >= last:
        return _count(connection, [(since, until)])
    whole = connection.scalar(select(func.sum(c.count)).where(c.hour >= first, c.hour < last)) or 0
    return int(whole) + _count(connection, [(since, first), (last, until)])


def snoozed(connection: Connection, now: datetime) -> int:
    """The number of unresolved alerts that are snoozed now."""
    query = select(func.count()).select_from(alerts).where(UNRESOLVED, alerts.c.snoozed_until > now)
    return connection.scalar(query) or 0


def newly_breached(connection: Connection, now: datetime) -> int:
    """The number of unresolved alerts past their deadline whose breach is not recorded yet."""
    a = alerts.c
    missed = (a.due_at <= now, a.breached_at.is_distinct_from(a.due_at), a.breached_at.is_(None))
    return connection.scalar(select(func.count()).select_from(alerts).where(UNRESOLVED, *missed)) or 0


def oldest_open(connection: Connection) -> datetime | None:
    """When the oldest open alert was opened."""
    query = select(func.min(alerts.c.opened_at)).where(text("status = 'open'"))
    found: datetime | None = connection.scalar(query)
    return found


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _count(connection: Connection, spans: Sequence[tuple[datetime, datetime]]) -> int:
    a = alerts.c
    return sum(
        connection.scalar(select(func.count()).select_from(alerts).where(a.opened_at >= since, a.opened_at < until))
        or 0
        for since, until in spans
    )
