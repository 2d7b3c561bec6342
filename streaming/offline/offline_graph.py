"""Runs the engine's graph over records in memory, with no stream and no database.

The result is that of a new engine receiving the records in this order.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import pathway as pw
from pathway.internals.parse_graph import G

from risk.features.profiles.observation import Observation
from risk.store.engine_state.profiles import Key, StoredLabel
from streaming.engine.dataflow import in_one_process, in_several_processes
from streaming.engine.partitions.processes import processes as run_processes
from streaming.engine.partitions.splitting import Splitter
from streaming.engine.policy import Policy
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.batching import Batches
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.parsing import parser
from streaming.engine.stages.batch import Batch
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

SOURCE = "file"


class Nothing:
    """An empty memory."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:  # noqa: ARG002
        """None of them."""
        return set()

    def find_labels(self, event_ids: Sequence[UUID]) -> dict[UUID, list[StoredLabel]]:  # noqa: ARG002
        """None: earlier labels are still in flight."""
        return {}

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:  # noqa: ARG002
        """None: earlier events are still in flight."""
        return {}

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:  # noqa: ARG002
        """None of them."""
        return {}


class Records(Batches):
    """A shard's reads, as fast as the graph accepts them."""

    def __init__(self, reads: Iterable[Sequence[RawRecord]], intake: Intake, snapshot_interval: float) -> None:
        super().__init__(SOURCE, snapshot_interval, intake.profiles)
        self._reads = reads
        self._intake = intake

    def run(self) -> None:
        """Admit one read after the other."""
        for read in self._reads:
            self.emit(self._intake.admit(SOURCE, read))
        if math.isfinite(self._snapshot_interval):
            self.snapshot(now=True)


class OnePolicy(pw.io.python.ConnectorSubject):
    """A policy that never changes."""

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
    processes: int = 1,
) -> None:
    """Run ``reads`` through the graph; ``done`` is given each batch, in order, with its verdicts.

    ``now`` bounds how far in the future a record may lie; ``known`` are the profiles that there are. An id that came
    before is a duplicate, as long as it is ``in_flight``: until the caller lets it leave. With several ``processes``
    each scores a partition of the accounts.
    """
    with run_processes(processes, lambda: os._exit(1)) as partitions, parser() as parse:
        known = known or Known(lambda _: None, policy.catalog)
        intake = Intake(
            Nothing(),
            ProfileCache(),
            in_flight or InFlight(),
            lambda: now,
            parse,
            lambda: known.definitions,
            event_types=lambda: policy.configuration.types,
            genuine=lambda _: True,  # records of files are named by their reader
        )
        _run(reads, intake, policy, done, known, snapshot_interval, partitions)


def _run(
    reads: Iterable[Sequence[RawRecord]],
    intake: Intake,
    policy: Policy,
    done: Callable[[Batch], None],
    known: Known,
    snapshot_interval: float,
    partitions: int,
) -> None:
    source = Records(reads, intake, snapshot_interval)
    drift = DriftCounts()
    if partitions == 1:
        in_one_process(source, OnePolicy(), lambda _: policy, known, drift, done)
    else:
        in_several_processes(source, Splitter(partitions, lambda: policy, dict, drift, known), partitions, done)
    try:
        pw.run(monitoring_level=pw.MonitoringLevel.NONE, default_logging=False)
    finally:
        G.clear()  # else another run in this process would run this one's graph again
