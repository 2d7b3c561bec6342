"""The order of the alert queue: risk × money × age, as a number that never has to be recomputed.

- risk: the top score times 2 to the rank of the level (LOW 1, MEDIUM 2, HIGH 4, CRITICAL 8);
- money: ``1 + log10(1 + hundredths) / 4`` of the amount in the reporting currency, by the exchange rate of its day: no
  amount 1, 100.00 EUR about 2, 10,000.00 EUR about 2.5;
- age: doubles every eight hours, so that nothing waits for ever behind what is newer.

Because age grows by the same factor for all, the order of two alerts does not change while they wait. The
logarithm of the product, less the part that is the same for all, is therefore a constant of the alert:
``rank = log2(risk × money) - opened / 8 h``. An index holds it, and a cursor into the list stays true.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

DOUBLING_HOURS = 8.0
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_LEAST_SCORE = 0.001


def significance(money: float) -> float:
    """The magnitude of an amount in the reporting currency: log10 of its hundredths; 0 without an amount."""
    return math.log10(1 + money * 100) if money > 0 else 0.0


def rank(level_rank: int, top_score: float, money: float, opened_at: datetime) -> float:
    """The sort key of the queue, highest first; see above.

    ``level_rank`` is 0 for LOW to 3 for CRITICAL. ``money`` is in the reporting currency.
    """
    risk = max(top_score, _LEAST_SCORE) * 2**level_rank
    hours = (opened_at - _EPOCH).total_seconds() / 3600
    return math.log2(risk * (1 + significance(money) / 4)) - hours / DOUBLING_HOURS
