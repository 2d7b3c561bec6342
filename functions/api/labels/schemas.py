"""Request and response schemas of labels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from risk.domain.event_ids import EventIdField, EventSource, SenderId
from risk.domain.field_rules import Timestamp, Word
from risk.domain.label_origin import OUTSIDE_PATTERN
from risk.store.assessments.labels import StoredLabel

KnownAt = Annotated[Timestamp | None, Field(description="When it was learnt (RFC 3339); now, if left out.")]
# Sources with a colon (`analyst:`, `alert:`) are reserved for the system; characters that look like one are refused.
OutsideSource = Annotated[Word, StringConstraints(pattern=OUTSIDE_PATTERN)]
Source = Annotated[
    OutsideSource | None,
    Field(
        description="Who says so: words of yours, such as `chargebacks`, without a colon. If left out, it is "
        "`analyst:<your address>`, which nobody can say of somebody else."
    ),
]


class LabelInput(BaseModel):
    """Whether one event was fraud."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"fraud": True, "source": "chargebacks"}]},
    )

    fraud: StrictBool
    known_at: KnownAt = None
    source: Source = None


class LabelRow(LabelInput):
    """Whether one event of a list was fraud."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "order-2024/000017",
                    "fraud": True,
                    "known_at": "2026-11-20T09:30:00Z",
                    "source": "chargebacks",
                }
            ]
        }
    )

    event_source: Annotated[
        EventSource | None,
        Field(description="Whose id it is. If left out, yours, or that of the one source that has the event."),
    ] = None
    event_id: SenderId


class LabelAccepted(BaseModel):
    """A label that entered the stream."""

    event_source: EventSource
    event_id: EventIdField
    fraud: StrictBool
    known_at: datetime
    source: str


class LabelResult(BaseModel):
    """The outcome of the label in ``row``, counted from 1 without blank lines and the CSV header.

    ``accepted``: it entered the stream. ``duplicate``: already stored, or in an earlier row. ``refused``: ``field``
    is invalid. ``unknown``: no such event was scored. ``ambiguous``: several sources have such an event.
    ``failed``: it did not enter the stream; send it again.
    """

    row: int
    event_id: str | None
    event_source: str | None = None
    status: Literal["accepted", "duplicate", "refused", "unknown", "ambiguous", "failed"]
    field: str | None = None
    detail: str | None = None


class LabelsResult(BaseModel):
    """The outcome of each label, row by row."""

    accepted: int
    rejected: int
    items: list[LabelResult]


class LabelList(BaseModel):
    """All labels of an event, the one that counts first: the last known, then the last received."""

    items: list[StoredLabel]
