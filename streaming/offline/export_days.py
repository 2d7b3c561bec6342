"""Exports assessments and labels as Parquet by day, for warehouses and data scientists.

An event belongs to the day on which it was scored, a label to the day on which it arrived. So a past day holds
the same events whenever it is exported; for a label only its withdrawal may be added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Column, Connection, Engine, Row, Select, select

from risk.domain.assessment import LEVELS
from risk.domain.decisions import ACTIONS
from risk.domain.event_ids import EventId
from risk.features.catalog import FEATURES, INDEX, from_stored, to_nullable
from risk.store.db.tables import assessment_keys, assessments, labels

_MOMENT = pa.timestamp("us", tz="UTC")
FEATURE = "feature_"
_COLUMNS = (
    ("event_source", pa.string()), ("event_id", pa.string()),
    ("sequence", pa.int64()), ("event_type", pa.string()), ("family", pa.string()),
    ("occurred_at", _MOMENT),
    ("received_at", _MOMENT), ("scored_at", _MOMENT), ("account_id", pa.string()), ("counterparty_id", pa.string()),
    ("amount", pa.decimal128(21, 6)), ("currency", pa.string()), ("channel", pa.string()), ("country", pa.string()),
    ("device_id", pa.string()), ("ip", pa.string()), ("attributes", pa.string()), ("score", pa.float64()),
    ("level", pa.string()), ("decision", pa.string()), ("decision_because", pa.string()),
    ("base_score", pa.float64()), ("scorer", pa.string()), ("config_version", pa.int32()),
    ("reasons", pa.string()), ("import_id", pa.int32()),
)  # fmt: skip
EVENTS = pa.schema([*_COLUMNS, *((f"{FEATURE}{feature.name}", pa.float64()) for feature in FEATURES)])
"""A row for each scored event; ``attributes`` and ``reasons`` are JSON, features are null where they are not known."""
LABELS = pa.schema(
    [
        ("event_source", pa.string()), ("event_id", pa.string()),
        ("fraud", pa.bool_()), ("known_at", _MOMENT), ("source", pa.string()),
        ("received_at", _MOMENT), ("withdrawn_at", _MOMENT), ("import_id", pa.int32()),
    ]
)  # fmt: skip
"""A row for each label; of several of one event the last that became known and is not withdrawn counts."""
_A = assessments.c
_LABELS = (
    select(labels, _A.sender_event_id, _A.event_source)
    .outerjoin(assessment_keys, assessment_keys.c.event_id == labels.c.event_id)
    .outerjoin(assessments, (_A.event_id == labels.c.event_id) & (_A.scored_at == assessment_keys.c.scored_at))
    .order_by(labels.c.sequence)
)
CHUNK = 5_000


class Written(NamedTuple):
    """A file of one day: where it is, and how many rows it has."""

    path: Path
    rows: int


def days(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def write_day(
    engine: Engine, day: date, folder: Path, advance: Callable[[int], None] = lambda _: None
) -> list[Written]:
    """Write the events and the labels of ``day`` (UTC) below ``folder``; a day without any has a file without rows."""
    kinds: tuple[tuple[str, Any, Column[Any], Select[Any], Callable[[Any], dict[str, Any]]], ...] = (
        ("events", EVENTS, assessments.c.scored_at, select(assessments).order_by(assessments.c.sequence), _event),
        ("labels", LABELS, labels.c.received_at, _LABELS, _label),
    )
    begin = datetime.combine(day, time(), UTC)
    written = []
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        for kind, schema, column, query, row_of in kinds:
            path = folder / kind / f"date={day}" / f"{kind}.parquet"
            of_day = query.where(column >= begin, column < begin + timedelta(days=1))
            written.append(Written(path, _write(connection, of_day, path, schema, row_of, advance)))
    return written


def _write(
    connection: Connection,
    query: Select[Any],
    path: Path,
    schema: Any,
    row_of: Callable[[Any], dict[str, Any]],
    advance: Callable[[int], None],
) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    count = 0
    found = connection.execution_options(yield_per=CHUNK).execute(query)
    with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for rows in found.partitions():
            writer.write_table(pa.Table.from_pylist([row_of(row) for row in rows], schema))
            count += len(rows)
            advance(len(rows))
    unfinished.replace(path)
    return count


def _event(row: Row[Any]) -> dict[str, Any]:
    values = row._asdict()
    vector = dict(zip(INDEX, to_nullable(from_stored(row.features)), strict=True))
    return values | {
        **_id_of(row),
        "ip": None if row.ip is None else str(row.ip),
        "level": LEVELS[row.level].value,
        "decision": None if row.decision is None else ACTIONS[row.decision].value,
        "attributes": orjson.dumps(row.attributes).decode(),
        "reasons": orjson.dumps(row.reasons).decode(),
        **{f"{FEATURE}{name}": value for name, value in vector.items()},
    }


def _label(row: Row[Any]) -> dict[str, Any]:
    return row._asdict() | _id_of(row)


def _id_of(row: Row[Any]) -> dict[str, str]:
    found = EventId.stored(row.event_id, row.sender_event_id, row.event_source)
    return {"event_source": found.source, "event_id": found.text}
