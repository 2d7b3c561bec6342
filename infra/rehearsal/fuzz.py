"""Fuzzes the engine: hostile records on its stream, after each hundred, a good event must be scored.

At the end every record has one outcome: an event is one assessment or dead letter; an unreadable record is a
dead letter at its position in the stream.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from infra.rehearsal.hostile_records import HostileRecords
from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label, parse_record

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef

HUNDRED = 100
_SCORED = text("SELECT count(*) FROM assessments WHERE event_id = :id")
_LETTERS = text("SELECT position, reason FROM dead_letters WHERE position = ANY(:positions)")
_TIMES = text("SELECT event_id, count(*) AS times FROM assessments WHERE event_id = ANY(:ids) GROUP BY event_id")
_LABELS = text("SELECT DISTINCT event_id FROM labels WHERE event_id = ANY(:ids)")


@dataclass
class Fuzzed:
    """Records by outcome, and everything that went wrong."""

    records: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    """Seconds until the good event after a hundred was scored, at most."""
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong."""
        return not self.faults


@dataclass
class Fuzz:
    """Hostile records on ``stream``, and the database of the engine that reads it."""

    client: KinesisClient
    stream: str
    database: Engine
    seed: int
    ends: Callable[[], int] = lambda: 0
    """How often the engine has ended by itself so far."""
    patience: float = 60.0
    """Seconds to wait for a good event before the engine counts as stalled."""

    def run(self, seconds: float, advance: Callable[[int], None] = lambda _: None) -> Fuzzed:
        """Send hundreds until the time is up; stops early when the engine stalls."""
        found = Fuzzed()
        made = HostileRecords(self.seed, datetime.now(UTC))
        until = time.monotonic() + seconds
        while time.monotonic() < until and found.ok:
            records = [made.make() for _ in range(HUNDRED)]
            good, last = made.good()
            began = time.monotonic()
            positions = self._put([*records, last])
            if not self._scored(good):
                found.faults.append(f"the good event {good} was not scored within {self.patience:.0f} s")
            found.slowest = max(found.slowest, time.monotonic() - began)
            with self.database.connect() as connection:
                self._reconcile(connection, found, records, positions)
            found.records += len(records) + 1
            found.outcomes["good event scored"] += int(found.ok)
            advance(len(records) + 1)
        if ends := self.ends():
            found.faults.append(f"the engine ended {ends} times")
        return found

    def _put(self, records: list[bytes]) -> list[str]:
        # One partition key, so that the good event follows the hostile ones on the same shard.
        entries: list[PutRecordsRequestEntryTypeDef] = [{"Data": data, "PartitionKey": "fuzz"} for data in records]
        answer = self.client.put_records(StreamName=self.stream, Records=entries)
        if answer["FailedRecordCount"]:
            raise RuntimeError(f"the stream did not take {answer['FailedRecordCount']} records")
        return [record["SequenceNumber"] for record in answer["Records"]]

    def _scored(self, event_id: UUID) -> bool:
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            with self.database.connect() as connection:
                if connection.scalar(_SCORED, {"id": event_id}):
                    return True
            time.sleep(0.02)
        return False

    def _reconcile(self, connection: Connection, found: Fuzzed, records: list[bytes], positions: list[str]) -> None:
        """Each record must have one outcome. No waiting: the good event was the last record."""
        letters: dict[str, str] = {
            row.position.split(".")[0]: row.reason for row in connection.execute(_LETTERS, {"positions": positions})
        }
        read = [_read(data) for data in records]
        ids = [each.event_id for each in read if each is not None]
        assessed = {row.event_id: row.times for row in connection.execute(_TIMES, {"ids": ids})}
        labelled = set(connection.scalars(_LABELS, {"ids": ids}))
        for data, position, event in zip(records, positions, read, strict=False):
            reason = letters.get(position)
            if reason is not None:
                found.outcomes[reason] += 1
            elif event is None:
                found.faults.append(f"{data[:200]!r} at {position} left no trace")
            elif isinstance(event, Event) and assessed.get(event.event_id) == 1:
                found.outcomes["scored"] += 1
            elif not isinstance(event, Event) and event.event_id in labelled:
                found.outcomes["label stored"] += 1
            else:
                found.faults.append(
                    f"{event.event_id} at {position} was scored {assessed.get(event.event_id, 0)} times"
                )


def _read(data: bytes) -> Event | Label | None:
    try:
        return parse_record(data, datetime.now(UTC))
    except InvalidInput:
        return None
