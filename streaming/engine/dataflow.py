"""Connects a source, the graph and a sink: in one process by reference, in several by value and by partition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pathway as pw

from streaming.engine import graph as pipeline
from streaming.engine.partitions import graph as partitioned
from streaming.engine.partitions.splitting import Splitter
from streaming.engine.policy import PolicyRow
from streaming.engine.sources.batching import ADVANCE_MS, BACKLOG, Batches
from streaming.engine.stages.batch import Batch
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

Graph = Callable[[pw.Table[Any], pw.Table[Any], pipeline.Numbered, Known, DriftCounts], pw.Table[Any]]
Done = Callable[[Batch], None]


def in_one_process(
    source: Batches,
    policies: pw.io.python.ConnectorSubject,
    numbered: pipeline.Numbered,
    known: Known,
    drift: DriftCounts,
    done: Done,
    *,
    graph: Graph = pipeline.outputs,
) -> None:
    """Give each batch of ``source``, scored by the policy that ``policies`` says is in force, to ``done``, in order."""
    incoming = pw.io.python.read(
        source, schema=pipeline.Incoming, autocommit_duration_ms=ADVANCE_MS, max_backlog_size=BACKLOG
    )
    policy = pw.io.python.read(policies, schema=PolicyRow, autocommit_duration_ms=ADVANCE_MS)
    out = graph(incoming, policy, numbered, known, drift)
    open_batches: list[Batch] = []

    def on_change(key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:  # noqa: ARG001
        if not is_addition:
            raise AssertionError("the graph took back a row: each leaves it once")
        open_batches.append(row["work"].value)

    def on_time_end(time: int) -> None:  # noqa: ARG001
        for batch in sorted(open_batches, key=lambda batch: batch.number):
            done(batch)
        open_batches.clear()

    pw.io.subscribe(out, on_change=on_change, on_time_end=on_time_end)


def in_several_processes(source: Batches, splitter: Splitter, partitions: int, done: Done) -> None:
    """The same over ``partitions`` processes, of which this is the first; ``splitter`` makes the rows of ``source``."""
    source.rows = splitter.split
    incoming = pw.io.python.read(
        # The rows of a batch must be committed together, so there is no automatic commit in between.
        source,
        schema=partitioned.PartRow,
        autocommit_duration_ms=None,
        max_backlog_size=BACKLOG * 2 * partitions,
    )
    out = partitioned.outputs(incoming, partitions)

    def on_change(key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:  # noqa: ARG001
        if not is_addition:
            raise AssertionError("the graph took back a row: each leaves it once")
        for batch in splitter.collect(row["data"]):
            done(batch)

    pw.io.subscribe(out, on_change=on_change)
