"""A steady load with a ledger of everything sent, and the check of the engine's results."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aws_kinesis_agg.aggregator import RecordAggregator  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from risk.adapters.kinesis import Record, put_records
from risk.domain.events import Event, Label, as_json, to_json
from risk.features.catalog import to_nullable
from risk.features.profiles.observation import Learned, Observation, Outcome
from streaming.training.event_history import Memory

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient

TICK = 0.1
PAST = timedelta(days=2)
"""How far back a run's events lie, so that none of them is in the future."""
STEP = timedelta(seconds=0.5)
"""Seconds between the times of two events, unless they would reach the future."""
_IN_ORDER = text(
    "SELECT event_id, features, NULL::boolean AS fraud, NULL::timestamptz AS known_at, sequence FROM assessments"
    " WHERE sequence > :after"
    " UNION ALL SELECT event_id, NULL, fraud, known_at, sequence FROM labels WHERE sequence > :after"
    " ORDER BY sequence"
)
_STORED = text("SELECT (SELECT count(*) FROM assessment_keys) + (SELECT count(*) FROM labels)")
_LETTERS = (
    "SELECT reason, min(detail) AS detail, count(*) AS count FROM dead_letters WHERE reason <> 'duplicate' GROUP BY 1"
)
_CHECKS = {
    "an event has two assessments": "SELECT count(*) - count(DISTINCT event_id) FROM assessments",
    "counts by minute differ from the assessments": (
        "SELECT coalesce((SELECT sum(count) FROM assessment_counts), 0) - (SELECT count(*) FROM assessments)"
    ),
    "alerts count other events than they hold": (
        "SELECT coalesce((SELECT sum(event_count) FROM alerts WHERE merged_into IS NULL), 0)"
        " - (SELECT count(*) FROM alert_events)"
    ),
    "an event is in two alerts": "SELECT count(*) - count(DISTINCT event_id) FROM alert_events",
}


@dataclass
class Ledger:
    """Sends ``rate`` events a second, and labels of some; remembers every one as it was sent.

    ``packed`` puts many in one record, as the Kinesis Producer Library does: needs a stream of one shard.
    """

    client: KinesisClient
    stream: str
    seed: int
    rate: int = 150
    step: timedelta = STEP
    packed: bool = False
    start_at: datetime = field(default_factory=lambda: datetime.now(UTC) - PAST)
    sent: dict[UUID, bytes] = field(default_factory=dict)
    labels: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send, until ``stop``."""
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the current send, and stop."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        made, began, asked = self._records(), time.monotonic(), 0
        while not self._stop.wait(TICK):
            due = min(round(self.rate * (time.monotonic() - began)) - asked, self.rate)
            asked += due
            records = [record for some in itertools.islice(made, due) for record in some]
            if self.packed:
                records = _packed(records)
            while records:  # like a producer, retry until the stream accepts it
                try:
                    refused = put_records(self.client, self.stream, records)
                except Exception:
                    time.sleep(0.2)
                    continue
                records = [records[failure.index] for failure in refused]

    def _records(self) -> Iterator[list[Record]]:
        """Each event, and behind some of them a label of an earlier one."""
        chance = random.Random(self.seed)  # noqa: S311 - to be repeatable, not secret
        recent: list[Event] = []
        for place in itertools.count():
            event = Event(
                event_id=UUID(int=chance.getrandbits(128), version=4),
                event_type="payment",
                occurred_at=self.start_at + place * self.step,
                account_id=f"account-{chance.randrange(150)}",
                counterparty_id=f"shop-{chance.randrange(40)}",
                amount=Decimal(f"{chance.lognormvariate(3.5, 1.2):.2f}"),
                currency="EUR",
                country=chance.choice(("DE", "DE", "DE", "FR")),
                device_id=f"device-{chance.randrange(60)}",
            )
            data = to_json(event)
            self.sent[event.event_id] = data
            recent.append(event)
            records = [Record(event.account_id, data)]
            if len(recent) > 200:
                old = recent.pop(0)
                if chance.random() < 0.2:
                    self.labels += 1
                    known = old.occurred_at + timedelta(hours=1)
                    label = Label(
                        kind="label", event_id=old.event_id, fraud=chance.random() < 0.3, known_at=known, source="bank"
                    )
                    records.append(Record(old.account_id, to_json(label)))
            yield records


def _packed(records: list[Record]) -> list[Record]:
    packer = RecordAggregator()
    full = [packer.add_user_record(record.key, record.data) for record in records]
    contents = [one.get_contents() for one in [*full, packer.clear_and_get()] if one]
    return [Record(key, bytes(data)) for key, _, data in contents]


@dataclass
class Auditor:
    """Compares stored data with the ledger; its own profiles observe the events in storing order."""

    database: Engine
    ledger: Ledger
    _memory: Memory = field(default_factory=Memory)
    _after: int = 0
    _wrong: int = 0

    def settle(self, seconds: float) -> bool:
        """Wait until everything sent so far is stored."""
        deadline = time.monotonic() + seconds
        wanted = len(self.ledger.sent) + self.ledger.labels
        while time.monotonic() < deadline:
            try:
                with self.database.connect() as connection:
                    if int(connection.scalar(_STORED) or 0) >= wanted:
                        return True
            except SQLAlchemyError:
                pass
            time.sleep(0.1)
        return False

    def behind(self) -> int:
        """How many records were sent and are not stored."""
        with self.database.connect() as connection:
            return len(self.ledger.sent) + self.ledger.labels - int(connection.scalar(_STORED) or 0)

    def stored(self, event_id: UUID) -> bool:
        """Whether this event is scored; False while the database is away."""
        query = text("SELECT 1 FROM assessment_keys WHERE event_id = :id")
        try:
            with self.database.connect() as connection:
                return connection.scalar(query, {"id": event_id}) is not None
        except SQLAlchemyError:
            return False

    def follow(self) -> None:
        """Check the vectors stored since the last call, so that little is left to check at the end of a long run."""
        with self.database.connect() as connection:
            self._check_vectors(connection)

    def faults(self) -> list[str]:
        """Everything wrong with what is stored now."""
        with self.database.connect() as connection:
            self._check_vectors(connection)
            found = [
                f"{what}: {number:+d}" for what, sql in _CHECKS.items() if (number := int(connection.scalar(text(sql))))
            ]
            letters = connection.execute(text(_LETTERS)).all()
            found += [f"{row.count} dead letters, {row.reason}: {row.detail}" for row in letters]
        wrong, self._wrong = self._wrong, 0
        return found + ([f"{wrong} vectors are not an undisturbed run's"] if wrong else [])

    def missing(self) -> list[str]:
        """How much of what was sent is not stored; to be called once everything has settled."""
        with self.database.connect() as connection:
            stored = set(connection.scalars(text("SELECT event_id FROM assessment_keys")))
        lost = self.ledger.sent.keys() - stored
        return [f"{len(lost)} events are lost, such as {next(iter(lost))}"] if lost else []

    def _check_vectors(self, connection: Connection) -> None:
        """Compare each new vector with that of an undisturbed pass in storing order."""
        rows = connection.execute(_IN_ORDER, {"after": self._after}, execution_options={"yield_per": 1_000})
        for row in rows:
            event = Event.model_validate_json(self.ledger.sent[row.event_id])
            seen = Observation.of(event)
            if row.fraud is None:
                expected = to_nullable(self._memory.observe(seen, as_json(event)))
                self._wrong += int(list(row.features) != list(expected))
            else:
                outcome = Outcome(int(row.known_at.timestamp()), row.fraud)
                self._memory.learn(Learned(seen.account_id, seen.counterparty_id, seen.at, outcome))
            self._after = row.sequence


def told(client: KinesisClient, stream: str) -> set[UUID]:
    """The ids of the assessments that were put on ``stream``."""
    found: set[UUID] = set()
    for shard in client.list_shards(StreamName=stream)["Shards"]:
        place = client.get_shard_iterator(
            StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while place:
            answer = client.get_records(ShardIterator=place, Limit=1000)
            for record in answer["Records"]:
                envelope: dict[str, Any] = json.loads(record["Data"])
                if envelope["type"] == "assessments":
                    found |= {UUID(item["event_id"]) for item in envelope["items"]}
            if not answer["Records"] and not answer.get("MillisBehindLatest"):
                break
            place = answer.get("NextShardIterator", "")
    return found
