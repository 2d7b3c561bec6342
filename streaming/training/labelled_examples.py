"""Labelled examples from files of transactions or stream records, or from Postgres.

From a file, vectors are made by the profiles as the stream would have; from Postgres they are those that the
engine stored when it scored.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import orjson
from sqlalchemy import Connection, Engine, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label, as_json
from risk.features.catalog import FEATURE_SET, FEATURES, FIRST_FEATURE_SET, from_stored
from risk.features.profiles import Observation
from risk.store.db.tables import assessment_counts, assessments, labels
from streaming.training.event_history import LABEL_DELAY, Past, Transactions, read_transactions, vectors
from streaming.training.train import Examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

FETCHED = 5_000
POPULATION = 50_000
"""Events, about, that stand for all of them where only some are labelled."""


class _Growing:
    """Examples as they come, in as little memory as they need."""

    def __init__(self) -> None:
        self.vectors, self.fraud, self.times = array("f"), array("b"), array("q")

    def add(self, vector: Iterable[float], fraud: bool, at: int, known_at: int) -> None:
        self.vectors.extend(vector)
        self.fraud.append(fraud)
        self.times.extend((at, known_at))

    def done(self) -> Examples:
        times = np.array(self.times, np.int64).reshape(-1, 2)
        flat = np.array(self.vectors, np.float32).reshape(-1, len(FEATURES))
        return Examples(flat, np.array(self.fraud, bool), times[:, 0], times[:, 1])


def from_past(
    past: Iterable[Past], advance: Callable[[int], None] = lambda _: None, *, clean_after: int | None = None
) -> Examples:
    """The labelled events of ``past``, with their vectors as they were then.

    With ``clean_after`` those that nobody labelled count as not fraud, known so many seconds after them. A label then
    counts no earlier: else the latest events that are known would be frauds more often than events are.
    """
    least = clean_after or 0
    growing = _Growing()
    seen, observed = tee(past)
    for one, vector in zip(seen, vectors(observed), strict=True):
        advance(1)
        if one.fraud is not None and one.known_at is not None:
            growing.add(vector, one.fraud, one.observation.at, max(one.known_at, one.observation.at + least))
        elif clean_after is not None:
            growing.add(vector, False, one.observation.at, one.observation.at + clean_after)
    return growing.done()


def from_records(
    records: Iterable[Event | Label],
    advance: Callable[[int], None] = lambda _: None,
    *,
    clean_after: int | None = None,
) -> Examples:
    """The labelled events among the stream's records, which are in the order of their arrival."""
    events: dict[UUID, _Kept] = {}
    said: dict[UUID, _Said] = {}
    for record in records:
        if isinstance(record, Event):
            events.setdefault(record.event_id, (Observation.of(record), orjson.dumps(as_json(record))))
        elif record.withdrawn:
            said.get(record.event_id, {}).pop((record.known_at, record.source), None)
        else:
            said.setdefault(record.event_id, {}).setdefault((record.known_at, record.source), record.fraud)
    known = {event_id: _counting(labels) for event_id, labels in said.items() if labels}
    return from_past(_joined(events, known), advance, clean_after=clean_after)


_Said = dict[tuple[datetime, str], bool]
"""What the labels of an event say, by when each was known and from whom, in the order of their arrival."""


def _counting(said: _Said) -> tuple[datetime, bool]:
    """The label that counts: the last known, of several the last received. When it was known, and what it says."""
    known_at = max(at for at, _ in said)
    return next((at, fraud) for (at, _), fraud in reversed(said.items()) if at == known_at)


_Kept = tuple[Observation, bytes]
"""What profiles look at of an event, and its JSON, which takes a third of the memory that its fields do."""


def _joined(events: dict[UUID, _Kept], known: dict[UUID, tuple[datetime, bool]]) -> Iterator[Past]:
    for event_id, (observation, event) in events.items():
        label = known.get(event_id)
        known_at = None if label is None else int(label[0].timestamp())
        yield Past(observation, orjson.loads(event), None if label is None else label[1], known_at)


def from_transactions(path: Path, advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The payments of a parquet file with the Handbook's columns; each label is known seven days later."""
    transactions: Transactions = read_transactions(path)
    everything = np.ones(len(transactions), bool)
    matrix = transactions.matrix(everything, advance)
    return Examples(matrix, transactions.fraud, transactions.at, transactions.at + LABEL_DELAY)


def from_database(
    engine: Engine, *, clean_after: int | None = None, advance: Callable[[int], None] = lambda _: None
) -> Examples:
    """The assessed events whose vectors are of today's features, with the label of each that counts:
    the last known, of several the last received. One dated before its event counts from the event on.

    With ``clean_after`` those that nobody labelled count as not fraud, known so many seconds after them, if
    that was before the newest label, and a label counts no earlier; otherwise only labelled ones are taken.
    """
    growing = _Growing()
    newest_of_each = (
        select(labels.c.event_id, labels.c.fraud, labels.c.known_at)
        .ext(distinct_on(labels.c.event_id))
        .where(labels.c.withdrawn_at.is_(None))
        .order_by(labels.c.event_id, labels.c.known_at.desc(), labels.c.sequence.desc())
        .subquery()
    )
    table = assessments.c
    query: Any = (
        select(table.features, newest_of_each.c.fraud, table.occurred_at, newest_of_each.c.known_at)
        .select_from(assessments.outerjoin(newest_of_each, table.event_id == newest_of_each.c.event_id))
        .where(table.feature_set.between(FIRST_FEATURE_SET, FEATURE_SET))
    )
    if clean_after is None:
        query = query.where(newest_of_each.c.fraud.is_not(None))
    with engine.connect() as connection:
        population = None if clean_after is not None else _population(connection)
        newest = connection.scalar(select(func.max(labels.c.known_at)))
        if newest is None:
            raise InvalidInput("there are no labels in the database; send some first, or train from a file: --file")
        end = int(newest.timestamp())
        for row in connection.execution_options(stream_results=True, max_row_buffer=FETCHED).execute(query):
            advance(1)
            at = int(row.occurred_at.timestamp())
            known = at if row.known_at is None else max(at, int(row.known_at.timestamp()))
            if clean_after is not None:
                known = max(known, at + clean_after)
                if known > end:
                    continue
            growing.add(from_stored(row.features), bool(row.fraud), at, known)
    return replace(growing.done(), population=population)


def _population(connection: Connection) -> NDArray[np.float32] | None:
    """Vectors of a sample of all assessed events, the same each time; None when there are none."""
    events = connection.scalar(select(func.sum(assessment_counts.c.count))) or 0
    percent = min(100.0, 100.0 * POPULATION / max(1, int(events)))
    sample = assessments.tablesample(func.bernoulli(percent), seed=literal(1))
    query = select(sample.c.features).where(sample.c.feature_set.between(FIRST_FEATURE_SET, FEATURE_SET))
    found = [from_stored(features) for features in connection.scalars(query.execution_options(yield_per=FETCHED))]
    return np.array(found, np.float32) if found else None
