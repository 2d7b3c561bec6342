"""What the API takes and gives, where the domain's own models are not already that."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from risk.alerts import Alert, AlertPolicy
from risk.assessment import AssessmentSummary, RiskLevel, Thresholds
from risk.configuration import Configuration
from risk.events import Event, Scalar

Item = TypeVar("Item")

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^[^\x00]*$")]


def _no_text(value: object) -> object:
    if isinstance(value, str | bool):
        raise ValueError("must be a whole number, not text")
    return value


# Behind the bounds, which the schema would not tell otherwise. 3.0 is a whole number to JSON, and "3" is none.
WHOLE = BeforeValidator(_no_text)


class Input(BaseModel):
    """What a request sends: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldError(BaseModel):
    """What is wrong with one field; ``field`` is a dotted path such as ``3.amount``.

    ``line`` and ``column``, from 1, are there when the field is an expression.
    """

    field: str
    detail: str
    line: int | None = None
    column: int | None = None


class Problem(BaseModel):
    """Any error, as RFC 9457 has it. Programs match on ``type``; ``request_id`` finds it in the logs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:problem:conflict",
                    "title": "The request conflicts with the present state",
                    "status": 409,
                    "detail": "the alert is resolved; from there it can become open, not acknowledged",
                    "instance": "/api/v1/alerts/0f6c9d3e-6f0b-4f6e-9a49-6c5d1c3b7e10/acknowledge",
                    "request_id": "JKJaXmPLvHcESHA=",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = None


class _Page(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None


class AssessmentPage(_Page[AssessmentSummary]):
    """A part of a list; ``next_cursor`` asks for the next part, and is null at the end."""


class AlertPage(_Page[Alert]):
    """A part of a list; ``next_cursor`` asks for the next part, and is null at the end."""


class EventInput(Event):
    """An event to score. Without ``event_id`` the server gives one; send your own to make retries harmless."""

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
    """An event that entered the stream."""

    event_id: UUID
    status: Literal["accepted"] = "accepted"


class EventResult(BaseModel):
    """What became of one event of a list; ``duplicate`` means that its id is scored already."""

    event_id: UUID
    status: Literal["accepted", "duplicate", "failed"]
    detail: str | None = None


class EventsResult(BaseModel):
    """What became of a list of events, in its order."""

    accepted: int
    rejected: int
    items: list[EventResult]


class MinuteCounts(BaseModel):
    """Assessments of each level that were scored in ``minute`` (UTC)."""

    minute: datetime
    LOW: int
    MEDIUM: int
    HIGH: int
    CRITICAL: int


class RiskStats(BaseModel):
    """Assessments by level over the last ``minutes``, the present one included; ``per_minute`` oldest first."""

    as_of: datetime
    minutes: int
    total: int
    by_level: dict[RiskLevel, int]
    per_minute: list[MinuteCounts]


class ScoreBin(BaseModel):
    """Assessments of each level with a score from ``low`` up to ``high``, which only 1 itself reaches."""

    low: float
    high: float
    LOW: int
    MEDIUM: int
    HIGH: int
    CRITICAL: int


class ScoreHistogram(BaseModel):
    """How the newest assessments scored: at most 20,000, the oldest of them scored at ``since``."""

    since: datetime | None
    total: int
    bins: list[ScoreBin]


class TopReason(BaseModel):
    """A reason of risky assessments. ``meaning`` is what it says of any event, ``text`` what of the newest."""

    code: str
    meaning: str
    text: str
    count: int


class TopAccount(BaseModel):
    """An account with risky assessments: how many, how many of them critical, and the highest score."""

    account_id: str
    count: int
    critical: int
    max_score: float
    last_scored_at: datetime


class RiskOverview(BaseModel):
    """What the assessments of the last ``minutes`` have in common; risky ones are those HIGH or above."""

    as_of: datetime
    minutes: int
    scores: ScoreHistogram
    reasons: list[TopReason]
    accounts: list[TopAccount]


class FeatureValue(BaseModel):
    """One number that the score was computed from; null where it could not be known."""

    name: str
    unit: str
    meaning: str
    value: float | None


class AssessmentDetail(AssessmentSummary):
    """Everything that is known of one scored event.

    ``features`` is empty for an event scored with an older set of features than the present one. ``base_score`` is
    the scorer's own probability, before rules; ``challenger_score`` that of the model that scored in its shadow.
    """

    device_id: str | None
    ip: str | None
    attributes: dict[str, Scalar]
    scorer: str
    config_version: int
    base_score: float | None
    challenger: str | None
    challenger_score: float | None
    features: list[FeatureValue]


Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"),
]


class ConfigurationChange(Input):
    """A new version of the configuration, and why."""

    thresholds: Thresholds
    alert_policy: AlertPolicy
    reason: Why = Field(examples=["fewer false alarms on weekends"])


class ConfigurationRollback(Input):
    """A version to return to, and why."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[3]), WHOLE]
    reason: Why = Field(examples=["version 4 raised twice as many alerts"])


class ConfigurationPage(_Page[Configuration]):
    """A part of a list; ``next_cursor`` asks for the next part, and is null at the end."""


class Health(BaseModel):
    """Whether the system does its work: ``degraded`` when no engine scores, ``unhealthy`` without its database."""

    status: Literal["healthy", "degraded", "unhealthy"]
    database: Literal["connected", "disconnected"]
    streaming: Literal["active", "inactive", "unknown"]
