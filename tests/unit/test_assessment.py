"""Levels and the thresholds between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from risk.domain.assessment import RiskLevel, Thresholds


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0.0, RiskLevel.LOW), (0.2999, RiskLevel.LOW), (0.3, RiskLevel.MEDIUM), (0.5, RiskLevel.HIGH),
        (0.7999, RiskLevel.HIGH), (0.8, RiskLevel.CRITICAL), (1.0, RiskLevel.CRITICAL),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_level_above_it(score: float, level: RiskLevel) -> None:
    assert Thresholds().level(score) is level


@pytest.mark.parametrize("bounds", [(0.5, 0.5, 0.8), (0.5, 0.3, 0.8), (0.0, 0.5, 0.8), (0.3, 0.5, 1.0)])
def test_thresholds_that_do_not_rise_within_nought_and_one_are_refused(bounds: tuple[float, float, float]) -> None:
    with pytest.raises(ValidationError):
        Thresholds(low=bounds[0], medium=bounds[1], high=bounds[2])


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_score_never_has_a_lower_level(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert Thresholds().level(high).at_least(Thresholds().level(low))
