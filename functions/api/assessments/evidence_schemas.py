"""Response schemas of an assessment's evidence."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from risk.domain.assessment import RiskLevel
from risk.domain.event_ids import EventIdField, EventSource
from risk.store.engine_state.rule_hits import EventHit


class RuleReading(EventHit):
    """A rule that hit an event, with the values that it read."""

    event_fields: list[str] = Field(description="Fields of the event, such as `amount`; `hour` is of its time.")
    features: list[str] = Field(description="Features, by name.")
    lists: list[str] = Field(description="Lists that it asks.")


class RuleReadings(BaseModel):
    """The rules that hit an event: live rules first, then those in shadow, which do not change the score."""

    items: list[RuleReading]


class ContributionKind(StrEnum):
    """What a part of a score comes from."""

    FEATURE = "feature"
    RULE = "rule"


class Contribution(BaseModel):
    """The contribution of one feature or rule to a score in log-odds; negative values lowered it."""

    kind: ContributionKind
    name: str
    text: str
    value: float | None
    unit: str | None
    points: float


class Contributions(BaseModel):
    """A score as a sum of log-odds: ``base`` plus all ``points`` is ``total``.

    ``base`` is the model's prediction for an average event. Where contributions are unknown (``exact`` is false: the
    scorecard scored, or the model or its features are gone), it is the part that no rule explains.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11",
                    "scorer": "model-9478a56e6939",
                    "exact": True,
                    "base": -4.6,
                    "parts": [
                        {
                            "kind": "feature",
                            "name": "amount_to_median",
                            "text": "amount over the account's median",
                            "value": 6.1,
                            "unit": "ratio",
                            "points": 3.2,
                        }
                    ],
                    "total": -1.4,
                    "score": 0.2,
                    "level": "LOW",
                }
            ]
        }
    )

    event_source: EventSource
    event_id: EventIdField
    scorer: str
    exact: bool
    base: float
    parts: list[Contribution]
    total: float
    score: float
    level: RiskLevel
