"""The graph lets go of each batch once it has left it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration

# In a process of its own, which the graph has for itself: batches through every stage, counted while they pass.
PROGRAM = """
import time
from typing import Any

import pathway as pw

from streaming.engine import graph
from streaming.engine.policy import PolicyRow
from streaming.engine.sources.batching import Batches
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages import batch
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

BATCHES = 200


class Source(Batches):
    def run(self) -> None:
        for _ in range(BATCHES):
            self.emit([])
            time.sleep(0.01)


class Policy(pw.io.python.ConnectorSubject):
    deletions_enabled = False

    def run(self) -> None:
        self.next(name="current", number=1)
        self.commit()
        time.sleep(0.02 * BATCHES)


left, most = 0, 0


def on_change(**_: Any) -> None:
    global left, most
    left += 1
    most = max(most, len(batch._alive))


graph.judge_batch = lambda *_: None
incoming = pw.io.python.read(Source("source", 3600, ProfileCache()), schema=graph.Incoming, autocommit_duration_ms=10)
policy = pw.io.python.read(Policy(), schema=PolicyRow, autocommit_duration_ms=10)
out = graph.outputs(incoming, policy, lambda _: None, Known(lambda _: None), DriftCounts())
pw.io.subscribe(out, on_change=lambda key, row, time, is_addition: on_change())
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
print(left, most)
"""


def test_no_batch_is_kept_once_it_has_left_the_graph() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120)
    left, most = map(int, done.stdout.split()[-2:])
    assert left == 200
    assert most < 60, f"{most} of {left} batches were in memory at once"
