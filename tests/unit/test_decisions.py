"""The decision policy: the first rule that matches decides, and there is always a decision."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from risk.decisions.evaluation import DecisionSet
from risk.decisions.policy import FALLBACK, DecisionPolicy, PolicyRule
from risk.decisions.preview import Preview
from risk.domain.assessment import RiskLevel, Thresholds
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates, Rate
from risk.domain.decisions import ACTIONS, strictest
from risk.domain.decisions import DecisionAction as Action
from risk.domain.event_ids import EventId
from risk.domain.event_types import Family
from risk.features.catalog import FEATURES, INDEX
from risk.rules.backtest import Past
from risk.rules.effects import StoredEffect
from risk.rules.lists import ListEntry, ListSubject, Membership

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "event_id": "e", "event_type": "payment", "family": "payment", "amount_flow": "outgoing",
    "occurred_at": NOW.isoformat(), "account_id": "ada", "device_id": "phone", "ip": "10.1.2.3", "country": "DE",
    "amount": "900.00", "currency": "EUR", "attributes": {},
}  # fmt: skip
VECTOR = [math.nan] * len(FEATURES)
LISTS = Membership(
    [
        ListEntry("trusted", ListSubject.ACCOUNT, "ada", None),
        ListEntry("blocked_nets", ListSubject.IP, "10.1.0.0/16", None),
        ListEntry("was_blocked", ListSubject.DEVICE, "phone", NOW - timedelta(days=1)),
    ]
)
NAMES = ("card_testing", "device_farm")


def decide(*rules: PolicyRule, level: RiskLevel = RiskLevel.LOW, hits: tuple[str, ...] = (), **event: Any) -> Any:
    found = DecisionSet(DecisionPolicy(rules=rules), LISTS)
    assert not found.refused
    return found.decide(level, hits, EVENT | event, VECTOR)


def rule(name: str, action: Action | None = None, **conditions: Any) -> PolicyRule:
    return PolicyRule(name=name, action=action, **conditions)


def test_as_shipped_a_critical_event_is_declined_a_high_one_reviewed_and_the_rest_approved() -> None:
    shipped = DecisionSet(DecisionPolicy())
    found = {level: shipped.decide(level, (), EVENT, VECTOR) for level in RiskLevel}
    assert {level: one.action for level, one in found.items()} == {
        RiskLevel.LOW: Action.APPROVE,
        RiskLevel.MEDIUM: Action.APPROVE,
        RiskLevel.HIGH: Action.REVIEW,
        RiskLevel.CRITICAL: Action.DECLINE,
    }
    assert found[RiskLevel.CRITICAL].because == "decline_critical: level CRITICAL"
    assert found[RiskLevel.LOW].because == "fallback: no rule of the policy matched"


def test_the_first_rule_that_matches_decides_and_says_what_held() -> None:
    allow = rule("allow", Action.APPROVE, lists=("trusted",))
    farm = rule("farm", Action.DECLINE, rules=NAMES, families=(Family.PAYMENT,))
    assert decide(allow, farm, hits=("device_farm",)) == (
        Action.APPROVE,
        "allow",
        "allow: account_id on list trusted",
    )
    assert decide(farm, allow, hits=("device_farm",)) == (
        Action.DECLINE, "farm", "farm: rule device_farm hit, family payment",
    )  # fmt: skip
    assert decide(farm, allow, hits=("device_farm",), family="login").action is Action.APPROVE


def test_a_list_is_asked_of_the_field_that_it_is_about_and_of_the_time_of_the_event() -> None:
    blocked = rule("blocked", Action.DECLINE, lists=("missing", "was_blocked", "blocked_nets"))
    assert decide(blocked).because == "blocked: ip on list blocked_nets"
    assert decide(blocked, ip="10.2.0.1").rule == FALLBACK
    assert decide(blocked, ip=None).rule == FALLBACK
    before = (NOW - timedelta(days=2)).isoformat()
    assert decide(blocked, occurred_at=before).because == "blocked: device_id on list was_blocked"


@pytest.mark.parametrize("when", [
    "event.amount > 500.0",
    "event.amount_base > 500.0 && features.count_1h > 3.0",
    'in_list("trusted", event.account_id) && event.amount > 500.0',
    'has(event.attributes.kind) && event.attributes.kind == "gift"',
])  # fmt: skip
def test_a_condition_reads_what_rules_read(when: str) -> None:
    vector = list(VECTOR)
    vector[INDEX["count_1h"]] = 4.0
    found = DecisionSet(DecisionPolicy(rules=(rule("large", Action.CHALLENGE, when=when),)), LISTS)
    event = EVENT | {"attributes": {"kind": "gift"}}
    assert found.decide(RiskLevel.LOW, (), event, vector).because == "large: its condition is true"
    other = {"amount": "5", "account_id": "bob", "attributes": {}}
    assert found.decide(RiskLevel.LOW, (), EVENT | other, vector).rule == FALLBACK
    assert not found.errors


def test_a_condition_that_fails_on_an_event_is_no_match_and_is_counted() -> None:
    found = DecisionSet(DecisionPolicy(rules=(rule("odd", Action.DECLINE, when='event.attributes.kind == "gift"'),)))
    assert found.decide(RiskLevel.LOW, (), EVENT, VECTOR).rule == FALLBACK
    assert found.errors["odd"] == 1
    assert "kind" in found.last_error["odd"]


def test_a_rule_that_cannot_be_compiled_is_left_out_and_the_others_decide() -> None:
    policy = DecisionPolicy(
        rules=(
            rule("gone", Action.APPROVE, when="features.archived > 1.0"),
            rule("all", Action.REVIEW, rules=NAMES),
        )
    )
    found = DecisionSet(policy)
    assert list(found.refused) == ["gone"]
    assert found.decide(RiskLevel.LOW, NAMES, EVENT, VECTOR).rule == "all"


def test_what_is_forbidden_is_passed_over_and_the_fallback_gives_way_to_the_next_stricter() -> None:
    forbid = PolicyRule(name="never_approve", forbid=Action.APPROVE, rules=("card_testing",))
    allow = rule("allow", Action.APPROVE, lists=("trusted",))
    found = decide(forbid, allow, hits=("card_testing",))
    assert (found.action, found.rule) == (Action.CHALLENGE, FALLBACK)
    assert found.because == "fallback: no rule of the policy matched; approve forbidden by never_approve"
    assert decide(forbid, allow).action is Action.APPROVE
    assert decide(allow, forbid, hits=("card_testing",)).action is Action.APPROVE  # in order: it came too late
    late = rule("late", Action.REVIEW, levels=(RiskLevel.LOW,))
    assert decide(forbid, allow, late, hits=("card_testing",)).because == (
        "late: level LOW; approve forbidden by never_approve"
    )


@pytest.mark.parametrize(("fields", "says"), [
    ({"levels": ["LOW"]}, "either action or forbid"),
    ({"action": "approve", "forbid": "decline", "levels": ["LOW"]}, "either action or forbid"),
    ({"action": "approve"}, "no condition"),
    ({"action": "allow", "levels": ["LOW"]}, "approve"),
    ({"action": "approve", "levels": ["LOW"], "colour": 1}, "Extra"),
    ({"action": "approve", "levels": ["LOW"], "name": "fallback"}, "can be named"),
])  # fmt: skip
def test_a_rule_that_means_nothing_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        PolicyRule.model_validate({"name": "one"} | fields)


def test_names_are_unique_in_a_policy() -> None:
    with pytest.raises(ValidationError, match="two policy rules are named one"):
        DecisionPolicy(rules=(rule("one", Action.REVIEW, rules=NAMES), rule("one", Action.DECLINE, rules=NAMES)))


def test_actions_are_in_a_total_order_of_strictness() -> None:
    assert [action.rank for action in ACTIONS] == [0, 1, 2, 3]
    assert strictest(Action.REVIEW, None, Action.DECLINE, Action.APPROVE) is Action.DECLINE
    assert strictest(None) is None


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "levels": st.lists(st.sampled_from(RiskLevel), min_size=1, max_size=3, unique=True),
        "rules": st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        "lists": st.lists(st.sampled_from(["trusted", "blocked_nets", "missing"]), min_size=1, unique=True),
        "event_types": st.lists(st.sampled_from(["payment", "login"]), min_size=1, unique=True),
        "families": st.lists(st.sampled_from(Family), min_size=1, unique=True),
        "when": st.sampled_from(["event.amount > 500.0", "event.amount_base < 500.0"]),
    },
).filter(bool)
EFFECTS = st.one_of(
    st.fixed_dictionaries({"action": st.sampled_from(Action)}),
    st.fixed_dictionaries({"forbid": st.sampled_from(Action)}),
)
POLICIES = st.builds(
    lambda made, fallback: DecisionPolicy(
        rules=tuple(PolicyRule(name=f"rule_{i}", **effect, **given) for i, (effect, given) in enumerate(made)),
        fallback=fallback,
    ),
    st.lists(st.tuples(EFFECTS, CONDITIONS), max_size=6),
    st.sampled_from(Action),
)


def by_the_book(policy: DecisionPolicy, level: RiskLevel, hits: list[str], event: dict[str, Any]) -> tuple[Action, str]:
    """What the documentation says, word for word."""
    listed = {"trusted"} if event["account_id"] == "ada" else set()
    listed |= {"blocked_nets"} if event["ip"].startswith("10.1.") else set()
    forbidden: set[Action] = set()
    for one in policy.rules:
        true = all(
            [
                not one.levels or level in one.levels,
                not one.rules or set(one.rules) & set(hits),
                not one.lists or set(one.lists) & listed,
                not one.event_types or event["event_type"] in one.event_types,
                not one.families or event["family"] in one.families,
                one.when is None or (float(event["amount"]) > 500) == (">" in one.when),
            ]
        )
        if true and one.action is not None and one.action not in forbidden:
            return one.action, one.name
        if true and one.forbid is not None:
            forbidden.add(one.forbid)
    rank = policy.fallback.rank
    order = [policy.fallback, *ACTIONS[rank + 1 :], *reversed(ACTIONS[:rank])]
    return next((action for action in order if action not in forbidden), policy.fallback), FALLBACK


@settings(deadline=None, max_examples=150)
@given(
    policy=POLICIES,
    level=st.sampled_from(RiskLevel),
    hits=st.lists(st.sampled_from(NAMES), unique=True),
    changes=st.fixed_dictionaries(
        {
            "event_type": st.sampled_from(["payment", "login"]),
            "family": st.sampled_from(["payment", "login"]),
            "account_id": st.sampled_from(["ada", "bob"]),
            "ip": st.sampled_from(["10.1.2.3", "10.2.2.3"]),
            "amount": st.sampled_from(["1", "900"]),
        }
    ),
)
def test_any_policy_decides_any_event_as_the_documentation_says(
    policy: DecisionPolicy, level: RiskLevel, hits: list[str], changes: dict[str, Any]
) -> None:
    event = EVENT | changes
    found = DecisionSet(policy, LISTS).decide(level, hits, event, VECTOR)
    assert (found.action, found.rule) == by_the_book(policy, level, hits, event)
    assert found.because.startswith(f"{found.rule}: ")
    assert DecisionPolicy.model_validate_json(policy.model_dump_json()) == policy


def past(level: RiskLevel, fraud: bool | None = None, *, hits: tuple[str, ...] = (), **event: Any) -> Past:
    effects = {uuid4(): StoredEffect(1.0, None, name) for name in hits}
    return Past(EventId.of(str(uuid4())), EVENT | event, VECTOR, 0.6, level, NOW, fraud, 1, 0.55, effects)


def test_a_preview_says_what_would_change_in_money_of_the_day_and_in_known_frauds() -> None:
    stricter = DecisionPolicy(
        rules=(
            rule("farm", Action.DECLINE, rules=("device_farm",)),
            rule("critical", Action.DECLINE, levels=(RiskLevel.CRITICAL,)),
        )
    )
    rates = ExchangeRates(
        base="EUR",
        rates=[
            Rate(currency="USD", since=NOW.date() - timedelta(days=9), per_base=Decimal(2)),
            Rate(currency="USD", since=NOW.date() - timedelta(days=1), per_base=Decimal(4)),
        ],
    )
    found = Preview(DecisionSet(DecisionPolicy()), DecisionSet(stricter), rates)
    found.meet(past(RiskLevel.HIGH, True, hits=("device_farm",), amount="400", currency="USD"))
    early = (NOW - timedelta(days=5)).isoformat()
    found.meet(past(RiskLevel.LOW, False, hits=("device_farm",), amount="400", currency="USD", occurred_at=early))
    found.meet(past(RiskLevel.HIGH, amount="50"))
    found.meet(past(RiskLevel.CRITICAL, True))
    found.meet(past(RiskLevel.LOW, hits=("device_farm",), amount="9000", amount_flow="none"))
    report = found.report(since=NOW, until=NOW, scored=5, complete=True)
    assert (report.events, report.changed) == (5, 4)
    assert report.before == {"approve": 2, "challenge": 0, "review": 2, "decline": 1}
    assert report.after == {"approve": 1, "challenge": 0, "review": 0, "decline": 4}
    assert {(move.before, move.after): (move.events, move.value, move.frauds) for move in report.moves} == {
        ("review", "decline"): (1, 100.0, 1),
        ("approve", "decline"): (2, 200.0, 0),
        ("review", "approve"): (1, 50.0, 0),
    }
    assert report.text == [
        "3 more declines worth 300 EUR, 1 of them fraud",
        "2 fewer reviews worth 150 EUR, 1 of them fraud",
        "1 more approval worth 50 EUR, none of them known fraud",
        "2 fewer approvals worth 200 EUR, none of them known fraud",
    ]
    assert [(one.rule, one.events) for one in report.rules] == [("farm", 3), ("critical", 1), ("fallback", 1)]


def test_a_preview_of_other_thresholds_decides_by_the_level_that_they_would_have_given() -> None:
    shipped = DecisionSet(DecisionPolicy())
    found = Preview(shipped, shipped, DEFAULT_RATES, Thresholds(low=0.1, medium=0.2, high=0.5))
    found.meet(past(RiskLevel.HIGH))
    report = found.report(since=NOW, until=NOW, scored=1, complete=True)
    assert report.text == [
        "1 more decline worth 900 EUR, none of them known fraud",
        "1 fewer review worth 900 EUR, none of them known fraud",
    ]


def test_a_preview_of_what_is_in_force_changes_nothing() -> None:
    shipped = DecisionSet(DecisionPolicy())
    found = Preview(shipped, shipped, DEFAULT_RATES)
    found.meet(past(RiskLevel.CRITICAL))
    assert found.report(since=NOW, until=NOW, scored=1, complete=True).text == [
        "no event would have been decided otherwise"
    ]
