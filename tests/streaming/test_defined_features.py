"""Definitions that users write: backfilled and live in a running engine, and true to one pass, whatever happens."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from risk.domain.events import Event, as_json
from risk.features.catalog import Catalog
from risk.features.definitions.definition import Definition
from risk.features.definitions.definition_set import Memory
from risk.rules.evaluator import RuleDefinition
from risk.rules.filters import definition_set
from risk.rules.lifecycle import RuleStatus
from risk.store.db.engine import create_pool
from risk.store.engine_state import defined_states
from risk.store.rules import definitions, rules
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, record
from tests.streaming.test_exactly_once import feed, kill

pytestmark = pytest.mark.integration

OWN = [
    Definition.model_validate(
        {"unit": "events", "meaning": "what is tested", "direction": "higher_is_riskier"} | given
    )
    for given in (
        {"name": "shop_payments_1h", "key": ("counterparty_id",), "aggregate": "count", "window": "1h",
         "filter": 'event.event_type == "payment"'},
        {"name": "country_accounts_1d", "key": ("country", "channel"), "aggregate": "distinct", "field": "account_id",
         "window": "1d"},
        {"name": "account_mean_7d", "key": ("account_id",), "aggregate": "mean", "field": "amount", "window": "7d"},
    )
]  # fmt: skip
HIT = "features.shop_payments_1h >= 2.0"


def move(connection: Any, definition_id: UUID, to: RuleStatus, version: int = 1) -> None:
    head = definitions.find_to_change(connection, definition_id)
    stage = head.stage.move(version, to)
    definitions.change_stage(connection, head, stage, by="ada", at=datetime.now(UTC), reason="a test")


def define(database: Engine, *wanted: Definition) -> list[UUID]:
    """Store these, and have them backfilled."""
    with database.begin() as connection:
        found = [definitions.create(connection, one.name, one, by="ada", at=datetime.now(UTC)) for one in wanted]
        for definition_id in found:
            move(connection, definition_id, RuleStatus.SHADOW)
    return found


def are_backfilled(database: Engine, *wanted: Definition) -> bool:
    with database.connect() as connection:
        return {one.signature for one in wanted} <= defined_states.backfilled(connection).keys()


def go_live(database: Engine, *made: UUID) -> None:
    with database.begin() as connection:
        for definition_id in made:
            move(connection, definition_id, RuleStatus.LIVE)


def add_rule(database: Engine) -> None:
    with database.begin() as connection:
        rule = RuleDefinition(owner="ada", expression=HIT, points=1.0, reason_text="{features.shop_payments_1h:.0f}")
        rule_id = rules.create(connection, "busy_shop", rule, by="ada", at=datetime.now(UTC))
        for to in (RuleStatus.SHADOW, RuleStatus.LIVE):
            head = rules.find_to_change(connection, rule_id)
            stage = head.stage.move(1, to)
            rules.change_stage(connection, head, stage, by="ada", at=datetime.now(UTC), reason="a test")


def expected(written: Written, made: list[Event]) -> dict[str, list[float]]:
    """The values of one pass over the events in the order in which the engine says it scored."""
    by_id = {str(event.event_id): event for event in made}
    memory = Memory(definition_set((), OWN))
    found = {}
    for (event_id,) in written.rows("SELECT event_id FROM assessments ORDER BY sequence"):
        event = by_id[str(event_id)]
        found[str(event_id)] = list(memory.observe(as_json(event), int(event.occurred_at.timestamp())))
    return found


def catalogs(database: Engine, written: Written) -> dict[int | None, Catalog]:
    with database.connect() as connection:
        numbers = [row[0] for row in written.rows("SELECT DISTINCT definition_set FROM assessments")]
        return definitions.catalogs(connection, numbers)


def check_vectors(database: Engine, written: Written, made: list[Event]) -> int:
    """Every stored value is that of one pass, in vectors and among the backfilled; how many were in vectors."""
    wanted, sets = expected(written, made), catalogs(database, written)
    with database.connect() as connection:
        before = defined_states.values(connection, [one.signature for one in OWN], 0, 2**62)
        done = defined_states.backfilled(connection)
    in_vectors = 0
    for event_id, sequence, number, values in written.rows(
        "SELECT event_id, sequence, definition_set, defined FROM assessments ORDER BY sequence"
    ):
        for place, one in enumerate(OWN):
            at = sets[number].places.get(one.signature)
            value = None if at is None else values[at]
            if sequence <= done[one.signature].sequence:
                # Backfilled: no vector has it yet.
                assert value is None
                value = before[one.signature].get(sequence)
            else:
                assert at is not None, f"{one.name} is missing at {sequence}, after its backfill"
                in_vectors += 1
            right = wanted[str(event_id)][place]
            assert value == (None if math.isnan(right) else pytest.approx(right)), (one.name, sequence, value, right)
    return in_vectors


@pytest.fixture
def stack(services: Services, tmp_path: Path) -> Iterator[tuple[str, Written, Engine, EngineProcess, str]]:
    url, stream = services.database(), services.stream(2)
    quick = {"SNAPSHOT_INTERVAL": "0.5", "LEASE_SECONDS": "3", "POLL_INTERVAL": "0.05"}
    database = create_pool(url, application="test")
    with (
        Written(url) as written,
        running(services.engine(url, stream, services.stream(1)) | quick, tmp_path / "engine.log") as engine,
    ):
        yield stream, written, database, engine, url
    database.dispose()


def test_killed_again_and_again_definitions_are_what_one_pass_says_and_rules_read_them(
    services: Services, stack: tuple[str, Written, Engine, EngineProcess, str]
) -> None:
    stream, written, database, engine, _ = stack
    made = events(6_000, seed=5)
    chance = random.Random(5)
    feeder = threading.Thread(target=feed, args=(services, stream, [record(event) for event in made]))
    feeder.start()
    wait_for(lambda: written.settled() > 600, 90)
    ids = define(database, *OWN[:2])
    wait_for(lambda: are_backfilled(database, *OWN[:2]), 60)  # while events come
    go_live(database, *ids)
    add_rule(database)
    kill(engine, written, chance, len(made), times=1)
    late = define(database, OWN[2])
    time.sleep(chance.uniform(0.2, 0.6))
    kill(engine, written, chance, len(made), times=1)  # at any moment of its backfill
    wait_for(lambda: are_backfilled(database, OWN[2]), 60)
    go_live(database, *late)
    feeder.join()
    wait_for(lambda: written.settled() >= len(made), 90, lambda: f"{written.settled()} of {len(made)}")
    assert engine.terminate() == 0
    assert check_vectors(database, written, made) > 500 * len(OWN)
    hits = written.rows(
        "SELECT h.event_id FROM rule_hits h JOIN rules r ON r.id = h.rule_id WHERE r.name = 'busy_shop'"
    )
    assert hits
    wanted = expected(written, made)
    assert all(wanted[str(event_id)][0] >= 2.0 for (event_id,) in hits)
