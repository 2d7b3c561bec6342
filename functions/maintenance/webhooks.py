"""Task ``webhooks``: deletes delivery logs older than a month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from risk.store.alerts import webhook_deliveries

KEPT = timedelta(days=30)
MOST_ROUNDS = 20


def run(database: Engine, now: datetime) -> int:
    """Delete messages older than a month that are not pending; returns how many."""
    total = 0
    for _ in range(MOST_ROUNDS):
        with database.begin() as connection:
            deleted = webhook_deliveries.forget(connection, now - KEPT)
        total += deleted
        if not deleted:
            break
    return total
