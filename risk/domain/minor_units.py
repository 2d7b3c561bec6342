"""How many decimals the amounts of a currency have."""

from __future__ import annotations

from collections.abc import Mapping

# ISO 4217 list one, the column "minor unit"; those that are not named have two.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_NAMED: Mapping[str, int] = {
    code: places for codes, places in ((_WHOLE, 0), (_THREE, 3), (_FOUR, 4)) for code in codes.split()
}


def decimals(currency: str) -> int:
    """0 for JPY, 2 for EUR, 3 for KWD."""
    return _NAMED.get(currency, 2)
