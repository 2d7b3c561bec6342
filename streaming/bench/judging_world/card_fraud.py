"""Fraud with cards: testing them, those skimmed at one merchant, small amounts for long, and the friendly kind."""

from __future__ import annotations

from streaming.bench.judging_world.rows import DAY, HOUR, Customer, address, server_address, token
from streaming.bench.judging_world.scene import Scene

_GOODS = ("electronics", "gift_cards", "fashion", "marketplace", "travel", "crypto")
_ATTEMPTS = 1_000
_POPULAR = 250


def stranger(scene: Scene, at: float) -> Customer:
    """A stranger: a card of another bank, or an account opened for the fraud."""
    rng = scene.rng
    model = rng.choice(scene.customers)
    return Customer(
        id=token(rng, "a"),
        segment="fresh",
        country=model.country,
        rate=0.0,
        spending=1.0,
        pay_day=0,
        opened=at,
        devices=[token(rng, "d")],
        home_ip=address(rng, model.country),
        carrier_ips=model.carrier_ips,
        cards=[token(rng, "c")],
        home=token(rng, "adr"),
    )


def lair(scene: Scene, victim: Customer | None = None) -> str:
    """A fraudster's address: near a victim if careful, otherwise a server's or a carrier's."""
    rng = scene.rng
    if victim is not None and rng.random() < scene.recipe.careful + 0.2:
        return rng.choice((address(rng, victim.country), *victim.carrier_ips))
    return server_address(rng) if rng.random() < 0.6 else address(rng, rng.choice(scene.customers).country)


def test_cards(scene: Scene, frauds: int) -> None:
    """Card testing: small charges to many stolen cards from few devices; working cards are used elsewhere soon."""
    rng, left = scene.rng, frauds
    while left > 0:
        careful = rng.random() < scene.recipe.careful
        devices = [token(rng, "d") for _ in range(rng.randrange(1, 4))]
        merchant = scene.merchant(("donation", "streaming", "telecom", "gaming", "marketplace"))
        at = rng.uniform(0, scene.end)
        lairs = [lair(scene) for _ in range(6 if careful else 2)]
        for _ in range(min(left, rng.randrange(12, 60))):
            at += rng.expovariate(1 / 1_500) if careful else rng.expovariate(1 / 25)
            who = rng.choice(scene.customers) if rng.random() < 0.55 else stranger(scene, at)
            row = scene.pay(
                at,
                who,
                merchant,
                factor=rng.uniform(0.05, 0.4),
                device=rng.choice(devices),
                ip=rng.choice(lairs),
                card=who.cards[0],
                declined=rng.uniform(0.5, 0.8),
                fraud=True,
                story="card_testing",
            )
            left -= row.at < scene.end
            if row.at >= scene.end:
                break
            if row.attributes.get("approved", False) and rng.random() < 0.5 and left > 0:
                later = at + rng.uniform(1, 90) * HOUR
                _use(scene, later, who, rng.choice(devices), lairs[0], "card_testing")
                left -= later < scene.end


def _use(scene: Scene, at: float, who: Customer, device: str, ip: str, story: str, *, ship_to: str = "") -> None:
    rng = scene.rng
    modest = rng.random() < scene.recipe.careful
    scene.pay(
        at,
        who,
        scene.merchant(_GOODS, who.country if modest else None),
        factor=rng.uniform(0.5, 1.3) if modest else rng.uniform(1.2, 5.0),
        device=device,
        ip=ip,
        card=who.cards[0],
        declined=0.12,
        ship_to=ship_to or token(rng, "adr"),
        fraud=True,
        story=story,
    )


def compromise_merchants(scene: Scene, frauds: int) -> None:
    """A compromised merchant: cards used there in some weeks are abused elsewhere weeks later."""
    rng, left = scene.rng, frauds
    paid: dict[str, dict[str, float]] = {}
    for row in scene.rows:
        if row.type == "payment" and row.counterparty and not row.fraud and "entry" not in row.attributes:
            paid.setdefault(row.counterparty, {})[row.account] = row.at
    by_id = {who.id: who for who in scene.customers}
    popular = sorted(paid, key=lambda merchant: len(paid[merchant]))[-_POPULAR:]
    for _ in range(_ATTEMPTS):
        if left <= 0 or not popular:
            break
        visits = paid[rng.choice(popular)]
        begin = rng.uniform(0, 0.6) * scene.end
        skimmed = [one for one, at in visits.items() if begin <= at < begin + 16 * DAY and one in by_id]
        if len(skimmed) < 3:
            continue
        sold = begin + rng.uniform(10, 20) * DAY
        ships = [token(rng, "adr") for _ in range(4)]
        for one in rng.sample(skimmed, min(len(skimmed), rng.randrange(15, 70))):
            who = by_id[one]
            at = sold + rng.expovariate(1 / 6) * DAY
            device, ip = token(rng, "d"), lair(scene, who)
            for _ in range(rng.choices((1, 2, 3, 5), (50, 28, 15, 7))[0]):
                if at < scene.end and left > 0:
                    _use(scene, at, who, device, ip, "compromised_merchant", ship_to=rng.choice(ships))
                    left -= 1
                at += rng.expovariate(1 / 9) * HOUR


def take_little(scene: Scene, frauds: int) -> None:
    """Slow fraud: small charges to a card every few days at one or two merchants, until the holder notices."""
    rng, left = scene.rng, frauds
    while left > 0:
        who = rng.choice(scene.customers)
        places = [scene.merchant(("gaming", "streaming", "marketplace", "gift_cards", "telecom")) for _ in range(2)]
        device, ip, at = token(rng, "d"), lair(scene, who), rng.uniform(0, 0.9) * scene.end
        for _ in range(min(left, rng.randrange(4, 14))):
            if at >= scene.end:
                break
            scene.pay(
                at,
                who,
                rng.choice(places),
                factor=rng.uniform(0.3, 1.1),
                device=device,
                ip=ip if rng.random() < 0.7 else lair(scene, who),
                card=who.cards[-1],
                declined=0.05,
                fraud=True,
                story="slow_small",
            )
            left -= 1
            at += rng.uniform(0.8, 6) * DAY


def deny(scene: Scene, frauds: int) -> None:
    """Friendly fraud: customers dispute their own purchases; some do so repeatedly."""
    rng = scene.rng
    habit = {who.id for who in rng.sample(scene.customers, max(2, len(scene.customers) // 100))}
    bought = [row for row in scene.rows if not row.fraud and not row.story and row.channel == "web"]
    usual = [row for row in bought if row.account in habit]
    for row in [
        *rng.sample(usual, min(len(usual), frauds // 2)),
        *rng.sample(bought, min(len(bought), frauds - frauds // 2)),
    ]:
        row.fraud, row.story = True, "friendly"
