"""What is accepted can be stored, and comes back equal; what cannot be is a dead letter, alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.api.events.body_parsing import parse
from functions.api.http.conventions.problems import InvalidFields, TooLarge
from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label, as_json, parse_record, to_json
from risk.domain.label_origin import is_outside
from risk.store.assessments import assessments
from tests.services import Services
from tests.streaming.outbox import Storing, storing

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
TEXT = st.text(max_size=140) | st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs", "Cf", "Cc", "So"]))
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=OFFSETS).map(  # noqa: DTZ001
    datetime.isoformat
) | st.timedeltas(timedelta(0), timedelta(days=9_000)).map(lambda age: (NOW - age).isoformat())
AMOUNTS = (
    st.decimals(0, 10**15, allow_nan=False).map(str)
    | st.floats()
    | st.integers(-1, 10**16)
    | st.sampled_from(["999999999999999.999999", "0.0000005", "1e14", "-0", "1e-30", 1.1 * 3])
)
VALUES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.floats() | st.integers() | TEXT | st.sampled_from([1e16, 1e300, 5e-324, -0.0, 2**53])
)
HOSTILE: dict[str, st.SearchStrategy[Any]] = {
    "event_type": st.sampled_from(["payment", "login", "trade", "metric"]),
    "occurred_at": TIMES,
    "account_id": TEXT,
    "counterparty_id": TEXT,
    "device_id": TEXT,
    "channel": TEXT,
    "amount": AMOUNTS,
    "currency": st.sampled_from(["EUR", "eur", "XK", "BGN", "USDT", "KWD", " IDR "]) | TEXT,
    "country": st.sampled_from(["DE", "xk", "ZZ", "T1"]) | TEXT,
    "ip": st.ip_addresses().map(str)
    | st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}")
    | st.sampled_from(["fe80::1%eth0", "::", "::1.2.3.4", "1.2.3.4/24"]),
    "attributes": st.dictionaries(TEXT, VALUES, max_size=5),
}
# One field at a time: of records that are hostile in all of them, none is accepted.
RECORDS = st.sampled_from(sorted(HOSTILE)).flatmap(lambda name: st.fixed_dictionaries({name: HOSTILE[name]}))


@pytest.fixture(scope="module")
def store(services: Services) -> Iterator[Storing]:
    with storing(services) as found:
        yield found


def event(**changes: Any) -> dict[str, Any]:
    fields = {
        "event_id": str(uuid4()),
        "event_type": "payment",
        "occurred_at": (NOW - timedelta(hours=1)).isoformat(),
        "account_id": f"account-{uuid4().hex[:6]}",
        "amount": "12.30",
        "currency": "EUR",
    }
    return fields | changes


def raw(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode("utf-8", "surrogatepass")


def by_stream(data: bytes) -> tuple[Event | Label, bytes]:
    """What a record of the stream is, and what the engine reads of it."""
    return parse_record(data, datetime.now(UTC)), data


def by_api(data: bytes) -> tuple[Event | Label, bytes]:
    """What the body of a request is, and what the API puts on the stream for it."""
    found = parse(data, datetime.now(UTC))
    assert isinstance(found, Event)
    return found, to_json(found)


@pytest.mark.parametrize("way", [by_stream, by_api])
@settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.lists(RECORDS, min_size=4, max_size=24))
def test_whatever_is_accepted_is_stored_and_comes_back_equal(
    store: Storing, way: Callable[[bytes], tuple[Event | Label, bytes]], made: list[dict[str, Any]]
) -> None:
    accepted, records, refused = dict[Any, Event](), list[bytes](), list[str]()
    for data in (raw(event() | fields) for fields in made):
        try:
            found, put = way(data)
        except (InvalidInput, InvalidFields, TooLarge) as refusal:
            refused += [error.detail for error in getattr(refusal, "errors", [])] or [refusal.detail]
            if way is by_stream:
                records.append(data)
            continue
        assert isinstance(found, Event)
        accepted[found.event_id] = found
        records.append(put)
    assert not [detail for detail in refused if "Value error" in detail or "constrained" in detail]
    if not records:
        return
    before = store.rows("SELECT count(*) FROM dead_letters")[0][0]
    store.store(records)
    with store.engine.connect() as connection:
        for event_id, found in accepted.items():
            stored = assessments.find(connection, event_id)
            assert stored is not None, f"{found} is not stored"
            for name in Event.model_fields.keys() - {"kind", "event_id", "proof"}:
                assert getattr(stored, name) == getattr(found, name), name
            stored.model_dump_json()
    letters = store.rows("SELECT count(*) FROM dead_letters")[0][0] - before
    assert letters == len(records) - len(accepted)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.lists(st.tuples(TIMES, TEXT | st.just("bank"), st.booleans()), min_size=1, max_size=12))
def test_every_label_that_is_accepted_is_stored_and_comes_back_equal(
    store: Storing, made: list[tuple[str, str, bool]]
) -> None:
    of_event = event()
    accepted, records = dict[tuple[datetime, str], Label](), [raw(of_event)]
    for known_at, source, fraud in made:
        fields = {"kind": "label", "event_id": of_event["event_id"], "known_at": known_at, "source": source}
        records.append(raw(fields | {"fraud": fraud}))
        with suppress(InvalidInput):
            found = parse_record(records[-1], datetime.now(UTC))
            assert isinstance(found, Label)
            if is_outside(found):  # else it would have to prove that the API sent it
                accepted.setdefault((found.known_at, found.source), found)
    before = store.rows("SELECT count(*) FROM dead_letters")[0][0]
    store.store(records)
    sql = "SELECT known_at, source, fraud FROM labels WHERE event_id = :id"
    stored = {(row.known_at, row.source): row.fraud for row in store.rows(sql, id=of_event["event_id"])}
    assert stored == {key: label.fraud for key, label in accepted.items()}
    letters = store.rows("SELECT count(*) FROM dead_letters")[0][0] - before
    assert letters == len(made) - len(accepted)


@pytest.mark.parametrize(
    "spoil",
    [
        {"ip": "fe80::1%eth0"},
        {"account_id": "nul\0"},
        {"occurred_at": "2026-01-01T00:00:00+23:59"},
        {"amount": "1e40"},
        {"counterparty_id": "lone \ud800"},
    ],
    ids=str,
)
def test_what_the_database_refuses_is_a_dead_letter_alone(store: Storing, spoil: dict[str, Any]) -> None:
    """As if the contract had let it pass: the item is spoilt behind the parser."""
    records = [event() for _ in range(40)]
    guilty = UUID(records[23]["event_id"])

    def change(item: Any) -> Any:
        return item._replace(data=item.data | spoil) if item.event_id == guilty else item

    store.store([raw(each) for each in records], change=change)
    ids = {UUID(each["event_id"]) for each in records}
    with store.engine.connect() as connection:
        assert assessments.scored(connection, list(ids)) == ids - {guilty}
    [letter] = store.rows("SELECT reason, detail, raw FROM dead_letters WHERE event_id = :id", id=guilty)
    assert letter.reason in ("unstorable", "failed")
    assert letter.detail
    assert guilty.hex in letter.raw.decode(errors="replace").replace("-", "")
    store.store([raw(event())])


def test_a_field_whose_name_holds_nul_is_a_dead_letter_that_can_be_stored(store: Storing) -> None:
    position = store.store([raw(event(attributes={"a\0b": 1})), raw(event() | {"x\0\ud800y": 1}), b"\x00\xff"])
    rows = store.rows("SELECT position, field, detail, raw FROM dead_letters ORDER BY position::int DESC LIMIT 3")
    assert [int(row.position) for row in rows] == [int(position) - back for back in range(3)]
    assert rows[0].raw == b"\x00\xff"
    assert rows[2].field == "attributes.a\\u0000b"


def test_what_is_read_back_is_what_the_stream_carries(store: Storing) -> None:
    fields = event(amount=1.1 * 3, ip="::ffff:192.0.2.1", account_id="  padded ", country="xk", attributes={"x": 1e16})
    found = parse_record(raw(fields), datetime.now(UTC))
    assert as_json(found) | {"attributes": None} == as_json(found) | {
        "amount": "3.3", "ip": "192.0.2.1", "account_id": "padded", "country": "XK", "attributes": None,
    }  # fmt: skip
    store.store([raw(fields)])
    with store.engine.connect() as connection:
        stored = assessments.get(connection, UUID(fields["event_id"]))
    assert stored.attributes == {"x": 1e16}
    assert '"x":1e16' in stored.model_dump_json().replace("1e+16", "1e16")


def test_a_withdrawal_of_what_was_never_said_is_a_dead_letter(store: Storing) -> None:
    """It would change no label, so that nothing of it would be left."""
    of_event = event()
    fields = {"kind": "label", "event_id": of_event["event_id"], "known_at": NOW.isoformat(), "source": "bank"}
    withdrawal, label = raw(fields | {"fraud": True, "withdrawn": True}), raw(fields | {"fraud": True})
    position = store.store([raw(of_event), withdrawal])
    sql = "SELECT reason, field, raw FROM dead_letters WHERE position = :position"
    assert store.rows(sql, position=position) == [("invalid", "event_id", withdrawal)]
    store.store([label, withdrawal])
    sql = "SELECT withdrawn_at IS NOT NULL FROM labels WHERE event_id = :id"
    assert store.rows(sql, id=of_event["event_id"]) == [(True,)]
