"""A refused value in one sentence: which field, what is allowed, an example, what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from risk.domain import field_rules
from risk.domain.plain_messages import is_own, predicate


class Allowed(NamedTuple):
    """What a field may be, and an example."""

    what: str
    example: str


def _seen(longest: int) -> str:
    return f"text of 1 to {longest} visible characters"


_ID = _seen(field_rules.ID_LENGTH)
_EVENT_ID = Allowed(_seen(field_rules.SENDER_ID_LENGTH), "order-2024/000017")
_TIME = f"an RFC 3339 timestamp with its time zone, from {field_rules.EARLIEST:%Y-%m-%d} on"

FIELDS: Mapping[str, Allowed] = {
    "kind": Allowed("event or label", "event"),
    "event_id": _EVENT_ID,
    "event_source": Allowed(_seen(field_rules.WORD_LENGTH), "shop-7"),
    "original_event_id": _EVENT_ID,
    "event_type": Allowed(
        f"a word of lower-case letters, digits, _ and . with at most {field_rules.WORD_LENGTH} characters", "payment"
    ),
    "occurred_at": Allowed(_TIME, "2026-01-31T09:30:00Z"),
    "account_id": Allowed(_ID, "customer-1042"),
    "counterparty_id": Allowed(_ID, "merchant-77"),
    "device_id": Allowed(_ID, "device-5"),
    "amount": Allowed("a finite number from 0 with at most 15 digits before the point", '"840.00"'),
    "currency": Allowed("a currency's code of 3 to 12 capital letters and digits (ISO 4217)", "EUR"),
    "channel": Allowed(_seen(field_rules.WORD_LENGTH), "web"),
    "ip": Allowed("an IPv4 or IPv6 address without a zone", "192.0.2.7"),
    "country": Allowed("a country's code of two characters (ISO 3166-1 alpha-2)", "DE"),
    "attributes": Allowed(
        f"an object of at most {field_rules.MAX_ATTRIBUTES} keys and {field_rules.MAX_ATTRIBUTES_BYTES} bytes",
        '{"retries": 2}',
    ),
    "fraud": Allowed("true or false", "true"),
    "known_at": Allowed(_TIME, "2026-02-14T08:00:00Z"),
    "source": Allowed(_seen(field_rules.WORD_LENGTH), "chargebacks"),
}
"""What the fields of an event and of a label may be."""

_ATTRIBUTE = Allowed(
    f"a finite number, true, false, null, text of at most {field_rules.TEXT_LENGTH} characters, or an object or list "
    f"of these, under a key of 1 to {field_rules.WORD_LENGTH} visible characters",
    '{"retries": 2}',
)
_TAGS = frozenset({"event", "label"})


class Refusal(NamedTuple):
    """The dotted path of a field, and the sentence that says why it is refused."""

    field: str
    detail: str


def refusals(errors: Sequence[Mapping[str, Any]], known: Mapping[str, Allowed] = FIELDS) -> list[Refusal]:
    """The faults in Pydantic's ``errors`` (with their input), a sentence for each."""
    return [refusal(error, known) for error in errors]


def refusal(error: Mapping[str, Any], known: Mapping[str, Allowed] = FIELDS) -> Refusal:
    """One of Pydantic's errors as a sentence; of fields that are ``known`` it says what they may be."""
    path = [str(part) for part in error["loc"] if part not in _TAGS]
    key = (error.get("ctx") or {}).get("key")
    name = next((part for part in reversed(path) if part in known), None)
    where = field_rules.safe_text(".".join([*path, key] if key else path), 200)
    if error["type"] == "extra_forbidden":
        advice = "record; put what has none into attributes" if known else "request"
        return Refusal(where, f"{where} is not a field of this {advice}")
    if error["type"] == "json_invalid":
        return Refusal(where, f"the record is not JSON: {message(error)}")
    if known and error["type"].startswith("union_tag"):
        allowed, kind = FIELDS["kind"], error["input"]
        came = field_rules.shown(kind.get("kind") if isinstance(kind, dict) else kind)
        return Refusal("kind", f"kind must be {allowed.what}, such as {allowed.example}; it was {came}")
    if known and not path and error["type"].startswith("model"):
        return Refusal("", f"the record must be a JSON object; it was {field_rules.shown(error.get('input'))}")
    if name is None:
        separator = " is not valid:" if error["type"] == "field" else ":" if is_own(error) else ""
        return Refusal(where, f"{where or 'the record'}{separator} {message(error)}")
    allowed = _ATTRIBUTE if key else known[name]
    return Refusal(where, f"{where} must be {allowed.what}, such as {allowed.example}; {_came(error)}")


def message(error: Mapping[str, Any]) -> str:
    """What one of Pydantic's errors says of its field, in plain words and in displayable form."""
    return field_rules.safe_text(predicate(error), 500)


def _came(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        return "it is missing"
    if error["type"] in ("field", "attributes", "value_error"):
        return message(error)
    return f"it was {field_rules.shown(error.get('input'))}"
