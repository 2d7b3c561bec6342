"""Stored events in scoring order, over which definitions are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection, text

from risk.domain.event_ids import EventId
from risk.store.db.engine import driver

CHUNK = 5_000


class LoggedEvent(NamedTuple):
    """A stored event: its place in the order, seconds since 1970 when it occurred, and its fields as JSON has them."""

    sequence: int
    event_id: EventId
    at: int
    event: Mapping[str, Any]


_QUERY = """
    SELECT sequence, event_id, sender_event_id, event_source,
           event_type, occurred_at, account_id, counterparty_id, amount::float8 AS amount, currency,
           channel, device_id, host(ip) AS ip, country, attributes, family, amount_flow
    FROM assessments WHERE sequence > %s AND sequence <= %s ORDER BY sequence LIMIT %s
"""
_NAMES = ("event_type", "occurred_at", "account_id", "counterparty_id", "amount", "currency", "channel", "device_id",
          "ip", "country", "attributes", "family", "amount_flow")  # fmt: skip


def chunk(connection: Connection, after: int, until: int, limit: int = CHUNK) -> list[LoggedEvent]:
    """The first ``limit`` events after the sequence ``after``, none after ``until``."""
    with driver(connection).cursor() as cursor:
        set_json_loads(orjson.loads, cursor)
        rows = cursor.execute(_QUERY, (after, until, limit), binary=True).fetchall()
    return [
        LoggedEvent(
            sequence,
            EventId.stored(event_id, sender_event_id, event_source),
            int(values[1].timestamp()),
            dict(zip(_NAMES, values, strict=True)),
        )
        for sequence, event_id, sender_event_id, event_source, *values in rows
    ]


def read(connection: Connection, after: int, until: int) -> Iterator[LoggedEvent]:
    """All events after the sequence ``after``, up to ``until``, a chunk at a time."""
    while found := chunk(connection, after, until):
        yield from found
        after = found[-1].sequence


def newest(connection: Connection, limit: int) -> tuple[int, int]:
    """(after, until): the bounds of the newest ``limit`` events, as arguments of ``read``."""
    row = connection.execute(
        text(
            "SELECT coalesce(min(sequence), 1) - 1 AS after, coalesce(max(sequence), 0) AS until "
            "FROM (SELECT sequence FROM assessments ORDER BY sequence DESC LIMIT :limit) AS latest"
        ),
        {"limit": limit},
    ).one()
    return int(row.after), int(row.until)
