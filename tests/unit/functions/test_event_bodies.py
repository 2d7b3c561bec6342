"""Whatever is posted as events is either what the engine reads, or a refusal; never an error of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.events.body_parsing import RefusedEvent, parse
from risk.domain.errors import RiskError
from risk.domain.events import Event, parse_record, to_json

NOW = datetime(2026, 6, 1, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = {
    "event_id": st.uuids().map(str) | JSON,
    "event_type": st.sampled_from(["payment", "login", "trade", "metric"]) | JSON,
    "occurred_at": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | JSON,
    "account_id": st.text(max_size=130) | JSON,
    "amount": st.decimals(allow_nan=True).map(str) | st.floats() | JSON,
    "currency": st.sampled_from(["EUR", "USD", "XXX", "EURO"]) | JSON,
    "attributes": st.dictionaries(st.text(max_size=10), JSON, max_size=4) | JSON,
}
REQUIRED = ("account_id", "event_type", "occurred_at")
ALMOST_EVENTS = st.fixed_dictionaries(
    {name: FIELDS[name] for name in REQUIRED},
    optional={name: strategy for name, strategy in FIELDS.items() if name not in REQUIRED},
)


def accepted(raw: bytes) -> list[Event]:
    try:
        found = parse(raw, NOW)
    except RiskError:
        return []
    listed = found if isinstance(found, list) else [found]
    return [item for item in listed if not isinstance(item, RefusedEvent)]


@given(st.binary(max_size=300) | JSON.map(json.dumps).map(str.encode))
def test_any_bytes_are_taken_or_refused(raw: bytes) -> None:
    accepted(raw)


@given(ALMOST_EVENTS | st.lists(ALMOST_EVENTS, min_size=1, max_size=3))
def test_what_is_taken_is_what_the_engine_reads(body: Any) -> None:
    for event in accepted(json.dumps(body).encode()):
        read = parse_record(to_json(event), NOW)
        assert Event.model_validate(event.model_dump()) == read


@pytest.mark.parametrize("amount", ["123456789.123456", "0.1", "840.00"])
def test_amounts_that_come_as_numbers_are_what_was_written_to_15_digits(amount: str) -> None:
    body = f'{{"event_type":"payment","occurred_at":"2026-01-31T09:30:00Z","account_id":"a","amount":{amount}}}'
    [event] = accepted(body.encode())
    assert event.amount == Decimal(amount)


@given(st.lists(ALMOST_EVENTS, min_size=1, max_size=5), st.sampled_from([None, 1, 3]))
def test_an_item_of_a_list_is_what_it_is_alone(body: list[dict[str, Any]], indent: int | None) -> None:
    found = parse(json.dumps(body, indent=indent).encode(), NOW)
    assert isinstance(found, list)
    ids = [each.get("event_id") for each in body]
    for item, value in zip(found, body, strict=True):
        if isinstance(value.get("event_id"), str) and ids.count(value["event_id"]) == 1:
            alone = accepted(json.dumps(value).encode())
            assert alone == ([] if isinstance(item, RefusedEvent) else [item])
