"""Currencies: minor units (ISO 4217), and conversion into one reporting currency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_UNITS: Mapping[str, int] = {code: places for places, codes in _PLACES.items() for code in codes.split()}
"""Places of the minor unit by currency (ISO 4217, list one), where they are not two."""
MOST_RATES = 1_000

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{2,11}$")]


def minor_unit(currency: str | None) -> int:
    """The number of decimal places of ``currency``: 2 for EUR, 0 for JPY, 3 for KWD; 2 if it is not listed."""
    return MINOR_UNITS.get(currency or "", 2)


class Rate(BaseModel):
    """From ``since`` on (UTC), ``per_base`` units of ``currency`` equal one unit of the reporting currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: Code
    since: date
    per_base: Annotated[Decimal, Field(gt=0, le=Decimal(10) ** 12, max_digits=24, decimal_places=12)]


class ExchangeRates(BaseModel):
    """Dated exchange rates into the reporting currency ``base``.

    Before the first rate of a currency its first one applies. Amounts without a rate or currency count at par, so
    that a missing rate does not hide risk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Code
    rates: Annotated[list[Rate], Field(max_length=MOST_RATES)]

    @model_validator(mode="after")
    def _one_rate_a_day(self) -> Self:
        days = [(rate.currency, rate.since) for rate in self.rates]
        if len(set(days)) < len(days):
            raise ValueError("a currency has one rate a day")
        if any(rate.currency == self.base for rate in self.rates):
            raise ValueError(f"{self.base} is the reporting currency: it has no rate")
        return self

    @cached_property
    def _by_currency(self) -> dict[str, tuple[list[date], list[float]]]:
        found: dict[str, tuple[list[date], list[float]]] = {}
        for rate in sorted(self.rates, key=lambda rate: rate.since):
            days, values = found.setdefault(rate.currency, ([], []))
            days.append(rate.since)
            values.append(float(rate.per_base))
        return found

    def to_base(self, amount: float, currency: str | None, at: datetime) -> float:
        """``amount`` of ``currency`` in the reporting currency, by the rate of the day of ``at`` (UTC)."""
        dated = self._by_currency.get(currency or "")
        if dated is None:
            return amount
        days, values = dated
        return amount / values[max(0, bisect_right(days, at.date()) - 1)]


_SINCE = date(2026, 1, 1)
# Rounded rates of early 2026: good enough to rank by until an Admin enters the house's own.
_ABOUT = """
    AED 4.3 ARS 1700 AUD 1.75 BGN 1.95583 BRL 6.4 CAD 1.61 CHF 0.93 CLP 1060 CNY 8.2 COP 4400 CZK 24.2 DKK 7.46 EGP 55
    GBP 0.87 HKD 9.1 HUF 385 IDR 19500 ILS 3.75 INR 105 ISK 147 JPY 183 KRW 1700 KWD 0.36 KZT 595 MAD 10.7 MXN 21
    MYR 4.75 NGN 1680 NOK 11.8 NZD 2.03 PEN 3.95 PHP 69 PKR 329 PLN 4.22 QAR 4.27 RON 5.09 RSD 117 RUB 93 SAR 4.4
    SEK 10.8 SGD 1.51 THB 37 TRY 50 TWD 37 UAH 49.5 USD 1.17 UYU 46 VND 30800 XAF 655.957 XOF 655.957 ZAR 19.5
"""
_WORDS = tuple(_ABOUT.split())
DEFAULT_RATES = ExchangeRates(
    base="EUR",
    rates=[
        Rate(currency=code, since=_SINCE, per_base=Decimal(value))
        for code, value in zip(_WORDS[::2], _WORDS[1::2], strict=True)
    ],
)
