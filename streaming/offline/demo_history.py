"""The demo's history: some thousand simulated customers over two months, scored by the engine's graph.

The stored data is what the engine would have stored then: assessments and counts, alerts with what analysts
made of them, labels as they became known, drift, profiles. The live stream goes on from there with the same customers.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import Engine

from risk.config.settings import EngineSettings
from risk.domain.events import Event, Label, to_json
from risk.store.config import configurations
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state import batch_writer as store
from risk.store.engine_state import drift, profiles
from streaming.engine.model_loader import Scorers
from streaming.engine.policy import Policy, read_policy
from streaming.engine.sink.rows import rows_of, together
from streaming.engine.sources.admission import RawRecord
from streaming.engine.stages.batch import Batch
from streaming.engine.stages.drift import DriftCounts
from streaming.offline import demo_desk, offline_graph
from streaming.simulator import DEMO_CUSTOMERS, FraudKind, simulate_with_truth

SEED = 1
DAYS = 60
RATE = 0.012
"""Events a second: one per customer every three days."""
FRAUD_RATE = 0.012
LABEL_DELAY = timedelta(days=4)
READ = 400
"""Records a batch: some nine hours."""
_SNAPSHOT_SECONDS = 3_600.0
_EPOCH = "history"

logger = logging.getLogger(__name__)


class _History:
    def __init__(self, engine: Engine, policy: Policy, desk: demo_desk.Desk) -> None:
        self.engine = engine
        self.policy = policy
        self.desk = desk
        self.sequence = 0
        self.hour = datetime.min.replace(tzinfo=UTC)
        self.drift = DriftCounts(lambda: self.hour)
        self.profiles: dict[profiles.Key, bytes] = {}
        self.learnt: deque[Label] = deque()

    def done(self, batch: Batch) -> None:
        """Store a batch, let the analysts of that time work, and count drift."""
        lowest = self.policy.configuration.alert_policy.min_level.rank
        found, self.sequence = rows_of(
            [batch], now=None, sequence=self.sequence, lowest_alert=lowest, stream_epoch=_EPOCH
        )
        self.profiles.update(batch.profiles)
        self.hour = max([self.hour, *(one.received for one in found)])
        rows = together(found, self.hour)
        with self.engine.begin() as connection:
            store.store(connection, rows, stream_epoch=_EPOCH)
            self.learnt += self.desk.work(connection, rows.scored_at)
        judged = [
            (vector, found.base_score)
            for vector, found in zip(batch.vectors, batch.verdicts, strict=True)
            if vector and found
        ]
        self.drift.add(self.policy.champion, [vector for vector, _ in judged], [score for _, score in judged])


def make_history(
    engine: Engine,
    *,
    now: datetime,
    analysts: tuple[str, str],
    days: int = DAYS,
    rate: float = RATE,
    customers: int = DEMO_CUSTOMERS,
    say: Callable[[float], None] = lambda _: None,
) -> int:
    """Store a history that ends ``now`` in an empty database; returns its number of events.

    ``analysts`` are the e-mail addresses of the rules' author and the alerts' analyst; ``say`` receives the share
    done.
    """
    start = now - timedelta(days=days)
    thresholds = EngineSettings().thresholds
    with engine.begin() as connection:
        for ahead in range(days // 28 + 2):
            ensure_partitions(connection, start + timedelta(days=28 * ahead))
        configuration = configurations.ensure_first(connection, thresholds, now=start)
        demo_desk.write_rules(connection, by=analysts[0], at=start)
        policy = read_policy(connection, configuration, Scorers())
    total = round(days * 86_400 * rate)
    truth: dict[UUID, FraudKind] = {}
    history = _History(engine, policy, demo_desk.Desk(analysts, truth, until=now))
    outcomes = simulate_with_truth(
        SEED, start, rate, FRAUD_RATE, label_delay=LABEL_DELAY, seconds=days * 86_400, customers=customers
    )

    def reads() -> Iterator[list[RawRecord]]:
        events = 0
        while read := list(islice(outcomes, READ)):
            records: list[Event | Label] = []
            while history.learnt:
                records.append(history.learnt.popleft())
            for record, fraud in read:
                if isinstance(record, Event):
                    events += 1
                    if fraud is not None:
                        truth[record.event_id] = FraudKind(fraud)
                elif record.known_at > now:
                    continue
                records.append(record)
            yield [RawRecord("", _moment(record), to_json(record)) for record in records]
            say(min(1.0, events / total))

    offline_graph.run(reads(), policy, history.done, now=now, snapshot_interval=_SNAPSHOT_SECONDS)
    with engine.begin() as connection:
        profiles.save(connection, history.profiles, history.sequence)
        drift.save(connection, history.drift.take())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # as autovacuum has done, where events came over days
    return total


def _moment(record: Event | Label) -> datetime:
    return record.occurred_at if isinstance(record, Event) else record.known_at


def main() -> None:
    """Fill the database of ``DATABASE_URL``; the addresses of the demo's Admin and Analyst are the arguments."""
    admin, analyst = sys.argv[1:3]
    engine = create_pool(os.environ["DATABASE_URL"], application="risk-history", size=2)
    shown = -1

    def say(share: float) -> None:
        nonlocal shown
        if int(share * 100) > shown:
            shown = int(share * 100)
            print(f"{shown} %", flush=True)  # noqa: T201  (who waits for this process reads it)

    try:
        make_history(engine, now=datetime.now(UTC), analysts=(admin, analyst), say=say)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
