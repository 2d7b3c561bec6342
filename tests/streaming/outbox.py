"""The real intake and outbox on a real Postgres, without a graph between them: every event has the same verdict."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from risk.adapters import valkey_live
from risk.alerts.policy import AlertPolicy
from risk.features.catalog import FEATURES
from risk.store.db.engine import create_pool
from risk.store.engine_state import batch_writer, leases
from streaming.engine.sink.outbox import Outbox
from streaming.engine.sink.publisher import Views
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.lookups import StoredMemory
from streaming.engine.stages.batch import Batch, ItemKind, JudgedBy, Verdict
from streaming.engine.stages.drift import DriftCounts
from tests.services import Services

EPOCH, SHARD = "property", "shard"
_VERDICT = Verdict(0.9, 3, b'[{"code":"c","text":"t","contribution":1.0}]', (), 0.9)
_VECTOR = (1.0,) * len(FEATURES)


@dataclass
class Storing:
    """Puts raw records through the intake and the outbox."""

    engine: Engine
    intake: Intake
    outbox: Outbox
    number: int = 0
    positions: int = 0
    put: list[Any] = field(default_factory=list)

    def store(self, records: Sequence[bytes], *, change: Any = lambda item: item) -> str:
        """Store what becomes of ``records``, each item as ``change`` makes it; returns the last position."""
        raw = []
        for data in records:
            self.positions += 1
            raw.append(RawRecord(str(self.positions), datetime.now(UTC), data))
        self.put_items([change(item) for item in self.intake.admit(SHARD, raw)])
        return raw[-1].position

    def put_items(self, items: Sequence[Any]) -> None:
        """Hand one batch over, and wait until it is stored."""
        self.number += 1
        made = Batch(self.number, items)
        events = [item.kind is ItemKind.EVENT for item in items]
        made.vectors = [_VECTOR if event else None for event in events]
        made.verdicts = [_VERDICT if event else None for event in events]
        made.judged_by = JudgedBy("always", 1)
        self.outbox.take(made)
        deadline = time.monotonic() + 30
        while self.outbox.position(SHARD) != items[-1].position:
            assert self.outbox._failure is None, self.outbox._failure
            assert time.monotonic() < deadline, "the outbox does not store"
            time.sleep(0.002)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))


@contextmanager
def storing(services: Services, *, valkey_port: int | None = None) -> Iterator[Storing]:
    """An intake and an outbox on a database of their own."""
    engine = create_pool(services.database(), application="test", size=4)
    with engine.begin() as connection:
        epoch = leases.acquire(connection, "test", 3600)
    assert epoch is not None
    in_flight, stop = InFlight(), threading.Event()
    valkey = valkey_live.connect("127.0.0.1", valkey_port or services.valkey().port)
    outbox = Outbox(
        engine,
        Views(valkey, services.kinesis(), services.stream()),
        in_flight,
        epoch=epoch,
        stream_epoch=EPOCH,
        sequence=0,
        alert_policy=AlertPolicy,
        drift=DriftCounts(),
        suspend=lambda _: None,
        stop=stop,
    )
    intake = Intake(StoredMemory(engine), ProfileCache(), in_flight, lambda: datetime.now(UTC))
    try:
        yield Storing(engine, intake, outbox)
        outbox.close()
        with engine.connect() as connection:
            assert batch_writer.load_offsets(connection, stream_epoch=EPOCH)
    finally:
        stop.set()
        engine.dispose()
