"""What is accepted can be stored, and comes back equal; what cannot be is a dead letter, alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, as_json, parse_record
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


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=4, max_size=24))
def test_whatever_is_accepted_is_stored_and_comes_back_equal(store: Storing, made: list[dict[str, Any]]) -> None:
    records = [raw(event() | fields) for fields in made]
    accepted, refused = {}, list[str]()
    for data in records:
        try:
            found = parse_record(data, datetime.now(UTC))
        except InvalidInput as refusal:
            refused.append(refusal.detail)
            continue
        assert isinstance(found, Event)
        accepted[found.event_id] = found
    assert not [detail for detail in refused if "Value error" in detail or "constrained" in detail]
    before = store.rows("SELECT count(*) FROM dead_letters")[0][0]
    store.store(records)
    with store.engine.connect() as connection:
        for event_id, found in accepted.items():
            stored = assessments.find(connection, event_id)
            assert stored is not None, f"{found} is not stored"
            for name in ("event_type", "occurred_at", "account_id", "counterparty_id", "amount", "currency", "channel",
                         "country", "device_id", "ip", "attributes"):  # fmt: skip
                assert getattr(stored, name) == getattr(found, name), name
            stored.model_dump_json()
    letters = store.rows("SELECT count(*) FROM dead_letters")[0][0] - before
    assert letters == len(records) - len(accepted)


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
