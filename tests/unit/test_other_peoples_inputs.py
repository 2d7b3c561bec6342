"""Inputs of the field: each of these was taken wrongly, in silence, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, ip_address, ip_network
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.http.conventions.problems import InvalidFields
from functions.api.labels.body_parsing import parse
from functions.webhooks.sending import LONGEST_ASKED, _retry_after
from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label
from risk.rules.lists import ListEntry, ListSubject, Membership, checked_value
from streaming.training.labelled_examples import from_records

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def on_list(subject: ListSubject, value: str) -> Membership:
    return Membership([ListEntry("known", subject, value, None)])


@pytest.mark.parametrize(
    ("subject", "entry", "value"),
    [
        (ListSubject.IP, "1.2.3.0/24", "::ffff:1.2.3.4"),
        (ListSubject.IP, "::ffff:1.2.3.0/120", "1.2.3.4"),
        (ListSubject.IP, "::ffff:1.2.3.4", "1.2.3.4"),
        (ListSubject.IP, "2001:DB8::/32", "2001:db8::1"),
        (ListSubject.COUNTRY, "de", "DE"),
        (ListSubject.COUNTRY, " DE ", "de"),
        (ListSubject.ACCOUNT, " ada ", "ada"),
        (ListSubject.ACCOUNT, "Zoe\u0308", "Zo\u00eb"),
    ],
)
def test_an_entry_and_an_events_field_meet_in_the_same_normal_form(
    subject: ListSubject, entry: str, value: str
) -> None:
    assert on_list(subject, entry).holds("known", value, 0.0)
    assert on_list(subject, checked_value(subject, entry)).holds("known", value, 0.0)


@pytest.mark.parametrize(
    ("subject", "entry"),
    [
        (ListSubject.IP, "fe80::1%eth0"),
        (ListSubject.IP, "1.2.3.4/24"),
        (ListSubject.IP, "somewhere"),
        (ListSubject.COUNTRY, "Germany"),
        (ListSubject.COUNTRY, "ZZ"),
        (ListSubject.ACCOUNT, "  "),
        (ListSubject.ACCOUNT, "a\u200bda"),
        (ListSubject.DEVICE, "d" * 129),
    ],
)
def test_an_entry_that_can_never_match_is_refused_with_the_reason(subject: ListSubject, entry: str) -> None:
    with pytest.raises(InvalidInput):
        checked_value(subject, entry)
    assert not on_list(subject, entry).holds("known", entry, 0.0)


@given(number=st.integers(0, 2**32 - 1), length=st.integers(0, 32), other=st.integers(0, 2**32 - 1))
def test_a_range_holds_the_same_addresses_however_both_are_written(number: int, length: int, other: int) -> None:
    network = IPv4Network((number, length), strict=False)
    address = ip_address(other)
    for entry in (str(network), f"::ffff:{network.network_address}/{96 + length}"):
        for value in (str(address), f"::ffff:{address}"):
            assert on_list(ListSubject.IP, entry).holds("known", value, 0.0) == (address in network)
    assert ip_network(checked_value(ListSubject.IP, f"::ffff:{network.network_address}/{96 + length}")) == network


def payment(number: int) -> Event:
    at = NOW - timedelta(days=30) + timedelta(minutes=number)
    return Event.model_validate(
        {"event_id": UUID(int=number + 1), "event_type": "payment", "occurred_at": at, "account_id": "ada", "amount": 1}
    )


def label(number: int, fraud: bool, minutes: float, source: str = "a", *, withdrawn: bool = False) -> Label:
    at = payment(number).occurred_at + timedelta(minutes=minutes)
    return Label(
        kind="label",
        event_id=UUID(int=number + 1),
        fraud=fraud,
        known_at=at,
        source=source,
        withdrawn=True if withdrawn else None,
    )


def test_training_believes_the_corrected_label() -> None:
    events = [payment(number) for number in range(40)]
    wrong = [label(number, number >= 5, 10) for number in range(40)]
    corrected = [label(number, number < 5, 70) for number in range(40)]
    found = from_records([*events, *wrong, *corrected])
    assert int(found.fraud.sum()) == 5


@given(
    said=st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.sampled_from("abc")),
        min_size=1, max_size=6, unique_by=lambda one: one[1:],
    )
)  # fmt: skip
def test_of_several_labels_the_last_known_counts_and_of_those_the_last_received(
    said: list[tuple[bool, int, str]],
) -> None:
    found = from_records([payment(0), *(label(0, *one) for one in said)])
    newest = max(minutes for _, minutes, _ in said)
    assert bool(found.fraud[0]) == next(fraud for fraud, minutes, _ in reversed(said) if minutes == newest)


def test_a_label_that_is_taken_back_leaves_the_one_before_it() -> None:
    records: list[Event | Label] = [
        payment(0),
        label(0, False, 5),
        label(0, True, 9, "b"),
        label(0, True, 9, "b", withdrawn=True),
    ]
    assert from_records(records).fraud.tolist() == [False]


@pytest.mark.parametrize(
    "body",
    [
        "event_id;fraud\n{};YES\n",
        "event_id\tfraud\n{}\t1.0\n",
        "event_id, fraud \n{}, true\n",
        "\ufeffEvent_ID,Fraud\n{},y\n",
        'event_id,fraud\r\n"{}","1"\r\n',
    ],
)
def test_label_files_are_taken_as_spreadsheets_write_them(body: str) -> None:
    event_id = uuid4()
    found = parse(body.format(event_id).encode(), "text/csv", now=NOW, source="test")
    assert [(one.event_id, one.fraud) for one in found.labels.values()] == [(event_id, True)]


def test_a_truth_that_is_none_is_answered_with_what_is_taken() -> None:
    found = parse(f"event_id,fraud\n{uuid4()},maybe\n".encode(), "text/csv", now=NOW, source="test")
    assert "true or false" in (found.refused[0].detail or "")
    assert "maybe" in (found.refused[0].detail or "")
    with pytest.raises(InvalidFields) as refused:
        parse(b"id,truth\n1,1\n", "text/csv", now=NOW, source="test")
    assert "id,truth" in refused.value.fields[0].detail


def test_a_byte_order_mark_is_no_invalid_json() -> None:
    body = b'\xef\xbb\xbf[{"event_id": "%s", "fraud": true}]' % str(uuid4()).encode()
    assert len(parse(body, "application/json", now=NOW, source="test").labels) == 1
    assert (
        len(parse(body.replace(b"[", b"").replace(b"]", b""), "application/x-ndjson", now=NOW, source="t").labels) == 1
    )


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("3600", timedelta(hours=1)),
        ("Sun, 01 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 01 Nov 2026 11:00:00 GMT", timedelta()),
        ("99999999", LONGEST_ASKED),
        ("soon", None),
        (None, None),
    ],
)
def test_a_receivers_retry_after_is_kept_up_to_a_day(header: str | None, asked: timedelta | None) -> None:
    assert _retry_after(header, NOW) == asked
