"""The monthly partitions of ``assessments``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text


def _month(moment: datetime, later: int) -> datetime:
    """The first moment of the month ``later`` months after ``moment``'s (UTC)."""
    months = moment.year * 12 + moment.month - 1 + later
    return moment.replace(year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(moment: datetime) -> datetime:
    """The first moment of the month after ``moment``'s (UTC)."""
    return _month(moment, 1)


def month_before(moment: datetime, months: int) -> datetime:
    """The first moment of the month that is so many ``months`` before ``moment``'s (UTC)."""
    return _month(moment, -months)


def ensure_partitions(connection: Connection, now: datetime, *, ahead: int = 1) -> list[str]:
    """Create missing partitions of this month and the ``ahead`` following ones (``now`` in UTC).

    Returns the names of those created.
    """
    made = []
    for later in range(ahead + 1):
        name = connection.scalar(text("SELECT make_assessment_month(:first)"), {"first": _month(now, later)})
        if name is not None:
            made.append(str(name))
    return made
