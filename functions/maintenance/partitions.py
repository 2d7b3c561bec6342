"""Task ``partitions``: creates monthly partitions well in advance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from risk.store.db.partitions import ensure_partitions

MONTHS_AHEAD = 3


def run(database: Engine, now: datetime) -> list[str]:
    """Create missing partitions of this month and the next three; returns their names."""
    with database.begin() as connection:
        return ensure_partitions(connection, now, ahead=MONTHS_AHEAD)
