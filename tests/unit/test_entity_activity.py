"""What an account did lately, summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from risk.domain.assessment import RiskLevel
from risk.domain.event_ids import EventId
from risk.monitoring.entity_activity import POINTS, RELATED, Seen, bins, summarise

AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def seen(back: int = 0, score: float = 0.1, level: RiskLevel = RiskLevel.LOW, **changes: Any) -> Seen:
    """One assessment, of the event that occurred ``back`` minutes ago."""
    values: dict[str, Any] = {
        "event_id": EventId.of(str(uuid4())),
        "event_type": "payment",
        "occurred_at": AT - timedelta(minutes=back),
        "score": score,
        "level": level,
        "other": "shop",
        "amount": Decimal(10),
        "currency": "EUR",
        "channel": "web",
        "country": "DE",
        "device_id": None,
        "fraud": None,
    }
    return Seen(**values | changes)


def test_levels_labels_and_values_are_counted() -> None:
    found = summarise(
        "ada",
        [
            seen(0, 0.9, RiskLevel.CRITICAL, fraud=True, country="FR"),
            seen(1, fraud=False),
            seen(2, event_type="login", amount=None, currency=None, channel=None),
        ],
        AT - timedelta(days=9),
        complete=False,
    )
    assert found.by_level == {"LOW": 2, "MEDIUM": 0, "HIGH": 0, "CRITICAL": 1}
    assert (found.labels.fraud, found.labels.legitimate) == (1, 1)
    assert [(one.value, one.events) for one in found.countries] == [("DE", 2), ("FR", 1)]
    assert [(one.value, one.events) for one in found.types] == [("payment", 2), ("login", 1)]
    assert [(one.value, one.events) for one in found.channels] == [("web", 2)]
    assert found.devices == []
    assert (found.first_at, found.last_at, found.events) == (AT - timedelta(days=9), AT, 3)


def test_scores_are_of_the_newest_events_oldest_first() -> None:
    found = summarise("ada", [seen(back) for back in range(POINTS + 5)], AT, complete=True)
    times = [point.occurred_at for point in found.scores]
    assert times == sorted(times)
    assert len(times) == POINTS
    assert times[-1] == AT


def test_whom_it_met_comes_most_met_first_with_the_riskiest_meeting() -> None:
    found = summarise(
        "ada",
        [seen(0, 0.2), seen(1, 0.7, RiskLevel.HIGH), seen(2, 0.3), seen(3, other="kiosk"), seen(4, other=None)],
        AT,
        complete=True,
    )
    assert [(one.id, one.events, one.top_score, one.top_level) for one in found.related] == [
        ("shop", 3, 0.7, "HIGH"),
        ("kiosk", 1, 0.1, "LOW"),
    ]
    many = [seen(0, other=f"shop {number}") for number in range(RELATED + 3)]
    assert len(summarise("ada", many, AT, complete=True).related) == RELATED


def test_amounts_of_each_currency_stay_apart() -> None:
    paid = [seen(0, amount=Decimal(amount)) for amount in ("1.50", "4", "30")]
    found = summarise("ada", [*paid, seen(0, amount=Decimal(900), currency="JPY")], AT, complete=True).amounts
    assert [(one.currency, one.events, one.total, one.median, one.largest) for one in found] == [
        ("EUR", 3, Decimal("35.50"), Decimal(4), Decimal(30)),
        ("JPY", 1, Decimal(900), Decimal(900), Decimal(900)),
    ]
    assert [(int(one.lower), int(one.upper), one.events) for one in found[0].bins] == [
        (1, 2, 1),
        (2, 5, 1),
        (5, 10, 0),
        (10, 20, 0),
        (20, 50, 1),
    ]


@pytest.mark.parametrize("amounts", [["0"], ["-5"], ["-5", "0"], ["-3", "7"], ["0.01"], ["0", "1000000"]])
def test_nothing_and_less_have_bins_too(amounts: list[str]) -> None:
    values = [Decimal(amount) for amount in amounts]
    assert sum(one.events for one in bins(values)) == len(values)


@given(some.lists(some.decimals(min_value=-(10**9), max_value=10**9, places=2), min_size=1))
def test_every_amount_is_in_the_one_bin_that_it_lies_in(values: list[Decimal]) -> None:
    values.sort()
    found = bins(values)
    assert [(one.lower, one.upper) for one in found] == sorted({(one.lower, one.upper) for one in found})
    assert all(one.lower < one.upper for one in found)
    for one in found:
        assert one.events == sum(one.lower <= value < one.upper for value in values)
    assert sum(one.events for one in found) == len(values)
