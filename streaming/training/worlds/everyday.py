"""Honest behaviour, day by day."""

from __future__ import annotations

import math
from random import Random

from streaming.training.worlds.installation import APP, WEB
from streaming.training.worlds.people import DAY, Person, Shop
from streaming.training.worlds.scene import Hands, Scene

_ABROAD = ("ES", "FR", "TH", "TR", "US", "AT", "IT", "GR", "AE", "MX")


def live(scene: Scene) -> None:
    """Simulate all days of the installation."""
    for person in scene.people:
        for day in range(int(person.since // DAY), scene.like.days):
            _changes(scene, person, day)
            _day(scene, person, day)


def hands_of(scene: Scene, person: Person) -> Hands:
    """The device and address visible when a customer acts."""
    rng, like = scene.rng, scene.like
    device = scene.names.new("d-") if person.forgetful else person.devices[int(len(person.devices) * rng.random() ** 2)]
    if person.away is not None:
        return Hands(device, person.away[2], person.away[1])
    if person.vpn and rng.random() < 0.4:
        return Hands(device, scene.names.address(), rng.choice(_ABROAD))
    return Hands(device, person.carrier if rng.random() < like.carrier else person.address, person.country[0])


def _changes(scene: Scene, person: Person, day: int) -> None:
    rng, like, names = scene.rng, scene.like, scene.names
    if person.away is not None and day * DAY > person.away[0]:
        person.away = None
    if person.away is None and rng.random() < like.travel:
        person.away = ((day + rng.randint(2, 14)) * DAY, rng.choice(_ABROAD), names.address())
    if rng.random() < like.new_phone:
        person.devices[0] = names.new("d-")
    if rng.random() < like.new_address:
        person.address = names.address()
    if rng.random() < 0.001:
        person.card = names.new("c-")


def _visits(rng: Random, expected: float) -> int:
    """A Poisson-distributed number."""
    count, product, limit = 0, rng.random(), math.exp(-min(expected, 20.0))
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def _day(scene: Scene, person: Person, day: int) -> None:
    rng, like = scene.rng, scene.like
    weekend, payday = day % 7 >= 5, day % 30 in (0, 1, 27, 28)
    rate = person.rate * (1.2 if weekend else 1.0)
    if person.sort == "business":
        rate *= 0.3 if weekend else 1.1
        if day % 30 == 27:
            _wages(scene, person, day)
    elif payday and person.sort == "employed":
        rate *= 1.4
    for month_day, shop, euros in person.subscriptions:
        if day % 30 == month_day:
            nobody = Hands(None, None, person.country[0])
            scene.pay(day * DAY + rng.uniform(0, 20_000), person, shop, euros, nobody)
    for _ in range(_visits(rng, rate)):
        _visit(scene, person, _moment(scene, person, day))
    if rng.random() < like.transfers * (1.0 + payday):
        _send(scene, person, _moment(scene, person, day))
    if day % 30 == 1 and person.sort in ("employed", "pensioner") and like.transfers:
        employer = rng.choice(scene.people)
        from_employer = Hands(None, None, employer.country[0])
        scene.transfer(day * DAY + rng.uniform(0, 30_000), employer, person.account, person.usual() * 45, from_employer)
    if person.gamer and rng.random() < 0.08:
        _game(scene, person, _moment(scene, person, day))


def _moment(scene: Scene, person: Person, day: int) -> float:
    hour = (scene.rng.gauss(person.peak, 3.5) - person.country[2]) % 24
    return max(day * DAY + hour * 3600, person.since)


def _visit(scene: Scene, person: Person, at: float) -> None:
    """A purchase at one shop, sometimes several, and sometimes with a declined attempt first."""
    rng, like = scene.rng, scene.like
    hands = hands_of(scene, person)
    shop = scene.any_shop() if rng.random() < like.adventurous else rng.choice(person.favourites)
    if rng.random() < like.logins_told and shop.channel in (WEB, APP):
        _enter(scene, person, at - rng.uniform(20, 600), hands)
    euros = scene.amount(person, shop)
    if rng.random() < like.rare_large:
        euros *= rng.uniform(4, 25)
    if rng.random() < like.declines:
        for _ in range(rng.randint(1, 4)):
            scene.pay(at, person, shop, euros, hands, declined=0.7)
            at += rng.uniform(5, 120)
    scene.pay(at, person, shop, euros, hands)
    if rng.random() < like.sprees:
        for _ in range(rng.randint(2, 8)):
            at += rng.uniform(60, 2_400)
            place = scene.any_shop() if rng.random() < 0.6 else shop
            scene.pay(at, person, place, scene.amount(person, place), hands)


def _enter(scene: Scene, person: Person, at: float, hands: Hands) -> None:
    while scene.rng.random() < scene.like.mistyped:
        scene.login(at, person, hands, success=False)
        at += scene.rng.uniform(3, 30)
    scene.login(at, person, hands)


def _send(scene: Scene, person: Person, at: float) -> None:
    """A transfer, mostly to family or friends; sometimes a large one to somebody new."""
    rng = scene.rng
    if person.payees and rng.random() < 0.7:
        to = rng.choice(person.payees)
    else:
        to = rng.choice(scene.people).account if rng.random() < 0.7 else scene.names.new("x-")
        person.payees.append(to)
    scene.transfer(at, person, to, person.usual() * rng.lognormvariate(1.0, 0.9), hands_of(scene, person))


def _wages(scene: Scene, person: Person, day: int) -> None:
    at, hands = day * DAY + 9 * 3600.0, hands_of(scene, person)
    for _ in range(scene.rng.randint(4, 25)):
        at += scene.rng.uniform(2, 40)
        scene.transfer(
            at, person, scene.rng.choice(scene.people).account, person.usual() * scene.rng.uniform(4, 12), hands
        )


def _game(scene: Scene, person: Person, at: float) -> None:
    """Many small purchases in one place within an hour."""
    hands, shop = hands_of(scene, person), _digital(scene)
    for _ in range(scene.rng.randint(4, 18)):
        at += scene.rng.uniform(15, 400)
        scene.pay(at, person, shop, scene.rng.choice((0.99, 1.99, 4.99, 9.99)), hands)


def _digital(scene: Scene) -> Shop:
    return scene.rng.choice([shop for shop in scene.online if shop.category == "digital"] or scene.online)
