"""What rules say of events: hits, shares, reasons, stages, and what they would have done to the past."""

from __future__ import annotations

import math
import resource
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from risk.domain.assessment import RiskLevel, Thresholds
from risk.domain.errors import Conflict, InvalidInput
from risk.domain.event_ids import EventId
from risk.features.catalog import FEATURES, INDEX
from risk.rules.backtest import Backtest, Past
from risk.rules.effects import StoredEffect, combine, log_odds
from risk.rules.evaluator import Mode, Rule, RuleDefinition, RuleHit, RuleSet, is_live_for
from risk.rules.lifecycle import TRANSITIONS, RuleStatus, Stage
from risk.rules.lists import ListEntry, ListSubject, checked_value
from risk.rules.reason_template import MAX_TEXT, Template
from risk.scoring.combine import judge
from risk.scoring.scorer import Score

EVENT: dict[str, Any] = {
    "event_type": "payment",
    "occurred_at": "2026-01-31T09:30:00+02:00",
    "account_id": "ada",
    "counterparty_id": None,
    "amount": "1840.5",
    "currency": "EUR",
    "ip": "10.1.2.3",
    "attributes": {"basket": 3},
}
VECTOR = [float(place) for place in range(len(FEATURES))]
UNKNOWN = [math.nan] * len(FEATURES)
FEATURE = FEATURES[2].name


def rule(expression: str = "event.amount > 1000.0", **changes: Any) -> Rule:
    found = Rule(uuid4(), 1, "large", Mode.LIVE, 100, expression, 1.5, None, "amount {amount}")
    return found._replace(**changes)


def hits(*rules: Rule, lists: tuple[ListEntry, ...] = (), event: Any = EVENT, vector: Any = VECTOR) -> list[RuleHit]:
    return RuleSet.build(rules, lists).evaluate(event, vector, uuid4())


def test_a_hit_has_its_effect_its_reason_and_its_code() -> None:
    points, floor = rule(), rule(name="floor", points=None, min_level=RiskLevel.HIGH)
    assert hits(points, rule("event.amount > 2000.0"), floor) == [
        RuleHit(points.rule_id, 1, Mode.LIVE, 1.5, None, "amount 1,840.50", "rule_large"),
        RuleHit(floor.rule_id, 1, Mode.LIVE, 0.0, RiskLevel.HIGH, "amount 1,840.50", "rule_floor"),
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "event.hour == 7 && event.weekday == 6",
        'event.occurred_at > timestamp("2026-01-31T07:00:00Z")',
        'event.counterparty_id == "" && event.event_type == "payment"',
        f"features.{FEATURE} == {INDEX[FEATURE]}.0",
        "event.attributes.basket == 3",
        'in_list("nets", event.ip)',
    ],
)
def test_events_are_read_as_their_json_has_them(expression: str) -> None:
    nets = ListEntry("nets", ListSubject.IP, "10.0.0.0/8", datetime(2026, 2, 1, tzinfo=UTC))
    assert len(hits(rule(expression), lists=(nets,))) == 1


def test_lists_hold_values_and_ranges_until_they_expire_by_the_time_of_the_event() -> None:
    at = datetime.fromisoformat(EVENT["occurred_at"])
    nets, shops = rule('in_list("nets", event.ip)'), rule('in_list("shops", event.counterparty_id)')
    lists = (
        ListEntry("nets", ListSubject.IP, "10.1.0.0/16", at + timedelta(seconds=1)),
        ListEntry("nets", ListSubject.IP, "2001:db8::/32", None),
        ListEntry("shops", ListSubject.COUNTERPARTY, "shop", None),
    )

    def found(**changes: Any) -> int:
        return len(hits(nets, shops, lists=lists, event=EVENT | changes))

    assert (found(), found(ip="10.2.2.3"), found(ip=None), found(ip="2001:db8::1")) == (1, 0, 0, 1)
    assert found(counterparty_id="shop") == 2
    assert found(occurred_at=(at + timedelta(seconds=1)).isoformat()) == 0
    assert hits(nets, shops) == []


def test_a_long_run_keeps_its_memory() -> None:
    found = RuleSet.build([rule('in_list("nets", event.ip) || event.attributes.basket > 9')] * 20, [])
    event_id = uuid4()

    def evaluate(times: int) -> int:
        for _ in range(times):
            found.evaluate(EVENT, VECTOR, event_id)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = evaluate(500)
    # At its peak the process may grow by what else happens in it, but not with every event.
    assert evaluate(10_000) - before < 4_000


def test_one_bad_rule_or_event_stops_nothing() -> None:
    bad, failing, good = rule("event.nothing > 1.0"), rule("1 / 0 == 1"), rule()
    found = RuleSet.build([bad, failing, good], [])
    assert [hit.rule_id for hit in found.evaluate(EVENT, VECTOR, uuid4())] == [good.rule_id]
    assert list(found.refused) == [bad.rule_id]
    assert found.errors == Counter({failing.rule_id: 1})
    assert "divide by zero" in found.last_error[failing.rule_id]
    assert found.evaluate({}, [], uuid4()) == []
    assert found.evaluate(EVENT | {"amount": "much"}, VECTOR, uuid4()) == []
    assert found.errors[good.rule_id] == 1


def test_what_is_not_known_hits_nothing_and_is_told_as_unknown() -> None:
    text = f"{{amount}} {{features.{FEATURE}}} {{country}}"
    assert hits(rule(f"features.{FEATURE} >= 0.0 || features.{FEATURE} < 0.0"), vector=UNKNOWN) == []
    [hit] = hits(rule("true", reason_text=text), event=EVENT | {"amount": None}, vector=UNKNOWN)
    assert hit.reason_text == "unknown unknown unknown"


OUTCOMES = {"event.amount > 1.0 // so": True, "event.amount < 1.0": False, "1 / 0 == 1": None, "!" * 31 + "true": False}


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(OUTCOMES)), max_size=35))
def test_many_rules_together_say_what_each_says_alone(expressions: list[str]) -> None:
    found = RuleSet.build([rule(expression, version=place) for place, expression in enumerate(expressions)], [])
    assert not found.refused
    hit = [one.rule_version for one in found.evaluate(EVENT, VECTOR, uuid4())]
    assert hit == [place for place, expression in enumerate(expressions) if OUTCOMES[expression] is True]
    assert found.errors.total() == sum(OUTCOMES[expression] is None for expression in expressions)


@settings(deadline=None)
@given(st.uuids(), st.uuids(), st.integers(1, 99))
def test_a_growing_share_keeps_its_events(rule_id: UUID, event_id: UUID, percent: int) -> None:
    assert is_live_for(rule_id, event_id, percent) <= is_live_for(rule_id, event_id, percent + 1)
    assert not is_live_for(rule_id, event_id, 0)
    assert is_live_for(rule_id, event_id, 100)


def test_a_share_is_as_large_as_said_and_the_rest_is_in_shadow() -> None:
    found = RuleSet.build([rule(percent=10), rule("true", percent=10)], [])
    modes = [[hit.mode for hit in found.evaluate(EVENT, VECTOR, UUID(int=number))] for number in range(5_000)]
    one, other = (Counter(pair[place] for pair in modes) for place in (0, 1))
    assert one.total() == other.total() == 5_000
    assert 400 < one[Mode.LIVE] < 600
    # Two rules have shares of their own, not the same tenth.
    assert sum(pair == [Mode.LIVE, Mode.LIVE] for pair in modes) < 100


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{amount:.0f} {currency}", "1840 EUR"),
        (f"{{features.{FEATURE}:.1%}} of {{account_id}}", f"{INDEX[FEATURE]:.1%} of ada"),
        ("{{braces}}", "{braces}"),
    ],
)
def test_placeholders_are_filled(text: str, filled: str) -> None:
    assert Template(text).fill(EVENT, VECTOR) == filled


@pytest.mark.parametrize(
    "text",
    [
        "{amount.__class__}", "{amount[0]}", "{amount!r}", "{amount:>9999999}", "{amount:{currency}}", "{0}", "{}", "{",
        "{attributes}", "{features.nothing}", "{features}", "{currency:.2f}", "{account_id:99}", " ", "x" * 301,
    ],
)  # fmt: skip
def test_placeholders_reach_nothing_else(text: str) -> None:
    with pytest.raises(InvalidInput):
        Template(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["{amount:.6f}", "{account_id}", "{{", "} ", "{x}", "at "]), max_size=40).map("".join))
def test_a_filled_reason_is_bounded(text: str) -> None:
    try:
        template = Template(text)
    except InvalidInput:
        return
    assert len(template.fill(EVENT | {"account_id": "x" * 9_999, "amount": 1e300}, VECTOR)) <= MAX_TEXT


@pytest.mark.parametrize("effect", [{}, {"points": 0.0}, {"points": 1.0, "min_level": "HIGH"}, {"points": 5.1}])
def test_a_rule_has_one_effect_within_bounds(effect: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleDefinition(owner="ada", expression="true", reason_text="x", **effect)


@pytest.mark.parametrize(
    ("base", "effects", "level"),
    [
        (0.2, [(5.0, None)], RiskLevel.CRITICAL),
        (0.6, [(-5.0, None)], RiskLevel.LOW),
        (0.6, [(-5.0, None), (0.0, RiskLevel.HIGH)], RiskLevel.HIGH),
        (0.9, [(0.0, RiskLevel.HIGH)], RiskLevel.CRITICAL),
        (0.0, [(5.0, None)], RiskLevel.LOW),
        (1.0, [(-5.0, None)], RiskLevel.CRITICAL),
    ],
)
def test_effects_raise_and_lower_levels(
    base: float, effects: list[tuple[float, RiskLevel | None]], level: RiskLevel
) -> None:
    found = combine(log_odds(base), [StoredEffect(*one) for one in effects], Thresholds())
    assert Thresholds().level(found.value) is level


_EFFECTS = st.one_of(
    st.tuples(st.floats(-5, 5), st.none()), st.tuples(st.just(0.0), st.sampled_from([None, *RiskLevel]))
)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.lists(_EFFECTS, max_size=4), st.sampled_from(range(5)))
def test_a_backtest_of_a_live_rule_says_what_the_engine_said(
    base: float, effects: list[tuple[float, RiskLevel | None]], tried: int
) -> None:
    live = [rule("true", name=f"r{i}", points=points, min_level=floor) for i, (points, floor) in enumerate(effects)]
    found = [one for each in live for one in hits(each)]
    judged = judge(Score(log_odds(base), []), found, Thresholds())
    stored = {one.rule_id: StoredEffect(one.points, one.min_level) for one in found}
    at = datetime(2026, 2, 1, tzinfo=UTC)
    one = Past(EventId.of(str(uuid4())), EVENT, VECTOR, judged.value, judged.level, at, None, 1, base, stored)
    for each in live[tried : tried + 1]:
        for again in (each, each._replace(version=each.version + 1)):
            test = Backtest(again, live, [], Thresholds(), RiskLevel.LOW)
            test.meet(one)
            assert [example.level_with_rule for example in test.report(scored=1, complete=True).examples] == [
                judged.level
            ]


def test_a_level_that_a_rule_lifted_is_combined_from_the_score_before_rules() -> None:
    lifted = {uuid4(): StoredEffect(0.0, RiskLevel.HIGH)}
    at = datetime(2026, 2, 1, tzinfo=UTC)
    one = Past(EventId.of(str(uuid4())), EVENT, VECTOR, 0.5, RiskLevel.HIGH, at, None, 1, 0.1, lifted)
    test = Backtest(rule("true", points=1.5), [], [], Thresholds(), RiskLevel.HIGH)
    test.meet(one)
    assert test.report(scored=1, complete=True).examples[0].level_with_rule is RiskLevel.HIGH


def test_a_rule_goes_from_draft_over_shadow_to_live_and_a_newer_version_beside_it() -> None:
    with pytest.raises(Conflict, match="version 1 is draft; from there it can become archived or shadow, not live"):
        Stage().move(1, RuleStatus.LIVE)
    tenth = Stage().move(1, RuleStatus.SHADOW).move(1, RuleStatus.LIVE, 10)
    assert tenth == Stage(live_version=1, percent=10)
    both = tenth.move(1, RuleStatus.LIVE, 100).move(2, RuleStatus.SHADOW)
    assert both == Stage(live_version=1, percent=100, shadow_version=2)
    assert both.move(2, RuleStatus.LIVE) == Stage(live_version=2, percent=100)
    assert both.move(2, RuleStatus.DRAFT) == Stage(live_version=1, percent=100)
    assert both.move(1, RuleStatus.ARCHIVED).move(2, RuleStatus.DRAFT) == Stage()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(RuleStatus), st.integers(1, 100)), max_size=12))
def test_no_way_through_the_stages_skips_a_step(moves: list[tuple[int, RuleStatus, int]]) -> None:
    stage = Stage()
    for version, to, percent in moves:
        present = stage.status_of(version)
        try:
            after = stage.move(version, to, percent)
        except Conflict:
            assert to not in TRANSITIONS[present]
            continue
        assert to in TRANSITIONS[present]
        assert after.status_of(version) is to
        stage = after


@pytest.mark.parametrize(
    ("subject", "value", "stored"),
    [
        (ListSubject.IP, "10.1.2.3", "10.1.2.3/32"),
        (ListSubject.IP, "2001:DB8::/32", "2001:db8::/32"),
        (ListSubject.COUNTRY, "DE", "DE"),
        (ListSubject.ACCOUNT, " ada ", "ada"),
    ],
)
def test_entries_are_written_in_one_way(subject: ListSubject, value: str, stored: str) -> None:
    assert checked_value(subject, value) == stored


@pytest.mark.parametrize(
    ("subject", "value"),
    [
        (ListSubject.IP, "10.1.2.3/8"),
        (ListSubject.IP, "here"),
        (ListSubject.COUNTRY, "XX"),
        (ListSubject.ACCOUNT, " "),
        (ListSubject.DEVICE, "a\x00b"),
    ],
)
def test_entries_that_are_none_are_refused(subject: ListSubject, value: str) -> None:
    with pytest.raises(InvalidInput):
        checked_value(subject, value)


def past(amount: float, score: float, fraud: bool | None) -> Past:
    level = Thresholds().level(score)
    return Past(
        EventId.of(str(uuid4())),
        EVENT | {"amount": amount},
        VECTOR,
        score,
        level,
        datetime(2026, 2, 1, tzinfo=UTC),
        fraud,
        1,
    )


def test_a_backtest_tells_what_is_hit_in_money_of_one_currency() -> None:
    test = Backtest(rule(points=2.0), [], [], Thresholds(), RiskLevel.HIGH)
    given = [("EUR", 2_000, 0.4, True), ("USD", 1_170, 0.4, False), ("EUR", 10, 0.9, True), ("EUR", 5_000, 0.1, None)]
    for currency, amount, score, fraud in given:
        one = past(amount, score, fraud)
        test.meet(one._replace(event=dict(one.event) | {"currency": currency}))
    test.meet(past(2_000, 0.9, None)._replace(event=dict(EVENT) | {"amount": None}))
    money = test.report(scored=5, complete=True).money
    assert money.currency == "EUR"
    assert (money.hits, money.frauds) == pytest.approx((8_000, 2_010))
    assert (money.fraud_hits, money.legitimate_hits) == pytest.approx((2_000, 1_000))
    assert money.alerts_before == pytest.approx(10)
    assert money.alerts_after == pytest.approx(3_010)


def test_a_backtest_counts_hits_truth_alerts_and_overlap() -> None:
    other, never = rule("event.amount > 3000.0", name="larger"), rule("false", name="never")
    test = Backtest(rule(points=2.0), [other, never], [], Thresholds(), RiskLevel.HIGH)
    for one in (
        past(5_000, 0.4, True),  # an alert more
        past(2_000, 0.9, True),  # alerted anyway
        past(2_000, 0.1, False),  # stays below
        past(2_000, 0.1, None),
        past(10, 0.4, True),  # missed
        past(10, 0.9, None),
    ):
        test.meet(one)
    report = test.report(scored=7, complete=True)
    assert (report.events, report.hits, report.errors) == (6, 4, 0)
    assert (report.labelled, report.frauds, report.labelled_hits, report.fraud_hits) == (4, 3, 3, 2)
    assert (report.precision, report.recall) == (2 / 3, 2 / 3)
    assert (report.alerts_before, report.alerts_after) == (2, 3)
    hour = report.hours[0]
    assert (len(report.hours), hour.events, hour.hits, hour.fraud_hits, hour.labelled_hits) == (1, 6, 4, 2, 3)
    assert (hour.alerts_before, hour.alerts_after, report.scored, report.oldest_sequence) == (2, 3, 7, 1)
    assert ([(one.name, one.hits) for one in report.overlap], report.compared_hits) == ([("larger", 1)], 4)
    first = report.examples[0]
    assert (first.level, first.level_with_rule) == (RiskLevel.MEDIUM, RiskLevel.CRITICAL)


def test_a_backtest_without_labels_claims_nothing() -> None:
    test = Backtest(rule(), [], [], Thresholds(), RiskLevel.HIGH)
    test.meet(past(5_000, 0.4, None))
    report = test.report(scored=1, complete=False)
    assert (report.precision, report.recall, report.complete) == (None, None, False)
