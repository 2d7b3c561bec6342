"""Request and response schemas of events."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from risk.domain.event_types import EventTypes
from risk.domain.events import Event
from risk.domain.field_rules import is_known_country, is_known_currency


class EventInput(Event):
    """An event to score. Without ``event_id`` the server assigns one; send your own to make retries safe."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11",
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

    event_id: UUID = Field(default_factory=uuid4)


Notes = Annotated[list[str], Field(description="What was accepted and may still be a mistake.")]


class EventAccepted(BaseModel):
    """An event that entered the stream."""

    event_id: UUID
    status: Literal["accepted"] = "accepted"
    notes: Notes = []


class EventResult(BaseModel):
    """What became of one event of a list.

    ``accepted``: it entered the stream. ``duplicate``: its id is scored already. ``refused``: ``field`` is invalid.
    ``failed``: it did not enter the stream; send it again.
    """

    event_id: UUID | None
    status: Literal["accepted", "duplicate", "refused", "failed"]
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
    if event.currency is not None and not is_known_currency(event.currency):
        notes.append(f"currency {event.currency} is not in ISO 4217; it is kept, and its amounts count at par")
    if event.country is not None and not is_known_country(event.country):
        notes.append(f"country {event.country} is not in ISO 3166-1; it is kept")
    return notes
