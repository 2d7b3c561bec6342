"""Task ``vitals``: publishes database health metrics for the alarms."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from risk.store.db.tables import dead_letters
from risk.store.engine_state import leases, runs

RECENT = timedelta(minutes=5)
SUSPECT = ("conflict", "forged")
"""Reasons of dead letters that a wrong program gives seldom, and somebody who squats or forges always."""


def run(database: Engine, now: datetime) -> tuple[bool, int, bool, int]:
    """Whether an engine holds the lease, recent dead letters, and whether the engine restarts repeatedly."""
    recent = select(func.count()).select_from(dead_letters).where(dead_letters.c.received_at > now - RECENT)
    of_suspects = recent.where(dead_letters.c.reason.in_(SUSPECT))
    with database.connect() as connection:
        alive, letters = leases.engine_is_active(connection), connection.scalar(recent) or 0
        return alive, letters, runs.notice(connection) is not None, connection.scalar(of_suspects) or 0
