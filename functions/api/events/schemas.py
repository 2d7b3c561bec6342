"""Request and response schemas of events."""

from __future__ import annotations

from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from risk.domain.events import Event


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


class EventAccepted(BaseModel):
    """An event that was accepted onto the stream."""

    event_id: UUID
    status: Literal["accepted"] = "accepted"


class EventResult(BaseModel):
    """The outcome for one event of a list; ``duplicate`` means that its id has been scored already."""

    event_id: UUID
    status: Literal["accepted", "duplicate", "failed"]
    detail: str | None = None


class EventsResult(BaseModel):
    """The outcome for each event of a list, in order."""

    accepted: int
    rejected: int
    items: list[EventResult]
