"""Events from Kafka, beside what the API puts on its own stream: each is scored once, whatever happens."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from risk.adapters.kinesis import Record, put_records
from tests.kafka import PARTITIONS, Broker
from tests.services import Services
from tests.streaming.engine import Written, running, wait_for
from tests.streaming.events import events, label_record, record
from tests.streaming.test_exactly_once import RATE, in_stored_order, kill, poison, settle, told

pytestmark = pytest.mark.integration


def feed(broker: Broker, records: Sequence[Record]) -> None:
    for start in range(0, len(records), 100):
        broker.put(records[start : start + 100])
        time.sleep(100 / RATE)


def test_killed_the_engine_scores_every_event_of_a_topic_once(services: Services, tmp_path: Path) -> None:
    made = events(2_000, seed=9)
    records = [record(event) for event in made]
    records[500:500] = [*poison(), Record("tombstone", b"")]
    records[1_500:1_500] = [record(made[10]), record(made[700])]  # sent again, as a retrying producer does
    labels = [label_record(event, days=1, fraud=place % 7 == 0) for place, event in enumerate(made[:300])]
    total = len(records) + len(labels)
    stream, updates, url = services.stream(1), services.stream(1), services.database()
    quick = {"SNAPSHOT_INTERVAL": "0.5", "LEASE_SECONDS": "3", "POLL_INTERVAL": "0.05"}
    with Written(url) as written, Broker() as broker:
        environment = services.engine(url, stream, updates) | broker.environment | quick
        with running(environment, tmp_path / "engine.log") as engine:
            feed(broker, records[:700])
            # Two streams have no order between them: only what is scored can be labelled for certain.
            wait_for(lambda: written.settled() == 700, 90)
            assert put_records(services.kinesis(), stream, labels) == []  # as the API puts them
            feeder = threading.Thread(target=feed, args=(broker, records[700:]))
            feeder.start()
            kill(engine, written, random.Random(9), total, times=1)
            feeder.join()
            settle(engine, written, total)
        assert written.settled() == total
        assert written.scalar("SELECT count(DISTINCT event_id) FROM assessments") == len(made)
        assert dict(written.rows("SELECT reason, count(*) FROM dead_letters GROUP BY 1")) == {
            "invalid": 3, "oversized": 1, "duplicate": 2,
        }  # fmt: skip
        assert written.vectors() == in_stored_order(written, made)
        assert told(services, updates) == {str(event.event_id) for event in made}
        stored = dict(written.rows("SELECT source, position FROM offsets WHERE source LIKE '%/%'"))
        assert set(stored) == {f"{broker.topic}/{number}" for number in range(PARTITIONS)}
        assert sum(int(position) + 1 for position in stored.values()) == len(records)
