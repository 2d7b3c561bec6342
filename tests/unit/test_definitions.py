"""Definitions: what may be defined, and that each value is what a plain count over all earlier events says."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean, stdev
from typing import Any

import pytest
from pydantic import ValidationError

from risk.domain.assessment import Reason
from risk.domain.errors import InvalidExpression
from risk.domain.event_types import SHIPPED as EVENT_TYPES
from risk.domain.event_types import AmountFlow, Family
from risk.features.catalog import SHIPPED_FEATURES
from risk.features.definitions.definition import Aggregate, Definition, plan
from risk.features.definitions.definition_set import DefinitionSet, Memory
from risk.features.definitions.hyperloglog import STANDARD_ERROR
from risk.features.definitions.shipped import SHIPPED
from risk.features.event_values import number_reader, text_reader
from risk.features.sliding_windows import DAY, HOUR, MINUTE
from risk.reason_text.definition_text import with_usual
from risk.rules.filters import check_filter, definition_set, shipped_set

START = 1_780_000_000 // DAY * DAY


def define(**changes: Any) -> Definition:
    given = {"name": "made_up", "key": ("device_id",), "aggregate": "count", "window": "1h", "unit": "events",
             "meaning": "events on the device"}  # fmt: skip
    return Definition.model_validate(given | changes)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"key": ("colour",)}, "colour is neither a field"),
        ({"key": ("attributes.",)}, "neither a field"),
        ({"key": ("ip", "ip")}, "must differ"),
        ({"key": ("ip", "device_id", "card")}, "at most 2"),
        ({"aggregate": "sum"}, "sum needs one"),
        ({"aggregate": "sum", "field": "ip"}, "needs a number"),
        ({"aggregate": "distinct", "field": "colour"}, "neither a field"),
        ({"field": "amount"}, "count takes none"),
        ({"window": "91d"}, "1m to 90d"),
        ({"window": "0m"}, "pattern"),
        ({"window": "131m"}, "rounder"),
        ({"name": "Upper"}, "pattern"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_written(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        define(**changes)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("event.amount", "must be true or false"),
        ("event.colour == 'red'", "there is no event.colour"),
        ("features.count_1h > 3.0", "a filter reads the event alone"),
        ('in_list("bad", event.ip)', "reads the event alone, not list bad"),
    ],
)
def test_a_filter_is_typed_and_reads_the_event_alone(source: str, complaint: str) -> None:
    with pytest.raises(InvalidExpression, match=complaint):
        check_filter(source)


def test_windows_from_a_minute_to_ninety_days_have_few_equal_steps() -> None:
    for seconds in (MINUTE, 10 * MINUTE, 90 * MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY):
        made = plan(seconds)
        assert made.grain * made.width == seconds
        assert made.width <= 64
        assert made.keep > made.width


def test_the_same_meaning_has_the_same_signature_whatever_it_is_called() -> None:
    assert define().signature == define(name="other", unit="visits").signature
    assert define(window="60m").signature == define(window="1h").signature
    assert define(window="2h").signature != define().signature != define(key=("ip",)).signature


def test_values_that_are_derived_are_read_from_attributes() -> None:
    read = {name: text_reader(name) for name in ("outcome", "card", "email_domain", "attributes.shop.city")}
    sent = {"status": "Declined", "card_id": 4711, "email": "Ada@Mail.Example", "shop": {"city": "Graz"}}
    assert [one({"attributes": sent}) for one in read.values()] == ["declined", "4711", "mail.example", "Graz"]
    assert [one({"attributes": {}}) for one in read.values()] == [None] * 4
    assert read["outcome"]({"attributes": {"success": False}}) == "failed"
    assert read["outcome"]({"attributes": {"approved": False}}) == "declined"
    assert read["attributes.shop.city"]({"attributes": {"shop": "Graz"}}) is None
    number = number_reader("attributes.basket")
    assert [number({"attributes": {"basket": value}}) for value in (3, 2.5, True, "7", None, math.inf)] == [
        3.0, 2.5, 1.0, None, None, None,
    ]  # fmt: skip
    assert number_reader("amount")({"amount": "12.50"}) == 12.5


def an_event(at: int, **fields: Any) -> dict[str, Any]:
    return {"event_type": "payment", "account_id": "ada", "occurred_at": at} | fields


def values(definition: Definition, events: Sequence[dict[str, Any]]) -> list[float]:
    memory = Memory(definition_set([definition]))
    return [memory.observe(event, event["occurred_at"])[0] for event in events]


def test_a_value_is_missing_without_the_key_and_zero_where_nothing_came_before() -> None:
    found = values(define(), [an_event(START), an_event(START, device_id="d"), an_event(START, device_id="d")])
    assert math.isnan(found[0])
    assert found[1:] == [0.0, 1.0]


def test_small_deviations_of_large_values_are_not_lost() -> None:
    spread = define(key=("account_id",), aggregate="stddev", field="attributes.value", window="1d")
    sent = [an_event(START + 900 * step, attributes={"value": 1e12 + step % 2}) for step in range(40)]
    assert values(spread, sent)[-1] == pytest.approx(0.5, rel=0.05)


def test_an_hour_of_the_week_is_compared_with_itself() -> None:
    """Load that is high every Monday at nine is usual then, and unusual on any other day."""
    seasonal = define(key=("account_id", "hour_of_week"), aggregate="ratio", field="attributes.value", window="28d")
    monday = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
    sent: list[dict[str, Any]] = []
    for hour in range(24 * 21 + 10):
        at = monday + timedelta(hours=hour)
        value = 100.0 if hour % 168 == 0 else 10.0
        if hour == 24 * 21 + 9:
            value = 100.0
        sent.append({"account_id": "api", "occurred_at": at.isoformat(), "attributes": {"value": value}})
    memory = Memory(definition_set([seasonal]))
    found = [memory.observe(event, int(datetime.fromisoformat(event["occurred_at"]).timestamp()))[0] for event in sent]
    assert found[168] == found[336] == found[504] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(10.0)
    assert [text_reader(name)(sent[0]) for name in ("hour_of_day", "hour_of_week")] == ["9", "9"]


def test_amounts_are_never_added_across_currencies() -> None:
    total = define(aggregate="sum", field="amount", key=("account_id",))
    paid = [an_event(START, amount="10", currency=code) for code in ("EUR", "USD", "EUR", "USD")]
    assert values(total, [*paid, an_event(START)])[:4] == [0.0, 0.0, 10.0, 10.0]
    assert math.isnan(values(total, [*paid, an_event(START)])[4])


def test_two_fields_together_are_one_key() -> None:
    both = define(key=("account_id", "attributes.city"))
    events = [an_event(START, attributes={"city": city}) for city in ("Graz", "Wien", "Graz")]
    assert values(both, events) == [0.0, 0.0, 1.0]
    assert math.isnan(values(both, [an_event(START)])[0])


def test_values_that_hold_what_joins_a_key_are_not_taken_for_others() -> None:
    (group,) = definition_set([define(key=("attributes.a", "attributes.b"))]).groups
    pairs = [("x\x1fy", "z"), ("x", "y\x1fz"), ("x" * 150, "y" * 150), ("x" * 151, "y" * 149)]
    assert len({group.key_of(an_event(START, attributes={"a": a, "b": b})) for a, b in pairs}) == len(pairs)


AGGREGATES = [
    define(name="counted"),
    define(name="counted_failed", filter='event.outcome == "failed"', window="10m"),
    define(name="summed", aggregate="sum", field="amount", window="7d"),
    define(name="averaged", aggregate="mean", field="attributes.basket", window="1d"),
    define(name="least", aggregate="min", field="attributes.basket", window="2h"),
    define(name="most", aggregate="max", field="attributes.basket", window="2h"),
    define(name="different", aggregate="distinct", field="account_id", window="1d"),
    define(name="latest", aggregate="last", field="attributes.basket", window="30m"),
    define(name="since", aggregate="seconds_since_last", window="1h"),
    define(name="compared", aggregate="ratio", field="amount", window="1d"),
    define(name="deviates", aggregate="stddev", field="attributes.basket", window="2h"),
    define(name="scored", aggregate="zscore", field="attributes.basket", window="1d"),
]


def a_past(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    at = START
    for _ in range(count):
        at += chance.choice((0, 1, 30, 400, 3_000, 20_000))
        late = chance.choice((0, 0, 0, 20, 500))  # within what every window above forgives
        yield {
            "event_type": chance.choice(("payment", "login")),
            "occurred_at": at - late,
            "account_id": f"a{chance.randrange(9)}",
            "device_id": chance.choice((None, "d1", "d2")),
            "amount": chance.choice((None, "10.00", "12.50", "40.00")),
            "currency": "EUR",
            "attributes": {"basket": chance.randrange(50), "success": chance.random() < 0.7},
        }


def naive(one: Definition, event: dict[str, Any], before: Sequence[dict[str, Any]]) -> float:  # noqa: PLR0911
    """The value by its very definition: a look at every earlier event."""
    if event["device_id"] is None or (one.field == "amount" and event["currency"] is None):
        return math.nan
    grain, width = one.plan.grain, one.plan.width
    step = event["occurred_at"] // grain
    exact = one.aggregate in (Aggregate.LAST, Aggregate.SECONDS_SINCE_LAST)
    inside = [
        seen
        for seen in before
        if seen["device_id"] == event["device_id"]
        and (one.filter is None or not seen["attributes"]["success"])
        and (
            event["occurred_at"] - one.window_seconds < seen["occurred_at"] <= event["occurred_at"]
            if exact
            else step - width < seen["occurred_at"] // grain <= step
        )
    ]
    if one.aggregate is Aggregate.COUNT:
        return float(len(inside))
    if one.aggregate is Aggregate.DISTINCT:
        return float(len({seen["account_id"] for seen in inside}))
    if exact:
        if not inside:
            return math.nan
        latest = max(enumerate(inside), key=lambda seen: (seen[1]["occurred_at"], seen[0]))[1]
        if one.aggregate is Aggregate.LAST:
            return float(latest["attributes"]["basket"])
        return float(event["occurred_at"] - latest["occurred_at"])
    read = number_reader(str(one.field))
    numbers = [number for seen in inside if (number := read(seen)) is not None]
    if one.aggregate is Aggregate.SUM:
        return sum(numbers)
    if one.aggregate is Aggregate.RATIO:
        own = read(event)
        return own / mean(numbers) if own is not None and numbers else math.nan
    if one.aggregate in (Aggregate.STDDEV, Aggregate.ZSCORE):
        if len(numbers) < 2:
            return math.nan
        spread, own = stdev(numbers), read(event)
        if one.aggregate is Aggregate.STDDEV:
            return spread
        return (own - mean(numbers)) / spread if own is not None and spread else math.nan
    if not numbers:
        return math.nan
    return {Aggregate.MEAN: mean(numbers), Aggregate.MIN: min(numbers), Aggregate.MAX: max(numbers)}[one.aggregate]


@pytest.mark.parametrize("one", AGGREGATES, ids=lambda one: one.aggregate.value + "_" + one.name)
def test_every_aggregate_is_what_a_look_at_all_earlier_events_says(one: Definition) -> None:
    past = list(a_past(random.Random(one.name), 1_500))
    found = values(one, past)
    for place, event in enumerate(past):
        assert found[place] == pytest.approx(naive(one, event, past[:place]), nan_ok=True), (place, event)


def test_what_is_too_late_is_not_guessed_at() -> None:
    events = [an_event(at, device_id="d") for at in (START + 10 * DAY, START, START + 10 * DAY)]
    first, late, last = values(define(), events)
    assert (first, last) == (0.0, 1.0)
    assert math.isnan(late)


def test_a_state_that_was_written_and_read_goes_on_as_if_nothing_had_happened() -> None:
    past = list(a_past(random.Random(3), 800))
    whole: DefinitionSet = definition_set(AGGREGATES)
    kept: dict[tuple[str, str], bytes] = {}
    memory = Memory(whole)
    for event in past:
        expected = memory.observe(event, event["occurred_at"])
        found = list(whole.unknown)
        passes = whole.passes(event)
        for group in whole.groups:
            key = group.key_of(event)
            if key is None:
                continue
            state = group.load(kept[group.kind, key]) if (group.kind, key) in kept else group.new()
            for place, value in zip(
                group.places, state.observe(event["occurred_at"], group.inputs_of(event, passes))[0], strict=True
            ):
                found[place] = value
            kept[group.kind, key] = state.dump()
        assert found == pytest.approx(expected, nan_ok=True)


def test_a_definition_that_joins_a_key_begins_empty_and_the_others_go_on() -> None:
    old = definition_set([define(name="counted")]).groups[0]
    state = old.new()
    for _ in range(3):
        state.observe(START, (1,))
    grown = definition_set([define(name="joined", window="2h"), define(name="counted")]).groups[0]
    assert grown.load(state.dump()).observe(START, (1, 1))[0] == [0.0, 3.0]
    with pytest.raises(ValueError, match="no state of definitions"):
        grown.load(b"\x01")


@pytest.mark.parametrize("accounts", [200, 2_000, 50_000])
def test_many_different_values_are_counted_in_little_memory(accounts: int) -> None:
    group = definition_set([define(aggregate="distinct", field="account_id", window="1d")]).groups[0]
    state, read, value = group.new(), group.inputs_of, 0.0
    for number in range(accounts):
        event = an_event(START, device_id="d", account_id=f"account-{number}")
        (value,) = state.observe(START + number % (20 * HOUR), read(event, ()))[0]
    error = 0 if accounts < 256 else 4 * STANDARD_ERROR
    assert value == pytest.approx(accounts - 1, rel=error, abs=0)
    assert len(state.dump()) < 25_000
    assert group.load(state.dump()).observe(START + 20 * HOUR, (None,))[0] == pytest.approx([accounts], rel=error)


def test_memory_of_a_key_is_bounded_whatever_is_sent() -> None:
    whole = shipped_set()
    chance, memory = random.Random(1), Memory(whole)
    for _ in range(20_000):
        attributes = {"card": f"c{chance.randrange(5_000)}", "success": False, "email": "a@b.example"}
        event = an_event(
            0, event_type=chance.choice(("payment", "login")), device_id="d", ip="10.0.0.1", amount="5", currency="EUR",
            account_id=f"a{chance.randrange(5_000)}", counterparty_id="shop", attributes=attributes,
        )  # fmt: skip
        memory.observe(event, START + chance.randrange(60 * DAY))
    assert max(len(state.dump()) for state in memory._states.values()) < 50_000


def test_what_is_usual_for_a_key_is_the_mean_of_its_periods() -> None:
    group = definition_set([define(aggregate="distinct", field="account_id", window="7d")]).groups[0]
    state = group.new()
    for day in range(5):
        for account in ("ada", "bob"):
            state.observe(START + day * DAY, group.inputs_of(an_event(0, account_id=account), ()))
    for number in range(30):
        found, usual = state.observe(START + 5 * DAY, group.inputs_of(an_event(0, account_id=f"new-{number}"), ()))
    assert found == [31.0]
    assert usual is not None
    assert usual[0] == pytest.approx(1.8, abs=0.3)
    reason = Reason("model_made_up", "31 events on this device in the 7 days before", 1.0, "made_up", 31.0)
    (told,) = with_usual([reason], {"made_up": 1.8})
    assert told.text == "31 events on this device in the 7 days before; usually 1.8"
    assert told.baseline == 1.8
    assert with_usual([reason], {}) == [reason]


@pytest.mark.parametrize(
    ("value", "usual", "is_told"), [(5.0, 5.0, False), (7.0, 5.0, False), (8.0, 5.0, True), (0.0, 3.0, True)]
)
def test_what_is_usual_for_its_key_is_no_reason(value: float, usual: float, is_told: bool) -> None:
    reason = Reason("model_declines", "5 declines at this counterparty in the hour before", 1.0, "declines", value)
    assert bool(with_usual([reason], {"declines": usual})) is is_told


def test_the_shipped_definitions_see_a_device_farm_and_tried_cards() -> None:
    memory = Memory(shipped_set())
    for number in range(23):
        farmed = memory.observe(an_event(START, event_type="login", account_id=f"a{number}", device_id="farm"), START)
        tried = memory.observe(
            an_event(START, device_id="phone", counterparty_id="shop",
                     attributes={"card": f"c{number}", "outcome": "declined"}), START
        )  # fmt: skip
    by_name = {one.name: place for place, one in enumerate(SHIPPED)}
    assert farmed[by_name["device_accounts_7d"]] == 22
    assert tried[by_name["device_cards_1d"]] == tried[by_name["counterparty_declines_1h"]] == 22
    assert tried[by_name["account_declines_1d"]] == 22
    assert math.isnan(farmed[by_name["card_events_10m"]])
    assert [one.name for one in SHIPPED] == [one.name for one in SHIPPED_FEATURES]


@pytest.mark.parametrize(
    ("event_type", "feature"),
    [
        (name, "account_sum_in_7d" if kind.amounts is AmountFlow.INCOMING else "account_sum_out_7d")
        for name, kind in EVENT_TYPES.items()
        if kind.family is Family.PAYMENT and kind.amounts is not AmountFlow.NONE
    ],
)
def test_money_in_is_apart_from_money_out_for_every_type_of_event_that_moves_it(event_type: str, feature: str) -> None:
    moved = an_event(START, event_type=event_type, amount=250, currency="EUR")
    later = an_event(START + HOUR, event_type="payment", amount=240, currency="EUR")
    sums = {one.name: values(one, [moved, later])[1] for one in SHIPPED if one.name.startswith("account_sum_")}
    other = next(name for name in sums if name != feature)
    assert sums == {feature: 250, other: 0}
