"""Runs the engine's graph over records in memory, with no stream and no database.

What comes out is what the engine would have said, had the records come in this order to an engine that knew nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pathway as pw

from risk.features.profiles.observation import Observation
from risk.store.engine_state.profiles import Key, StoredLabel
from streaming.engine import graph
from streaming.engine.policy import Policy, PolicyRow
from streaming.engine.sources.admission import InFlight, Intake, ProfileCache, RawRecord
from streaming.engine.sources.batching import ADVANCE_MS, BACKLOG, Batches
from streaming.engine.sources.parsing import parser
from streaming.engine.stages.batch import Batch
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

SOURCE = "file"


class Nothing:
    """A memory in which nothing is stored."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:  # noqa: ARG002
        """None of them."""
        return set()

    def find_labels(self, event_ids: Sequence[UUID]) -> dict[UUID, list[StoredLabel]]:  # noqa: ARG002
        """None of them: what was said before is still in flight."""
        return {}

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:  # noqa: ARG002
        """None of them: what came before is still in flight."""
        return {}

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:  # noqa: ARG002
        """None of them."""
        return {}


class Records(Batches):
    """Reads as a shard would give them, as fast as the graph takes them."""

    def __init__(self, reads: Iterable[Sequence[RawRecord]], intake: Intake, snapshot_interval: float) -> None:
        super().__init__(SOURCE, snapshot_interval)
        self._reads = reads
        self._intake = intake

    def run(self) -> None:
        """Admit one read after the other."""
        for read in self._reads:
            self.emit(self._intake.admit(SOURCE, read))
        if math.isfinite(self._snapshot_interval):
            self.snapshot(now=True)


class OnePolicy(pw.io.python.ConnectorSubject):
    """The policy that never changes."""

    def run(self) -> None:
        """Say its number."""
        self.next(name="current", number=0)


def run(
    reads: Iterable[Sequence[RawRecord]],
    policy: Policy,
    done: Callable[[Batch], None],
    *,
    now: datetime,
    known: Known | None = None,
    in_flight: InFlight | None = None,
    snapshot_interval: float = float("inf"),
) -> None:
    """Run ``reads`` through the graph; ``done`` is given each batch, in order, with its verdicts.

    ``now`` bounds how far in the future a record may lie; ``known`` are the profiles that there are. An id that came
    before is a duplicate, as long as it is ``in_flight``: until the caller lets it leave.
    """
    with parser() as parse:
        known = known or Known(lambda _: None)
        intake = Intake(
            Nothing(),
            ProfileCache(),
            in_flight or InFlight(),
            lambda: now,
            parse,
            known.definitions,
            event_types=lambda: policy.configuration.types,
            genuine=lambda _: True,  # whoever reads a file says what it is
        )
        _run(reads, intake, policy, done, known, snapshot_interval)


def _run(
    reads: Iterable[Sequence[RawRecord]],
    intake: Intake,
    policy: Policy,
    done: Callable[[Batch], None],
    known: Known,
    snapshot_interval: float,
) -> None:
    source = Records(reads, intake, snapshot_interval)
    incoming = pw.io.python.read(
        source, schema=graph.Incoming, autocommit_duration_ms=ADVANCE_MS, max_backlog_size=BACKLOG
    )
    policies = pw.io.python.read(OnePolicy(), schema=PolicyRow, autocommit_duration_ms=ADVANCE_MS)
    out = graph.outputs(incoming, policies, lambda _: policy, known, DriftCounts())
    open_batches: list[Batch] = []

    def on_change(key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:  # noqa: ARG001
        open_batches.append(row["work"].value)

    def on_time_end(time: int) -> None:  # noqa: ARG001
        for batch in sorted(open_batches, key=lambda batch: batch.number):
            done(batch)
        open_batches.clear()

    pw.io.subscribe(out, on_change=on_change, on_time_end=on_time_end)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE, default_logging=False)
