"""Counts of events whose types nobody has registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, select, text

from risk.store.db.tables import unregistered_types

MOST = 1_000
"""The maximum number of distinct types counted; more would be a sender inventing them."""
_COUNT = text(
    f"""
    INSERT INTO unregistered_types AS known (event_type, events, first_scored_at, last_scored_at)
    SELECT :event_type, :events, :now, :now
    WHERE EXISTS (SELECT FROM unregistered_types WHERE event_type = :event_type)
       OR (SELECT count(*) FROM unregistered_types) < {MOST}
    ON CONFLICT (event_type) DO UPDATE
    SET events = known.events + excluded.events, last_scored_at = excluded.last_scored_at
    """  # noqa: S608  (a number of ours)
)


def count(connection: Connection, event_types: Iterable[str], now: datetime) -> None:
    """Count events stored ``now``, given by their types."""
    found = Counter(event_types)
    if found:
        rows = [{"event_type": name, "events": events, "now": now} for name, events in sorted(found.items())]
        connection.execute(_COUNT, rows)


def page(connection: Connection) -> list[Row[tuple[str, int, datetime, datetime]]]:
    """Every type counted, the most frequent first."""
    c = unregistered_types.c
    query = select(c.event_type, c.events, c.first_scored_at, c.last_scored_at)
    return list(connection.execute(query.order_by(c.events.desc(), c.event_type)))
