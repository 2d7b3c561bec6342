"""The benches do the work that they name, and end with a figure that a program can read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def test_throughput_runs_every_event_through_the_graph_and_prints_its_ratio() -> None:
    command = [sys.executable, "-m", "infra.cli", "bench", "throughput", "--events", "2000", "--rules", "3", "--json"]
    command += ["--processes", "1,2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["events"] == 2000
    assert told["ratio"] == told["graph"] / told["plain"] > 0
    assert told["processes"]["1"] == told["graph"]
    assert told["processes"]["2"] > 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_store_stores_every_event_and_prints_what_it_costs_beside_a_bare_copy() -> None:
    command = [sys.executable, "-m", "infra.cli", "bench", "store", "--events", "2000", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["events"] == 2000
    assert told["stored"]["log"] > told["bare"]["log"] > 0
    assert told["indexes"]["pk_assessment_keys"] > 0
