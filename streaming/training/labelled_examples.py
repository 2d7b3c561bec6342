"""Labelled examples from files of transactions or stream records, or from Postgres.

From a file, vectors are made by the profiles as the stream would have; from Postgres they are those that the
engine stored when it scored.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, tee
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import orjson
from sqlalchemy import Connection, Engine, func, literal, literal_column, select

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label, as_json
from risk.domain.label_precedence import Said, counting_label
from risk.features.catalog import BUILT_IN, FEATURE_SET, FIRST_FEATURE_SET, Catalog, from_stored
from risk.features.profiles.observation import Observation
from risk.store.assessments.counting_label import counting_labels
from risk.store.assessments.defined_values import DefinedValues, StoredValues
from risk.store.db.tables import assessment_counts, assessments, imports, labels
from risk.store.rules import definitions
from streaming.training.event_history import LABEL_DELAY, Past, Transactions, read_transactions, vectors
from streaming.training.examples import NEVER, Examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

FETCHED = 5_000
POPULATION = 50_000
"""Approximate sample size that represents all events where only some are labelled."""


class _Growing:
    """Examples in growing arrays."""

    def __init__(self, catalog: Catalog = BUILT_IN) -> None:
        self._catalog = catalog
        self.vectors, self.fraud, self.times, self.types = array("f"), array("b"), array("q"), array("h")
        self._names: dict[str, int] = {}

    def add(self, vector: Iterable[float], event_type: str, fraud: bool, at: int, known_at: int) -> None:
        self.vectors.extend(vector)
        self.fraud.append(fraud)
        self.times.extend((at, known_at))
        self.types.append(self._names.setdefault(event_type, len(self._names)))

    def done(self) -> Examples:
        """All of them."""
        times = np.array(self.times, np.int64).reshape(-1, 2)
        flat = np.array(self.vectors, np.float32).reshape(-1, len(self._catalog.index))
        return Examples(flat, np.array(self.fraud, bool), times[:, 0], times[:, 1], catalog=self._catalog)

    def reported(self) -> Examples:
        """The types of which a fraud was ever reported, and the labelled events of the others.

        Logins are never charged back, so an unreported one is not evidence of legitimacy.
        """
        everything, types = self.done(), np.array(self.types, np.int16)
        known = everything.known_at != NEVER
        chosen = known | np.isin(types, np.unique(types[everything.fraud]))
        return everything if chosen.all() else replace(everything.take(chosen), population=everything.vectors)


def all_of(past: Iterable[Past], advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The events of ``past`` with their vectors at that time, and their labels."""
    return _all_of(past, advance).done()


def _all_of(past: Iterable[Past], advance: Callable[[int], None]) -> _Growing:
    growing = _Growing()
    seen, observed = tee(past)
    for one, vector in zip(seen, vectors(observed), strict=True):
        advance(1)
        known_at = NEVER if one.fraud is None or one.known_at is None else one.known_at
        growing.add(vector, one.observation.event_type, bool(one.fraud), one.observation.at, known_at)
    return growing


def from_records(records: Iterable[Event | Label], advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The events among the stream's records that can be learnt from, with their labels wherever these stand."""
    return _all_of(past_of(records), advance).reported()


def past_of(records: Iterable[Event | Label]) -> Iterator[Past]:
    """The events of ``records`` in their order; of several labels of an event the last that became known counts."""
    events: dict[UUID, _Kept] = {}
    said: dict[UUID, list[Said]] = {}
    for record in records:
        if isinstance(record, Event):
            events.setdefault(record.event_id, (Observation.of(record), orjson.dumps(as_json(record))))
        else:
            label = Said(record.known_at, record.source, record.fraud, bool(record.withdrawn))
            said.setdefault(record.event_id, []).append(label)
    return _joined(events, said)


_Kept = tuple[Observation, bytes]
"""An event's observation, and its JSON, which takes a third of the memory of its fields."""


def _joined(events: dict[UUID, _Kept], said: dict[UUID, list[Said]]) -> Iterator[Past]:
    for event_id, (observation, event) in events.items():
        label = counting_label(said.get(event_id, ()))
        known_at = None if label is None else int(label.known_at.timestamp())
        yield Past(observation, orjson.loads(event), None if label is None else label.fraud, known_at)


@dataclass(frozen=True)
class ImportedTransactions(Transactions):
    """Events of an import in the order of their times, with all their fields, each label known when it was."""

    events: tuple[Past, ...] = ()

    def past(self, currency: str = "", *, label_delay: int = LABEL_DELAY) -> Iterator[Past]:  # noqa: ARG002
        """The events with all their fields."""
        return iter(self.events)


def transactions_of(records: Iterable[Event | Label]) -> ImportedTransactions:
    """The events among ``records`` with their labels, in the order of their times."""
    events = tuple(sorted(past_of(records), key=lambda one: one.observation.at))
    seen = [one.observation for one in events]
    names = [str(one.event["event_id"]) for one in events]
    return ImportedTransactions(
        np.array(names),
        np.array([one.at for one in seen], np.int64),
        np.array([one.account_id for one in seen]),
        np.array([one.counterparty_id or "" for one in seen]),
        np.array([0.0 if one.amount is None else one.amount for one in seen]),
        np.array([bool(one.fraud) for one in events]),
        events,
    )


def from_transactions(path: Path, advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The payments of a parquet file with the Handbook's columns; each label is known seven days later."""
    transactions: Transactions = read_transactions(path)
    everything = np.ones(len(transactions), bool)
    matrix = transactions.matrix(everything, advance)
    return Examples(matrix, transactions.fraud, transactions.at, transactions.at + LABEL_DELAY)


def from_database(engine: Engine, *, advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The assessed events with vectors of today's features, each with its latest known label.

    Users' definitions have their scored value, or that of their backfill.
    """
    # Labels known only in the future, too: whoever trains on them must hear that a clock is wrong.
    last = counting_labels(literal_column("'infinity'::timestamptz")).subquery()
    table = assessments.c
    query: Any = (
        select(*_VECTOR, assessments.c.event_type, last.c.fraud, assessments.c.occurred_at, last.c.known_at)
        .select_from(assessments.outerjoin(last, table.event_id == last.c.event_id))
        .where(table.feature_set.between(FIRST_FEATURE_SET, FEATURE_SET))
        .order_by(table.sequence)  # the key of backfilled values
    )
    with engine.connect() as connection:
        catalog = definitions.current(connection).usable
        growing, of_users = _Growing(catalog), DefinedValues(connection, catalog)
        population = _population(connection, of_users)
        if connection.scalar(select(func.max(labels.c.known_at))) is None:
            raise InvalidInput("there are no labels in the database; send some first, or train from a file: --file")
        rows = connection.execute(query.execution_options(yield_per=FETCHED))
        for row, vector in _with_vectors(rows, of_users):
            advance(1)
            at = int(row.occurred_at.timestamp())
            known = NEVER if row.known_at is None else max(at, int(row.known_at.timestamp()))
            growing.add(vector, str(row.event_type), bool(row.fraud), at, known)
    return replace(growing.reported(), population=population)


_VECTOR = [assessments.c[name] for name in ("sequence", "features", "definition_set", "defined")]


def _with_vectors(rows: Iterable[Any], of_users: DefinedValues) -> Iterator[tuple[Any, list[float]]]:
    """Yield each row with its vector."""
    rest = iter(rows)
    while chunk := list(islice(rest, FETCHED)):
        values = of_users.of([StoredValues(row.sequence, row.definition_set, row.defined) for row in chunk])
        for row, defined in zip(chunk, values, strict=True):
            yield row, [*from_stored(row.features), *defined]


def _population(connection: Connection, of_users: DefinedValues) -> NDArray[np.float32] | None:
    """Vectors of a deterministic sample of all assessed events; None if there are none."""
    events = connection.scalar(select(func.sum(assessment_counts.c.count))) or 0
    events += connection.scalar(select(func.sum(imports.c.events)).where(imports.c.undone_at.is_(None))) or 0
    percent = min(100.0, 100.0 * POPULATION / max(1, int(events)))
    sample = assessments.tablesample(func.bernoulli(percent), seed=literal(1))
    query = (
        select(*(sample.c[column.name] for column in _VECTOR))
        .where(sample.c.feature_set.between(FIRST_FEATURE_SET, FEATURE_SET))
        .order_by(sample.c.sequence)
    )
    rows = connection.execute(query.execution_options(yield_per=FETCHED))
    found = [vector for _, vector in _with_vectors(rows, of_users)]
    return np.array(found, np.float32) if found else None
