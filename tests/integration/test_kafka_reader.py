"""Reading Kafka over the wire: in order, from stored positions, across lost databases and lost positions."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from typer.testing import CliRunner

from infra.cli import app
from risk.adapters.kafka import consumer, put_records
from risk.adapters.kinesis import Record
from risk.domain.events import parse_record
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.kafka import KafkaReader
from tests.kafka import PARTITIONS, Broker
from tests.streaming.engine import wait_for
from tests.streaming.events import events, record

pytestmark = pytest.mark.integration


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as running:
        yield running


class Reading:
    """A reader in a thread, and what it gave."""

    def __init__(self, broker: Broker, offsets: Mapping[str, str], trouble: Callable[[], None] = lambda: None) -> None:
        self._stop = threading.Event()
        self._trouble = trouble
        self.reader = KafkaReader(broker.topic, offsets, self._stop, connect=lambda: consumer(broker.settings))
        self.found: dict[str, list[RawRecord]] = defaultdict(list)
        self._thread = threading.Thread(target=self.reader.run, args=(self._admit,))

    def _admit(self, source: str, records: Sequence[RawRecord]) -> None:
        self._trouble()
        self.found[source] += records

    def until(self, count: int) -> dict[str, list[RawRecord]]:
        """What it gave, once that is ``count`` records; a moment later it is no more."""
        self._thread.start()
        try:
            wait_for(lambda: sum(map(len, self.found.values())) >= count, 30, lambda: str(self.found))
            time.sleep(0.3)
        finally:
            self._stop.set()
            self._thread.join()
        assert sum(map(len, self.found.values())) == count
        return self.found


def positions(found: Mapping[str, list[RawRecord]]) -> dict[str, list[int]]:
    return {source: [int(one.position) for one in records] for source, records in found.items()}


def test_each_partition_is_read_in_its_order_and_whole(broker: Broker) -> None:
    made = [record(event) for event in events(3_000, seed=1)]
    broker.put(made)
    reading = Reading(broker, {})
    found = reading.until(3_000)
    assert set(found) == {f"{broker.topic}/{number}" for number in range(PARTITIONS)}
    assert all(places == list(range(len(places))) for places in positions(found).values())
    assert sorted(one.data for records in found.values() for one in records) == sorted(one.data for one in made)
    now = datetime.now(UTC)
    assert all(now - timedelta(minutes=1) < one.received_at <= now for records in found.values() for one in records)
    assert set(reading.reader.millis_behind.values()) == {0}


def test_events_of_an_account_stay_in_their_order(broker: Broker) -> None:
    made = events(600, seed=2, accounts=20)
    broker.put([record(event) for event in made])
    order: dict[str, list[str]] = defaultdict(list)
    for records in Reading(broker, {}).until(600).values():
        for one in records:
            event = parse_record(one.data, datetime.now(UTC))
            assert event.kind == "event"
            order[event.account_id].append(str(event.event_id))
    for account, ids in order.items():
        assert ids == [str(event.event_id) for event in made if event.account_id == account]


def test_reading_goes_on_after_the_stored_positions(broker: Broker) -> None:
    broker.put([record(event) for event in events(800, seed=3)])
    everything = positions(Reading(broker, {}).until(800))
    stored = {source: str(places[len(places) // 2]) for source, places in everything.items()}
    rest = {source: places[len(places) // 2 + 1 :] for source, places in everything.items()}
    assert positions(Reading(broker, stored).until(sum(map(len, rest.values())))) == rest


def test_a_position_that_is_no_more_means_from_the_oldest_record(broker: Broker) -> None:
    broker.put([record(event) for event in events(400, seed=4)])
    found = Reading(broker, {f"{broker.topic}/0": "1000000"}).until(400)
    assert positions(found)[f"{broker.topic}/0"][0] == 0


def test_records_past_their_retention_do_not_stop_the_rest(broker: Broker) -> None:
    for number in range(14):  # one a batch, as the broker forgets whole batches; 7 MB of the 5 that it keeps
        broker.put([Record("one account", random.Random(number).randbytes(500_000))])
    broker.put([record(event) for event in events(40, seed=5)])
    kept = broker.read()
    (home,) = {message.partition() for message in kept if message.key() == b"one account"}
    oldest = min(message.offset() or 0 for message in kept if message.partition() == home)
    assert oldest > 1
    source = f"{broker.topic}/{home}"
    assert positions(Reading(broker, {source: "0"}).until(len(kept)))[source][0] == oldest


def test_a_lost_database_neither_skips_nor_repeats_a_record(broker: Broker) -> None:
    broker.put([record(event) for event in events(400, seed=6)])
    failures = iter([True, True, False, True])

    def lose() -> None:
        if next(failures, False):
            raise psycopg.OperationalError("the database went away")

    found = Reading(broker, {}, lose).until(400)
    assert all(places == list(range(len(places))) for places in positions(found).values())


def test_a_record_without_a_value_is_given_on_as_an_empty_one(broker: Broker) -> None:
    broker.producer.produce(broker.topic, None, b"account-1")
    broker.producer.flush(10)
    (records,) = Reading(broker, {}).until(1).values()
    assert records[0].data == b""


def test_what_no_broker_takes_is_told(broker: Broker) -> None:
    failures = put_records(broker.producer, broker.topic, [Record("account-1", b"x" * 2_000_000)])
    assert [(failure.index, failure.code) for failure in failures] == [(0, "MSG_SIZE_TOO_LARGE")]


def test_simulated_records_arrive_each_on_the_partition_of_its_account(broker: Broker) -> None:
    options = ["--to", "kafka", "--brokers", broker.address, "--topic", broker.topic, "--label-delay", "0.5"]
    answer = CliRunner().invoke(app, ["simulate", "--rate", "100", "--seconds", "2", "--json", *options])
    assert answer.exit_code == 0, answer.output
    found = broker.read()
    records = [parse_record(message.value() or b"", datetime.now(UTC) + timedelta(minutes=1)) for message in found]
    assert sum(one.kind == "event" for one in records) == 200
    homes: dict[str, set[int | None]] = defaultdict(set)
    for message in found:
        homes[(message.key() or b"").decode()].add(message.partition())
    assert all(len(partitions) == 1 for partitions in homes.values())


def test_kafka_without_brokers_says_what_is_missing() -> None:
    answer = CliRunner().invoke(app, ["simulate", "--to", "kafka", "--seconds", "1"])
    assert answer.exit_code == 2
    assert "KAFKA_BROKERS" in answer.output
