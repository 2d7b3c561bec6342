"""Hostile records through the real engine; for longer and with other seeds: ``risk fuzz``."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.rehearsal.fuzz import Fuzz
from risk.store.db.engine import create_pool
from tests.services import Services
from tests.streaming.engine import running

pytestmark = pytest.mark.integration


def test_whatever_is_on_the_stream_the_next_good_event_is_scored_and_all_is_accounted_for(
    services: Services, tmp_path: Path
) -> None:
    stream, url = services.stream(), services.database()
    pool = create_pool(url, application="test")
    quick = {"POLL_INTERVAL": "0.05"}
    with running(services.engine(url, stream, services.stream()) | quick, tmp_path / "engine.log") as engine:
        fuzz = Fuzz(services.kinesis(), stream, pool, 2026, lambda: int(not engine.healthy()), patience=20)
        found = fuzz.run(8)
    pool.dispose()
    assert found.faults == []
    assert found.records > 500
    assert {"scored", "invalid", "oversized", "conflict"} <= found.outcomes.keys()
