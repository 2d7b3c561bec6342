"""A history in a database, in the state that the engine would leave it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import Engine

from risk.alerts.configuration import Configuration
from risk.domain.events import Event, Label, to_json
from risk.rules.evaluator import RuleSet
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state import batch_writer as store
from streaming.engine.policy import Policy
from streaming.engine.sink.rows import rows_of, together
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.reader import READ_LIMIT
from streaming.engine.stages.batch import Batch
from streaming.offline import offline_graph

EPOCH = "bench"


def store_history(engine: Engine, records: Iterable[Event | Label]) -> list[UUID]:
    """Score ``records`` with the engine's graph, the shipped model and no rules, and store the result.

    Returns the event ids in scoring order.
    """
    ids: list[UUID] = []
    now = datetime.now(UTC)

    def done(stored: store.Batch) -> None:
        with engine.begin() as connection:
            store.store(connection, stored, stream_epoch=EPOCH)
        ids.extend(row["event_id"] for row in stored.assessments)

    with engine.begin() as connection:
        ensure_partitions(connection, now)
    score_history(records, now, done)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # as autovacuum would have done over days
    return ids


def score_history(records: Iterable[Event | Label], now: datetime, done: Callable[[store.Batch], None]) -> None:
    """Score ``records`` as of ``now``; ``done`` receives what the engine would store of each read."""
    first = Configuration(version=0, changed_at=now, changed_by="risk bench", reason="the defaults")
    policy = Policy(first, 0, RuleSet.build([], []), Model.load(DEFAULT))
    sequence = 0

    def reads() -> Iterator[list[RawRecord]]:
        rest = iter(records)
        while read := [RawRecord("", now, to_json(record)) for record in islice(rest, READ_LIMIT)]:
            yield read

    def rows(batch: Batch) -> None:
        nonlocal sequence
        lowest = first.alert_policy.min_level.rank
        made, sequence = rows_of([batch], now=now, sequence=sequence, lowest_alert=lowest, stream_epoch=EPOCH)
        done(together(made, now))

    offline_graph.run(reads(), policy, rows, now=now)
