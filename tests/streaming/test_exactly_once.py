"""Whatever happens to the engine, each event is scored once, from the profiles it ought to meet."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from risk.adapters.kinesis import Record, put_records
from risk.domain.events import Event, as_json
from risk.features.catalog import ACCOUNT_FEATURES, to_nullable
from risk.features.profiles.observation import Learned, Observation, Outcome
from streaming.training.event_history import Memory
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, label_record, record

pytestmark = pytest.mark.integration

RATE = 1_500


def feed(services: Services, stream: str, records: Sequence[Record]) -> None:
    """Put ``records`` at about ``RATE`` a second, so that kills fall into the middle of the work."""
    client = services.kinesis()
    for start in range(0, len(records), 100):
        assert put_records(client, stream, records[start : start + 100]) == []
        time.sleep(100 / RATE)


def kill(engine: EngineProcess, written: Written, chance: random.Random, total: int, *, times: int) -> None:
    """Kill and restart the engine, each time in the middle of new work; at one of them only its second process."""
    for turn in range(times):
        before = written.settled()
        if before < total:
            wait_for(lambda before=before: written.settled() > before, 60)
        time.sleep(chance.uniform(0.05, 0.6))
        if turn == 1:
            assert engine.kill_scoring_process() == 1
        else:
            engine.kill()
        engine.start()
        engine.wait_until_healthy()


def settle(engine: EngineProcess, written: Written, total: int) -> None:
    """Wait for all of it, then end the engine, which must have nothing more to say."""
    wait_for(lambda: written.settled() >= total, 90, lambda: f"{written.settled()} of {total}")
    assert engine.terminate() == 0


def with_labels(made: Sequence[Event]) -> list[Record]:
    """The events, and of every third one a label, about a day of the stream later."""
    records = []
    for place, event in enumerate(made):
        records.append(record(event))
        if place >= 300 and place % 3 == 0:
            records.append(label_record(made[place - 300], days=1, fraud=place % 7 == 0))
    return records


def poison() -> list[Record]:
    return [Record("x", b"{not json"), Record("y", b'{"event_id": 1}'), Record("z", b"x" * 20_000)]


@pytest.mark.parametrize("shards", [3])  # one shard: test_chaos.py
def test_killed_three_times_an_engine_of_two_processes_scores_as_one_that_had_never_been(
    services: Services, tmp_path: Path, shards: int
) -> None:
    made = events(6_000, seed=shards)
    records = with_labels(made)
    total = len(records) + len(poison()) + 2
    records[1_000:1_000] = poison()
    records[3_000:3_000] = [record(made[10]), record(made[2_000])]  # sent again, as a retrying producer does
    stream, updates = services.stream(shards), services.stream(1)
    calm_url, rough_url = services.database(), services.database()
    quick = {"SNAPSHOT_INTERVAL": "0.5", "LEASE_SECONDS": "3", "POLL_INTERVAL": "0.05"}
    few = {"ENGINE_PROFILES": "25"}  # far fewer than there are, so that all of them come and go
    with Written(calm_url) as calm, Written(rough_url) as rough:
        two = services.engine(rough_url, stream, updates) | quick | few | {"ENGINE_PROCESSES": "2"}
        with running(two, tmp_path / "rough.log") as killed:
            feeder = threading.Thread(target=feed, args=(services, stream, records))
            feeder.start()
            kill(killed, rough, random.Random(shards), total, times=3)
            feeder.join()
            settle(killed, rough, total)
        with running(services.engine(calm_url, stream, services.stream(1)) | quick, tmp_path / "calm.log") as untouched:
            settle(untouched, calm, total)

        for written in (calm, rough):
            assert written.settled() == total == len(records)
            assert written.scalar("SELECT count(DISTINCT event_id) FROM assessments") == len(made)
            assert dict(written.rows("SELECT reason, count(*) FROM dead_letters GROUP BY 1")) == {
                "invalid": 2, "oversized": 1, "duplicate": 2,
            }  # fmt: skip
            assert written.scalar("SELECT sum(count) FROM assessment_counts") == len(made)
            assert written.scalar("SELECT sum(event_count) FROM alerts WHERE merged_into IS NULL") == written.scalar(
                "SELECT count(*) FROM alert_events"
            )
            assert written.vectors() == in_stored_order(written, made)
        same = len(calm.vectors()[str(made[0].event_id)]) if shards == 1 else len(ACCOUNT_FEATURES)
        # Over several shards, which of two accounts came first at a shop is the shards' affair.
        assert {key: value[:same] for key, value in rough.vectors().items()} == {
            key: value[:same] for key, value in calm.vectors().items()
        }
        assert told(services, updates) == {str(event.event_id) for event in made}


def in_stored_order(written: Written, made: Sequence[Event]) -> dict[str, list[float | None]]:
    """The vectors of one undisturbed pass over the events, in the order in which the engine says it scored."""
    by_id = {str(event.event_id): event for event in made}
    memory = Memory()
    vectors = {}
    for event_id, fraud, known_at, _ in written.rows(
        "SELECT event_id, NULL AS fraud, NULL AS known_at, sequence FROM assessments "
        "UNION ALL SELECT event_id, fraud, known_at, sequence FROM labels ORDER BY sequence",
    ):
        event = by_id[str(event_id)]
        seen = Observation.of(event)
        if fraud is None:
            vectors[str(event_id)] = to_nullable(memory.observe(seen, as_json(event)))
        else:
            outcome = Outcome(int(known_at.timestamp()), fraud)
            memory.learn(Learned(seen.account_id, seen.counterparty_id, seen.at, outcome))
    return vectors


def told(services: Services, stream: str) -> set[str]:
    """The ids of every assessment that was put on ``stream``; some twice, none missing."""
    envelopes = services.read(stream)
    return {
        item["event_id"] for envelope in envelopes if envelope["type"] == "assessments" for item in envelope["items"]
    }
