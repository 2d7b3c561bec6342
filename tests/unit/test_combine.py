"""The scorecard: parts that add up, and reasons that say what they mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.assessment import RiskLevel, Thresholds
from risk.features.catalog import FEATURES, INDEX, NO_COUNTERPARTY
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.observation import Observation
from risk.features.sliding_windows import DAY
from risk.rules.effects import probability
from risk.rules.evaluator import Mode, RuleHit
from risk.scoring.combine import MAX_REASONS, judge
from risk.scoring.scorecard import BASE, SCORECARD
from risk.scoring.scorer import Score
from tests.unit.test_profiles import START, habit, seen


def score(event: Observation, vector: Sequence[float]) -> Score:
    (only,) = SCORECARD.score([event], [vector])
    return only


def test_an_event_as_usual_scores_low_and_has_no_reason() -> None:
    observation = seen(START + 20 * DAY)
    judged = judge(score(observation, habit().observe(observation) + NO_COUNTERPARTY), [], Thresholds())
    assert judged.level is RiskLevel.LOW
    assert judged.reasons == []


def test_a_first_event_is_not_held_against_an_account() -> None:
    judged = judge(score(seen(), AccountProfile().observe(seen()) + NO_COUNTERPARTY), [], Thresholds())
    assert judged.level is RiskLevel.LOW
    assert judged.reasons == []


def test_a_takeover_scores_critical_and_says_why() -> None:
    observation = seen(START + 20 * DAY, amount=400.0, device_id="burner", country="BR", counterparty_id="mule")
    _, level, reasons = judge(score(observation, habit().observe(observation) + NO_COUNTERPARTY), [], Thresholds())
    assert level is RiskLevel.CRITICAL
    assert [reason.code for reason in reasons] == ["amount_unusual", "new_country", "new_device", "new_counterparty"]
    assert reasons[0].text == "amount 400.00 EUR is 20.0× this account's 30-day mean of 20.00 EUR"
    assert (reasons[0].value, reasons[0].baseline) == (400.0, 20.0)


def test_a_burst_of_small_payments_scores_high() -> None:
    profile = habit()
    for place in range(12):
        observation = seen(START + 20 * DAY + place * 20, amount=1.0)
        vector = profile.observe(observation) + NO_COUNTERPARTY
    _, level, reasons = judge(score(observation, vector), [], Thresholds())
    assert level.at_least(RiskLevel.HIGH)
    assert reasons[0].code == "velocity_1h"


@given(st.lists(st.floats(0, 1e9) | st.just(math.nan), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_any_vector_scores_between_nought_and_one_with_ranked_reasons(vector: list[float]) -> None:
    value, level, reasons = judge(score(seen(), vector), [], Thresholds())
    assert level is Thresholds().level(value)
    told = [reason.contribution for reason in reasons]
    assert 0.0 < value <= 1.0
    assert len(reasons) <= MAX_REASONS
    assert told == sorted(told, reverse=True)
    assert all(points > 0 for points in told)
    if len(reasons) < MAX_REASONS:
        assert math.log(value / (1 - value)) == pytest.approx(BASE + sum(told))


@given(st.floats(1.6, 1e6), st.floats(1.01, 100))
def test_a_larger_amount_never_scores_lower(ratio: float, more: float) -> None:
    def value(times: float) -> float:
        vector = [math.nan] * len(FEATURES)
        vector[INDEX["history_events"]], vector[INDEX["amount_to_mean_30d"]] = 50.0, times
        vector[INDEX["amount"]], vector[INDEX["amount_mean_30d"]] = times * 10, 10.0
        return score(Observation("payment", START, "a", None, times * 10, "EUR", None, None), vector).logit

    assert value(ratio * more) >= value(ratio)


def hit(points: float = 0.0, min_level: RiskLevel | None = None, mode: Mode = Mode.LIVE) -> RuleHit:
    return RuleHit(uuid4(), 1, mode, points, min_level, "because", "rule_test")


HITS = st.lists(
    st.builds(hit, st.floats(-5, 5), st.none(), st.sampled_from(Mode))
    | st.builds(hit, st.just(0.0), st.sampled_from(RiskLevel), st.sampled_from(Mode)),
    max_size=6,
)


def test_points_of_a_live_rule_are_added_and_told() -> None:
    value, _, reasons = judge(Score(-2.0, []), [hit(3.0), hit(-0.5)], Thresholds())
    assert value == pytest.approx(probability(0.5))
    assert [(reason.code, reason.contribution) for reason in reasons] == [("rule_test", 3.0)]


def test_a_rule_that_asks_for_a_level_lifts_the_score_to_its_bound() -> None:
    value, level, reasons = judge(Score(-2.0, []), [hit(min_level=RiskLevel.HIGH)], Thresholds())
    assert (value, level) == (0.5, RiskLevel.HIGH)
    assert reasons[0].contribution == pytest.approx(2.0)


def test_a_rule_in_shadow_changes_nothing() -> None:
    base = Score(-2.0, [])
    hits = [hit(5.0, mode=Mode.SHADOW), hit(min_level=RiskLevel.CRITICAL, mode=Mode.SHADOW)]
    assert judge(base, hits, Thresholds()) == judge(base, [], Thresholds())


@given(st.floats(-800, 800), HITS)
def test_score_and_level_agree_and_no_live_level_is_undercut(logit: float, hits: list[RuleHit]) -> None:
    value, level, reasons = judge(Score(logit, []), hits, Thresholds())
    assert level is Thresholds().level(value)
    assert all(level.at_least(one.min_level) for one in hits if one.min_level and one.mode is Mode.LIVE)
    assert all(reason.contribution > 0 for reason in reasons)
