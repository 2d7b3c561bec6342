"""How recent scores would be classified under other thresholds."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from risk.domain.assessment import RiskLevel

BINS = 50
"""Equal parts of the scores from 0 to 1, in which they are counted."""


class LevelMove(BaseModel):
    """How many events would be of the level ``after`` instead of ``before``."""

    before: RiskLevel
    after: RiskLevel
    events: int


class ThresholdPreview(BaseModel):
    """The events scored in a span, by their levels with the present thresholds and with others.

    ``sampled`` is null where every event was counted; otherwise so many were, and the other numbers are estimates
    from them. ``scores`` are how many events had a score in each of 50 equal parts from 0 to 1.
    """

    since: datetime
    until: datetime
    events: int
    sampled: int | None
    changed: int
    before: dict[RiskLevel, int]
    after: dict[RiskLevel, int]
    moves: list[LevelMove]
    scores: list[int]
