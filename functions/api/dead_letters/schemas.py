"""Request and response schemas of dead letters."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.api.http.conventions.schemas import Page
from risk.domain.event_ids import EventId
from risk.store.engine_state import dead_letter_review

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]+$")]


class DeadLetter(BaseModel):
    """A record of a stream that could not be scored, why, and what was done about it."""

    number: int
    source: str
    position: str
    received_at: datetime
    reason: str
    detail: str
    field: str | None
    event_source: str | None
    event_id: str | None
    raw_bytes: int
    outcome: Literal["replayed", "dismissed"] | None
    closed_at: datetime | None
    closed_by: str | None
    note: str | None


class DeadLetterDetail(DeadLetter):
    """A dead letter with its record: ``raw`` as text if it is UTF-8, else as Base64; ``cut`` if it is not whole."""

    raw: str
    raw_encoding: Literal["text", "base64"]
    cut: bool


class DeadLetterPage(Page[DeadLetter]):
    """Dead letters, newest first."""


class DeadLetterCounts(BaseModel):
    """How many dead letters are open."""

    open: int
    by_reason: dict[str, int]


class DeadLetterReplay(BaseModel):
    """What to replay: the stored record, or ``record`` as its correction."""

    model_config = ConfigDict(extra="forbid")

    record: dict[str, Any] | None = None
    note: Note | None = None


class DeadLetterDismissal(BaseModel):
    """Why these dead letters are dismissed."""

    model_config = ConfigDict(extra="forbid")

    numbers: Annotated[list[Annotated[int, Field(ge=1, le=2**53)]], Field(min_length=1, max_length=1_000)]
    reason: Note


class DeadLettersDismissed(BaseModel):
    """How many open dead letters were dismissed."""

    dismissed: int


def shown(found: dead_letter_review.DeadLetter) -> DeadLetter:
    """A dead letter without its record."""
    return DeadLetter.model_validate(_values(found))


def _values(found: dead_letter_review.DeadLetter) -> dict[str, Any]:
    values = found._asdict()
    text = values.pop("sender_event_id")
    if found.event_id is not None:
        of = EventId.stored(found.event_id, text, found.event_source)
        values |= {"event_id": of.text, "event_source": of.source}
    return values


def detail(found: dead_letter_review.DeadLetter) -> DeadLetterDetail:
    """A dead letter with its record."""
    values = _values(found)
    try:
        raw = {"raw": found.raw.decode(), "raw_encoding": "text"}
    except UnicodeDecodeError:
        raw = {"raw": base64.b64encode(found.raw).decode(), "raw_encoding": "base64"}
    return DeadLetterDetail.model_validate(values | raw | {"cut": found.raw_bytes > len(found.raw)})
