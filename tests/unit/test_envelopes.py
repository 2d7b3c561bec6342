"""Records in the envelopes that other systems put around them: read, or refused with what to do instead."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.envelopes import MAX_DEPTH, MAX_ENVELOPE_BYTES
from risk.domain.errors import InvalidInput
from risk.domain.events import is_oversized, parse_record

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVENT = {
    "event_id": "7f0c1d3e-6f0b-4f6e-9a49-6c5d1c3b7e10",
    "event_type": "payment",
    "occurred_at": "2026-05-01T12:00:00Z",
    "account_id": "ada",
    "amount": "12.50",
    "currency": "EUR",
    "attributes": {"card": "c-1"},
}
LABEL = {
    "kind": "label", "event_id": EVENT["event_id"], "fraud": True, "known_at": "2026-05-02T00:00:00Z", "source": "bank",
}  # fmt: skip
PLAIN = json.dumps(EVENT).encode()
SOURCE = {"connector": "postgresql", "table": "events"}
ROW = EVENT | {"attributes": json.dumps(EVENT["attributes"]), "device_id": None}
CLOUD_EVENT = {
    "specversion": "1.0",
    "id": EVENT["event_id"],
    "source": "/shop",
    "type": "payment",
    "time": EVENT["occurred_at"],
}
BARE = {name: value for name, value in EVENT.items() if name not in ("event_id", "occurred_at")}


def to_json(value: Any) -> bytes:
    return json.dumps(value).encode()


ENVELOPES: dict[str, bytes] = {
    "gzip": gzip.compress(PLAIN),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "cloud event": to_json(CLOUD_EVENT | {"data": EVENT}),
    "cloud event with id and time outside": to_json(CLOUD_EVENT | {"data": BARE}),
    "cloud event in base64": to_json(CLOUD_EVENT | {"data_base64": base64.b64encode(PLAIN).decode()}),
    "debezium insert": to_json({"before": None, "after": ROW, "source": SOURCE, "op": "c", "ts_ms": 1}),
    "debezium snapshot with schema": to_json({"schema": {}, "payload": {"after": ROW, "source": SOURCE, "op": "r"}}),
    "connect with schema": to_json({"schema": {"type": "struct"}, "payload": EVENT}),
    "json schema framing": b"\x00\x00\x00\x00\x07" + PLAIN,
    "gzip of a cloud event": gzip.compress(to_json(CLOUD_EVENT | {"data": EVENT})),
    "a debezium envelope longer than a record": to_json(
        {"after": ROW, "source": SOURCE, "op": "c", "schema_text": "x" * 40_000}
    ),
}


@pytest.mark.parametrize("raw", ENVELOPES.values(), ids=ENVELOPES)
def test_a_record_in_an_envelope_is_read_as_the_record_alone(raw: bytes) -> None:
    assert parse_record(raw, NOW) == parse_record(PLAIN, NOW)


@pytest.mark.parametrize("pack", [gzip.compress, lambda raw: to_json(CLOUD_EVENT | {"data": json.loads(raw)})])
def test_a_label_in_an_envelope_is_read_as_the_label_alone(pack: Callable[[bytes], bytes]) -> None:
    plain = to_json(LABEL)
    assert parse_record(pack(plain), NOW) == parse_record(plain, NOW)


REFUSED: dict[str, tuple[bytes, str]] = {
    "debezium update": (to_json({"before": {}, "after": ROW, "source": SOURCE, "op": "u"}), "only inserts"),
    "debezium delete": (to_json({"before": ROW, "after": None, "source": SOURCE, "op": "d"}), "only inserts"),
    "cloud event with text": (to_json(CLOUD_EVENT | {"data": "hello"}), "must be an object"),
    "cloud event without data": (to_json(CLOUD_EVENT), "must be an object"),
    "batch": (to_json([EVENT, EVENT]), "send each alone"),
    "lines": (PLAIN + b"\n" + PLAIN, "send each alone"),
    "avro framing": (b"\x00\x00\x00\x00\x07\x02\x06ada", "JSON serializer"),
    "zstandard": (b"\x28\xb5\x2f\xfd rest", "Zstandard"),
    "snappy": (b"\xff\x06\x00\x00sNaPpY rest", "Snappy"),
    "utf-16": (json.dumps(EVENT).encode("utf-16"), "UTF-8"),
    "gzip cut short": (gzip.compress(PLAIN)[:-12], "ends too early"),
    "broken gzip": (b"\x1f\x8b rest", "cannot be unpacked"),
    "event bridge": (to_json({"detail-type": "payment", "detail": EVENT, "source": "shop"}), r"\$\.detail"),
    "sns": (to_json({"Type": "Notification", "Message": PLAIN.decode()}), "raw message delivery"),
    "producer library, damaged": (b"\xf3\x89\x9a\xc2 rest", "damaged aggregate"),
}


@pytest.mark.parametrize(("raw", "advice"), REFUSED.values(), ids=REFUSED)
def test_an_envelope_that_is_not_read_is_refused_with_what_to_do(raw: bytes, advice: str) -> None:
    with pytest.raises(InvalidInput, match=advice):
        parse_record(raw, NOW)


def test_what_is_wrong_inside_an_envelope_is_named_as_in_the_record_alone() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_record(to_json(CLOUD_EVENT | {"data": EVENT | {"amount": "gold"}}), NOW)
    assert refused.value.field == "amount"


def test_neither_a_bomb_nor_envelopes_without_end_are_unpacked() -> None:
    with pytest.raises(InvalidInput, match="when it is unpacked"):
        parse_record(gzip.compress(b" " * 50_000_000), NOW)
    nested = PLAIN
    for _ in range(MAX_DEPTH + 1):
        nested = gzip.compress(nested)
    with pytest.raises(InvalidInput):
        parse_record(nested, NOW)
    with pytest.raises(InvalidInput) as long:
        parse_record(PLAIN + b" " * MAX_ENVELOPE_BYTES, NOW)
    assert is_oversized(long.value)


@given(st.sampled_from([*ENVELOPES.values()]), st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_envelope_is_read_or_refused_and_never_breaks_the_reader(raw: bytes, at: int, other: bytes) -> None:
    with suppress(InvalidInput):
        parse_record(raw[:at] + other + raw[at + len(other) :], NOW)
