"""Profiles as of a watermark: every event up to one sequence is in them, none after it.

The assessments after the watermark are the redo log: ``events_after`` gives them in the order in which
they were scored, so that a new engine has exactly the profiles of the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.profiles import Observation
from risk.store.tables import assessments, profile_watermark

ACCOUNT = "account"
COUNTERPARTY = "counterparty"

Key = tuple[str, str]
"""(``ACCOUNT`` or ``COUNTERPARTY``, id)."""

_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged_profiles (LIKE profiles) ON COMMIT DELETE ROWS"
_MERGE = (
    "INSERT INTO profiles SELECT * FROM staged_profiles ON CONFLICT (kind, key) DO UPDATE SET state = excluded.state"
)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast(psycopg.Connection[Any], connection.connection.driver_connection)


def load(connection: Connection, keys: Sequence[Key]) -> dict[Key, bytes]:
    """The stored states of those of ``keys`` that have one."""
    rows = _driver(connection).execute(
        "SELECT kind, key, state FROM profiles "
        "JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, key) USING (kind, key)",
        [[kind for kind, _ in keys], [key for _, key in keys]],
    )
    return {(kind, key): state for kind, key, state in rows}


def save(connection: Connection, states: Mapping[Key, bytes], sequence: int) -> None:
    """Store ``states`` and say that with them the profiles hold everything up to ``sequence``."""
    with _driver(connection).cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY staged_profiles (kind, key, state) FROM STDIN") as copy:
            for (kind, key), state in states.items():
                copy.write_row((kind, key, state))
        cursor.execute(_MERGE)
    connection.execute(
        upsert(profile_watermark)
        .values(id=1, sequence=sequence)
        .on_conflict_do_update(index_elements=[profile_watermark.c.id], set_={"sequence": sequence})
    )


def watermark(connection: Connection) -> int:
    """The sequence up to which the stored profiles hold everything."""
    return connection.scalar(select(profile_watermark.c.sequence)) or 0


def events_after(connection: Connection, sequence: int, limit: int) -> list[tuple[int, Observation]]:
    """The next ``limit`` events scored after ``sequence``, in that order, each with its sequence."""
    table = assessments.c
    rows = connection.execute(
        select(
            table.sequence, table.event_type, table.occurred_at, table.account_id,
            table.counterparty_id, table.amount, table.currency, table.device_id, table.country,
        )
        .where(table.sequence > sequence)
        .order_by(table.sequence)
        .limit(limit)
    )  # fmt: skip
    return [
        (
            row.sequence,
            Observation(
                row.event_type,
                int(row.occurred_at.timestamp()),
                row.account_id,
                row.counterparty_id,
                None if row.amount is None else float(row.amount),
                row.currency,
                row.device_id,
                row.country,
            ),
        )
        for row in rows
    ]
