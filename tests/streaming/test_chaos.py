"""A short chaos run; the whole of it, for longer: ``risk chaos``."""

from __future__ import annotations

import pytest

from infra.rehearsal.chaos import run
from infra.rehearsal.faults import FAULTS
from infra.rehearsal.rig import rig

pytestmark = pytest.mark.integration

SHORT = [
    "engine dies between commit and publish",
    "Postgres killed",
    "Postgres out of disk (stand-in)",
    "Valkey killed and emptied",
    "Kinesis takes records twice",
]


def test_whatever_breaks_every_event_is_scored_once_as_in_an_undisturbed_run() -> None:
    with rig() as services:
        found = run(services, 0, seed=7, faults={name: FAULTS[name] for name in SHORT})
    assert [outcome for outcome in found.outcomes if not outcome.ok] == []
    assert found.faults == []
    assert {outcome.fault for outcome in found.outcomes} == set(SHORT)
    assert found.events > 1_000
