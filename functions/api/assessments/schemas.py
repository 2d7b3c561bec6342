"""Response schemas of assessments and overviews."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from functions.api.http.conventions.schemas import Page
from risk.domain.assessment import AssessmentSummary, RiskLevel
from risk.domain.decisions import DecisionAction, Overturn
from risk.domain.event_types import AmountFlow
from risk.domain.field_rules import StoredAttributes
from risk.store.assessments.event_lookup import UndoingEvent
from risk.store.assessments.overturns import OverturnCount


class ListedAssessment(AssessmentSummary):
    """An assessment, and the overturn of its decision that holds; null if none does."""

    overturn: Overturn | None = None


class AssessmentPage(Page[ListedAssessment]):
    """A page of assessments; ``next_cursor`` asks for the next page and is null on the last."""


class MinuteCounts(BaseModel):
    """Assessments by level that were scored in ``minute`` (UTC)."""

    minute: datetime
    LOW: int
    MEDIUM: int
    HIGH: int
    CRITICAL: int


class RiskStats(BaseModel):
    """Assessments by level and decision over the last ``minutes``, the current one included.

    ``per_minute`` is oldest first. ``overturned`` counts decisions, of whatever time, that analysts overturned in these
    minutes.
    """

    as_of: datetime
    minutes: int
    total: int
    by_level: dict[RiskLevel, int]
    by_decision: dict[DecisionAction, int]
    overturned: list[OverturnCount]
    per_minute: list[MinuteCounts]


class ScoreBin(BaseModel):
    """Assessments by level with a score from ``low`` to below ``high``; the last bin includes 1."""

    low: float
    high: float
    LOW: int
    MEDIUM: int
    HIGH: int
    CRITICAL: int


class ScoreHistogram(BaseModel):
    """The score distribution of the newest assessments: at most 20,000, scored at ``since`` or later."""

    since: datetime | None
    total: int
    bins: list[ScoreBin]


class TopReason(BaseModel):
    """A reason of risky assessments: its general ``meaning``, and its ``text`` for the newest event."""

    code: str
    meaning: str
    text: str
    count: int


class TopAccount(BaseModel):
    """An account with risky assessments: how many, how many critical, and the highest score."""

    account_id: str
    count: int
    critical: int
    max_score: float
    last_scored_at: datetime


class RiskOverview(BaseModel):
    """What the assessments of the last ``minutes`` have in common; risky means HIGH or CRITICAL."""

    as_of: datetime
    minutes: int
    scores: ScoreHistogram
    reasons: list[TopReason]
    accounts: list[TopAccount]


class FeatureValue(BaseModel):
    """A feature value that the score was computed from; null if it was unknown."""

    name: str
    unit: str
    meaning: str
    value: float | None


class AssessmentDetail(ListedAssessment):
    """Everything that is known about one scored event.

    ``features`` is empty for an event scored with an older feature set. ``base_score`` is the scorer's probability
    before rules; ``challenger_score`` that of the model in shadow. ``overturns`` are all of its decision, last
    first. ``original_event_id`` is the event of the same source that this one undoes; ``undone_by`` are those that undo
    it, the first 50. ``notes`` say which of its codes no standard has.
    """

    device_id: str | None
    ip: str | None
    original_event_id: str | None
    undone_by: list[UndoingEvent]
    attributes: StoredAttributes
    amount_flow: AmountFlow
    scorer: str
    config_version: int
    base_score: float | None
    challenger: str | None
    challenger_score: float | None
    overturns: list[Overturn]
    features: list[FeatureValue]
    notes: list[str]
