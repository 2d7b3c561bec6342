"""Backfill on a real Postgres: the stages, the outbox and recovery, with no graph between them."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from risk.adapters import valkey_live
from risk.alerts.configuration import Configuration
from risk.alerts.policy import AlertPolicy
from risk.domain.events import Event, as_json, to_json
from risk.features.catalog import BUILT_IN, Catalog
from risk.features.definitions.definition import Definition
from risk.features.definitions.definition_set import OWN as OWN_KIND
from risk.features.definitions.definition_set import Memory
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.filters import definition_set
from risk.rules.lifecycle import RuleStatus
from risk.store.assessments import scored_events
from risk.store.engine_state import defined_states, leases
from risk.store.rules import definitions
from streaming.engine import recovery
from streaming.engine.backfill import Backfill
from streaming.engine.policy import Policy
from streaming.engine.sink.outbox import Outbox
from streaming.engine.sink.publisher import Views
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.lookups import StoredMemory
from streaming.engine.stages.batch import Batch, Install, Item
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known
from streaming.engine.stages.profile_features import meet_accounts, meet_counterparties, meet_definitions
from streaming.engine.stages.scoring import judge_batch
from tests.services import Services
from tests.streaming.events import events
from tests.streaming.outbox import EPOCH, SHARD, Storing, storing

pytestmark = pytest.mark.integration

_CONFIGURATION = Configuration(version=1, changed_at=datetime.now(UTC), changed_by="test", reason="test")
_RULE = Rule(
    UUID(int=7), 1, "busy_shop", Mode.LIVE, 100, "features.shop_payments_1d >= 3.0", 1.0, None,
    "{features.shop_payments_1d:.0f} payments",
)  # fmt: skip
OWN = [
    Definition.model_validate({"unit": "events", "meaning": "what is tested"} | given)
    for given in (
        {"name": "shop_payments_1d", "key": ("counterparty_id",), "aggregate": "count", "window": "1d",
         "filter": 'event.event_type == "payment"'},
        {"name": "country_accounts_7d", "key": ("country", "device_id"), "aggregate": "distinct",
         "field": "account_id", "window": "7d"},
        {"name": "account_mean_7d", "key": ("account_id",), "aggregate": "mean", "field": "amount", "window": "7d"},
    )
]  # fmt: skip


KEPT = 3
"""So few profiles of each kind are kept that all of them come and go."""


class Lane:
    """An engine without a graph: batches go through the stages under one lock, as they leave the source."""

    def __init__(self, services: Services, stored: Storing, epoch: int, sequence: int, catalog: Catalog) -> None:
        self.policy = policy_of(catalog)
        self._in_flight, cache = InFlight(), ProfileCache(KEPT)
        self._cache = cache
        self.known = Known(cache.take, catalog, adopted=cache.adopted)
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._number = self._position = 0
        self.evicted: set[str] = set()
        valkey = valkey_live.connect("127.0.0.1", services.valkey().port)
        self.outbox = Outbox(
            stored.engine, Views(valkey, services.kinesis(), services.stream()), self._in_flight, epoch=epoch,
            stream_epoch=EPOCH, sequence=sequence, alert_policy=AlertPolicy, drift=DriftCounts(),
            suspend=lambda _: None, stop=self._stop, snapshot_stored=cache.stored,
        )  # fmt: skip
        self._intake = Intake(
            StoredMemory(stored.engine), cache, self._in_flight, lambda: datetime.now(UTC),
            definitions=lambda: self.known.definitions,
        )  # fmt: skip
        self.backfill = Backfill(
            stored.engine, epoch, self, lambda: self.policy.catalog, lambda: self.outbox.progress, catalog
        )
        self.backfill._done = self._stop

    def put(self, made: list[Event], *, snapshot: bool = False) -> None:
        raw = [
            RawRecord(f"{self._position + place:09}", datetime.now(UTC), to_json(event))
            for place, event in enumerate(made)
        ]
        self._position += len(made)
        with self._cache.admission():
            items = self._intake.admit(SHARD, raw)
            with self._lock:
                self._through(self._batch(items, snapshot=snapshot))

    def hold(self, act: Callable[[int], Install | None]) -> None:
        with self._lock:
            install = act(self._number)
            if install is not None:
                self._through(self._batch((), snapshot=True, install=install))

    def _batch(self, items: Sequence[Item], *, snapshot: bool, install: Install | None = None) -> Batch:
        self._number += 1
        evicted = self._cache.enter(self._number, snapshot=snapshot)
        self.evicted.update(kind for kind, _ in evicted.keys)
        return Batch(self._number, items, snapshot, install=install, evicted=evicted)

    def _through(self, batch: Batch) -> None:
        meet_accounts(batch, self.known.accounts)
        meet_counterparties(batch, self.known.counterparties)
        meet_definitions(batch, self.known)
        judge_batch(batch, self.policy, DriftCounts())
        self.outbox.take(batch)


def policy_of(catalog: Catalog) -> Policy:
    rules = RuleSet.build([_RULE], [], catalog=catalog)
    assert bool(rules.refused) == ("shop_payments_1d" not in catalog.index)
    return Policy(_CONFIGURATION, catalog.number, rules, catalog=catalog)


def move(connection: Connection, definition_id: UUID, to: RuleStatus) -> None:
    head = definitions.find_to_change(connection, definition_id)
    now = datetime.now(UTC)
    definitions.change_stage(connection, head, head.stage.move(1, to), by="ada", at=now, reason="a test")


def change(stored: Storing, act: Callable[[Connection], object]) -> Policy:
    """Change definitions, and give the policy that follows."""
    with stored.engine.begin() as connection:
        act(connection)
        return policy_of(definitions.current(connection))


def define(connection: Connection, *wanted: Definition) -> list[UUID]:
    found = [definitions.create(connection, one.name, one, by="ada", at=datetime.now(UTC)) for one in wanted]
    for definition_id in found:
        move(connection, definition_id, RuleStatus.SHADOW)
    return found


def go_live(connection: Connection, *ids: UUID) -> None:
    for definition_id in ids:
        move(connection, definition_id, RuleStatus.LIVE)


def one_pass(stored: Storing, made: list[Event]) -> dict[UUID, tuple[float, ...]]:
    by_id, memory = {event.event_id: event for event in made}, Memory(definition_set((), OWN))
    order = [row[0] for row in stored.rows("SELECT event_id FROM assessments ORDER BY sequence")]
    return {one: memory.observe(as_json(by_id[one]), int(by_id[one].occurred_at.timestamp())) for one in order}


def check_values(stored: Storing, made: list[Event]) -> None:
    """Each event has the value of one pass: in its vector, or from the backfill, and never in both."""
    wanted = one_pass(stored, made)
    with stored.engine.connect() as connection:
        catalog = definitions.current(connection)
        places = [catalog.places[one.signature] for one in OWN]
        before = defined_states.values(connection, [one.signature for one in OWN], 0, 2**62)
        done = defined_states.backfilled(connection)
        rows = stored.rows("SELECT event_id, sequence, definition_set, defined FROM assessments ORDER BY sequence")
        sets = definitions.catalogs(connection, [row.definition_set for row in rows])
        for row in rows:
            for one, right in zip(OWN, wanted[row.event_id], strict=True):
                at = sets[row.definition_set].places.get(one.signature)
                value = None if at is None else row.defined[at]
                if row.sequence <= done[one.signature].sequence:
                    assert value is None
                    value = before[one.signature].get(row.sequence)
                else:
                    assert row.sequence not in before[one.signature]
                assert value == (None if math.isnan(right) else pytest.approx(right)), (one.name, row.sequence)
        past = list(scored_events.read(connection, since=None, until=None, limit=100_000, catalog=catalog))
    assert len(past) == len(made)
    for one_past in past:
        own = one_past.vector[-len(OWN) :]
        assert [own[place] for place in places] == pytest.approx(list(wanted[one_past.event_id]), nan_ok=True)


@pytest.fixture
def stored(services: Services) -> Iterator[Storing]:
    with storing(services) as found:
        found.put_items(found.intake.admit(SHARD, [RawRecord("0", datetime.now(UTC), b"nothing")]))
        yield found


def next_engine(services: Services, stored: Storing) -> Lane:
    """The engine after this one: the lease is its own, and what is stored is brought up to date."""
    with stored.engine.begin() as connection:
        connection.execute(text("UPDATE leases SET expires_at = now() - interval '1 second'"))
        epoch = leases.acquire(connection, "next", 3600)
        catalog = definitions.current(connection)
    assert epoch is not None
    _, sequence = recovery.redo(stored.engine, epoch, catalog)
    return Lane(services, stored, epoch, sequence, catalog)


def settle(lane: Lane) -> None:
    while lane.outbox.progress.number < lane._number:
        assert lane.outbox._failure is None, lane.outbox._failure


@pytest.mark.parametrize("seed", [1, 2])
def test_backfilled_and_live_values_are_those_of_one_pass_however_often_engines_die(
    services: Services, stored: Storing, seed: int
) -> None:
    made, chance = events(6_000, seed=seed), random.Random(seed)
    lane = next_engine(services, stored)
    evicted = lane.evicted
    assert lane.known.catalog is BUILT_IN
    rest = [made[start : start + 100] for start in range(0, len(made), 100)]

    def feed(count: int) -> None:
        for _ in range(count):
            lane.put(rest.pop(0), snapshot=chance.random() < 0.3)

    feed(15)
    ids: list[UUID] = []
    lane.policy = change(stored, lambda connection: ids.extend(define(connection, *OWN[:2])))
    feeder = threading.Thread(target=feed, args=(15,))
    feeder.start()
    lane.backfill.look()  # while events come
    feeder.join()
    assert [one.name for one in lane.known.catalog.definitions] == [one.name for one in OWN[1::-1]]
    lane.policy = change(stored, lambda connection: go_live(connection, *ids))
    feed(3)
    settle(lane)

    lane = next_engine(services, stored)  # the other is dead: what it had not stored is lost
    feed(3)
    lane.policy = change(stored, lambda connection: ids.extend(define(connection, OWN[2])))
    if seed == 1:
        lane.backfill.look()  # it dies right after it
    feed(chance.randrange(1, 4))
    settle(lane)
    lane = next_engine(services, stored)
    lane.evicted = evicted
    lane.policy = change(stored, lambda connection: go_live(connection, ids[2]))
    feed(5)
    lane.backfill.look()
    feed(len(rest))
    settle(lane)
    lane.outbox.close()
    check_values(stored, made)
    assert "account" in evicted
    assert any(kind.startswith(OWN_KIND) for kind in evicted)
    hits = stored.rows("SELECT event_id FROM rule_hits")
    wanted = one_pass(stored, made)
    assert hits
    assert all(wanted[row.event_id][0] >= 3.0 for row in hits)


def test_what_is_archived_leaves_vectors_and_memory_and_comes_back_whole(services: Services, stored: Storing) -> None:
    made = events(2_000, seed=3)
    lane = next_engine(services, stored)
    ids: list[UUID] = []
    lane.put(made[:500])
    lane.policy = change(stored, lambda connection: ids.extend(define(connection, *OWN)))
    lane.backfill.look()
    lane.put(made[500:1_000])
    lane.policy = change(stored, lambda connection: move(connection, ids[0], RuleStatus.ARCHIVED))
    lane.backfill.look()
    assert [one.name for one in lane.known.catalog.definitions] == ["account_mean_7d", "country_accounts_7d"]
    lane.put(made[1_000:1_500], snapshot=True)

    def back(connection: Connection) -> None:
        for to in (RuleStatus.DRAFT, RuleStatus.SHADOW):
            move(connection, ids[0], to)

    lane.policy = change(stored, back)
    lane.backfill.look()
    lane.put(made[1_500:], snapshot=True)
    settle(lane)
    lane.outbox.close()
    wanted = one_pass(stored, made)
    with stored.engine.connect() as connection:
        catalog = definitions.current(connection)
        past = list(scored_events.read(connection, since=None, until=None, limit=10_000, catalog=catalog))
    place = catalog.places[OWN[0].signature] - len(OWN)
    assert all(one.vector[place] == pytest.approx(wanted[one.event_id][0], nan_ok=True) for one in past)
