"""The contract of the ``risk-events`` stream: events, and labels about them.

Everything that enters the system, by REST, Kinesis, Kafka or file, is validated here.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    StrictBool,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
)

from risk.domain.envelopes import MAX_DEPTH, MAX_ENVELOPE_BYTES, unwrap
from risk.domain.errors import InvalidInput
from risk.domain.event_ids import STREAM, EventIdField, EventSource, SenderId
from risk.domain.event_types import EventType, EventTypeName
from risk.domain.field_rules import Address, Amount, Attributes, Country, Currency, Identifier, Timestamp, Word
from risk.domain.refusals import refusal

MAX_RECORD_BYTES = 16 * 1024
_TOO_LONG = "the record has"
MAX_CLOCK_SKEW = timedelta(minutes=5)


Proof = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Event(BaseModel):
    """Something that an account did, at a moment, perhaps to a counterparty.

    ``event_id`` is the sender's own id, one of ``event_source``: the idempotency key everywhere. A refund or reversal
    names the event of the same source that it undoes: ``original_event_id``. ``amount`` is in major units of
    ``currency``. ``attributes`` carries what the fields do not: at most 64 keys and 8 KB, nested at most 4 deep.
    ``proof`` is there for sources of the system's own: see ``risk.domain.label_origin``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["event"] = "event"
    event_source: EventSource = STREAM
    event_id: EventIdField
    event_type: EventTypeName
    occurred_at: Timestamp
    account_id: Identifier
    counterparty_id: Identifier | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    channel: Word | None = None
    device_id: Identifier | None = None
    ip: Address | None = None
    country: Country | None = None
    original_event_id: SenderId | None = None
    attributes: Attributes = {}
    proof: Proof | None = None


class Label(BaseModel):
    """Whether an event was fraud, known at ``known_at`` from ``source``; ``withdrawn`` if that is taken back.

    ``event_id`` is the id that ``event_source`` gave the event: not of ``source``, who says this of it.
    ``proof`` is there for sources of the system's own: see ``risk.domain.label_origin``.
    A withdrawal names the label that it withdraws: same event, ``known_at``, ``source`` and ``fraud``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["label"]
    event_source: EventSource = STREAM
    event_id: EventIdField
    fraud: StrictBool
    known_at: Timestamp
    source: Word
    withdrawn: Literal[True] | None = None
    proof: Proof | None = None


def _kind(value: Any) -> str:
    found = value.get("kind", "event") if isinstance(value, dict) else getattr(value, "kind", "event")
    return str(found)


_EVENT = TypeAdapter(Event)
_RECORD: TypeAdapter[Event | Label] = TypeAdapter(
    Annotated[Annotated[Event, Tag("event")] | Annotated[Label, Tag("label")], Discriminator(_kind)]
)


def check_time(record: Event | Label, now: datetime) -> None:
    """Refuse a record that is further ahead of ``now`` than clocks may differ."""
    field, at = ("occurred_at", record.occurred_at) if isinstance(record, Event) else ("known_at", record.known_at)
    if at > now + MAX_CLOCK_SKEW:
        raise InvalidInput(
            f"{field} {at.isoformat()} is in the future (more than {MAX_CLOCK_SKEW.seconds // 60} minutes "
            "ahead); check the sender's clock and time zone",
            field=field,
        )


def check_required(event: Event, kind: EventType) -> None:
    """Refuse an event that lacks what its type ``kind`` requires."""
    if kind.required and (missing := kind.missing(as_json(event))) is not None:
        raise InvalidInput(requirement(event.event_type, missing), field=missing)


def requirement(event_type: str, missing: str) -> str:
    """What is said of an event that lacks the field ``missing``, which its type requires."""
    return f"{missing} must be given, since events of type {event_type} require it; it is missing"


def _other_record(raw: bytes) -> Event | Label:
    try:
        return _RECORD.validate_json(raw)
    except ValidationError as error:
        found = refusal(error.errors(include_url=False)[0])
        raise InvalidInput(found.detail, field=found.field or None) from error


def parse_record(raw: bytes, now: datetime) -> Event | Label:
    """Read one record of the stream (JSON, UTF-8; see ``envelopes``), or raise ``InvalidInput`` naming the field.

    ``now`` bounds how far in the future a record may lie.
    """
    record = _record(raw, MAX_DEPTH)
    check_time(record, now)
    return record


def _record(raw: bytes, depth: int) -> Event | Label:
    fits = len(raw) <= MAX_RECORD_BYTES
    if fits:
        with suppress(ValidationError):
            return _EVENT.validate_json(raw)  # nearly all records are events; all else is looked at when this fails
    inner = unwrap(raw) if len(raw) <= MAX_ENVELOPE_BYTES else None
    if inner is not None and depth:
        return _record(inner, depth - 1)
    if not fits:
        raise InvalidInput(f"{_TOO_LONG} {len(raw)} bytes; at most {MAX_RECORD_BYTES} are taken")
    return _other_record(raw)


def is_oversized(error: InvalidInput) -> bool:
    """Whether a record was refused for its size."""
    return error.detail.startswith(_TOO_LONG)


def as_json(record: Event | Label) -> dict[str, Any]:
    """The record as JSON values without absent fields: ``to_json`` parsed again, in half the time."""
    if isinstance(record, Label):
        said = record.model_dump(mode="json", exclude_none=True)
        if record.event_source == STREAM:
            del said["event_source"]
        return said
    told: dict[str, Any] = {
        "kind": record.kind,
        "event_source": None if record.event_source == STREAM else record.event_source,
        "event_id": record.event_id.text,
        "event_type": record.event_type,
        "occurred_at": record.occurred_at.isoformat().replace("+00:00", "Z"),
        "account_id": record.account_id,
        "counterparty_id": record.counterparty_id,
        "amount": None if record.amount is None else str(record.amount),
        "currency": record.currency,
        "channel": record.channel,
        "device_id": record.device_id,
        "ip": record.ip,
        "country": record.country,
        "original_event_id": record.original_event_id,
        "attributes": record.attributes,
        "proof": record.proof,
    }
    return {name: value for name, value in told.items() if value is not None}


def to_json(record: Event | Label) -> bytes:
    """The record as the stream carries it: JSON without absent fields."""
    own = {"event_source"} if record.event_source == STREAM else None
    return record.model_dump_json(exclude_none=True, exclude=own).encode()
