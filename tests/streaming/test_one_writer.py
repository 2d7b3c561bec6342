"""Two engines never both write: the loser finds out before it commits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from risk.adapters.kinesis import put_records
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, record

pytestmark = pytest.mark.integration

EXIT_FENCED = 3


def test_a_frozen_engine_is_replaced_and_writes_nothing_when_it_wakes(services: Services, tmp_path: Path) -> None:
    url, stream, updates = services.database(), services.stream(1), services.stream(1)
    environment = services.engine(url, stream, updates) | {"LEASE_SECONDS": "2"}
    client = services.kinesis()
    made = [record(event) for event in events(1_500, seed=5)]
    with Written(url) as written, running(environment, tmp_path / "first.log") as first:
        assert put_records(client, stream, made[:500]) == []
        wait_for(lambda: written.settled() == 500, 30)
        second = EngineProcess(environment, tmp_path / "second.log")
        second.start()
        try:
            time.sleep(6)
            assert not second.healthy(), "while the first engine lives, the second must wait"
            first.freeze()
            assert put_records(client, stream, made[500:1_000]) == []
            second.wait_until_healthy()
            wait_for(lambda: written.settled() == 1_000, 30)
            first.thaw()
            assert put_records(client, stream, made[1_000:]) == []
            assert first.wait() == EXIT_FENCED
            wait_for(lambda: written.settled() == 1_500, 30)
            assert second.terminate() == 0
        finally:
            if second.process is not None and second.process.poll() is None:
                second.kill()
        assert written.scalar("SELECT count(DISTINCT event_id) FROM assessments") == 1_500
        assert written.scalar("SELECT count(*) FROM dead_letters") == 0
        assert written.scalar("SELECT sum(count) FROM assessment_counts") == 1_500
