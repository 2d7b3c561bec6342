"""The order in which alerts are dealt with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from risk.alerts.priority import DOUBLING_HOURS, rank, significance

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CRITICAL, HIGH = 3, 2


def test_riskier_richer_and_older_alerts_come_first() -> None:
    base = rank(HIGH, 0.7, 100, NOW)
    assert rank(HIGH, 0.79, 100, NOW) > base
    assert rank(CRITICAL, 0.7, 100, NOW) > base
    assert rank(HIGH, 0.7, 10_000, NOW) > base
    assert rank(HIGH, 0.7, 0, NOW) < base
    assert rank(HIGH, 0.7, 100, NOW - timedelta(minutes=1)) > base


def test_age_doubles_the_product_every_eight_hours() -> None:
    older = rank(HIGH, 0.7, 0, NOW - timedelta(hours=DOUBLING_HOURS))
    assert older - rank(HIGH, 0.7, 0, NOW) == pytest.approx(1.0)


def test_small_and_old_overtakes_large_and_new_after_a_day() -> None:
    large = rank(CRITICAL, 0.95, 10_000, NOW)
    assert rank(HIGH, 0.6, 10, NOW - timedelta(hours=8)) < large
    assert rank(HIGH, 0.6, 10, NOW - timedelta(hours=30)) > large


def test_no_money_counts_for_nothing() -> None:
    assert significance(0) == significance(-5) == significance(float("nan")) == 0 < significance(0.01)
