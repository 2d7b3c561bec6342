"""Reading Kinesis: in order, across resharding, errors and shards that are no more.

Neither emulator reshards as AWS does (both throw the parent's records away or move them), so the shape
of a resharded stream is played here, by what the API's reference says of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from aws_kinesis_agg import aggregator  # type: ignore[import-untyped]  # it ships no types
from botocore.exceptions import ClientError

from risk.domain.events import Event
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.batching import Streams
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.kinesis import KinesisReader
from streaming.engine.sources.kinesis_aggregates import user_records
from streaming.engine.stages.batch import Batch, Item
from tests.streaming.events import events, record
from tests.unit.test_admission import Memory

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MADE = events(60, seed=3)


def raw_of(data: bytes) -> RawRecord:
    return RawRecord("1", NOW, data)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "operation")


class _NotFound(ClientError): ...


class _Invalid(ClientError): ...


@dataclass
class Shard:
    records: list[bytes]
    parents: tuple[str, ...] = ()
    closed: bool = False


@dataclass
class Kinesis:
    """A stream in memory. ``trouble`` holds errors that the next calls of ``get_records`` raise."""

    shards: dict[str, Shard]
    trouble: list[Exception] = field(default_factory=list)

    class exceptions:  # noqa: N801  (boto3's name)
        ResourceNotFoundException = _NotFound
        InvalidArgumentException = _Invalid

    def list_shards(self, **_: str) -> dict[str, Any]:
        keys = ("ParentShardId", "AdjacentParentShardId")
        return {
            "Shards": [
                {"ShardId": name, **dict(zip(keys, shard.parents, strict=False))} for name, shard in self.shards.items()
            ]
        }

    def get_shard_iterator(self, **wanted: str) -> dict[str, str]:
        start = wanted.get("StartingSequenceNumber")
        if start is not None and not start.isdigit():
            raise _Invalid({"Error": {"Code": "InvalidArgumentException", "Message": start}}, "GetShardIterator")
        place = 0 if start is None else int(start) + (wanted["ShardIteratorType"] == "AFTER_SEQUENCE_NUMBER")
        return {"ShardIterator": f"{wanted['ShardId']}|{place}"}

    def get_records(self, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: N803
        if self.trouble:
            raise self.trouble.pop(0)
        name, place = ShardIterator.split("|")
        if name not in self.shards:
            raise _NotFound({"Error": {"Code": "ResourceNotFoundException", "Message": name}}, "GetRecords")
        shard, start = self.shards[name], int(place)
        found = shard.records[start : start + min(Limit, 7)]
        at_end = start + len(found) == len(shard.records)
        return {
            "Records": [
                {"SequenceNumber": str(start + n), "Data": data, "ApproximateArrivalTimestamp": NOW}
                for n, data in enumerate(found)
            ],
            "NextShardIterator": None if shard.closed and at_end else f"{name}|{start + len(found)}",
            "MillisBehindLatest": 0,
        }


class Collecting(Streams):
    """The source without a graph behind it."""

    def __init__(self, kinesis: Kinesis, stop: threading.Event, offsets: dict[str, str]) -> None:
        reader = KinesisReader("stream", offsets, stop, poll_interval=0.001, connect=lambda: cast(Any, kinesis))
        intake = Intake(Memory(), ProfileCache(), InFlight(), lambda: NOW)
        super().__init__([reader], intake, stop, snapshot_interval=0.02)
        self.batches: list[Batch] = []

    @property
    def items(self) -> list[Item]:
        return [item for batch in self.batches for item in batch.items]

    def next(self, **row: Any) -> None:
        assert row["number"] == row["work"].value.number
        self.batches.append(row["work"].value)

    def commit(self) -> None:
        """There is no graph to commit to."""


def read(kinesis: Kinesis, count: int, offsets: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """(shard, position) of the first ``count`` items, in order of arrival."""
    stop = threading.Event()
    source = Collecting(kinesis, stop, offsets or {})
    thread = threading.Thread(target=source.run)
    thread.start()
    deadline = time.monotonic() + 20
    while len(source.items) < count and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(0.05)
    stop.set()
    thread.join()
    assert [batch.number for batch in source.batches] == list(range(1, len(source.batches) + 1))
    # The last word is a snapshot, unless a batch with one was it already.
    assert not source.batches or source.batches[-1].snapshot
    return [(item.source, item.position) for item in source.items]


def data(start: int, end: int) -> list[bytes]:
    return [record(event).data for event in MADE[start:end]]


def split() -> Kinesis:
    return Kinesis(
        {
            "left": Shard(data(20, 40), ("parent",)),
            "right": Shard(data(40, 60), ("parent",)),
            "parent": Shard(data(0, 20), closed=True),
        }
    )


def test_children_are_read_after_their_parent_is_drained() -> None:
    order = [shard for shard, _ in read(split(), 60)]
    assert order[:20] == ["parent"] * 20
    assert sorted(order[20:]) == ["left"] * 20 + ["right"] * 20


def test_a_merged_shard_waits_for_both_its_parents() -> None:
    merged = Kinesis(
        {
            "child": Shard(data(40, 60), ("one", "other")),
            "one": Shard(data(0, 20), closed=True),
            "other": Shard(data(20, 40), closed=True),
        }
    )
    assert [shard for shard, _ in read(merged, 60)][40:] == ["child"] * 20


def test_a_parent_that_is_listed_no_more_is_not_waited_for() -> None:
    assert len(read(Kinesis({"child": Shard(data(0, 20), ("long gone",))}), 20)) == 20


def test_reading_goes_on_after_the_last_position_of_each_shard() -> None:
    found = read(split(), 25, {"parent": "19", "left": "9", "right": "4"})
    assert found.count(("left", "10")) == 1
    assert {shard for shard, _ in found} == {"left", "right"}
    assert len(found) == 25


@pytest.mark.parametrize(
    "code", ["ExpiredIteratorException", "ProvisionedThroughputExceededException", "InternalFailure"]
)
def test_trouble_neither_skips_nor_repeats_a_record(code: str) -> None:
    kinesis = Kinesis({"only": Shard(data(0, 30))}, [refusal(code), refusal(code)])
    assert read(kinesis, 30) == [("only", str(place)) for place in range(30)]


def test_a_position_that_the_stream_does_not_know_means_from_the_beginning() -> None:
    assert len(read(Kinesis({"only": Shard(data(0, 30))}), 30, {"only": "of another stream"})) == 30


def test_a_shard_that_vanishes_makes_room_for_its_children() -> None:
    kinesis = split()
    shard_list = kinesis.list_shards()

    class Vanishing(Kinesis):
        asked = 0

        def list_shards(self, **_: str) -> dict[str, Any]:
            self.asked += 1
            return shard_list if self.asked == 1 else super().list_shards()

    vanishing = Vanishing({name: shard for name, shard in kinesis.shards.items() if name != "parent"})
    assert len(read(vanishing, 40)) == 40


def aggregate(made: Sequence[Event]) -> bytes:
    packer = aggregator.RecordAggregator()
    for event in made:
        packer.add_user_record(event.account_id, record(event).data)
    _, _, data = packer.clear_and_get().get_contents()
    return bytes(data)


def test_user_records_of_the_producer_library_are_items_with_positions_of_their_own() -> None:
    shard = Shard([record(MADE[0]).data, aggregate(MADE[1:5]), record(MADE[5]).data])
    stop = threading.Event()
    source = Collecting(Kinesis({"a": shard}), stop, {})
    thread = threading.Thread(target=source.run)
    thread.start()
    wait_until(lambda: len(source.items) >= 6)
    stop.set()
    thread.join()
    assert [item.event_id for item in source.items] == [event.event_id for event in MADE[:6]]
    assert [item.position for item in source.items] == ["0", "1.0", "1.1", "1.2", "1.3", "2"]


@pytest.mark.parametrize(
    ("position", "left"),
    [("1.1", ["1.2", "1.3", "2"]), ("1.3", ["2"]), ("0", ["1.0", "1.1", "1.2", "1.3", "2"]), ("1", ["2"])],
)
def test_an_aggregate_of_which_a_part_is_stored_goes_on_behind_that_part(position: str, left: list[str]) -> None:
    shard = Shard([record(MADE[0]).data, aggregate(MADE[1:5]), record(MADE[5]).data])
    assert [at for _, at in read(Kinesis({"a": shard}), len(left), {"a": position})] == left


def test_a_damaged_aggregate_is_one_dead_letter_that_says_so() -> None:
    damaged = aggregate(MADE[:3])[:-1] + b"x"
    [found] = Intake(Memory(), ProfileCache(), InFlight(), lambda: NOW).admit("a", list(user_records(raw_of(damaged))))
    assert "damaged aggregate" in found.data["detail"]


def test_an_aggregate_of_more_than_a_read_is_admitted_in_parts() -> None:
    many = events(2_500, seed=4)
    [packed] = [raw_of(aggregate(many))]
    users = list(user_records(packed))
    assert len(users) == 2_500
    batches: list[int] = []
    reader = KinesisReader("stream", {}, threading.Event(), poll_interval=0.001)
    reader._admit = lambda _, part: batches.append(len(part))
    reader._emit("a", [packed])
    assert batches == [1_000, 1_000, 500]
