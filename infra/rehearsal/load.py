"""Overload and sustained load: memory, lag, and completeness."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psutil
from sqlalchemy import text

from infra.rehearsal.ledger import PAST, STEP, Auditor, Ledger
from infra.rehearsal.rig import Rig, SupervisedEngine

PATIENCE = 900.0
_MB = 1024 * 1024


@dataclass
class Sample:
    """The engine at one moment; ``behind`` counts records sent and not yet stored."""

    seconds: float
    megabytes: float
    behind: int


@dataclass
class Loaded:
    """The results of a load; ``catch_up`` is in seconds, from its end until everything was stored."""

    sent: int
    seconds: float
    catch_up: float
    partitions: int
    samples: list[Sample] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def slope(self) -> float:
        """Megabytes an hour, by least squares over the second half of the samples."""
        later = self.samples[len(self.samples) // 2 :]
        if len(later) < 2:
            return 0.0
        mean_at = sum(one.seconds for one in later) / len(later)
        mean_size = sum(one.megabytes for one in later) / len(later)
        spread = sum((one.seconds - mean_at) ** 2 for one in later)
        return sum((one.seconds - mean_at) * (one.megabytes - mean_size) for one in later) / spread * 3_600


def run(
    rig: Rig,
    *,
    rate: int,
    seconds: float,
    seed: int,
    crosses_month: bool = False,
    follow: bool = False,
    tell: Callable[[Sample], None] = lambda _: None,
    every: float = 5.0,
) -> Loaded:
    """Send ``rate`` events a second for ``seconds``; then wait until all is stored, and reconcile.

    With ``crosses_month`` the engine's clock reaches the end of its month halfway. ``follow`` checks vectors
    during the load, which takes some of the machine's capacity.
    """
    engine = rig.engine()
    if crosses_month:
        engine.module = "infra.rehearsal.strange_engine"
        engine.environment = {**engine.environment, "REHEARSAL_CLOCK": str(_to_the_end_of_the_month(seconds / 2))}
    database = rig.pool()
    step = min(STEP, PAST / (rate * seconds))
    ledger = Ledger(rig.kinesis(), rig.events, seed, rate=rate, step=step, packed=True)
    auditor = Auditor(database, ledger)
    samples: list[Sample] = []
    try:
        engine.start()
        engine.wait_until_healthy()
        ledger.start()
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            time.sleep(min(every, max(0.0, began + seconds - time.monotonic())))
            if follow:
                auditor.follow()
            samples.append(Sample(time.monotonic() - began, _megabytes(engine), auditor.behind()))
            tell(samples[-1])
        ledger.stop()
        ended = time.monotonic()
        faults = [] if auditor.settle(PATIENCE) else ["not everything that was sent is stored"]
        caught_up = time.monotonic() - ended
        faults += auditor.faults() + auditor.missing()
        if engine.ends:
            faults.append(f"the engine ended {engine.ends} times")
        with database.connect() as connection:
            partitions = int(connection.scalar(text("SELECT count(DISTINCT tableoid) FROM assessments")) or 0)
        return Loaded(len(ledger.sent), ended - began, caught_up, partitions, samples, faults)
    finally:
        ledger.stop()
        engine.stop()
        database.dispose()


def _megabytes(engine: SupervisedEngine) -> float:
    """The resident memory of the engine and its parsing process."""
    if engine.child is None:
        return 0.0
    process = psutil.Process(engine.child.process.pid)
    return float(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])) / _MB


def _to_the_end_of_the_month(seconds: float) -> float:
    """By how much a clock must be ahead for its month to end in ``seconds``."""
    now = datetime.now(UTC)
    end = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (end - now).total_seconds() - seconds
