"""Hourly histograms of live events, from which drift is measured. The engine alone writes them.

Counts are approximate: after a crash those since the last snapshot are missing, and after a lost response
some may be counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from risk.store.db.engine import driver


class DriftCount(NamedTuple):
    """How many events that ``scorer`` scored in an ``hour`` have a ``feature`` in each bin of its reference."""

    scorer: str
    hour: datetime
    feature: str
    counts: list[int]


_SAVE = """
    INSERT INTO drift_counts AS stored (scorer, hour, feature, counts) VALUES (%s, %s, %s, %s::bigint[])
    ON CONFLICT (scorer, hour, feature) DO UPDATE SET counts = (
        SELECT array_agg(coalesce(before, 0) + coalesce(more, 0) ORDER BY place)
        FROM unnest(stored.counts, excluded.counts) WITH ORDINALITY AS bins (before, more, place)
    )
"""
_TOTALS = text(
    """
    SELECT feature, array_agg(total ORDER BY place) AS counts
    FROM (
        SELECT feature, place, sum(count)::bigint AS total
        FROM drift_counts, unnest(counts) WITH ORDINALITY AS bins (count, place)
        WHERE scorer = :scorer AND hour >= :since
        GROUP BY feature, place
    ) AS bins
    GROUP BY feature
    """
)

_HISTORY = text(
    """
    SELECT since, feature, array_agg(total ORDER BY place) AS counts
    FROM (
        SELECT date_bin(make_interval(hours => :step), hour, '2000-01-01T00:00:00Z') AS since, feature, place,
               sum(count)::bigint AS total
        FROM drift_counts, unnest(counts) WITH ORDINALITY AS bins (count, place)
        WHERE scorer = :scorer AND hour >= :since
        GROUP BY 1, feature, place
    ) AS bins
    GROUP BY since, feature
    ORDER BY since
    """
)


def save(connection: Connection, increments: Sequence[DriftCount]) -> None:
    """Add ``increments`` to the stored counts, bin by bin."""
    with driver(connection).cursor() as cursor:
        cursor.executemany(_SAVE, increments)


def totals(connection: Connection, scorer: str, since: datetime) -> dict[str, list[int]]:
    """The counts of each feature over the hours that began at ``since`` or later."""
    rows = connection.execute(_TOTALS, {"scorer": scorer, "since": since})
    return {row.feature: row.counts for row in rows}


def history(
    connection: Connection, scorer: str, since: datetime, *, step_hours: int
) -> dict[datetime, dict[str, list[int]]]:
    """The counts of each feature in steps of so many hours (whole ones since 2000-01-01 UTC), oldest first."""
    found: dict[datetime, dict[str, list[int]]] = {}
    for row in connection.execute(_HISTORY, {"scorer": scorer, "since": since, "step": step_hours}):
        found.setdefault(row.since, {})[row.feature] = row.counts
    return found
