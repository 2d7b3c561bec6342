"""A pack is judged by what an engine stored as it is by what is scored here; what was not scored is no miss."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, insert

from risk.domain.errors import InvalidInput
from risk.packs.pack import Pack
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.rules import rules
from streaming.bench.pack_detection import START, hits_of, judge, length
from streaming.bench.stored_hits import StoredHits
from streaming.simulator.scenario_runner import play
from tests.services import Services
from tests.unit.test_pack_scenarios import METERS

pytestmark = pytest.mark.integration


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test")
    yield engine
    engine.dispose()


def test_what_is_stored_is_judged_as_what_is_scored_here(database: Engine) -> None:
    pack = Pack.model_validate(METERS)
    seconds = length(pack).total_seconds()
    with database.begin() as connection:
        rule_id = rules.create(connection, "high", pack.rules[0], by="ada", at=START)
        with pytest.raises(InvalidInput, match="events of the scenario are not stored"):
            judge(pack, 1, hits_of=StoredHits(connection))
        for truth, hits in hits_of(pack, play(pack, 1, START, seconds)):
            key = {"event_id": truth.event.event_id.key, "scored_at": START}
            connection.execute(insert(tables.assessment_keys).values(**key))
            if hits:
                connection.execute(
                    insert(tables.rule_hits).values(**key, rule_id=rule_id, rule_version=1, mode="shadow")
                )
        found = judge(pack, 1, hits_of=StoredHits(connection))
    assert found == judge(pack, 1)
    assert found.total.hits > 0
