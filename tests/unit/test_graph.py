"""A batch on its way through the stages: in order, snapshots that hold what they say, and one bad event alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from risk.alerts.configuration import Configuration
from risk.domain.assessment import RiskLevel
from risk.domain.events import as_json
from risk.features.catalog import INDEX, NO_COUNTERPARTY, PROFILE_FEATURES
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Observation, Outcome
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.scoring.scorecard import SCORECARD
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import NO_ID, Batch, Item, ItemKind, LabelChange, Vector
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import NOTED, Profiles
from streaming.engine.stages.profile_features import meet_accounts, meet_counterparties
from streaming.engine.stages.scoring import judge_batch
from tests.streaming.events import events

MADE = events(12, seed=4)
SEEN = [Observation.of(event)._replace(account_id="a") for event in MADE]


def item(seen: Observation, place: int = 0) -> Item:
    data = as_json(MADE[place % len(MADE)])
    return Item(ItemKind.EVENT, "shard", str(place), 0, uuid4(), seen, data)


def batch(observations: list[Observation], number: int = 1, *, snapshot: bool = False) -> Batch:
    return Batch(number, [item(seen, place) for place, seen in enumerate(observations)], snapshot)


def empty(_: Key) -> bytes | None:
    return None


def comparable(vectors: list[Vector | None] | list[tuple[float, ...]]) -> list[list[float | None]]:
    return [[None if math.isnan(value) else value for value in vector] for vector in vectors if vector is not None]


def expected(observations: list[Observation]) -> list[tuple[float, ...]]:
    profile = AccountProfile()
    return [profile.observe(seen) for seen in observations]


def test_batches_go_on_from_each_other() -> None:
    accounts = Profiles(ACCOUNT, empty)
    first, second = batch(SEEN[:5]), batch(SEEN[5:], 2)
    meet_accounts(first, accounts)
    meet_accounts(second, accounts)
    assert comparable(first.vectors + second.vectors) == comparable(expected(SEEN))


def test_a_key_that_was_stored_goes_on_from_its_stored_state() -> None:
    before = AccountProfile()
    for seen in SEEN[:6]:
        before.observe(seen)
    states = {(ACCOUNT, "a"): before.dump()}
    later = batch(SEEN[6:])
    meet_accounts(later, Profiles(ACCOUNT, lambda key: states.pop(key, None)))
    assert comparable(later.vectors) == comparable(expected(SEEN)[6:])


@pytest.mark.parametrize("recent", [1, 2, 100])
def test_a_snapshot_holds_each_changed_profile_as_it_is_after_its_batch(recent: int) -> None:
    accounts = Profiles(ACCOUNT, empty, recent=recent)
    own = [seen._replace(account_id=f"a{place % 4}") for place, seen in enumerate(SEEN)]
    first, second, third = batch(own[:7]), batch(own[7:10], 2, snapshot=True), batch(own[10:], 3, snapshot=True)
    for one in (first, second, third):
        meet_accounts(one, accounts)

    def states(seen: list[Observation]) -> dict[Key, bytes]:
        profiles: dict[str, AccountProfile] = {}
        for one in seen:
            profiles.setdefault(one.account_id, AccountProfile()).observe(one)
        return {(ACCOUNT, key): profile.dump() for key, profile in profiles.items()}

    assert first.profiles == {}
    assert second.profiles == states(own[:10])
    changed = {(ACCOUNT, seen.account_id) for seen in own[10:]}
    assert third.profiles == {key: state for key, state in states(own).items() if key in changed}
    assert len(accounts) == 4


@pytest.mark.parametrize("before", [0, 4, NOTED + 3])
def test_an_event_that_a_profile_refuses_fails_alone(monkeypatch: pytest.MonkeyPatch, before: int) -> None:
    observe = AccountProfile.observe
    earlier = [SEEN[place % 3]._replace(at=SEEN[place % 3].at - 10_000 + place) for place in range(before)]

    def fussy(self: AccountProfile, seen: Observation) -> tuple[float, ...]:
        vector = observe(self, seen)  # the profile has changed by then, as in a true failure half way
        if seen.at == SEEN[3].at:
            raise ZeroDivisionError("of no use")
        return vector

    accounts = Profiles(ACCOUNT, empty)
    if before:
        meet_accounts(batch(earlier), accounts)
    monkeypatch.setattr(AccountProfile, "observe", fussy)
    struck = batch(SEEN, 2)
    meet_accounts(struck, accounts)
    monkeypatch.undo()
    assert struck.errors == {3: "ZeroDivisionError: of no use"}
    assert struck.vectors[3] is None
    good = SEEN[:3] + SEEN[4:]
    assert comparable(struck.vectors) == comparable(expected(earlier + good)[before:])


def test_events_without_a_counterparty_are_remembered_of_nobody() -> None:
    counterparties = Profiles(COUNTERPARTY, empty)
    alone = batch([seen._replace(counterparty_id=None) for seen in SEEN], snapshot=True)
    meet_accounts(alone, Profiles(ACCOUNT, empty))
    meet_counterparties(alone, counterparties)
    assert len(counterparties) == 0
    assert {len(vector) for vector in alone.vectors if vector is not None} == {PROFILE_FEATURES}
    assert comparable([vector[-len(NO_COUNTERPARTY) :] for vector in alone.vectors if vector]) == comparable(
        [NO_COUNTERPARTY] * len(SEEN)
    )


def test_a_label_is_learnt_by_both_profiles_and_has_no_vector() -> None:
    seen = SEEN[0]._replace(counterparty_id="c")
    accounts, counterparties = Profiles(ACCOUNT, empty), Profiles(COUNTERPARTY, empty)
    label = Item(ItemKind.LABEL, "shard", "1", 0, NO_ID, seen, {}, LabelChange(Outcome(seen.at + 60, True)))
    unknown = label._replace(observation=seen._replace(account_id="", counterparty_id=None))
    told = Batch(1, [item(seen), label, unknown], snapshot=True)
    after = batch([seen._replace(at=seen.at + 3_600)], 2)
    for one in (told, after):
        meet_accounts(one, accounts)
        meet_counterparties(one, counterparties)
    assert told.vectors[1:] == [None, None]
    assert told.profiles.keys() == {(ACCOUNT, "a"), (COUNTERPARTY, "c")}
    assert CounterpartyProfile.load(told.profiles[COUNTERPARTY, "c"])
    vector = after.vectors[0]
    assert vector is not None
    assert vector[INDEX["known_frauds_14d"]] == 1
    assert vector[INDEX["counterparty_last_label"]] == 1


def policy(*rules: Rule, **scorers: Any) -> Policy:
    configuration = Configuration(version=7, changed_at=datetime.now(UTC), changed_by="a", reason="b")
    return Policy(configuration, 1, RuleSet.build(rules, []), **scorers)


def judged(scored_by: Policy) -> Batch:
    made = batch(SEEN)
    meet_accounts(made, Profiles(ACCOUNT, empty))
    meet_counterparties(made, Profiles(COUNTERPARTY, empty))
    judge_batch(made, scored_by, DriftCounts())
    return made


def test_a_batch_is_judged_by_one_policy_and_says_which() -> None:
    every = Rule(uuid4(), 3, "every", Mode.LIVE, 100, "event.account_id != ''", None, RiskLevel.HIGH, "all of them")
    made = judged(policy(every, challenger=SCORECARD))
    assert made.judged_by is not None
    assert made.judged_by.scorer == made.judged_by.challenger == SCORECARD.version
    assert made.judged_by.config_version == 7
    for verdict in made.verdicts:
        assert verdict is not None
        assert verdict.level >= RiskLevel.HIGH.rank
        assert verdict.hits == ((str(every.rule_id), 3, "live"),)
        assert verdict.base_score == pytest.approx(verdict.challenger_score)


def test_an_event_that_scoring_refuses_fails_alone() -> None:
    class Fussy:
        version = "fussy"

        def score(self, seen: Any, vectors: Any) -> Any:
            if any(one.at == SEEN[3].at for one in seen):
                raise FloatingPointError("odd")
            return SCORECARD.score(seen, vectors)

        def probabilities(self, seen: Any, vectors: Any) -> Any:
            raise AssertionError("nobody asked for a challenger")

    made = judged(policy(champion=Fussy()))
    assert made.errors == {3: "FloatingPointError: odd"}
    assert [place for place, verdict in enumerate(made.verdicts) if verdict is None] == [3]
