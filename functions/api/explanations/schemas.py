"""Request schemas of explanations; responses are ``risk.store.explanations.explanations.Given``."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from functions.api.http.conventions.schemas import Input
from risk.domain.event_ids import EventSource, SenderId

Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"),
]


class ExplanationRequest(Input):
    """What to explain: an event, or an alert (its riskiest event), and an optional question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event_id": "order-2024/000017"},
                {
                    "alert_id": "0f6c9d3e-6f0b-4f6e-9a49-6c5d1c3b7e10",
                    "question": "Has this account dealt with the merchant before?",
                },
            ],
            "oneOf": [{"required": ["event_id"]}, {"required": ["alert_id"]}],
        }
    )

    event_id: SenderId | None = Field(default=None, description="The event's id; give this or `alert_id`.")
    event_source: EventSource | None = Field(
        default=None, description="Whose id that is; needed where several sources have it."
    )
    alert_id: UUID | None = Field(default=None, description="The alert; give this or `event_id`.")
    question: Question | None = Field(default=None, description="What you want to know of it.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.event_id is None) == (self.alert_id is None):
            raise ValueError("give event_id or alert_id, one of them")
        return self
