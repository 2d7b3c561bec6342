"""Kinds of fraud, each planned as an episode: actions in order, seconds to hours after one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from random import Random

from risk.domain.field_rules import Scalar
from streaming.simulator.population import COUNTRIES, Country, Customer, Merchant, Population, device


class FraudKind(StrEnum):
    """A kind of fraud."""

    CARD_TESTING = "card_testing"
    ACCOUNT_TAKEOVER = "account_takeover"
    COMPROMISED_COUNTERPARTY = "compromised_counterparty"
    LARGE_AMOUNTS = "large_amounts"
    RAPID_SPENDING = "rapid_spending"
    CARD_TESTING_RING = "card_testing_ring"
    DEVICE_FARM = "device_farm"
    SLOW_FRAUD = "slow_fraud"
    MULE = "mule"
    FRIENDLY_FRAUD = "friendly_fraud"


@dataclass(frozen=True, slots=True)
class Action:
    """The content of an event, before it has an id and a time."""

    event_type: str
    account_id: str
    counterparty_id: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    channel: str | None = None
    device_id: str | None = None
    ip: str | None = None
    country: str | None = None
    attributes: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Episode:
    """Actions in order, each in seconds after the episode's start, and the victims."""

    kind: FraudKind
    victims: list[Customer]
    actions: list[tuple[float, Action]]


@dataclass(frozen=True, slots=True)
class _Fraudster:
    device_id: str
    ip: str
    country: Country


def _fraudster(rng: Random, victim: Customer) -> _Fraudster:
    # Half of them appear in the victim's own country: cards are sold with a proxy near their holders.
    near = rng.random() < 0.5
    elsewhere = [country for country in COUNTRIES if (country.code == victim.country.code) == near]
    # 198.18.0.0/15 is reserved for benchmarks.
    address = f"198.{rng.choice((18, 19))}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    return _Fraudster(device(rng), address, rng.choice(elsewhere))


def _payment(victim: Customer, at: Merchant, euros: float, by: _Fraudster) -> Action:
    return Action(
        "payment",
        victim.account_id,
        counterparty_id=at.counterparty_id,
        amount=victim.money(euros),
        currency=victim.country.currency,
        channel="web",
        device_id=by.device_id,
        ip=by.ip,
        country=by.country.code,
        attributes={"category": at.category, "card": victim.card, "status": "approved"},
    )


def _attempt(rng: Random, victim: Customer, at: Merchant, euros: float, by: _Fraudster, declined: float) -> Action:
    """A payment that the issuer declines with this probability."""
    payment = _payment(victim, at, euros, by)
    status = "declined" if rng.random() < declined else "approved"
    return replace(payment, attributes={**payment.attributes, "status": status, "card": victim.card})


def _pace(rng: Random) -> float:
    """The pace of an episode: a factor on its delays."""
    return rng.choice((1.0, 1.0, 1.0, 40.0, 400.0))


def _login(victim: Customer, by: _Fraudster, *, success: bool) -> Action:
    return Action(
        "login",
        victim.account_id,
        channel="web",
        device_id=by.device_id,
        ip=by.ip,
        country=by.country.code,
        attributes={"success": success},
    )


def _spaced(rng: Random, actions: list[Action], low: float, high: float) -> Iterator[tuple[float, Action]]:
    after = 0.0
    for action in actions:
        yield after, action
        after += rng.uniform(low, high)


def _victim(population: Population, rng: Random, now: datetime) -> Customer | None:
    for _ in range(10 if population.customers else 0):
        customer = rng.choice(population.customers)
        if customer.attackable(now):
            return customer
    return None


def card_testing(population: Population, rng: Random, now: datetime) -> Episode | None:
    """Many tiny payments quickly, at one merchant or many, to see whether a card works; then a large one."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    by = _fraudster(rng, victim)
    one = population.unfamiliar(rng, victim) if rng.random() < 0.5 else None
    tests = [
        _attempt(rng, victim, one or population.unfamiliar(rng, victim), rng.uniform(0.3, 2.0), by, 0.5)
        for _ in range(rng.randint(7, 12))
    ]
    prize = _payment(victim, population.unfamiliar(rng, victim), victim.typical() * rng.uniform(8, 20), by)
    actions = list(_spaced(rng, tests, 0.4, 2.0))
    return Episode(FraudKind.CARD_TESTING, [victim], [*actions, (actions[-1][0] + rng.uniform(3, 8), prize)])


def account_takeover(population: Population, rng: Random, now: datetime) -> Episode | None:
    """A login from a new device in a new country, then bigger payments to counterparties never paid before."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    by = _fraudster(rng, victim)
    logins = [_login(victim, by, success=False) for _ in range(rng.choice((0, 0, 1, 2, 4, 8)))]
    payments = [
        _payment(victim, population.unfamiliar(rng, victim), victim.typical() * rng.uniform(1.5, 10), by)
        for _ in range(rng.randint(2, 6))
    ]
    actions = [*logins, _login(victim, by, success=True), *payments]
    pace = _pace(rng)
    return Episode(FraudKind.ACCOUNT_TAKEOVER, [victim], list(_spaced(rng, actions, 2 * pace, 8 * pace)))


def compromised_counterparty(population: Population, rng: Random, now: datetime) -> Episode | None:
    """Accounts that recently paid at one merchant are abused by one fraudster at another."""
    for _ in range(20 if population.merchants else 0):
        # Early merchants are busier: customers prefer them.
        leak = population.merchants[int(len(population.merchants) * rng.random() ** 3)]
        payers = {payer.account_id: payer for payer in leak.recent if payer.attackable(now)}
        if len(payers) >= 3:
            break
    else:
        return None
    victims = list(payers.values())[-6:]
    by = _fraudster(rng, victims[0])
    till = population.unfamiliar(rng, victims[0])
    payments = [
        _payment(victim, till, victim.typical() * rng.uniform(2, 7), by)
        for victim in victims
        for _ in range(rng.randint(1, 2))
    ]
    pace = _pace(rng)
    return Episode(FraudKind.COMPROMISED_COUNTERPARTY, victims, list(_spaced(rng, payments, pace, 5 * pace)))


def large_amounts(population: Population, rng: Random, now: datetime) -> Episode | None:
    """A burst of large amounts to one new counterparty, from the customer's own device and country."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    by = _Fraudster(victim.devices[0], victim.ip, victim.country)
    payee = population.unfamiliar(rng, victim)
    payments = [_payment(victim, payee, victim.typical() * rng.uniform(6, 15), by) for _ in range(rng.randint(3, 6))]
    return Episode(FraudKind.LARGE_AMOUNTS, [victim], list(_spaced(rng, payments, 2, 6)))


def rapid_spending(population: Population, rng: Random, now: datetime) -> Episode | None:
    """Ordinary amounts, but far more of them than the customer ever makes, from their own device or a stranger's.

    A stolen phone or session is drained this way, at one merchant or several, before anyone notices.
    """
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    own = _Fraudster(victim.devices[0], victim.ip, victim.country)
    by = own if rng.random() < 0.7 else _fraudster(rng, victim)
    one = population.unfamiliar(rng, victim) if rng.random() < 0.5 else None
    payments = [
        _payment(victim, one or population.unfamiliar(rng, victim), victim.typical() * rng.uniform(0.4, 2), by)
        for _ in range(rng.randint(8, 16))
    ]
    return Episode(FraudKind.RAPID_SPENDING, [victim], list(_spaced(rng, payments, 3, 40)))


def card_testing_ring(population: Population, rng: Random, now: datetime) -> Episode | None:
    """One device tests the cards of many accounts, once or twice each, at one or two merchants."""
    victims = list({customer.account_id: customer for customer in _victims(population, rng, now, 16)}.values())
    if len(victims) < 5:
        return None
    by = _fraudster(rng, victims[0])
    places = [population.unfamiliar(rng, victims[0]) for _ in range(rng.randint(1, 2))]
    tests = [
        _attempt(rng, victim, rng.choice(places), rng.uniform(0.5, 5.0), by, 0.5)
        for victim in victims
        for _ in range(rng.randint(1, 2))
    ]
    pace = _pace(rng)
    return Episode(FraudKind.CARD_TESTING_RING, victims, list(_spaced(rng, tests, pace, 6 * pace)))


def device_farm(population: Population, rng: Random, now: datetime) -> Episode | None:
    """Accounts opened for the fraud on one or two devices, each paying a few times before it is abandoned."""
    like = _victim(population, rng, now)
    if like is None:
        return None
    home = _Fraudster("", "", like.country)
    farms = [replace(_fraudster(rng, like), country=home.country) for _ in range(rng.choice((1, 1, 2)))]
    places = [population.unfamiliar(rng, like) for _ in range(rng.randint(1, 3))]
    actions = []
    for _ in range(rng.randint(5, 14)):
        fresh = replace(
            like, account_id=f"acct-{rng.getrandbits(40):010x}", card=f"card-{rng.getrandbits(40):010x}", favourites=[]
        )
        by = rng.choice(farms)
        if rng.random() < 0.5:
            actions.append(_login(fresh, by, success=True))
        actions += [
            _payment(fresh, rng.choice(places), like.typical() * rng.uniform(0.5, 4), by)
            for _ in range(rng.randint(1, 3))
        ]
    pace = rng.choice((4.0, 60.0, 900.0))
    return Episode(FraudKind.DEVICE_FARM, [], list(_spaced(rng, actions, pace, 5 * pace)))


def slow_fraud(population: Population, rng: Random, now: datetime) -> Episode | None:
    """A stolen card, used rarely and for small amounts over days."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    by = _fraudster(rng, victim)
    place = population.unfamiliar(rng, victim)
    payments = [_payment(victim, place, victim.typical() * rng.uniform(0.4, 1.5), by) for _ in range(rng.randint(3, 7))]
    return Episode(FraudKind.SLOW_FRAUD, [victim], list(_spaced(rng, payments, 20_000, 150_000)))


def mule(population: Population, rng: Random, now: datetime) -> Episode | None:
    """Money arrives in an account from others, and leaves within hours for new payees."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    by = _Fraudster(victim.devices[0], victim.ip, victim.country)
    out = [
        _payment(victim, population.unfamiliar(rng, victim), victim.typical() * rng.uniform(4, 12), by)
        for _ in range(rng.randint(2, 5))
    ]
    return Episode(FraudKind.MULE, [victim], list(_spaced(rng, out, 60, 3_000)))


def friendly_fraud(population: Population, rng: Random, now: datetime) -> Episode | None:
    """The holder pays and disputes it later; the payment itself looks ordinary."""
    victim = _victim(population, rng, now)
    if victim is None:
        return None
    place = population.merchant(rng.choice(victim.favourites))
    by = _Fraudster(victim.devices[0], victim.ip, victim.country)
    payment = _payment(victim, place, victim.typical() * rng.lognormvariate(0.2, 0.5), by)
    return Episode(FraudKind.FRIENDLY_FRAUD, [victim], [(0.0, payment)])


def _victims(population: Population, rng: Random, now: datetime, most: int) -> list[Customer]:
    found = (_victim(population, rng, now) for _ in range(rng.randint(6, most)))
    return [customer for customer in found if customer is not None]


EPISODES: tuple[Callable[[Population, Random, datetime], Episode | None], ...] = (
    account_takeover,
    card_testing,
    large_amounts,
    compromised_counterparty,
    rapid_spending,
    card_testing_ring,
    device_farm,
    slow_fraud,
    mule,
    friendly_fraud,
)
