"""Countries, merchants, customers, and the rows that become events."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


class Country(NamedTuple):
    """A country: share of customers, price factor, hours ahead of UTC, first octets of its addresses."""

    code: str
    currency: str
    share: float
    prices: float
    offset: int
    octets: tuple[int, ...]


COUNTRIES = (
    Country("DE", "EUR", 0.26, 1.0, 1, (78, 79, 84, 91)),
    Country("FR", "EUR", 0.16, 1.0, 1, (80, 81, 82, 90)),
    Country("GB", "GBP", 0.16, 0.9, 0, (51, 81, 86, 92)),
    Country("US", "USD", 0.14, 1.1, -5, (24, 67, 71, 98)),
    Country("PL", "PLN", 0.10, 3.2, 1, (83, 89, 94)),
    Country("SE", "SEK", 0.06, 11.0, 1, (78, 90, 94)),
    Country("ES", "EUR", 0.05, 0.85, 1, (80, 83, 88)),
    Country("IN", "INR", 0.04, 40.0, 5, (49, 59, 106, 117)),
    Country("JP", "JPY", 0.03, 150.0, 9, (118, 126, 153)),
)
WHOLE_UNITS = frozenset({"JPY"})


@dataclass(slots=True)
class Merchant:
    """A merchant, and which fields of a payment it passes on."""

    id: str
    category: str
    country: Country
    channel: str
    median: float
    spread: float
    sends_device: bool
    sends_ip: bool
    sends_card: bool


@dataclass(slots=True)
class Customer:
    """A customer: home, habits, and devices."""

    id: str
    segment: str
    country: Country
    rate: float
    spending: float
    pay_day: int
    opened: float
    devices: list[str]
    home_ip: str
    carrier_ips: list[str]
    cards: list[str]
    home: str
    favourites: dict[str, list[Merchant]] = field(default_factory=dict)
    friends: list[str] = field(default_factory=list)
    busy: list[tuple[float, float]] = field(default_factory=list)

    def away(self, at: float) -> bool:
        """Whether the customer is travelling then."""
        return any(begin <= at < end for begin, end in self.busy)


@dataclass(slots=True)
class Row:
    """A future event, in seconds since the start of the world; ``story`` names its fraud or look-alike."""

    at: float
    type: str
    account: str
    counterparty: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    channel: str | None = None
    device: str | None = None
    ip: str | None = None
    country: str | None = None
    attributes: dict[str, str | bool | int | float] = field(default_factory=dict)
    fraud: bool = False
    story: str = ""


def token(rng: Random, prefix: str) -> str:
    """A fresh random identifier."""
    return f"{prefix}{rng.getrandbits(44):011x}"


def address(rng: Random, country: Country, *, six: float = 0.15) -> str:
    """A residential address in ``country``, sometimes IPv6."""
    if rng.random() < six:
        return f"2a02:{rng.randrange(16, 65536):x}:{rng.randrange(65536):x}::{rng.randrange(1, 65536):x}"
    return f"{rng.choice(country.octets)}.{rng.randrange(1, 255)}.{rng.randrange(1, 255)}.{rng.randrange(1, 255)}"


def server_address(rng: Random) -> str:
    """An address of a hosting company or of a VPN's exit."""
    return ".".join(map(str, (rng.choice((45, 104, 146, 185, 193)), *(rng.randrange(1, 255) for _ in range(3)))))


def money(value: float, currency: str, *, step: float = 0.0) -> Decimal:
    """``value`` as a price in ``currency``, rounded to ``step`` if given."""
    if step:
        value = max(step, round(value / step) * step)
    if currency in WHOLE_UNITS:
        return Decimal(max(1, round(value)))
    return Decimal(max(1, round(value * 100))) / 100


def price(rng: Random, merchant: Merchant, factor: float = 1.0) -> Decimal:
    """A price at ``merchant``."""
    country = merchant.country
    value = merchant.median * country.prices * factor * rng.lognormvariate(0.0, merchant.spread)
    if merchant.category == "cash":
        return money(value, country.currency, step=10 * country.prices if country.prices >= 1 else 10)
    if rng.random() < 0.3 and value > 3:
        value = round(value) - 0.01
    return money(value, country.currency)
