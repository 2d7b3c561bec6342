"""What may enter the system, and how what may not is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.errors import InvalidInput
from risk.domain.events import MAX_RECORD_BYTES, Event, Label, as_json, parse_record, to_json

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def raw(**changes: Any) -> bytes:
    fields = {
        "event_id": str(uuid4()),
        "event_type": "payment",
        "occurred_at": "2026-06-01T11:59:00Z",
        "account_id": "account-1",
        "amount": 12.3,
        "currency": "EUR",
        "country": "DE",
        "ip": "192.0.2.7",
        "attributes": {"retries": 2, "note": "ok", "vip": True},
    }
    return json.dumps({key: value for key, value in (fields | changes).items() if value is not ...}).encode()


def test_an_event_survives_the_stream_unchanged() -> None:
    event = parse_record(raw(), NOW)
    assert isinstance(event, Event)
    assert parse_record(to_json(event), NOW) == event


def test_kind_may_be_left_out_of_an_event_but_not_of_a_label() -> None:
    label = {"event_id": str(uuid4()), "fraud": True, "known_at": "2026-06-01T11:00:00Z", "source": "bank"}
    assert isinstance(parse_record(json.dumps(label | {"kind": "label"}).encode(), NOW), Label)
    with pytest.raises(InvalidInput):
        parse_record(json.dumps(label).encode(), NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event_id": " "}, "event_id"),
        ({"event_id": "x" * 65}, "event_id"),
        ({"event_id": 7}, "event_id"),
        ({"event_id": ...}, "event_id"),
        ({"event_type": "Gift card"}, "event_type"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": 1748779140}, "occurred_at"),
        ({"occurred_at": "2026-06-01T11:59:00"}, "occurred_at"),
        ({"occurred_at": "1999-12-31T23:59:59Z"}, "occurred_at"),
        ({"occurred_at": "2026-06-01T12:06:00Z"}, "occurred_at"),
        ({"account_id": ""}, "account_id"),
        ({"account_id": "a\u0000b"}, "account_id"),
        ({"account_id": "a" * 129}, "account_id"),
        ({"amount": -1}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e30"}, "amount"),
        ({"currency": "E"}, "currency"),
        ({"currency": "€"}, "currency"),
        ({"country": "Germany"}, "country"),
        ({"ip": "999.1.1.1"}, "ip"),
        ({"colour": "red"}, "colour"),
        ({"attributes": {"a": {"b": 2**70}}}, "attributes.a.b"),
        ({"attributes": {"a": [1, {"b": 2**70}]}}, "attributes.a.b"),
        ({"attributes": {"a": {"b": {"c": {"d": {"e": 1}}}}}}, "attributes.a.b.c.d"),
        ({"attributes": {"a": [[[[[1]]]]]}}, "attributes.a"),
        ({"attributes": {"a": [0] * 257}}, "attributes.a"),
        ({"attributes": {"a": {"": 1}}}, "attributes.a."),
        ({"attributes": {"a": {str(n): n for n in range(64)}}}, "attributes"),
        ({"attributes": {str(n): n for n in range(65)}}, "attributes"),
        ({"attributes": {str(n): "x" * 1000 for n in range(9)}}, "attributes"),
        ({"attributes": {"a": 2**70}}, "attributes.a"),
    ],
)
def test_what_is_wrong_is_refused_by_the_name_of_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_record(raw(**changes), NOW)
    assert (refusal.value.field or "").startswith(field)
    assert field.split(".", maxsplit=1)[0] in refusal.value.detail


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}" + b" " * MAX_RECORD_BYTES])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_record(data, NOW)


def test_clocks_may_differ_by_five_minutes() -> None:
    near = (NOW + timedelta(minutes=4, seconds=59)).isoformat()
    assert isinstance(parse_record(raw(occurred_at=near), NOW), Event)


def test_an_amount_is_the_decimal_that_was_written() -> None:
    event = parse_record(raw(amount=0.1), NOW)
    assert isinstance(event, Event)
    assert str(event.amount) == "0.1"


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_record(data, NOW)


@given(
    st.builds(
        Event,
        event_id=st.uuids(),
        event_type=st.sampled_from(["payment", "login", "trade", "metric"]),
        occurred_at=st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
        account_id=st.just("a"),
        counterparty_id=st.none() | st.just("c"),
        amount=st.none() | st.decimals(0, 10**9, places=6),
        currency=st.none() | st.just("EUR"),
        channel=st.none() | st.just("web"),
        device_id=st.none() | st.just("d"),
        ip=st.none() | st.ip_addresses().map(str),
        country=st.none() | st.just("DE"),
        attributes=st.dictionaries(st.sampled_from("xyz"), st.none() | st.booleans() | st.integers(-9, 9)),
    )
)
def test_a_record_as_json_is_what_the_stream_carries(event: Event) -> None:
    assert as_json(event) == json.loads(to_json(event))
    label = Label(kind="label", event_id=event.event_id, fraud=True, known_at=event.occurred_at, source="bank")
    assert as_json(label) == json.loads(to_json(label))


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1"])
def test_an_address_is_kept_as_it_is_written(address: str) -> None:
    event = parse_record(raw(ip=address), NOW)
    assert isinstance(event, Event)
    assert event.ip == address


@pytest.mark.parametrize("address", ["192.0.2.07", "192.0.2", "192.0.2.256", " 192.0.2.7", "0x7f.1.1.1", "host"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_record(raw(ip=address), NOW)
    assert refused.value.field == "ip"


NESTED = {
    "basket": {"items": [{"sku": "a-1", "price": 2.5}, {"sku": "b-2", "price": 9.0}], "coupon": None},
    "tags": ["vip"],
}


def test_nested_attributes_and_lists_survive_the_stream_unchanged() -> None:
    event = parse_record(raw(attributes=NESTED), NOW)
    assert isinstance(event, Event)
    assert event.attributes == NESTED
    assert parse_record(to_json(event), NOW) == event


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, "it is nested more than 4 deep"),
        ({"a": [0] * 257}, "it is a list of 257"),
        ({"a": {"b": "x\x00"}}, "it holds the control character U+0000"),
        ({"a": {str(n): n for n in range(64)}}, "it has with those nested in it 65 keys"),
        ({str(n): "x" * 1000 for n in range(9)}, "it has more than 8192 bytes"),
    ],
)
def test_what_is_wrong_with_attributes_is_one_clear_thing(attributes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_record(raw(attributes=attributes), NOW)
    assert refused.value.detail.endswith(sentence)
    assert refused.value.detail.count(";") == 1
