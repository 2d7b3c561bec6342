"""Money in one reporting currency: for the order of alerts, and for rules."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from risk.alerts.grouping import Finding, add_to, raise_alert
from risk.alerts.policy import AlertPolicy
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates, Rate, minor_unit
from risk.features.catalog import FEATURES
from risk.reason_text.formatting import money
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.reason_template import Template

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
RATES = ExchangeRates(
    base="EUR",
    rates=[
        Rate(currency="INR", since=date(2026, 1, 1), per_base=Decimal(100)),
        Rate(currency="INR", since=date(2026, 6, 1), per_base=Decimal(50)),
    ],
)


def found(amount: str, currency: str) -> Finding:
    at = dict.fromkeys(("occurred_at", "received_at", "scored_at"), AT)
    what = {"event_id": uuid4(), "sequence": 1, "event_type": "payment", "account_id": "a", "reasons": []}
    return Finding.model_validate(
        {**what, **at, "score": 0.7, "level": "HIGH", "amount": Decimal(amount), "currency": currency}
    )


def test_a_rate_holds_from_its_day_on_and_the_first_also_before() -> None:
    days = [datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 5, 31, 23, 59, tzinfo=UTC), AT]
    assert [RATES.to_base(1_000, "INR", day) for day in days] == [10, 10, 20]
    assert RATES.to_base(1_000, "EUR", AT) == RATES.to_base(1_000, None, AT) == RATES.to_base(1_000, "XTS", AT) == 1_000


def test_a_currency_has_one_rate_a_day_and_the_reporting_one_has_none() -> None:
    twice = [RATES.rates[0], RATES.rates[0]]
    for wrong in ({"base": "EUR", "rates": twice}, {"base": "INR", "rates": RATES.rates[:1]}):
        with pytest.raises(ValidationError):
            ExchangeRates.model_validate(wrong)


def test_a_large_number_of_a_small_currency_is_not_first() -> None:
    rupees = raise_alert(found("9000", "INR"))
    euros = raise_alert(found("900", "EUR"))
    assert rupees.rank < euros.rank
    # Of two events in one alert, the larger is the one that is worth more.
    both = add_to(raise_alert(found("9000", "INR")), found("900", "EUR"))
    assert (both.amount, both.currency) == (Decimal(900), "EUR")
    assert [one.currency for one in both.at_risk] == ["EUR", "INR"]
    assert both.rank > euros.rank


def rule(expression: str) -> Rule:
    return Rule(UUID(int=1), 1, "large", Mode.LIVE, 100, expression, 1.0, None, "{amount} {currency} at once")


@pytest.mark.parametrize(
    ("amount", "currency", "hit"), [("9000", "INR", False), ("9000", "EUR", True), (None, None, False)]
)
def test_a_rule_compares_money_in_the_reporting_currency(amount: str | None, currency: str | None, hit: bool) -> None:
    event = {"event_type": "payment", "occurred_at": AT, "account_id": "a", "amount": amount, "currency": currency}
    rules = RuleSet.build([rule("event.amount_base > 500.0")], [], RATES)
    hits = rules.evaluate(event, [math.nan] * len(FEATURES), uuid4())
    assert bool(hits) == hit
    assert not rules.errors
    assert not RuleSet.build([rule("event.amount_base > 500.0")], []).refused


def test_the_shipped_rates_are_sound_and_a_policy_keeps_its_own() -> None:
    assert DEFAULT_RATES.to_base(105, "INR", AT) == pytest.approx(1)
    policy = AlertPolicy(exchange=RATES)
    assert AlertPolicy.model_validate_json(policy.model_dump_json()).exchange == RATES


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("9000", "JPY", "9,000 JPY"),
        ("9000.125", "KWD", "9,000.125 KWD"),
        ("12.5", "KWD", "12.500 KWD"),
        ("9000", "EUR", "9,000.00 EUR"),
        ("0.12345", "EUR", "0.12345 EUR"),
        ("9000", None, "9,000.00"),
    ],
)
def test_money_in_words_has_the_places_of_its_currency_and_no_currency_is_not_named(
    amount: str, currency: str | None, words: str
) -> None:
    assert money(Decimal(amount), currency) == words
    event = {"event_type": "payment", "occurred_at": AT, "amount": amount, "currency": currency}
    assert Template("{amount} {currency} at once").fill(event, []) == f"{words} at once"
    assert Template("It paid {amount} {currency}.").fill(event, []) == f"It paid {words}."


def test_minor_units_are_those_of_the_standard() -> None:
    assert [minor_unit(code) for code in ("EUR", "JPY", "KWD", "CLF", "IQD", "ISK", None)] == [2, 0, 3, 4, 3, 0, 2]
