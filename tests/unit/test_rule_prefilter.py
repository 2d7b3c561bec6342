"""Screens: what they read off an expression, and that they never hide a hit, nor an error that counts."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.domain.currencies import DEFAULT_RATES
from risk.features.catalog import BUILT_IN, FEATURES, INDEX
from risk.rules.activation import Activations
from risk.rules.cel import check
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.lists import ListEntry, ListSubject
from risk.rules.prefilter import AMOUNT, AllOf, AnyOf, Listed, Number, OneOf, predicate
from streaming.engine.stages.rule_prefilter import Screening

BASE: dict[str, Any] = {
    "event_type": "payment",
    "occurred_at": "2026-01-31T09:30:00Z",
    "account_id": "ada",
    "attributes": {"basket": 3},
}
LISTS = (
    ListEntry("bad_ips", ListSubject.IP, "10.0.0.0/8", None),
    ListEntry("bad_accounts", ListSubject.ACCOUNT, "ada", None),
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("event.amount > 10.0", Number(AMOUNT, ">", 10.0)),
        ("-2.5 <= features.count_1h", Number("count_1h", ">=", -2.5)),
        ("event.country == 'DE' // a remark && x", OneOf("country", frozenset({"DE"}))),
        ('"DE" == event.country', OneOf("country", frozenset({"DE"}))),
        ("event.country in ['DE', \"FR\"]", OneOf("country", frozenset({"DE", "FR"}))),
        ("in_list('bad_ips', event.ip)", Listed("ip", "bad_ips")),
        ("event.hour > 3 && event.amount != 1.0", Number(AMOUNT, "!=", 1.0)),
        (
            "(event.amount > 1.0 || event.currency == 'EUR') && features.night == 1.0",
            AllOf(
                (
                    AnyOf((Number(AMOUNT, ">", 1.0), OneOf("currency", frozenset({"EUR"})))),
                    Number("night", "==", 1.0),
                )
            ),
        ),
        ("event.amount > 1.0 || event.hour > 3", None),
        ("!(event.amount > 1.0)", None),
        ("event.amount > 1.0 ? true : false", None),
        ("event.amount + 1.0 > 2.0", None),
        ("event.amount > features.count_1h", None),
        ("event.currency == event.country", None),
        ("event.attributes.basket == 3", None),
        ("event.channel.startsWith('w')", None),
    ],
)
def test_what_is_read_off_an_expression(expression: str, expected: object) -> None:
    assert check(expression).screen == expected


NUMBERS = st.sampled_from(["0.0", "1.0", "2.5", "-1.0", "1e3"])
COMPARISONS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
NAMES = st.sampled_from(["event.amount", "features.count_1h", "features.night", "features.gap_seconds"])
UNITS = st.one_of(
    st.builds(lambda name, sign, number: f"{name} {sign} {number}", NAMES, COMPARISONS, NUMBERS),
    st.builds(lambda name, sign, number: f"{number}{sign}{name}", NAMES, COMPARISONS, NUMBERS),
    st.sampled_from(
        [
            "event.country == 'DE'",
            "event.country in ['DE', 'FR']",
            "'web' == event.channel",
            "in_list('bad_ips', event.ip)",
            "in_list('bad_accounts', event.account_id)",
            "event.hour > 8",
            "event.attributes.basket == 3",
            "event.attributes.missing == 3",
            "1 / 0 == 1",
            "event.channel.startsWith('w')",
            "features.count_1h + features.night > 1.0",
        ]
    ),
)
EXPRESSIONS = st.recursive(
    UNITS,
    lambda inner: st.one_of(
        st.builds(lambda a, b: f"{a} && {b}", inner, inner),
        st.builds(lambda a, b: f"{a} || {b}", inner, inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a: f"!({a})", inner),
        st.builds(lambda a, b, c: f"(({a}) ? ({b}) : ({c}))", inner, inner, inner),
    ),
    max_leaves=6,
)
VALUES = st.sampled_from([0.0, 1.0, 2.5, -1.0, 1000.0, math.nan])
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.sampled_from(["0", "1.00", "2.5", "1000"]),
        "country": st.sampled_from(["DE", "FR", "US"]),
        "channel": st.sampled_from(["web", "app"]),
        "ip": st.sampled_from(["10.1.2.3", "192.0.2.1"]),
        "account_id": st.sampled_from(["ada", "bob"]),
    },
)


def unscreened(expression: str, rules: RuleSet, event: dict[str, Any], vector: list[float]) -> object:
    """What CEL says of it when it is asked in any case: true, false or an error."""
    checked = check(expression)
    activations = Activations([checked], rules.lists, DEFAULT_RATES, BUILT_IN)
    return activations.run(checked)(activations.of(event, vector)).value()


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, st.lists(st.tuples(EVENTS, VALUES, VALUES, VALUES), min_size=1, max_size=4))
def test_screening_changes_neither_hits_nor_errors(expression: str, cases: list[tuple[Any, ...]]) -> None:
    rule = Rule(uuid4(), 1, "drawn", Mode.LIVE, 100, expression, 1.0, None, "drawn")
    rules = RuleSet.build([rule], LISTS)
    assert not rules.refused
    events, vectors, amounts = [], [], []
    for event, count, night, gap in cases:
        vector = [0.0] * len(FEATURES)
        for name, value in (("count_1h", count), ("night", night), ("gap_seconds", gap)):
            vector[INDEX[name]] = value
        events.append(BASE | event)
        vectors.append(vector)
        amounts.append(float(event["amount"]) if "amount" in event else math.nan)
    possible = Screening(rules.screens, rules.lists).possible(events, vectors, amounts)
    checked = check(expression)
    for event, vector, places in zip(events, vectors, possible, strict=True):
        said = unscreened(expression, rules, event, vector)
        if checked.exact and checked.screen is not None:
            assert predicate(checked.screen, rules.lists)(event, vector) is (said is True), (expression, event, said)
        for asked in (None, places):
            errors = rules.errors[rule.rule_id]
            hits = rules.evaluate(event, vector, uuid4(), asked)
            assert (len(hits) == 1) is (said is True), (expression, event, said)
            assert (rules.errors[rule.rule_id] > errors) is (said is not True and said is not False), expression
