"""Definitions of users in a real engine of several processes: the values of one pass, as in one process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from risk.adapters.kinesis import put_records
from risk.domain.events import Event
from risk.store.db.engine import create_pool
from risk.store.engine_state import defined_states
from tests.services import Services
from tests.streaming.engine import running, wait_for
from tests.streaming.events import events, record
from tests.streaming.test_backfill import OWN, check_values, define, go_live

pytestmark = pytest.mark.integration


@dataclass
class Stored:
    """What the engine stores, as ``check_values`` reads it."""

    engine: Engine

    def rows(self, sql: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql)))

    def count(self) -> int:
        return int(self.rows("SELECT count(*) FROM assessments")[0][0])


@pytest.fixture
def url(services: Services) -> str:
    return services.database()


@pytest.fixture
def stored(url: str) -> Iterator[Stored]:
    engine = create_pool(url, application="test", size=3)
    yield Stored(engine)
    engine.dispose()


def test_definitions_that_come_while_two_processes_score_have_the_values_of_one_pass_and_go_on_in_one(
    services: Services, url: str, stored: Stored, tmp_path: Path
) -> None:
    made, stream = events(800, seed=41), services.stream(2)
    environment = services.engine(url, stream, services.stream(1)) | {
        "SNAPSHOT_INTERVAL": "0.2",
        "ENGINE_PROFILES": "10",
    }
    scored = 0

    def feed(part: list[Event]) -> None:
        nonlocal scored
        assert put_records(services.kinesis(), stream, [record(event) for event in part]) == []
        scored += len(part)
        wait_for(lambda: stored.count() == scored, 60, lambda: f"{stored.count()} of {scored} are scored")

    ids: list[UUID] = []
    log = tmp_path / "engine.log"
    with running(environment | {"ENGINE_PROCESSES": "2"}, log) as engine:
        feed(made[:200])
        with stored.engine.begin() as connection:
            ids += define(connection, *OWN)

        def backfilled() -> bool:
            with stored.engine.connect() as connection:
                return {one.signature for one in OWN} <= set(defined_states.backfilled(connection))

        wait_for(backfilled, 60, lambda: "the definitions are not backfilled")
        feed(made[200:400])
        with stored.engine.begin() as connection:
            go_live(connection, *ids)
        feed(made[400:600])
        engine.kill()
    with running(environment | {"ENGINE_PROCESSES": "1"}, log):
        feed(made[600:])
    check_values(cast("Any", stored), made)
    assert stored.rows("SELECT 1 FROM assessments WHERE cardinality(defined) = 3 LIMIT 1")
