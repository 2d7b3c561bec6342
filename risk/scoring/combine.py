"""Combines a base score with rule hits into a probability, a level and reasons.

The base comes from a scorer (``risk.scoring.scorer``), in log-odds. Rules add points of their own, or raise the level;
the sum is squashed into a probability. Contributions are in log-odds and add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from risk.domain.assessment import Reason, RiskLevel, Thresholds
from risk.rules.effects import combine
from risk.rules.evaluator import Mode, RuleHit
from risk.scoring.scorer import Score

MAX_REASONS = 4


class Judgement(NamedTuple):
    """What is said of an event: a probability, its level, and at most four reasons, most telling first."""

    value: float
    level: RiskLevel
    reasons: list[Reason]


def judge(base: Score, hits: Sequence[RuleHit], thresholds: Thresholds) -> Judgement:
    """The base and the live ones of ``hits`` as one judgement.

    Points are added to the log-odds. A rule that asks for a level lifts a lower score to that level's lower
    bound: score and level always agree. What lowered the score, or changed nothing, is no reason.
    """
    live = [hit for hit in hits if hit.mode is Mode.LIVE]
    combined = combine(base.logit, live, thresholds)
    reasons = [*base.reasons]
    reasons += [
        Reason(code=hit.code, text=hit.reason_text, contribution=added)
        for hit, added in zip(live, combined.added, strict=True)
        if added > 0
    ]
    reasons.sort(key=lambda reason: reason.contribution, reverse=True)
    return Judgement(combined.value, thresholds.level(combined.value), reasons[:MAX_REASONS])
