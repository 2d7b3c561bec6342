"""The order of the alert queue: risk × money × age, as a number that never has to be recomputed.

- risk: the top score times 2 to the rank of the level (LOW 1, MEDIUM 2, HIGH 4, CRITICAL 8);
- money: ``1 + log10(1 + amount in minor units) / 4``: no amount 1, 100.00 EUR about 2, 10,000.00 EUR about
  2.5. Minor units and the logarithm make currencies comparable enough to rank by, without exchange rates;
- age: doubles every eight hours, so that nothing waits for ever behind what is newer.

Because age grows by the same factor for all, the order of two alerts does not change while they wait. The
logarithm of the product, less the part that is the same for all, is therefore a constant of the alert:
``rank = log2(risk × money) - opened / 8 h``. An index holds it, and a cursor into the list stays true.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal

DOUBLING_HOURS = 8.0
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_LEAST_SCORE = 0.001
# ISO 4217: the currencies whose minor unit is not a hundredth.
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENT = {**dict.fromkeys(_NO_MINOR.split(), 0), **dict.fromkeys(_THOUSANDTHS.split(), 3)}


def significance(amount: Decimal | None, currency: str | None) -> float:
    """How much money ``amount`` is: log10 of its minor units; 0 where there is none."""
    if amount is None or amount <= 0:
        return 0.0
    return math.log10(1 + float(amount) * 10 ** _EXPONENT.get(currency or "", 2))


def rank(level_rank: int, top_score: float, amount: Decimal | None, currency: str | None, opened_at: datetime) -> float:
    """What alerts are ordered by, highest first; see above. ``level_rank`` is 0 for LOW to 3 for CRITICAL."""
    risk = max(top_score, _LEAST_SCORE) * 2**level_rank
    money = 1 + significance(amount, currency) / 4
    hours = (opened_at - _EPOCH).total_seconds() / 3600
    return math.log2(risk * money) - hours / DOUBLING_HOURS
