"""Opaque pagination cursors."""

from __future__ import annotations

import base64
import binascii
import json
import math
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from risk.domain.errors import InvalidInput

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
_MAX_SEQUENCE = 2**63 - 1

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2_000, pattern=r"^[A-Za-z0-9_-]+$", description="`next_cursor` of the page before."),
]


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    padded = cursor + "=" * (-len(cursor) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True).decode()


def _refuse() -> InvalidInput:
    return InvalidInput("invalid cursor; request the list again without one", field="cursor")


def from_sequence(sequence: int) -> str:
    """The cursor after the assessment with this sequence."""
    return _encode(str(sequence))


def to_sequence(cursor: str) -> int:
    """The sequence in ``cursor``; ``InvalidInput`` if it is malformed."""
    try:
        sequence = int(_decode(cursor))
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    if not 0 <= sequence <= _MAX_SEQUENCE:
        raise _refuse()
    return sequence


def from_place(order: str, value: datetime | float, sequence: int) -> str:
    """The cursor after the assessment with this ``value`` in ``order`` and this sequence."""
    text = value.isoformat() if isinstance(value, datetime) else repr(value)
    return _encode(f"{order} {text} {sequence}")


def to_place(order: str, cursor: str, kind: type[datetime] | type[float]) -> tuple[datetime | float, int]:
    """The value and sequence in ``cursor``; ``InvalidInput`` if it does not belong to ``order``."""
    try:
        of, text, number = _decode(cursor).split(" ")
        value = datetime.fromisoformat(text) if kind is datetime else float(text)
        sequence = int(number)
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    whole = value.tzinfo is not None if isinstance(value, datetime) else math.isfinite(value)
    if of != order or not whole or not 0 <= sequence <= _MAX_SEQUENCE:
        raise _refuse()
    return value, sequence


def from_alert(opened_at: datetime, alert_id: UUID) -> str:
    """The cursor after the alert opened at this moment with this id."""
    return _encode(f"{opened_at.isoformat()} {alert_id}")


def to_alert(cursor: str) -> tuple[datetime, UUID]:
    """The moment and id in ``cursor``; ``InvalidInput`` if it is malformed."""
    try:
        moment, _, alert_id = _decode(cursor).partition(" ")
        opened_at, identifier = datetime.fromisoformat(moment), UUID(alert_id)
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    if opened_at.tzinfo is None:
        raise _refuse()
    return opened_at, identifier


def from_model(created_at: datetime, version: str) -> str:
    """The cursor after the model created at this moment with this version."""
    return _encode(f"{created_at.isoformat()} {version}")


def to_model(cursor: str) -> tuple[datetime, str]:
    """The moment and version in ``cursor``; ``InvalidInput`` if it is malformed."""
    try:
        moment, _, version = _decode(cursor).partition(" ")
        created_at = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    if created_at.tzinfo is None or not version.isprintable():
        raise _refuse()
    return created_at, version


def from_rank(rank: float, alert_id: UUID) -> str:
    """The cursor after the alert with this rank and id."""
    return _encode(f"{rank!r} {alert_id}")


def to_rank(cursor: str) -> tuple[float, UUID]:
    """The rank and id in ``cursor``; ``InvalidInput`` if it is malformed."""
    try:
        number, _, alert_id = _decode(cursor).partition(" ")
        rank, identifier = float(number), UUID(alert_id)
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    if not math.isfinite(rank):
        raise _refuse()
    return rank, identifier


def from_column(order: str, value: float | str, alert_id: UUID) -> str:
    """The cursor after the alert with this ``value`` in ``order``, the order of a column, and this id."""
    return _encode(json.dumps([order, value, str(alert_id)], ensure_ascii=False, separators=(",", ":")))


def to_column(order: str, cursor: str, kind: type[float] | type[str]) -> tuple[float | str, UUID]:
    """The value and id in ``cursor``; ``InvalidInput`` if it does not belong to ``order``."""
    try:
        of, value, text = json.loads(_decode(cursor))
        identifier = UUID(text)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise _refuse() from error
    if of != order or type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise _refuse()
    if isinstance(value, str) and "\0" in value:
        raise _refuse()
    return value, identifier


def from_name(name: str) -> str:
    """The cursor after the item with this name."""
    return _encode(name)


def to_name(cursor: str) -> str:
    """The name in ``cursor``; ``InvalidInput`` if it is malformed."""
    try:
        name = _decode(cursor)
    except (ValueError, binascii.Error) as error:
        raise _refuse() from error
    if not name.isprintable():
        raise _refuse()
    return name
