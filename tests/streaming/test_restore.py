"""A dump is enough to go on from: the rest is in the stream."""

from __future__ import annotations

import pytest

from infra.rehearsal.restore import rehearse
from infra.rehearsal.rig import rig

pytestmark = pytest.mark.integration


def test_the_engine_goes_on_from_a_dump_in_another_cluster_and_nothing_is_lost() -> None:
    with rig() as services:
        found = rehearse(services, 5.0, 1)
    assert found.faults == []
    assert found.committed > 0
    assert found.lost == 0
    assert found.reread > 0, "some were committed after the dump, and are in the stream alone"
    assert found.audit.startswith("OK")
