"""The scorecard: parts that add up, and reasons that say what they mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.assessment import RiskLevel, Thresholds
from risk.features import FEATURES, INDEX, NO_COUNTERPARTY
from risk.profiles import AccountProfile, Observation
from risk.scoring import BASE, MAX_REASONS, score
from risk.windows import DAY
from tests.unit.test_profiles import START, habit, seen


def test_an_event_as_usual_scores_low_and_has_no_reason() -> None:
    observation = seen(START + 20 * DAY)
    value, reasons = score(observation, habit().observe(observation) + NO_COUNTERPARTY)
    assert Thresholds().level(value) is RiskLevel.LOW
    assert reasons == []


def test_a_first_event_is_not_held_against_an_account() -> None:
    value, reasons = score(seen(), AccountProfile().observe(seen()) + NO_COUNTERPARTY)
    assert Thresholds().level(value) is RiskLevel.LOW
    assert reasons == []


def test_a_takeover_scores_critical_and_says_why() -> None:
    observation = seen(START + 20 * DAY, amount=400.0, device_id="burner", country="BR", counterparty_id="mule")
    value, reasons = score(observation, habit().observe(observation) + NO_COUNTERPARTY)
    assert Thresholds().level(value) is RiskLevel.CRITICAL
    assert [reason.code for reason in reasons] == ["amount_unusual", "new_country", "new_device", "new_counterparty"]
    assert reasons[0].text == "amount 400.00 EUR is 20.0× this account's 30-day mean of 20.00 EUR"
    assert (reasons[0].value, reasons[0].baseline) == (400.0, 20.0)


def test_a_burst_of_small_payments_scores_high() -> None:
    profile = habit()
    for place in range(12):
        observation = seen(START + 20 * DAY + place * 20, amount=1.0)
        vector = profile.observe(observation) + NO_COUNTERPARTY
    value, reasons = score(observation, vector)
    assert Thresholds().level(value).at_least(RiskLevel.HIGH)
    assert reasons[0].code == "velocity_1h"


@given(st.lists(st.floats(0, 1e9) | st.just(math.nan), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_any_vector_scores_between_nought_and_one_with_ranked_reasons(vector: list[float]) -> None:
    value, reasons = score(seen(), vector)
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
        return score(Observation("payment", START, "a", None, times * 10, "EUR", None, None), vector).value

    assert value(ratio * more) >= value(ratio)
