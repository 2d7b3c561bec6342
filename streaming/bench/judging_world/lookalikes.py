"""Honest behaviour that resembles fraud: travel, new phones, dormant accounts, wages, shared shop tablets."""

from __future__ import annotations

from streaming.bench.judging_world.everyday import place, transfer
from streaming.bench.judging_world.rows import COUNTRIES, DAY, HOUR, MINUTE, Customer, address, token
from streaming.bench.judging_world.scene import Scene


def plan_travel(scene: Scene) -> None:
    """Plan travel, before everyday life is simulated."""
    rng = scene.rng
    for who in scene.customers:
        if rng.random() < scene.recipe.travel and who.segment != "dormant":
            begin = rng.uniform(0, scene.days - 3) * DAY
            who.busy.append((begin, begin + rng.uniform(2, 15) * DAY))


def play(scene: Scene) -> None:
    """All of them."""
    for who in scene.customers:
        for begin, end in who.busy:
            _travel(scene, who, begin, end)
        if who.segment == "dormant":
            _wake(scene, who)
        elif scene.rng.random() < scene.recipe.new_phone:
            _new_phone(scene, who)
    _wages(scene)
    _shop_tablets(scene)


def _travel(scene: Scene, who: Customer, begin: float, end: float) -> None:
    rng = scene.rng
    there = rng.choice([country for country in COUNTRIES if country.code != who.country.code])
    hotel = address(rng, there)
    scene.pay(
        max(0.0, begin - rng.uniform(5, 25) * DAY),
        who,
        scene.merchant(("travel",)),
        factor=who.spending * 2,
        device=who.devices[0],
        ip=who.home_ip,
        story="travel",
    )
    at = begin
    while (at := at + rng.expovariate(3.0) * DAY) < end:
        merchant = scene.merchant(("restaurant", "groceries", "transport", "cash", "fashion", "services"), there)
        row = scene.pay(
            at,
            who,
            merchant,
            factor=who.spending * 1.2,
            device=who.devices[0],
            ip=hotel,
            card=rng.choice(who.cards),
            declined=0.06,
            story="travel",
        )
        if row.country is not None:
            row.country = there.code
        if rng.random() < 0.3:
            scene.login(at - rng.uniform(2, 60) * MINUTE, who.id, who.devices[0], hotel, there.code, success=True)


def _new_phone(scene: Scene, who: Customer) -> None:
    """A new device: a login, not always at once, and soon a purchase (a case, a game, headphones)."""
    rng = scene.rng
    at, phone = rng.uniform(1, scene.days) * DAY, token(rng, "d")
    ip = rng.choice((who.home_ip, *who.carrier_ips))
    for missed in range(rng.choices((0, 1, 2, 4), (60, 20, 13, 7))[0]):
        scene.login(at - (missed + 1) * 25, who.id, phone, ip, who.country.code, success=False)
    scene.login(at, who.id, phone, ip, who.country.code, success=True)
    for _ in range(rng.randrange(1, 5)):
        at += rng.expovariate(1 / 8) * HOUR
        merchant = scene.merchant(("electronics", "gaming", "fashion", "marketplace", "streaming"), who.country)
        scene.pay(
            at,
            who,
            merchant,
            factor=who.spending,
            device=phone,
            ip=ip,
            card=who.cards[0],
            ship_to=who.home,
            story="new_phone",
        )


def _wake(scene: Scene, who: Customer) -> None:
    """A dormant account makes a purchase, often large and often on an unknown device."""
    rng = scene.rng
    if rng.random() < 0.5:
        return
    at = rng.uniform(0.2, 1.0) * scene.end
    device, ip = (token(rng, "d"), address(rng, who.country)) if rng.random() < 0.6 else place(scene, who, "web")
    scene.login(at - 5 * MINUTE, who.id, device, ip, who.country.code, success=True)
    for _ in range(rng.randrange(1, 4)):
        merchant = scene.merchant(("electronics", "travel", "fashion", "marketplace"), who.country)
        scene.pay(
            at, who, merchant, factor=rng.uniform(0.8, 3), device=device, ip=ip, ship_to=who.home, story="dormant"
        )
        at += rng.expovariate(1 / 6) * HOUR


def _wages(scene: Scene) -> None:
    """Businesses pay wages: one account, many receivers, minutes apart."""
    rng = scene.rng
    for who in scene.customers:
        if who.segment != "business" or rng.random() < 0.6:
            continue
        staff = [rng.choice(scene.customers).id for _ in range(rng.randrange(5, 40))]
        day, (device, ip) = rng.choice((23, 26, 28)), place(scene, who, "app")
        for month in range(day, scene.days, 30):
            at = month * DAY + 9 * HOUR + rng.uniform(0, 4) * HOUR
            for one in staff:
                at += rng.uniform(2, 40)
                wage = rng.lognormvariate(7.4, 0.4)
                transfer(scene, at, who, one, wage, place_used=(device, ip), story="wages")


def _shop_tablets(scene: Scene) -> None:
    """Shops open accounts for customers on a tablet: many fresh, honest accounts on one device."""
    rng = scene.rng
    for _ in range(max(1, scene.days // 12)):
        tablet, day = token(rng, "d"), rng.uniform(0, scene.days)
        country = rng.choice(COUNTRIES[:4])
        line = address(rng, country)
        for _ in range(rng.randrange(10, 45)):
            who = rng.choice(scene.customers)
            at = (day + rng.uniform(0, 20)) * DAY
            if at < who.opened:
                continue
            scene.login(at, who.id, tablet, line, country.code, success=True)
            merchant = scene.merchant(("telecom", "electronics"), country)
            scene.pay(at + 4 * MINUTE, who, merchant, device=tablet, ip=line, card=who.cards[0], story="shop_tablet")
