"""Fraud with accounts: farms of fresh ones on few devices, those taken over, and chains of mules."""

from __future__ import annotations

from streaming.bench.judging_world.card_fraud import lair, stranger
from streaming.bench.judging_world.everyday import transfer
from streaming.bench.judging_world.rows import DAY, HOUR, MINUTE, Customer, token
from streaming.bench.judging_world.scene import Scene

_LOOT = ("electronics", "gift_cards", "crypto", "marketplace", "fashion", "travel", "gaming")


def farm(scene: Scene, frauds: int) -> None:
    """A device farm: many fresh accounts on few devices; small purchases first, then goods with stolen cards."""
    rng, left = scene.rng, frauds
    while left > 0:
        careful = rng.random() < scene.recipe.careful
        accounts = rng.randrange(8, 50)
        devices = [token(rng, "d") for _ in range(max(1, accounts // (4 if careful else 20)))]
        lairs = [lair(scene) for _ in range(max(1, accounts // (5 if careful else 25)))]
        shops = [scene.merchant(_LOOT) for _ in range(3)]
        begin = rng.uniform(0, 0.95) * scene.end
        for place in range(accounts):
            device, ip = devices[place % len(devices)], rng.choice(lairs)
            at = begin + rng.expovariate(1 / (4 * DAY if careful else 10 * HOUR))
            who = stranger(scene, at)
            scene.login(at, who.id, device, ip, who.country.code, success=True)
            at += rng.uniform(1, 120) * MINUTE
            for step in range(rng.randrange(1, 6)):
                if left <= 0 or at >= scene.end:
                    break
                scene.pay(
                    at,
                    who,
                    rng.choice(shops),
                    factor=rng.uniform(0.2, 0.8) if step == 0 else rng.uniform(0.6, 2.5),
                    device=device,
                    ip=ip,
                    card=token(rng, "c") if rng.random() < 0.3 else who.cards[0],
                    declined=0.2,
                    ship_to=who.home if careful else "adr-" + device,
                    fraud=True,
                    story="device_farm",
                )
                left -= 1
                at += rng.expovariate(1 / (30 * HOUR if careful else 3 * HOUR))


def take_over(scene: Scene, frauds: int) -> None:
    """Account takeover: a login, mostly after failed ones, then payments from a new device and address."""
    rng, left = scene.rng, frauds
    reused = [(token(rng, "d"), lair(scene)) for _ in range(8)]
    victims = [who for who in scene.customers if who.opened < 0]
    while left > 0:
        who = rng.choice(victims)
        careful = rng.random() < scene.recipe.careful
        device, ip = rng.choice(reused) if rng.random() < 0.25 else (token(rng, "d"), lair(scene, who))
        at = rng.uniform(0, scene.end)
        tries = 0 if rng.random() < 0.3 else rng.choices((1, 2, 4, 7, 12), (20, 25, 25, 20, 10))[0]
        for missed in range(tries):
            other = ip if rng.random() < 0.7 else lair(scene)
            seen = device if rng.random() < 0.7 else None
            scene.login(at - (missed + 1) * rng.uniform(4, 70), who.id, seen, other, who.country.code, success=False)
        scene.login(at, who.id, device, ip, who.country.code, success=True)
        at += rng.uniform(8, 40) * HOUR if careful else rng.uniform(1, 45) * MINUTE
        ship_to = token(rng, "adr")
        for _ in range(rng.choices((1, 2, 3, 5), (30, 30, 25, 15))[0]):
            if at >= scene.end or left <= 0:
                break
            if rng.random() < 0.25:
                euros = rng.uniform(100, 600) if careful else rng.uniform(300, 3_000)
                mule = stranger(scene, at).id
                transfer(scene, at, who, mule, euros, place_used=(device, ip), fraud=True, story="account_takeover")
            else:
                scene.pay(
                    at,
                    who,
                    scene.merchant(_LOOT, who.country if careful else None),
                    factor=rng.uniform(0.7, 1.6) if careful else rng.uniform(1.5, 7.0),
                    device=device,
                    ip=ip,
                    card=rng.choice(who.cards),
                    declined=0.1,
                    ship_to=ship_to,
                    fraud=True,
                    story="account_takeover",
                )
            left -= 1
            at += rng.expovariate(1 / (10 * HOUR if careful else 25 * MINUTE))


def move_money(scene: Scene, frauds: int) -> None:
    """A scam transfer that mules pass on within minutes or hours, in parts, to cash or crypto."""
    rng, left = scene.rng, frauds
    while left > 0:
        victim = rng.choice(scene.customers)
        at, euros = rng.uniform(0, 0.99) * scene.end, rng.lognormvariate(7.6, 0.6)
        ring = [_mule(scene, at) for _ in range(rng.randrange(2, 6))]
        transfer(scene, at, victim, ring[0].id, euros, fraud=True, story="mule_chain")
        left -= 1
        shared = (token(rng, "d"), lair(scene)) if rng.random() < 0.5 else None
        holder, held = ring[0], euros
        for following in ring[1:]:
            for part in range(rng.randrange(1, 4)):
                at += rng.expovariate(1 / (50 * MINUTE))
                share = held * rng.uniform(0.3, 0.5)
                place_used = shared or (holder.devices[0], holder.home_ip)
                to = following.id if part == 0 else rng.choice(ring).id
                if to == holder.id:
                    continue
                transfer(scene, at, holder, to, share, place_used=place_used, fraud=True, story="mule_chain")
                left -= 1
            holder, held = following, held * 0.45
        device, ip = shared or (holder.devices[0], holder.home_ip)
        for _ in range(rng.randrange(1, 4)):
            at += rng.expovariate(1 / (70 * MINUTE))
            out = scene.merchant(("crypto", "cash", "gift_cards"), holder.country)
            scene.pay(at, holder, out, factor=3, device=device, ip=ip, fraud=True, story="mule_chain")
            left -= 1


def _mule(scene: Scene, at: float) -> Customer:
    """A mule account: a student's, a dormant one, or one opened for it."""
    rng = scene.rng
    hired = [who for who in rng.sample(scene.customers, 30) if who.segment in ("student", "dormant")]
    return rng.choice(hired) if hired and rng.random() < 0.5 else stranger(scene, at)
