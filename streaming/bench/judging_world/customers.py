"""The customers of the world, in households, with devices, addresses, cards and habits."""

from __future__ import annotations

from random import Random

from streaming.bench.judging_world.rows import COUNTRIES, DAY, Country, Customer, Merchant, address, token

# By segment: share, payments a day, spending factor.
SEGMENTS: dict[str, tuple[float, float, float]] = {
    "employed": (0.52, 1.15, 1.0),
    "student": (0.17, 1.05, 0.6),
    "pensioner": (0.15, 0.55, 0.9),
    "affluent": (0.07, 1.6, 2.2),
    "business": (0.04, 2.2, 3.0),
    "dormant": (0.05, 0.0, 1.0),
}
_TASTES: dict[str, dict[str, float]] = {
    "employed": {"groceries": 26, "restaurant": 16, "fuel": 8, "transport": 9, "fashion": 6, "marketplace": 9},
    "student": {"groceries": 20, "restaurant": 18, "transport": 15, "gaming": 9, "marketplace": 9, "fashion": 5},
    "pensioner": {"groceries": 38, "pharmacy": 16, "cash": 14, "restaurant": 8, "fuel": 5, "donation": 2},
    "affluent": {"restaurant": 24, "groceries": 14, "fashion": 12, "travel": 6, "electronics": 6, "fuel": 7},
    "business": {"services": 24, "fuel": 14, "electronics": 10, "utilities": 8, "travel": 8, "marketplace": 8},
    "dormant": {"groceries": 1, "marketplace": 1, "electronics": 1},
}
_RARE = {"services": 3, "pharmacy": 4, "cash": 4, "electronics": 3, "gift_cards": 1.2, "donation": 0.7, "telecom": 1.5}
_RARER = {"travel": 1.2, "crypto": 0.7, "gaming": 1.5, "utilities": 1.0, "streaming": 0.5}


def tastes(segment: str) -> dict[str, float]:
    """How often a segment pays what, by category."""
    return {**_RARE, **_RARER, **_TASTES[segment]}


def build(rng: Random, count: int, days: int, merchants: dict[str, list[Merchant]]) -> list[Customer]:
    """``count`` customers, grouped by household."""
    carriers = {country.code: _carrier(rng, country) for country in COUNTRIES}
    found: list[Customer] = []
    while len(found) < count:
        country = rng.choices(COUNTRIES, [one.share for one in COUNTRIES])[0]
        line, tablet, home = address(rng, country), token(rng, "d"), token(rng, "adr")
        size = rng.choices((1, 2, 3, 4, 5), (45, 30, 12, 9, 4))[0]
        shared = size > 1 and rng.random() < 0.35
        for _ in range(size):
            one = _customer(rng, country, days, line, home, rng.sample(carriers[country.code], 2))
            if shared:
                one.devices.append(tablet)
            one.favourites = _favourites(rng, one, merchants)
            found.append(one)
    for one in found:
        one.friends = [rng.choice(found).id for _ in range(rng.randrange(2, 7))]
    return found


def _carrier(rng: Random, country: Country) -> list[str]:
    """A carrier's few addresses, shared by hundreds of honest customers."""
    return [address(rng, country, six=0.0) for _ in range(4)]


def _customer(rng: Random, country: Country, days: int, line: str, home: str, carrier: list[str]) -> Customer:
    segment = rng.choices(list(SEGMENTS), [share for share, *_ in SEGMENTS.values()])[0]
    _, rate, spending = SEGMENTS[segment]
    new = rng.random() < 0.09
    return Customer(
        id=token(rng, "a"),
        segment=segment,
        country=country,
        rate=rate * rng.gammavariate(3.0, 1 / 3.0),
        spending=spending * rng.lognormvariate(0.0, 0.35),
        pay_day=rng.choice((0, 0, 14, 24, 24, 27)),
        opened=rng.uniform(0, days * DAY) if new else -1.0,
        devices=[token(rng, "d") for _ in range(rng.choices((1, 2, 3), (55, 35, 10))[0])],
        home_ip=line,
        carrier_ips=carrier,
        cards=[token(rng, "c") for _ in range(rng.choices((1, 2), (75, 25))[0])],
        home=home,
    )


def _favourites(rng: Random, one: Customer, merchants: dict[str, list[Merchant]]) -> dict[str, list[Merchant]]:
    found = {}
    for category in tastes(one.segment):
        choices = merchants[category]
        near = [merchant for merchant in choices if merchant.country.code == one.country.code]
        pool = near if choices[0].channel in ("pos", "atm") or rng.random() < 0.8 else choices
        found[category] = [pool[min(len(pool) - 1, int(rng.expovariate(3.0 / len(pool))))] for _ in range(3)]
    return found
