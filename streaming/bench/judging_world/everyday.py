"""Everyday life: groceries, salary days, subscriptions, rent, friends, and the logins between them."""

from __future__ import annotations

from streaming.bench.judging_world.customers import tastes
from streaming.bench.judging_world.rows import DAY, HOUR, MINUTE, Customer, Row, money
from streaming.bench.judging_world.scene import Scene

# Monday to Sunday.
_WEEK = (0.9, 0.9, 0.95, 1.0, 1.2, 1.25, 0.8)
_CASH_DAYS = 4


def play(scene: Scene) -> None:
    """Simulate everyday life from the opening of each account."""
    for who in scene.customers:
        _live(scene, who)
        if who.segment != "dormant":
            _subscriptions(scene, who)
            _transfers(scene, who)
        _sign_ins(scene, who)


def place(scene: Scene, who: Customer, channel: str) -> tuple[str, str]:
    """The device and address that ``who`` uses now."""
    rng = scene.rng
    device = who.devices[0] if rng.random() < 0.7 else rng.choice(who.devices)
    mobile = rng.random() < (0.6 if channel == "app" else 0.2)
    return device, rng.choice(who.carrier_ips) if mobile else who.home_ip


def _live(scene: Scene, who: Customer) -> None:
    rng, taste = scene.rng, tastes(who.segment)
    categories, weights = list(taste), list(taste.values())
    for day in range(scene.days):
        since_pay = (day % 30 - who.pay_day) % 30
        busy = _WEEK[day % 7] * (1.5 if since_pay < _CASH_DAYS else 0.93)
        if who.segment == "business" and day % 7 > 4:
            busy *= 0.2
        for _ in range(_poisson(rng.random(), who.rate * busy)):
            category = rng.choices(categories, weights)[0]
            if who.segment == "pensioner" and since_pay < _CASH_DAYS and rng.random() < 0.2:
                category = "cash"
            known = rng.random() < 0.75
            merchant = rng.choice(who.favourites[category]) if known else scene.merchant((category,), who.country)
            at = scene.moment(day, merchant.channel, who.country)
            if at < who.opened or (who.away(at) and merchant.channel in ("pos", "atm")):
                continue
            device, ip = place(scene, who, merchant.channel)
            if merchant.sends_device and rng.random() < 0.3:
                _sign_in(scene, who, at - rng.uniform(1, 15) * MINUTE, device, ip)
            rare = rng.random() < 0.004
            scene.pay(
                at,
                who,
                merchant,
                factor=who.spending * (rng.uniform(4, 15) if rare else 1.0),
                device=device,
                ip=ip,
                card=rng.choice(who.cards),
                ship_to=who.home if rng.random() < 0.93 else rng.choice(scene.customers).home,
                story="rare_large" if rare else who.segment if who.segment in ("pensioner", "business") else "",
            )


def _poisson(chance: float, mean: float) -> int:
    """A Poisson count, by inversion of ``chance``."""
    count, term = 0, 2.718281828459045**-mean
    while chance > term and count < 30:
        chance -= term
        count += 1
        term *= mean / count
    return count


def _subscriptions(scene: Scene, who: Customer) -> None:
    rng = scene.rng
    for _ in range(rng.choices((0, 1, 2, 3, 4), (15, 30, 30, 17, 8))[0]):
        merchant = scene.merchant(("streaming", "telecom", "utilities", "gaming"), who.country)
        first, hour = rng.randrange(30), rng.uniform(0, 24)
        usual = scene.pay(-1.0, who, merchant)  # before the start of the world: only the price matters
        for day in range(first, scene.days, 30):
            at = day * DAY + hour * HOUR + rng.uniform(0, 5) * MINUTE
            if at < who.opened:
                continue
            # Collected by the merchant: no device is involved.
            row = scene.pay(at, who, merchant, card=who.cards[0], declined=0.03, story="subscription")
            row.amount = usual.amount


def _transfers(scene: Scene, who: Customer) -> None:
    rng = scene.rng
    landlord, rent = f"ll{rng.randrange(400):03d}", rng.lognormvariate(6.6, 0.35)
    for day in range(scene.days):
        if day % 30 == 1 and rng.random() < 0.55:
            transfer(scene, day * DAY + 6 * HOUR + rng.uniform(0, 3) * HOUR, who, landlord, rent)
        if rng.random() < 0.03 * (0.3 if who.segment == "pensioner" else 1.0):
            at = scene.moment(day, "app", who.country)
            transfer(scene, at, who, rng.choice(who.friends), rng.lognormvariate(3.2, 1.0))


def transfer(
    scene: Scene,
    at: float,
    who: Customer,
    to: str,
    euros: float,
    *,
    place_used: tuple[str | None, str | None] | None = None,
    fraud: bool = False,
    story: str = "",
) -> Row | None:
    """A transfer from ``who`` to an account, unless before their own was opened."""
    if at < who.opened:
        return None
    device, ip = place_used or place(scene, who, "app")
    currency = who.country.currency
    amount = money(max(1.0, euros) * who.country.prices, currency)
    return scene.add(
        Row(
            at,
            "payment",
            who.id,
            to,
            amount,
            currency,
            "app",
            device,
            ip,
            who.country.code,
            {"category": "transfer", "approved": True},
            fraud,
            story,
        )
    )


def _sign_ins(scene: Scene, who: Customer) -> None:
    rng = scene.rng
    often = {"pensioner": 0.08, "dormant": 0.01, "business": 0.7}.get(who.segment, 0.3)
    for day in range(scene.days):
        if rng.random() < often:
            at = scene.moment(day, "web", who.country)
            if at >= who.opened:
                _sign_in(scene, who, at, *place(scene, who, "app"))


def _sign_in(scene: Scene, who: Customer, at: float, device: str, ip: str) -> None:
    """A login; one in thirty follows failed attempts."""
    rng = scene.rng
    if rng.random() < 0.035:
        for missed in range(rng.choices((1, 2, 3, 5, 8), (55, 22, 13, 7, 3))[0]):
            scene.login(at - (missed + 1) * rng.uniform(8, 60), who.id, device, ip, who.country.code, success=False)
    scene.login(at, who.id, device, ip, who.country.code, success=True)
