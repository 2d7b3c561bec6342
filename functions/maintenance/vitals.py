"""Task ``vitals``: publishes database health metrics for the alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from risk.store.db.tables import dead_letters
from risk.store.engine_state import leases, runs

RECENT = timedelta(minutes=5)


def run(database: Engine, now: datetime) -> tuple[bool, int, bool]:
    """Whether an engine holds the lease, recent dead letters, and whether the engine restarts repeatedly."""
    recent = select(func.count()).select_from(dead_letters).where(dead_letters.c.received_at > now - RECENT)
    with database.connect() as connection:
        alive, letters = leases.engine_is_active(connection), connection.scalar(recent) or 0
        return alive, letters, runs.notice(connection) is not None
