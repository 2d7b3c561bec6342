"""Task ``vitals``: publishes database health metrics for the alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from risk.store.db.tables import dead_letters
from risk.store.engine_state import leases

RECENT = timedelta(minutes=5)


def run(database: Engine, now: datetime) -> tuple[bool, int]:
    """Whether an engine holds the lease, and how many records could not be scored in the last five minutes."""
    recent = select(func.count()).select_from(dead_letters).where(dead_letters.c.received_at > now - RECENT)
    with database.connect() as connection:
        return leases.engine_is_active(connection), connection.scalar(recent) or 0
