"""Split over partitions by value, batches become what one process makes of them."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from risk.alerts.configuration import Configuration
from risk.domain.assessment import RiskLevel
from risk.domain.events import Event, as_json
from risk.features.catalog import BUILT_IN, FEATURES, Catalog, Defined
from risk.features.definitions.definition import Definition
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Observation, Outcome
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.filters import set_of
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT
from risk.store.engine_state.profiles import Key
from streaming.engine.partitions.graph import labels
from streaming.engine.partitions.partition import Partition
from streaming.engine.partitions.splitting import FIRST, SENDER, Splitter
from streaming.engine.partitions.wire import partition_of
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import NO_ID, Batch, Install, Item, ItemKind, LabelChange
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known
from streaming.engine.stages.profile_features import meet_accounts, meet_counterparties, meet_definitions
from streaming.engine.stages.scoring import judge_batch
from tests.streaming.events import events

RULE = Rule(UUID(int=7), 2, "often", Mode.LIVE, 50, "event.amount > 20.0", 0.5, None, "{amount} again")
MODEL = Model.load(DEFAULT)
OWN = [
    Definition.model_validate({"unit": "events", "meaning": "what is tested"} | given)
    for given in (
        {"name": "shop_payments_1d", "key": ("counterparty_id",), "aggregate": "count", "window": "1d"},
        {"name": "country_accounts_7d", "key": ("country", "device_id"), "aggregate": "distinct",
         "field": "account_id", "window": "7d"},
        {"name": "account_mean_7d", "key": ("account_id",), "aggregate": "mean", "field": "amount", "window": "7d"},
    )
]  # fmt: skip


def policy(*rules: Rule, **scorers: Any) -> Policy:
    configuration = Configuration(version=7, changed_at=datetime(2026, 1, 1, tzinfo=UTC), changed_by="a", reason="b")
    return Policy(configuration, 1, RuleSet.build(rules, []), **({"champion": MODEL} | scorers))


class Cluster:
    """As many partitions as asked for in this process; rows go between them in any order, by value."""

    def __init__(
        self,
        partitions: int,
        states: Mapping[Key, bytes] | None = None,
        seed: int = 1,
        catalog: Catalog = BUILT_IN,
        take: Callable[[], Mapping[Key, bytes]] | None = None,
    ) -> None:
        self.policy = policy(RULE)
        self.drift = DriftCounts()
        self._chance = random.Random(seed)
        self._states = dict(states or {})
        self._partitions = [Partition(number, partitions) for number in range(partitions)]
        known = Known(lambda _: None, catalog)
        self._splitter = Splitter(partitions, lambda: self.policy, take or self._hand_over, self.drift, known)

    def _hand_over(self) -> dict[Key, bytes]:
        states, self._states = self._states, {}
        return states

    def score(self, batch: Batch) -> Batch:
        return self.run(batch, self.split(batch))

    def split(self, batch: Batch) -> list[dict[str, Any]]:
        return self._splitter.split(batch)

    def run(self, batch: Batch, rows: list[dict[str, Any]]) -> Batch:
        number = batch.number
        questions: dict[int, list[tuple[int, bytes]]] = {}
        for row in rows:
            if row["stage"] != FIRST:
                questions.setdefault(row["partition"], []).append((SENDER, row["data"]))
        for row in self._shuffled(rows):
            if row["stage"] == FIRST:
                for to, data in self._partitions[row["partition"]].accounts([row["data"]]):
                    questions[to].append((row["partition"], data))
        answers: dict[int, list[tuple[int, bytes]]] = {}
        for at in self._shuffled(range(len(self._partitions))):
            for to, data in self._partitions[at].keys(number, [data for _, data in sorted(questions[at])]):
                answers.setdefault(to, []).append((at, data))
        whole: list[Batch] = []
        for at in self._shuffled(range(len(self._partitions))):
            [(_, result)] = self._partitions[at].judge(number, [data for _, data in sorted(answers[at])])
            whole += self._splitter.collect(result)
        [found] = whole
        assert found is batch
        return found

    def _shuffled(self, values: Sequence[Any]) -> list[Any]:
        return self._chance.sample(list(values), len(values))


def items(made: Sequence[Event], *, labels_from: int = 20) -> list[Item]:
    """Events, a label of every third some time later, and now and then a dead letter."""
    found = []
    for place, event in enumerate(made):
        seen = Observation.of(event)
        found.append(Item(ItemKind.EVENT, "shard", str(place), 0, event.event_id, seen, as_json(event)))
        if place >= labels_from and place % 3 == 0:
            of = Observation.of(made[place - labels_from])
            change = LabelChange(Outcome(of.at + 60, place % 2 == 0))
            found.append(Item(ItemKind.LABEL, "shard", str(place), 0, NO_ID, of, {"fraud": True}, change))
        if place % 17 == 0:
            nothing = Observation("", 0, "", None, None, None, None, None)
            found.append(Item(ItemKind.DEAD, "shard", str(place), 0, NO_ID, nothing, {"reason": "invalid"}))
    return found


def batches(of: Sequence[Item], *, snapshots: Sequence[int] = ()) -> list[Batch]:
    return [
        Batch(number + 1, of[number * 40 : number * 40 + 40], number in snapshots)
        for number in range(len(of) // 40 + 1)
    ]


def in_one(
    made: Sequence[Batch], judged_by: Policy, take: Mapping[Key, bytes] | None = None, catalog: Catalog = BUILT_IN
) -> DriftCounts:
    states, drift = dict(take or {}), DriftCounts()
    known = Known(lambda key: states.pop(key, None), catalog)
    for batch in made:
        meet_accounts(batch, known.accounts)
        meet_counterparties(batch, known.counterparties)
        meet_definitions(batch, known)
        judge_batch(batch, judged_by, drift)
    return drift


def totals(drift: DriftCounts) -> dict[str, int]:
    """How many events were counted, by feature."""
    found: dict[str, int] = {}
    for one in drift.take():
        found[one.feature] = found.get(one.feature, 0) + sum(one.counts)
    return found


def comparable(batch: Batch) -> tuple[Any, ...]:
    vectors = [None if vector is None else list(map(repr, vector)) for vector in batch.vectors]
    return vectors, batch.verdicts, batch.usual, batch.errors, batch.profiles, batch.judged_by


@pytest.mark.parametrize("partitions", [1, 2, 3, 5])
def test_any_number_of_partitions_makes_of_batches_what_one_process_makes(partitions: int) -> None:
    of = items(events(300, seed=partitions))
    last = len(of) // 40
    whole, split = batches(of, snapshots=(2, 5, last)), batches(of, snapshots=(2, 5, last))
    drift = in_one(whole, policy(RULE))
    cluster = Cluster(partitions)
    for one, other in zip(whole, split, strict=True):
        assert comparable(cluster.score(other)) == comparable(one)
    assert sum(len(batch.profiles) for batch in whole) > 200
    assert any(verdict and verdict.hits for batch in whole for verdict in batch.verdicts)
    assert totals(cluster.drift) == totals(drift)


def test_stored_states_go_on_in_another_number_of_partitions() -> None:
    of = items(events(200, seed=9))
    first, rest = batches(of[:80], snapshots=(0, 1)), batches(of[80:])
    states: dict[Key, bytes] = {}
    two = Cluster(2)
    for batch in first:
        states |= two.score(batch).profiles
    whole = batches(of[80:])
    in_one(whole, policy(RULE), states)
    three = Cluster(3, states)
    for one, other in zip(whole, rest, strict=True):
        assert comparable(three.score(other)) == comparable(one)


def test_a_batch_is_judged_by_the_policy_that_was_in_force_when_it_came() -> None:
    of = items(events(80, seed=5), labels_from=1_000)
    cluster = Cluster(2)
    first, second = batches(of)[:2]
    everyone = Rule(uuid4(), 1, "everyone", Mode.LIVE, 100, "event.account_id != ''", None, RiskLevel.CRITICAL, "all")
    cluster.score(first)
    cluster.policy = policy(everyone)
    cluster.score(second)
    levels = [{verdict.level for verdict in batch.verdicts if verdict} for batch in (first, second)]
    assert levels[0] != {RiskLevel.CRITICAL.rank}
    assert levels[1] == {RiskLevel.CRITICAL.rank}


def catalog(number: int, *own: Definition) -> Catalog:
    return Catalog(number, tuple(Defined(1, live=True, definition=one) for one in own))


def of_rule(present: Catalog) -> Policy:
    """A policy that reads the definition of shops."""
    rule = Rule(UUID(int=9), 1, "busy", Mode.LIVE, 100, "features.shop_payments_1d >= 2.0", 1.0, None, "busy shop")
    rules = RuleSet.build([RULE, rule], [], catalog=present)
    assert not rules.refused
    return replace(policy(), rules=rules, catalog=present)


@pytest.mark.parametrize("partitions", [2, 3])
def test_definitions_of_users_are_computed_in_any_number_of_partitions(partitions: int) -> None:
    of, own = items(events(300, seed=31)), catalog(1, *OWN)
    last = len(of) // 40
    whole, split = batches(of, snapshots=(2, last)), batches(of, snapshots=(2, last))
    in_one(whole, of_rule(own), catalog=own)
    cluster = Cluster(partitions, catalog=own)
    cluster.policy = of_rule(own)
    for one, other in zip(whole, split, strict=True):
        assert comparable(cluster.score(other)) == comparable(one)
        assert other.catalog == own
    hits = [hit for batch in split for verdict in batch.verdicts if verdict for hit in verdict.hits]
    assert any(hit[0] == str(UUID(int=9)) for hit in hits)
    assert {len(vector) for batch in split for vector in batch.vectors if vector} == {len(FEATURES) + len(OWN)}


@pytest.mark.parametrize("partitions", [2, 3])
def test_definitions_come_and_go_between_batches_in_all_partitions(partitions: int) -> None:
    """Installed with the states that a backfill found, after batches whose keys were asked before; then archived."""
    of = items(events(300, seed=32))
    before, during, after = catalog(1, OWN[0]), catalog(2, *OWN), catalog(3, OWN[0])
    states = {key: state for key, state in learnt(of[:80], OWN).items() if key[0] not in kinds(before)}
    assert states

    def steps() -> list[Batch]:
        made = batches(of)
        come, gone = Install(during, states), Install(after, {})
        steps = [*made[:2], Batch(0, (), True, install=come), *made[2:5], Batch(0, (), True, install=gone), *made[5:]]
        for number, batch in enumerate(steps, start=1):
            batch.number = number
        return steps

    whole, split = steps(), steps()
    in_one(whole, of_rule(before), catalog=before)
    cluster = Cluster(partitions, catalog=before)
    cluster.policy = of_rule(before)
    for one, other in zip(whole, split, strict=True):
        assert comparable(cluster.score(other)) == comparable(one)


def kinds(of: Catalog) -> set[str]:
    return {group.kind for group in set_of(of).groups}


def learnt(of: Sequence[Item], own: Sequence[Definition]) -> dict[Key, bytes]:
    """The states of definitions after these events."""
    [batch] = [Batch(1, of, True)]
    in_one([batch], policy(RULE), catalog=catalog(1, *own))
    return {key: state for key, state in batch.profiles.items() if key[0] in kinds(catalog(1, *own))}


@pytest.mark.parametrize("owner", [AccountProfile, CounterpartyProfile])
def test_an_event_that_a_profile_refuses_fails_alone(monkeypatch: pytest.MonkeyPatch, owner: Any) -> None:
    made = events(40, seed=6)
    of = items(made, labels_from=1_000)
    fatal = next(Observation.of(event) for event in made[10:] if event.counterparty_id is not None)
    observe = owner.observe

    def fussy(self: Any, seen: Observation, *rest: Any) -> Any:
        if seen == fatal:
            raise ZeroDivisionError("of no use")
        return observe(self, seen, *rest)

    monkeypatch.setattr(owner, "observe", fussy)
    [struck, _] = batches(of)
    Cluster(3).score(struck)
    [(place, error)] = struck.errors.items()
    assert struck.items[place].observation == fatal
    assert error == "ZeroDivisionError: of no use"
    assert (struck.vectors[place], struck.verdicts[place]) == (None, None)
    assert sum(verdict is None for verdict in struck.verdicts) == 1 + sum(
        item.kind is not ItemKind.EVENT for item in struck.items
    )


def test_an_item_that_cannot_be_encoded_fails_alone() -> None:
    of = items(events(30, seed=8), labels_from=1_000)
    of[4] = of[4]._replace(data=of[4].data | {"attributes": {"n": 1 << 80}})
    [batch] = batches(of)
    Cluster(2).score(batch)
    assert list(batch.errors) == [4]
    assert batch.verdicts[4] is None
    assert batch.verdicts[5] is not None


def test_a_policy_travels_as_what_it_is_compiled_of() -> None:
    sent = policy(RULE, challenger=MODEL)
    got = pickle.loads(pickle.dumps(sent))
    assert (got.configuration, got.revision, got.stage) == (sent.configuration, sent.revision, sent.stage)
    assert got.champion.version == got.challenger.version == MODEL.version
    [batch] = batches(items(events(30, seed=2)))[:1]
    [again] = batches(items(events(30, seed=2)))[:1]
    in_one([batch], sent)
    in_one([again], got)
    assert comparable(batch) == comparable(again)


@pytest.mark.parametrize("partitions", [1, 2, 3, 4, 8])
def test_each_partition_has_a_process_and_each_key_a_partition(partitions: int) -> None:
    assert len(set(labels(partitions))) == partitions
    found = {partition_of(f"account {number}", partitions) for number in range(200)}
    assert found == set(range(partitions))
    assert partition_of("a\ud800", partitions) in range(partitions)
