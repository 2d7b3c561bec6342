"""Fraud: one function per kind, varied each time."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from streaming.training.worlds.everyday import hands_of
from streaming.training.worlds.people import DAY, Person, Shop
from streaming.training.worlds.scene import Hands, Scene

_FAR = ("NG", "RO", "VN", "RU", "ID", "BG", "GB", "US", "FR")
_EPISODE = {
    # Approximate events per episode.
    "card_testing": 25, "takeover": 4, "device_farm": 18, "compromised_shop": 14, "mule": 4, "slow_fraud": 5,
    "stolen_card": 5, "scam": 1.6, "rapid_spending": 10, "friendly_fraud": 1,
}  # fmt: skip


def defraud(scene: Scene) -> None:
    """Add the installation's fraud, by kind."""
    like, rng = scene.like, scene.rng
    wanted = like.fraud_share * len(scene.happened)
    for kind, weight in like.kinds.items():
        share = weight / sum(like.kinds.values())
        for _ in range(max(1, round(wanted * share / _EPISODE[kind]))):
            _KINDS[kind](scene, rng.uniform(1.5, like.days) * DAY)


def _stranger(scene: Scene, victim: Person) -> Hands:
    """A fraudster's device and address, near the victim if careful."""
    rng = scene.rng
    address = scene.names.address() if rng.random() < 0.75 else rng.choice(scene.people).carrier
    country = victim.country[0] if rng.random() < 0.6 else rng.choice(_FAR)
    return Hands(scene.names.new("d-"), address, country)


def _careful(scene: Scene, hands: Hands) -> Hands:
    """Occasionally change the device or address."""
    rng = scene.rng
    device = scene.names.new("d-") if rng.random() < 0.1 else hands.device
    address = scene.names.address() if rng.random() < 0.2 else hands.address
    return Hands(device, address, hands.country)


def _some_shops(scene: Scene, most: int) -> list[Shop]:
    return [scene.rng.choice(scene.online) for _ in range(scene.rng.randint(1, most))]


def _gap(rng: Random, *means: float) -> float:
    return rng.expovariate(1 / rng.choice(means))


def card_testing(scene: Scene, at: float) -> None:
    """Small amounts on many cards from few devices, many declined; cards of one account or of many."""
    rng = scene.rng
    fleet = [_stranger(scene, scene.someone(at)) for _ in range(rng.choice((1, 1, 2, 4)))]
    places, pace, refused = _some_shops(scene, 3), rng.choice((3.0, 12.0, 60.0, 300.0)), rng.uniform(0.25, 0.8)
    one = scene.someone(at) if rng.random() < 0.3 else None
    stolen = rng.random() < 0.7
    for _ in range(rng.randint(6, 45)):
        victim, at = one or scene.someone(at), at + rng.expovariate(1 / pace)
        card = victim.card if stolen else scene.names.new("c-")
        for _ in range(rng.choice((1, 1, 1, 2))):
            euros, hands = rng.uniform(0.2, 7), rng.choice(fleet)
            scene.pay(at, victim, rng.choice(places), euros, hands, fraud="card_testing", declined=refused, card=card)
            at += rng.uniform(1, 5)
        if rng.random() < 0.04:
            prize = victim.usual() * rng.uniform(4, 20)
            scene.pay(
                at + rng.uniform(5, 600),
                victim,
                rng.choice(scene.online),
                prize,
                rng.choice(fleet),
                fraud="card_testing",
            )


def takeover(scene: Scene, at: float) -> None:
    """Failed logins, a successful one, and then payments: at once, or days later."""
    rng, victim = scene.rng, scene.someone(at)
    hands = _stranger(scene, victim)
    if rng.random() < 0.08:  # a session stolen together with its device
        hands = Hands(victim.devices[0], hands.address, victim.country[0])
    for _ in range(rng.choice((0, 0, 1, 2, 4, 9))):
        scene.login(at, victim, hands, success=False)
        at += rng.uniform(2, 60)
    scene.login(at, victim, hands)
    at += rng.uniform(3_600, 2 * DAY) if rng.random() < 0.3 else 0
    for _ in range(rng.randint(1, 6)):
        at += _gap(rng, 60, 600, 2_000)
        euros = victim.usual() * rng.uniform(0.8, 14)
        if scene.like.transfers and rng.random() < 0.5:
            to = rng.choice(scene.people).account if rng.random() < 0.6 else scene.names.new("x-")
            scene.transfer(at, victim, to, euros, _careful(scene, hands), fraud="takeover")
        else:
            place = rng.choice(scene.online)
            scene.pay(at, victim, place, euros, _careful(scene, hands), fraud="takeover", declined=0.1)


def device_farm(scene: Scene, at: float) -> None:
    """Fresh accounts on a few devices, each paying a few times before it is abandoned."""
    rng, like = scene.rng, scene.someone(at)
    farm = [_stranger(scene, like) for _ in range(rng.randint(1, 4))]
    places, cards = _some_shops(scene, 3), [scene.names.new("c-") for _ in range(rng.randint(1, 12))]
    pace = rng.choice((120.0, 900.0, 7_200.0))
    for _ in range(rng.randint(4, 20)):
        account, hands, card = scene.names.new("a-"), rng.choice(farm), rng.choice(cards)
        at += rng.expovariate(1 / pace)
        scene.login(at, like, hands, account=account)
        then = at
        for _ in range(rng.randint(1, 4)):
            then += _gap(rng, 60, 2_000, 20_000)
            euros = 30 * rng.uniform(0.4, 5)
            place, by = rng.choice(places), _careful(scene, hands)
            scene.pay(then, like, place, euros, by, fraud="device_farm", declined=0.1, card=card, account=account)


def compromised_shop(scene: Scene, at: float) -> None:
    """Customers of one shop are defrauded at others, days later."""
    rng = scene.rng
    leaks = [shop for shop in scene.shops if len(shop.payers) > 10] or scene.shops
    leak = rng.choice(leaks)
    payers = [person for then, person in leak.payers if at - 25 * DAY < then < at - DAY / 2]
    places, pace, hands = _some_shops(scene, 5), rng.choice((600.0, 4_000.0, 30_000.0)), None
    for victim in rng.sample(payers, min(len(payers), rng.randint(3, 16))):
        if hands is None or rng.random() < 0.6:
            hands = _stranger(scene, victim)
        at += rng.expovariate(1 / pace)
        then = at
        for _ in range(rng.randint(1, 3)):
            then += _gap(rng, 60, 900)
            euros = victim.usual() * rng.uniform(0.7, 9)
            scene.pay(then, victim, rng.choice(places), euros, hands, fraud="compromised_shop", declined=0.15)


def mule(scene: Scene, at: float) -> None:
    """Money arrives from new senders, and leaves within hours."""
    rng, owner = scene.rng, scene.someone(at)
    fresh = rng.random() < 0.3
    account = scene.names.new("a-") if fresh else owner.account
    own = Hands(scene.names.new("d-"), scene.names.address(), owner.country[0]) if fresh else hands_of(scene, owner)
    came = 0.0
    for _ in range(rng.randint(1, 5)):
        sender, at = scene.someone(at), at + _gap(rng, 600, 7_200)
        euros = rng.uniform(150, 3_000)
        came += euros
        scene.transfer(at, sender, account, euros, hands_of(scene, sender))
    parts = rng.randint(1, 6)
    for _ in range(parts):
        at += _gap(rng, 300, 3_000, 9_000)
        to = rng.choice(scene.people).account if rng.random() < 0.4 else scene.names.new("x-")
        scene.transfer(at, owner, to, came * rng.uniform(0.6, 0.98) / parts, own, fraud="mule", account=account)


def slow_fraud(scene: Scene, at: float) -> None:
    """A card used rarely, for small amounts, over days."""
    rng, victim = scene.rng, scene.someone(at)
    hands, places = _stranger(scene, victim), _some_shops(scene, 3)
    for _ in range(rng.randint(3, 9)):
        at += rng.uniform(0.2, 2.5) * DAY
        euros = victim.usual() * rng.lognormvariate(-0.2, 0.5)
        scene.pay(at, victim, rng.choice(places), euros, _careful(scene, hands), fraud="slow_fraud", declined=0.05)


def stolen_card(scene: Scene, at: float) -> None:
    """A stolen card used in one shop after another."""
    rng, victim = scene.rng, scene.someone(at)
    tills = [shop for shop in scene.shops if shop not in scene.online] or scene.shops
    hands = Hands(None, None, victim.country[0] if rng.random() < 0.8 else rng.choice(_FAR))
    for _ in range(rng.randint(3, 9)):
        at += _gap(rng, 300, 1_800)
        euros = victim.usual() * rng.uniform(0.6, 6)
        scene.pay(at, victim, rng.choice(tills), euros, hands, fraud="stolen_card", declined=0.12)


def scam(scene: Scene, at: float) -> None:
    """The holder is persuaded to send a large amount to a new payee."""
    rng, victim = scene.rng, scene.someone(at)
    to, hands = scene.names.new("x-"), hands_of(scene, victim)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at += _gap(rng, 600, 5_000)
        scene.transfer(at, victim, to, victim.usual() * rng.uniform(6, 45), hands, fraud="scam")


def rapid_spending(scene: Scene, at: float) -> None:
    """A stolen phone or session is drained before anyone notices."""
    rng, victim = scene.rng, scene.someone(at)
    hands = hands_of(scene, victim) if rng.random() < 0.6 else _stranger(scene, victim)
    places = _some_shops(scene, 4)
    for _ in range(rng.randint(5, 16)):
        at += _gap(rng, 20, 90)
        euros = victim.usual() * rng.uniform(0.5, 5)
        scene.pay(at, victim, rng.choice(places), euros, hands, fraud="rapid_spending", declined=0.1)


def friendly_fraud(scene: Scene, at: float) -> None:
    """The holder pays, and disputes it later."""
    victim = scene.someone(at)
    place = scene.rng.choice(victim.favourites)
    scene.pay(at, victim, place, scene.amount(victim, place) * 1.4, hands_of(scene, victim), fraud="friendly_fraud")


_KINDS: dict[str, Callable[[Scene, float], None]] = {
    "card_testing": card_testing,
    "takeover": takeover,
    "device_farm": device_farm,
    "compromised_shop": compromised_shop,
    "mule": mule,
    "slow_fraud": slow_fraud,
    "stolen_card": stolen_card,
    "scam": scam,
    "rapid_spending": rapid_spending,
    "friendly_fraud": friendly_fraud,
}
