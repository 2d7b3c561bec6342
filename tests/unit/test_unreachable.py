"""Rules that can never hit, or that say nothing, are told when they are written."""

from __future__ import annotations

import pytest

from risk.rules.cel import check
from risk.rules.lists import ListSubject
from risk.rules.unreachable import unreachable

SUBJECTS = {
    "bad_nets": ListSubject.IP,
    "embargoed": ListSubject.COUNTRY,
    "mules": ListSubject.ACCOUNT,
    "shops": ListSubject.COUNTERPARTY,
    "emulators": ListSubject.DEVICE,
}


def faults(source: str) -> list[str]:
    check(source, SUBJECTS)
    return [fault.detail for fault in unreachable(source, SUBJECTS)]


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ('in_list("bad_nets", event.account_id)', "ask for event.ip"),
        ('in_list("mules", event.ip)', "ask for event.account_id"),
        ('in_list("emulators", event.account_id)', "ask for event.device_id"),
        ('in_list("embargoed", event.currency)', "ask for event.country"),
        ('event.currency == "eur"', "'EUR'"),
        ('"eur" == event.currency && event.amount > 5.0', "'EUR'"),
        ('event.currency != "eur"', "'EUR'"),
        ('event.currency in ["USD", "eur"]', "'EUR'"),
        ('event.currency.startsWith("e")', "'E'"),
        ('event.country == "de"', "'DE'"),
        ('event.country == "Germany"', "no event's event.country"),
        ('event.event_type == "tranfser"', "did you mean 'transfer'?"),
        ('event.event_type in ["payment", "Login"]', "did you mean 'login'?"),
        ('event.event_type.contains("wire")', "register one first"),
        ('event.family == "money"', "payment, login, trade, metric, other"),
        ('event.amount_flow == "in"', "outgoing, incoming, none"),
        ('event.ip == "10.0.0.0/8"', "in_list"),
        ('event.ip == "2001:DB8::1"', "'2001:db8::1'"),
        ('event.ip == "::ffff:1.2.3.4"', "'1.2.3.4'"),
        ('event.account_id == " ada "', "'ada'"),
        ('event.outcome == "approved"', "'succeeded'"),
        ('event.outcome == "Declined"', "'declined'"),
        ('event.email_domain == "Example.com"', "'example.com'"),
        ("event.hour > 23", "0 to 23"),
        ("event.hour == 24", "0 to 23"),
        ("24 <= event.hour", "0 to 23"),
        ("event.hour in [22, 24]", "0 to 23"),
        ("event.weekday == 0", "1 to 7"),
        ("event.weekday < 1", "1 to 7"),
        ("event.amount < 0.0", "0 and more"),
        ("event.amount <= -1.0", "0 and more"),
        ("features.new_device == 2.0", "0 to 1"),
        ("features.new_device == 0.5", "0 to 1"),
        ("features.night > 1.0", "0 to 1"),
        ("features.count_1h < 0.0", "0 and more"),
        ("features.hour_share > 5.0", "0 to 1"),
        ('event.occurred_at.getHours("Mars/Base") < 6', "Invalid timezone"),
        ('event.occurred_at > timestamp("yesterday")', "conversion failed"),
        ('event.occurred_at > timestamp("2026-01-31T00:00:00Z") + duration("1 hour")', "conversion failed"),
        ('int("x") == 1', "cannot convert"),
        ("event.amount > 5.0 || event.hour == 25", "0 to 23"),
    ],
)
def test_what_can_never_hit_is_told_with_what_was_meant(source: str, advice: str) -> None:
    found = faults(source)
    assert len(found) == 1, found
    assert advice in found[0]


@pytest.mark.parametrize(
    "source",
    [
        'in_list("bad_nets", event.ip) || in_list("embargoed", event.country)',
        'in_list("mules", event.counterparty_id)',  # a payee may be an account
        'in_list("shops", event.account_id) && in_list("emulators", event.device_id)',
        'in_list("emulators", event.card)',
        'event.currency == "EUR" || event.currency == ""',
        'event.currency == "DOGE"',  # unknown codes are kept as they come
        'event.currency in ["EUR", "USD"] && event.country != "DE"',
        'event.country.startsWith("D")',
        'event.event_type == "payment" && event.event_type.startsWith("pay")',
        'event.ip == "10.0.0.1" || event.ip.startsWith("10.")',
        'event.outcome == "declined" || event.outcome == "chargeback"',
        "event.hour >= 22 || event.hour < 6",
        "event.hour <= 0 || 23 == event.hour",
        "event.hour + 4 > 24",
        "2 * event.hour > 30",
        "24 == event.hour + 3",
        "24 - event.hour < 3",
        "event.hour < 20 + 4",
        "features.new_device == 1.0 && features.night != 0.0",
        "features.count_1h >= 0.0",  # it is known
        "event.amount == 0.0 && features.amount_to_usual > 100.0",
        'event.occurred_at.getHours("Europe/Berlin") < 6 || event.occurred_at.getHours("+02:00") < 6',
        'event.occurred_at > timestamp("2026-01-31T00:00:00Z") + duration("1h")',
        "event.channel == \"event.currency == 'eur'\"",
        'size(event.currency) == 30 && event.account_id == "Ada"',
    ],
)
def test_what_can_hit_is_not_refused(source: str) -> None:
    assert faults(source) == []


def test_the_place_of_the_constant_is_told() -> None:
    [fault] = unreachable('event.amount > 5.0 &&\n  event.currency == "eur"', SUBJECTS)
    assert (fault.line, fault.column) == (2, 21)
