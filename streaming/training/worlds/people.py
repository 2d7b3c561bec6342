"""The customers and shops of an installation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from streaming.training.worlds.installation import APP, CASH, SHOP, WEB, Installation

DAY = 86_400

# Category, price relative to a customer's usual amount, and where it is sold when not in a shop.
_TRADES = (
    ("groceries", 0.9, None), ("fuel", 1.1, None), ("pharmacy", 0.7, None), ("restaurant", 0.8, APP),
    ("fashion", 1.5, WEB), ("electronics", 2.6, WEB), ("travel", 4.0, WEB), ("digital", 0.4, APP),
    ("marketplace", 1.2, WEB), ("gift_cards", 1.4, WEB), ("utilities", 1.5, WEB), ("cash", 1.6, None),
)  # fmt: skip
_SORTS = {
    # How common, payments a day, log of the usual amount in euros.
    "employed": (0.52, 0.9, 3.4), "student": (0.14, 0.8, 2.6), "pensioner": (0.14, 0.4, 3.2),
    "business": (0.05, 2.2, 5.0), "dormant": (0.11, 0.03, 3.3), "spender": (0.04, 1.6, 4.0),
}  # fmt: skip


@dataclass(slots=True)
class Shop:
    """A counterparty, how often it is chosen, and who paid there when."""

    id: str
    category: str
    channel: str
    level: float
    popularity: float
    till: str
    payers: list[tuple[float, Person]] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """A customer. ``since`` is in seconds after the installation's start; devices and addresses change over time."""

    account: str
    sort: str
    country: tuple[str, str, int, float]
    log_mean: float
    sigma: float
    rate: float
    peak: float
    since: float
    devices: list[str]
    address: str
    carrier: str
    card: str
    favourites: list[Shop]
    forgetful: bool
    gamer: bool
    vpn: bool
    subscriptions: list[tuple[int, Shop, float]]
    payees: list[str] = field(default_factory=list)
    away: tuple[float, str, str] | None = None
    """A trip: until when, to which country, behind which address."""

    def usual(self) -> float:
        """The median of their amounts, in euros."""
        return math.exp(self.log_mean)


class Names:
    """Unique ids."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def new(self, prefix: str) -> str:
        """An id with this prefix."""
        return f"{prefix}{self._rng.getrandbits(48):012x}"

    def address(self) -> str:
        """An address from a documentation or private range."""
        return f"10.{self._rng.randrange(256)}.{self._rng.randrange(256)}.{self._rng.randrange(1, 255)}"


def shops(rng: Random, names: Names, like: Installation) -> list[Shop]:
    """The shops, some far more popular than others."""
    made = []
    for _ in range(max(60, round(like.customers * like.shops_per_customer))):
        category, level, sold = rng.choice(_TRADES)
        channel = sold if sold and rng.random() < like.online else CASH if category == "cash" else SHOP
        if channel == SHOP and rng.random() < like.online * 0.3:
            channel = rng.choice((WEB, APP))
        price = level * rng.lognormvariate(0, 0.4)
        made.append(Shop(names.new("m-"), category, channel, price, rng.paretovariate(1.1), names.new("till-")))
    return made


def people(rng: Random, names: Names, like: Installation, places: list[Shop]) -> list[Person]:
    """The customers, with households and branches whose devices are shared."""
    popularity = [shop.popularity for shop in places]
    carriers = [names.address() for _ in range(max(2, like.customers // like.carrier_crowd))]
    kiosks = [names.new("d-") for _ in range(max(1, round(like.customers * like.kiosks / 25)))]
    made: list[Person] = []
    for _ in range(like.customers):
        sort = rng.choices(list(_SORTS), [common for common, _, _ in _SORTS.values()])[0]
        _, rate, log_mean = _SORTS[sort]
        person = Person(
            account=names.new("a-"),
            sort=sort,
            country=rng.choice(like.countries),
            log_mean=rng.gauss(log_mean, 0.55),
            sigma=rng.uniform(0.3, 0.85),
            rate=rate * like.spending * rng.lognormvariate(0, 0.5),
            peak=rng.uniform(8, 21),
            since=rng.uniform(0, like.days) * DAY if rng.random() < like.newcomers else 0.0,
            devices=[names.new("d-") for _ in range(1 + (rng.random() < like.several_devices))],
            address=names.address(),
            carrier=rng.choice(carriers),
            card=names.new("c-"),
            favourites=rng.choices(places, popularity, k=rng.randint(3, 12)),
            forgetful=rng.random() < like.forgetful,
            gamer=rng.random() < like.gamers,
            vpn=rng.random() < like.vpn,
            subscriptions=[
                (rng.randrange(30), rng.choice(places), rng.uniform(5, 30)) for _ in range(rng.choice((0, 1, 1, 2, 3)))
            ],
        )
        if made and rng.random() < like.households:
            person.devices.append(made[-1].devices[0])
            person.address = made[-1].address
        if rng.random() < like.kiosks:
            person.devices = [rng.choice(kiosks)]
        person.payees = [one.account for one in rng.sample(made, min(len(made), rng.randint(0, 4)))]
        made.append(person)
    return made
