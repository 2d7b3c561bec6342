"""Request and response schemas of events."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from risk.domain.event_ids import STREAM, EventId, EventIdField, EventSource
from risk.domain.event_types import EventTypes
from risk.domain.events import Event, Proof
from risk.domain.field_rules import unknown_codes


class EventInput(Event):
    """An event to score. Without ``event_id`` the server assigns one; send your own to make retries safe.

    ``event_id`` is your own, any text to 64 characters: it is yours alone, whoever else uses it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "order-2024/000017",
                    "event_type": "payment",
                    "occurred_at": "2026-01-31T09:30:00Z",
                    "account_id": "customer-1042",
                    "counterparty_id": "merchant-77",
                    "amount": "840.00",
                    "currency": "EUR",
                    "channel": "web",
                    "country": "DE",
                }
            ]
        }
    )

    event_source: SkipJsonSchema[EventSource] = STREAM
    event_id: EventIdField = Field(default_factory=lambda: EventId.of(str(uuid4())))
    proof: SkipJsonSchema[Proof | None] = None


Notes = Annotated[list[str], Field(description="What was accepted and may still be a mistake.")]


class EventAccepted(BaseModel):
    """An event that entered the stream, now or when it was sent before. Its id is one of ``event_source``."""

    event_id: str
    event_source: str
    status: Literal["accepted"] = "accepted"
    notes: Notes = []


class EventResult(BaseModel):
    """What became of one event of a list.

    ``accepted``: it entered the stream. ``duplicate``: it is scored already. ``conflict``: another event with its id
    is scored. ``refused``: ``field`` is invalid. ``failed``: it did not enter the stream; send it again.
    """

    event_id: str | None
    status: Literal["accepted", "duplicate", "conflict", "refused", "failed"]
    field: str | None = None
    detail: str | None = None
    notes: Notes = []


class EventsResult(BaseModel):
    """What became of a list of events, in its order."""

    accepted: int
    rejected: int
    items: list[EventResult]


def notes_of(event: Event, types: EventTypes) -> list[str]:
    """Types that are not registered, and codes that no standard has: kept, and said, for they may be mistyped."""
    notes = []
    if event.event_type not in types:
        notes.append(f"event type {event.event_type} is not registered; the event is scored as other")
    return notes + unknown_codes(event.currency, event.country)
