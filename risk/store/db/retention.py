"""Deletes data past its retention period, in small transactions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from risk.store.db.partitions import month_after

PIECE = 5_000
"""The most rows that one transaction deletes."""

SIGN_INS = {
    "refresh_tokens": "expires_at",
    "sessions": "expires_at",
    "password_links": "expires_at",
}
"""Tables of sign-ins, with the column of their end."""

BY_TIME = {
    "dead_letters": "received_at",
    "rule_hits": "scored_at",
    "drift_counts": "hour",
    "assessment_counts": "minute",
    "decision_counts": "minute",
}
"""Tables deleted by month of their events, with their time column."""

_TABLE = re.compile(r"assessments_(\d{4})_(\d{2})")


def forget(connection: Connection, table: str, before: datetime) -> int:
    """Delete a chunk of ``table`` (a key of ``SIGN_INS`` or ``BY_TIME``) older than that; returns the row count."""
    column = {**SIGN_INS, **BY_TIME}[table]
    some = f"SELECT ctid FROM {table} WHERE {column} < :before LIMIT {PIECE}"  # noqa: S608  (names of ours)
    return connection.execute(
        text(f"DELETE FROM {table} WHERE ctid = ANY(ARRAY({some}))"),  # noqa: S608
        {"before": before},
    ).rowcount


def forget_explanations(connection: Connection, before: datetime) -> int:
    """Delete a chunk of the older explanations whose events are gone; returns the row count."""
    gone = "NOT EXISTS (SELECT FROM assessment_keys k WHERE k.event_id = e.event_id)"
    some = f"SELECT ctid FROM explanations e WHERE created_at < :before AND {gone} LIMIT {PIECE}"  # noqa: S608
    deleted = text(f"DELETE FROM explanations WHERE ctid = ANY(ARRAY({some}))")  # noqa: S608
    return connection.execute(deleted, {"before": before}).rowcount


def forget_definition_values(connection: Connection) -> int:
    """Delete backfilled values of definitions whose events are all deleted; returns the number of rows."""
    kept = "(SELECT min(sequence) FROM assessments)"
    deleted = f"DELETE FROM definition_values WHERE last_sequence < coalesce({kept}, 9223372036854775807)"  # noqa: S608
    return connection.execute(text(deleted)).rowcount


def months_before(connection: Connection, first_kept: datetime) -> list[str]:
    """The partitions of ``assessments`` that end by ``first_kept``, the first moment of a month (UTC); oldest first."""
    names = connection.scalars(
        text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'assessments'::regclass ORDER BY 1"
        )
    )
    return [name for name in names if (first := _first_moment(name)) and first < first_kept]


def _first_moment(table: str) -> datetime | None:
    found = _TABLE.fullmatch(table)
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) if found else None


def is_settled(connection: Connection, month: str) -> bool:
    """Whether the stored profiles hold every event of a month; until then recovery needs them."""
    return bool(
        connection.scalar(
            text(
                "SELECT coalesce(max(sequence), 0) <= coalesce((SELECT max(sequence) FROM profile_watermark), 0) "
                "FROM assessments WHERE scored_at >= :first AND scored_at < :after"
            ),
            _bounds(month),
        )
    )


def forget_events(connection: Connection, month: str) -> int:
    """Delete a chunk of a month's events with all that belongs to them, such as labels; returns the count."""
    of_month = "scored_at >= :first AND scored_at < :after"
    some = f"SELECT event_id FROM assessments WHERE {of_month} LIMIT {PIECE}"  # noqa: S608
    deleted = f"DELETE FROM assessments WHERE {of_month} AND event_id = ANY(ARRAY({some})) RETURNING event_id"  # noqa: S608
    ids = connection.scalars(text(deleted), _bounds(month)).all()
    for other in ("assessment_keys", "labels", "decision_overturns", "alert_events", "explanations"):
        connection.execute(text(f"DELETE FROM {other} WHERE event_id = ANY(:ids)"), {"ids": ids})  # noqa: S608
    return len(ids)


def forget_entities(connection: Connection, month: str) -> int:
    """Delete a chunk of the entities seen in this month and not later; returns the row count.

    ``seen_at`` lags by up to a day, so entities seen on the last day of the month go with the next one.
    """
    some = f"SELECT ctid FROM entities WHERE seen_at >= :first AND seen_at < :after LIMIT {PIECE}"  # noqa: S608
    bounds = {name: at - timedelta(days=1) for name, at in _bounds(month).items()}
    return connection.execute(text(f"DELETE FROM entities WHERE ctid = ANY(ARRAY({some}))"), bounds).rowcount  # noqa: S608


def drop(connection: Connection, month: str) -> None:
    """Drop the partition of a month without events; the database refuses a non-empty one."""
    connection.execute(text("SELECT drop_assessment_month(:first)"), _bounds(month))


def _bounds(month: str) -> dict[str, datetime]:
    first = _first_moment(month)
    if first is None:
        raise ValueError(f"{month!r} is not a partition of assessments")
    return {"first": first, "after": month_after(first)}
