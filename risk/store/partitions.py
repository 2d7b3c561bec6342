"""The monthly partitions of ``assessments``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text


def month_after(moment: datetime) -> datetime:
    """The first moment of the month after ``moment``'s (UTC)."""
    start = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def ensure_partitions(connection: Connection, now: datetime) -> None:
    """Make the partitions of this month and the next, where they are missing (``now`` in UTC)."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for first in (start, month_after(start)):
        name = f"assessments_{first:%Y_%m}"
        if connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None:
            connection.execute(
                text(
                    f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF assessments "
                    f"FOR VALUES FROM ('{first.isoformat()}') TO ('{month_after(first).isoformat()}')"
                )
            )
