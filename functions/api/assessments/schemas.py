"""Response schemas of assessments and overviews."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from functions.api.http.schemas import Page
from risk.domain.assessment import AssessmentSummary, RiskLevel
from risk.domain.fields import StoredAttributes


class AssessmentPage(Page[AssessmentSummary]):
    """A part of a list; ``next_cursor`` asks for the next part, and is null at the end."""


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
    attributes: StoredAttributes
    scorer: str
    config_version: int
    base_score: float | None
    challenger: str | None
    challenger_score: float | None
    features: list[FeatureValue]
