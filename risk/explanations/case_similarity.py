"""Similarity between an event and a resolved case, by reasons and entities."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from risk.domain.assessment import Reason

REASONS, COUNTERPARTY, ACCOUNT, AMOUNT = 0.6, 0.15, 0.15, 0.1
"""What each part can add; together 1."""
LEAST = 0.35
"""Cases less alike than this are not told of."""
_FAR = math.log(10)


def similarity(
    reasons: Iterable[Reason],
    of_case: Iterable[Reason],
    *,
    same_account: bool,
    same_counterparty: bool,
    amounts: tuple[Decimal | None, Decimal | None] = (None, None),
) -> float:
    """From 0 to 1.

    The reasons are the part of the feature vector that made the score, so they weigh most: by what each added to the
    log-odds, how much of it the two have in common. Then the same counterparty, the same account, and amounts
    (in one currency) that lie within a factor of ten.
    """
    return (
        REASONS * _common(reasons, of_case)
        + COUNTERPARTY * same_counterparty
        + ACCOUNT * same_account
        + AMOUNT * _close(*amounts)
    )


def _common(one: Iterable[Reason], other: Iterable[Reason]) -> float:
    first = {reason.code: max(0.0, reason.contribution) for reason in one}
    second = {reason.code: max(0.0, reason.contribution) for reason in other}
    codes = first.keys() | second.keys()
    shared = sum(min(first.get(code, 0.0), second.get(code, 0.0)) for code in codes)
    whole = sum(max(first.get(code, 0.0), second.get(code, 0.0)) for code in codes)
    return shared / whole if whole > 0 else 0.0


def _close(one: Decimal | None, other: Decimal | None) -> float:
    if not one or not other:
        return 0.0
    return max(0.0, 1 - abs(math.log(float(one) / float(other))) / _FAR)
