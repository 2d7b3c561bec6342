"""Combines a base score with rule hits into a probability, a level and reasons.

The base comes from a scorer (``risk.scoring.scorer``), in log-odds. Rules add points of their own, or raise the level;
the sum is squashed into a probability. Contributions are in log-odds and add up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from risk.domain.assessment import Reason, RiskLevel, Thresholds
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
    logit = base.logit + sum(hit.points for hit in live)
    reasons = [*base.reasons]
    reasons += [Reason(code=hit.code, text=hit.reason_text, contribution=hit.points) for hit in live if hit.points > 0]
    value = probability(logit)
    for hit in sorted(live, key=lambda hit: -1 if hit.min_level is None else hit.min_level.rank, reverse=True):
        bound = 0.0 if hit.min_level is None else thresholds.lower_bound(hit.min_level)
        if value < bound:
            lifted = math.log(bound / (1 - bound))
            reasons.append(Reason(code=hit.code, text=hit.reason_text, contribution=lifted - logit))
            value, logit = bound, lifted
    reasons.sort(key=lambda reason: reason.contribution, reverse=True)
    return Judgement(value, thresholds.level(value), reasons[:MAX_REASONS])


def probability(logit: float) -> float:
    """The probability with these log-odds."""
    if logit < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-logit))
