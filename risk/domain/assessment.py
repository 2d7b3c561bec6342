"""An assessment: the score, level and reasons that the engine gives an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.domain.decisions import Decision
from risk.domain.event_ids import STREAM, EventIdField, EventSource
from risk.domain.event_types import SHIPPED_TYPES, AmountFlow, EventTypeName, Family
from risk.domain.field_rules import StoredAttributes

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class RiskLevel(StrEnum):
    """Four bands of the score, from least to most risky."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """0 for LOW to 3 for CRITICAL, for comparing levels."""
        return _RANKS[self]

    def at_least(self, other: RiskLevel) -> bool:
        """Whether this level is as risky as ``other``, or riskier."""
        return self.rank >= other.rank


LEVELS = tuple(RiskLevel)
"""The levels by rank: what tables hold a rank of."""
_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


class Thresholds(BaseModel):
    """The upper bounds of LOW, MEDIUM and HIGH: scores in (0, 1), strictly increasing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: Annotated[float, Field(strict=True, gt=0.0, lt=1.0)] = 0.3
    medium: Annotated[float, Field(strict=True, gt=0.0, lt=1.0)] = 0.5
    high: Annotated[float, Field(strict=True, gt=0.0, lt=1.0)] = 0.8

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.low < self.medium < self.high:
            raise ValueError(f"thresholds must rise strictly: low {self.low} < medium {self.medium} < high {self.high}")
        return self

    def level(self, score: float) -> RiskLevel:
        """The level of ``score`` (0 to 1); a bound belongs to the level above it."""
        if score < self.low:
            return RiskLevel.LOW
        if score < self.medium:
            return RiskLevel.MEDIUM
        if score < self.high:
            return RiskLevel.HIGH
        return RiskLevel.CRITICAL

    def lower_bound(self, level: RiskLevel) -> float:
        """The lowest score of ``level``."""
        return (0.0, self.low, self.medium, self.high)[level.rank]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that raised the score.

    ``contribution`` is in log-odds: what this part added to the logit of the score. ``value`` and
    ``baseline`` are in the unit of ``feature``, when the reason comes from one.
    """

    code: str
    text: str
    contribution: float
    feature: str | None = None
    value: float | None = None
    baseline: float | None = None


class AssessmentSummary(BaseModel):
    """An assessment as lists, the live view and ``risk-updates`` carry it. Times are UTC.

    ``event_id`` is the sender's own id; ids are of ``event_source``, and two sources may have the same.
    ``family`` is what ``event_type`` was registered as when it was scored. ``decision`` is null for what was scored
    before there were decisions.
    ``sequence`` is the order in which the engine scored: dense enough to sort by, never reused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_source: EventSource = STREAM
    event_id: EventIdField
    sequence: int
    event_type: EventTypeName
    family: Family
    occurred_at: datetime
    received_at: datetime
    scored_at: datetime
    account_id: str
    counterparty_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    channel: str | None = None
    country: str | None = None
    score: Probability
    level: RiskLevel
    decision: Decision | None = None
    reasons: list[Reason]

    @model_validator(mode="before")
    @classmethod
    def _understood(cls, data: Any) -> Any:
        """What an engine before the registry said nothing of was understood as its type is shipped."""
        if not isinstance(data, dict) or "family" in data:
            return data
        kind = SHIPPED_TYPES.find(str(data.get("event_type")))
        known = {"family": kind.family, "amount_flow": kind.amounts}
        return {name: value for name, value in known.items() if name in cls.model_fields} | data


class Assessment(AssessmentSummary):
    """Everything that is stored of one scored event.

    ``features`` are in the order of ``risk.features.catalog.FEATURES`` of version ``feature_set``; a feature
    without a value is null. ``defined`` are the values of users' definitions, those of the ``definition_set`` with
    this number. ``scorer`` names what computed the score, ``base_score`` its own probability, before rules;
    ``challenger_score`` is what ``challenger``, which ran in shadow, would have said instead. ``config_version`` names
    the thresholds that made the score a level.
    """

    device_id: str | None = None
    ip: str | None = None
    original_event_id: str | None = None
    attributes: StoredAttributes = {}
    amount_flow: AmountFlow
    features: list[float | None]
    feature_set: int
    definition_set: int | None = None
    defined: list[float | None] | None = None
    scorer: str
    base_score: Probability | None = None
    challenger: str | None = None
    challenger_score: Probability | None = None
    config_version: int
