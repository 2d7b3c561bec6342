"""Request and response schemas of event types."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from functions.api.config.schemas import Why
from functions.api.http.conventions.schemas import Input
from risk.domain.event_types import EventType, OwnEventTypes


class RegisteredEventType(EventType):
    """An event type of the registry. ``shipped``: it is understood as the product ships it."""

    name: str
    shipped: bool


class UnregisteredEventType(BaseModel):
    """A type that events came with although it is not registered: they were scored as ``other``."""

    name: str
    events: int
    first_scored_at: datetime
    last_scored_at: datetime


class EventTypeList(BaseModel):
    """The registry, by name, and the unregistered types seen, the most frequent first."""

    items: list[RegisteredEventType]
    unregistered: list[UnregisteredEventType]


class EventTypeChange(EventType):
    """How events of a type are understood from now on, and why."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "family": "payment",
                    "noun": "gift card load",
                    "amounts": "outgoing",
                    "required": ["amount", "attributes.card"],
                    "reason": "gift cards went live",
                }
            ]
        },
    )

    reason: Why | None = Field(default=None, description="Kept with the configuration version.")


class EventTypesReplacement(Input):
    """All that is registered beside the shipped types, by name."""

    event_types: OwnEventTypes
    reason: Why | None = None
