"""Customers with habits and merchants with prices, each derived from the seed and its index.

Customer 7 of a seed is the same in a population of 40 and of 4,000, so that runs at different rates
continue the same histories.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from random import Random


def seeded(*parts: object) -> Random:
    """A random number generator that depends on ``parts`` only."""
    return Random("/".join(map(str, parts)))  # noqa: S311  (invented data, not a secret)


@dataclass(frozen=True, slots=True)
class Country:
    """Where customers live. ``per_euro`` turns euros into ``currency``, which has ``decimals`` places."""

    code: str
    currency: str
    utc_offset: int
    per_euro: float
    decimals: int = 2


# Spread over the clock, so that somebody is awake at any hour.
COUNTRIES = (
    Country("DE", "EUR", 1, 1.0),
    Country("US", "USD", -5, 1.1),
    Country("JP", "JPY", 9, 160.0, 0),
    Country("FR", "EUR", 1, 1.0),
    Country("GB", "GBP", 0, 0.85),
    Country("IN", "INR", 5, 92.0),
    Country("US", "USD", -8, 1.1),
    Country("BR", "BRL", -3, 6.0),
    Country("NL", "EUR", 1, 1.0),
    Country("AU", "AUD", 10, 1.7),
    Country("ES", "EUR", 1, 1.0),
    Country("PL", "PLN", 1, 4.3),
)
# Category, what is spent there relative to the customer's usual amount, and how it is paid.
CATEGORIES = (
    ("groceries", 0.9, "pos"),
    ("restaurant", 0.8, "pos"),
    ("transport", 0.5, "app"),
    ("fuel", 1.1, "pos"),
    ("fashion", 1.4, "web"),
    ("streaming", 0.4, "web"),
    ("pharmacy", 0.7, "pos"),
    ("electronics", 2.0, "web"),
    ("cash", 1.3, "atm"),
)
FIRST_MERCHANTS = 20
RECENT_PAYERS = 12
# Actions of a customer before resting.
OUTINGS = (3, 6)


@lru_cache(maxsize=1024)
def _day(peak: int) -> tuple[float, ...]:
    """Activity, 0 to 1, in each hour (UTC) of a day that peaks at ``peak``."""
    apart = [min((hour - peak) % 24, (peak - hour) % 24) for hour in range(24)]
    return tuple(max(0.01, math.exp(-((hours / 5) ** 2))) for hours in apart)


def rhythm(index: int) -> tuple[float, ...]:
    """Activity of customer ``index`` in each hour (UTC), known before the customer is created."""
    local_peak = 11 + index // len(COUNTRIES) % 8
    return _day((local_peak - COUNTRIES[index % len(COUNTRIES)].utc_offset) % 24)


@dataclass(slots=True)
class Merchant:
    """A merchant, with its latest customers."""

    counterparty_id: str
    category: str
    price_level: float
    channel: str
    tablet: str | None = None
    """The shop's own device, if all payments there are made on it."""
    recent: deque[Customer] = field(default_factory=lambda: deque(maxlen=RECENT_PAYERS))


@dataclass(slots=True)
class Customer:
    """An account and its habits, which drift slowly. ``log_mean`` and ``sigma`` are of amounts in euros."""

    account_id: str
    country: Country
    log_mean: float
    sigma: float
    devices: list[str]
    ip: str
    favourites: list[int]
    trades: bool
    card: str = ""
    employees: int = 0
    """The number of people that a business occasionally pays at once."""
    payments: int = 0
    outings_left: int = 0
    visiting: Country | None = None
    visits_left: int = 0
    under_attack_until: datetime | None = None

    def money(self, euros: float) -> Decimal:
        """``euros`` as an amount of the customer's own currency, at least its smallest coin."""
        places = self.country.decimals
        coins = max(1, round(euros * self.country.per_euro * 10**places))
        return Decimal(coins).scaleb(-places)

    def typical(self) -> float:
        """The customer's median amount in euros."""
        return math.exp(self.log_mean)

    def attackable(self, now: datetime) -> bool:
        """Whether there is enough history, and no other fraud is in progress."""
        return self.payments >= 3 and (self.under_attack_until is None or self.under_attack_until < now)


def device(rng: Random) -> str:
    """A new device."""
    return f"dev-{rng.getrandbits(48):012x}"


def home_ip(rng: Random) -> str:
    """An address behind a carrier's NAT (100.64.0.0/10), not routable on the internet."""
    bits = rng.getrandbits(22)
    return f"100.{64 + (bits >> 16)}.{bits >> 8 & 255}.{bits & 255}"


def make_merchant(seed: int, index: int) -> Merchant:
    """Merchant ``index`` of the seed."""
    rng = seeded(seed, "merchant", index)
    category, price_level, channel = CATEGORIES[index % len(CATEGORIES)]
    name, level = f"m-{rng.getrandbits(40):010x}", price_level * rng.uniform(0.8, 1.25)
    return Merchant(name, category, level, channel, device(rng) if channel == "pos" and index % 4 == 0 else None)


def make_customer(seed: int, index: int) -> Customer:
    """Customer ``index`` of the seed, who shops among the merchants that exist for that index."""
    rng = seeded(seed, "customer", index)
    country = COUNTRIES[index % len(COUNTRIES)]
    merchants = merchants_for(index)
    return Customer(
        account_id=f"acct-{rng.getrandbits(40):010x}",
        country=country,
        log_mean=rng.gauss(3.3, 0.6),
        sigma=rng.uniform(0.25, 0.5),
        devices=[*_of_household(seed, index), *(device(rng) for _ in range(rng.choice((1, 1, 2, 2, 3))))],
        # Half are behind carrier addresses shared by hundreds.
        ip=home_ip(rng) if rng.random() < 0.5 else _shared_ip(index % len(COUNTRIES), index // 500),
        favourites=list({int(merchants * rng.random()): None for _ in range(rng.randint(3, 7))}),
        trades=index % 8 == 3,
        card=f"card-{rng.getrandbits(40):010x}",
        employees=rng.randint(5, 40) if index % 25 == 7 else 0,
    )


def _of_household(seed: int, index: int) -> list[str]:
    """The tablet that two in six neighbours share as a family."""
    return [device(seeded(seed, "household", index // 2))] if index % 6 in (0, 1) else []


def _shared_ip(country: int, block: int) -> str:
    return f"100.127.{country}.{block % 256}"


def merchants_for(customers: int) -> int:
    """The number of merchants for a population of ``customers``."""
    return FIRST_MERCHANTS + customers


class Population:
    """The customers of a seed, about ``active`` of them active at a time, and their merchants.

    An active customer pays a few times and then rests until everybody else had a turn. So accounts have a
    history within a minute of a run, and yet no more events an hour than a person makes.
    """

    def __init__(self, seed: int, size: int, active: int) -> None:
        self._seed, self._size = seed, size
        self._wanted = min(active, size)
        self._next = 0
        self._out: list[Customer] = []
        self._people: dict[int, Customer] = {}
        self._places: dict[int, Merchant] = {}
        self.customers: list[Customer] = []
        self.merchants: list[Merchant] = []

    def someone(self, rng: Random, hour: int) -> Customer:
        """An active customer; one whose turn is over is replaced by one awake in ``hour`` (UTC)."""
        if len(self._out) < self._wanted:
            self._out.append(self._recruit(rng, hour))
        place = rng.randrange(len(self._out))
        customer = self._out[place]
        customer.outings_left -= 1
        if customer.outings_left <= 0:
            self._out[place] = self._recruit(rng, hour)
        return customer

    def merchant(self, index: int) -> Merchant:
        """Merchant ``index``, made when it is first needed."""
        if index not in self._places:
            self._places[index] = make_merchant(self._seed, index)
            self.merchants.append(self._places[index])
        return self._places[index]

    def unfamiliar(self, rng: Random, customer: Customer) -> Merchant:
        """A merchant that is not among the customer's favourites."""
        merchants = merchants_for(self._size)
        index = rng.randrange(merchants)
        while index in customer.favourites:
            index = rng.randrange(merchants)
        return self.merchant(index)

    def _recruit(self, rng: Random, hour: int) -> Customer:
        """The next customer who is awake; after many sleepers, simply the next."""
        for _ in range(24):
            index = self._next
            self._next = (index + 1) % self._size
            if rng.random() < rhythm(index)[hour]:
                break
        if index not in self._people:
            self._people[index] = make_customer(self._seed, index)
            self.customers.append(self._people[index])
        customer = self._people[index]
        customer.outings_left = rng.randint(*OUTINGS)
        return customer
