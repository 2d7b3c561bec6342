"""The order in which alerts are dealt with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from risk.alerts.priority import DOUBLING_HOURS, rank, significance

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CRITICAL, HIGH = 3, 2


def test_riskier_richer_and_older_alerts_come_first() -> None:
    base = rank(HIGH, 0.7, Decimal(100), "EUR", NOW)
    assert rank(HIGH, 0.79, Decimal(100), "EUR", NOW) > base
    assert rank(CRITICAL, 0.7, Decimal(100), "EUR", NOW) > base
    assert rank(HIGH, 0.7, Decimal(10_000), "EUR", NOW) > base
    assert rank(HIGH, 0.7, None, None, NOW) < base
    assert rank(HIGH, 0.7, Decimal(100), "EUR", NOW - timedelta(minutes=1)) > base


def test_age_doubles_the_product_every_eight_hours() -> None:
    older = rank(HIGH, 0.7, None, None, NOW - timedelta(hours=DOUBLING_HOURS))
    assert older - rank(HIGH, 0.7, None, None, NOW) == pytest.approx(1.0)


def test_small_and_old_overtakes_large_and_new_after_a_day() -> None:
    large = rank(CRITICAL, 0.95, Decimal(10_000), "EUR", NOW)
    assert rank(HIGH, 0.6, Decimal(10), "EUR", NOW - timedelta(hours=8)) < large
    assert rank(HIGH, 0.6, Decimal(10), "EUR", NOW - timedelta(hours=30)) > large


def test_money_is_compared_in_minor_units() -> None:
    assert significance(Decimal(100), "EUR") == significance(Decimal(10_000), "JPY") == significance(Decimal(10), "KWD")
    assert significance(None, None) == significance(Decimal(0), "EUR") == significance(Decimal(-5), "EUR") == 0
