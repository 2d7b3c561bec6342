"""A rule that takes too long of a batch is suspended; the batch is scored without it, whole."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from risk.alerts.configuration import Configuration
from risk.features.catalog import FEATURES
from risk.features.profiles.observation import Observation
from risk.rules import evaluator, time_budget
from risk.rules.evaluator import Mode, Rule, RuleSet
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import Batch, Item, ItemKind
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.scoring import judge_batch

TEXT = "a" * 1_000
SLOW = " || ".join(['event.attributes.t.matches("(a|b)*c(a|b)*d")'] * 60)
"""Within every bound on expressions, and some milliseconds for an event with a long text."""
VECTOR = (0.0,) * len(FEATURES)
BUDGET = 0.05
"""Of a thousand events; of 120 it is 15 ms, of one 10."""


def rule(name: str, expression: str) -> Rule:
    return Rule(uuid4(), 3, name, Mode.LIVE, 100, expression, 1.5, None, name)


def batch(number: int = 1, count: int = 120, text: str = TEXT) -> Batch:
    seen = Observation("ada", 1_790_000_000, "payment", None, 10.0, None, None, None)
    event: dict[str, Any] = {
        "event_type": "payment", "family": "payment", "amount_flow": "out", "account_id": "ada",
        "occurred_at": "2026-09-21T10:00:00Z", "amount": "10", "currency": "EUR", "attributes": {"t": text},
    }  # fmt: skip
    items = [Item(ItemKind.EVENT, "shard", str(place), 0, uuid4(), seen, event) for place in range(count)]
    return Batch(number, items, vectors=[VECTOR] * count)


def policy(*rules: Rule, budget: float = BUDGET) -> Policy:
    configuration = Configuration(version=1, changed_at=datetime.now(UTC), changed_by="a", reason="b")
    return Policy(configuration, 1, RuleSet.build(rules, [], rule_seconds=budget))


def judged(by: Policy, made: Batch) -> Batch:
    judge_batch(made, by, DriftCounts())
    assert not made.errors
    assert all(made.verdicts)
    return made


def hits(made: Batch) -> list[set[UUID]]:
    return [{UUID(hit[0]) for hit in verdict.hits} for verdict in made.verdicts if verdict]


USUAL = [
    rule(f"usual_{number}", f"event.amount < {100 + number}.0 && size(event.account_id) > 0") for number in range(12)
]


@pytest.mark.parametrize(
    "slow",
    [
        f"({SLOW}) || event.amount == 10.0",
        f"event.amount == 10.0 && !({SLOW})",  # behind a prefilter that every event passes
        f"event.amount > 5.0 && ({SLOW} || event.amount == 10.0)",
    ],
    ids=["in a block", "behind a prefilter", "behind a bound"],
)
def test_a_rule_over_its_time_is_suspended_and_its_batch_is_scored_without_it(slow: str) -> None:
    guilty = rule("guilty", slow)
    made = judged(policy(*USUAL[:6], guilty, *USUAL[6:]), batch())
    [overrun] = made.overruns
    assert (overrun.rule_id, overrun.version, overrun.events) == (guilty.rule_id, 3, 120)
    assert overrun.seconds > overrun.budget == pytest.approx(BUDGET * 0.296)
    assert "version 3 was suspended: it took" in overrun.reason
    assert hits(made) == [{one.rule_id for one in USUAL}] * 120


def test_it_stays_suspended_and_is_said_once() -> None:
    by = policy(rule("guilty", SLOW), *USUAL)
    assert len(judged(by, batch()).overruns) == 1
    started = time.process_time()
    assert judged(by, batch(2)).overruns == []
    assert time.process_time() - started < 0.2


def test_each_of_several_is_suspended_and_no_other() -> None:
    guilty = [rule(f"guilty_{number}", f"{SLOW} || size(event.account_id) > {number + 5}") for number in range(4)]
    made = judged(policy(*USUAL[:3], *guilty, *USUAL[3:]), batch())
    assert {one.rule_id for one in made.overruns} == {one.rule_id for one in guilty}
    assert hits(made) == [{one.rule_id for one in USUAL}] * 120


def test_one_event_that_takes_all_the_time_names_its_rule() -> None:
    guilty = rule("guilty", SLOW)
    made = judged(policy(*USUAL, guilty, budget=0.003), batch(count=1))
    assert [one.rule_id for one in made.overruns] == [guilty.rule_id]


def test_rules_within_their_time_are_not() -> None:
    by = policy(*USUAL, rule("costly", SLOW), budget=60)
    made = judged(by, batch())
    assert made.overruns == []


@pytest.fixture
def _stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a second went by with each thousandth."""
    monkeypatch.setattr(evaluator, "perf_counter", lambda: 1_000 * time.perf_counter())
    monkeypatch.setattr(time_budget, "perf_counter", lambda: 1_000 * time.perf_counter())


@pytest.mark.usefixtures("_stalled")
def test_a_machine_that_stalls_suspends_nobody_and_who_is_slow_all_the_same() -> None:
    by = policy(*USUAL, budget=0.25)
    made = judged(by, batch(text="short"))
    assert made.overruns == []
    assert hits(made) == [{one.rule_id for one in USUAL}] * 120
    guilty = rule("guilty", SLOW)
    assert [one.rule_id for one in judged(policy(*USUAL, guilty), batch()).overruns] == [guilty.rule_id]


def test_the_time_travels_to_other_processes() -> None:
    guilty = rule("guilty", SLOW)
    by: Policy = pickle.loads(pickle.dumps(policy(guilty)))
    assert [one.rule_id for one in judged(by, batch()).overruns] == [guilty.rule_id]
