"""The shared state of a world: clock, merchants, customers, and how payments and logins are recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from streaming.bench.judging_world.recipe import Recipe
from streaming.bench.judging_world.rows import DAY, HOUR, Country, Customer, Merchant, Row, price

_HOURS = {
    "pos": (0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 8, 9, 11, 9, 8, 8, 9, 11, 11, 8, 5, 3, 1, 0),
    "web": (2, 1, 0, 0, 0, 0, 1, 3, 4, 5, 6, 6, 7, 6, 6, 6, 6, 7, 8, 10, 12, 12, 9, 5),
}


@dataclass
class Scene:
    """State shared by all stories; ``rows`` grows as they are played."""

    rng: Random
    recipe: Recipe
    days: int
    merchants: dict[str, list[Merchant]]
    customers: list[Customer]
    rows: list[Row] = field(default_factory=list)

    @property
    def end(self) -> float:
        """The end of the world, in seconds since its start."""
        return self.days * DAY

    def moment(self, day: int, channel: str, country: Country) -> float:
        """A typical time of that day for payments in ``country``."""
        hours = _HOURS["pos" if channel in ("pos", "atm") else "web"]
        hour = self.rng.choices(range(24), hours)[0] - country.offset
        return day * DAY + hour * HOUR + self.rng.uniform(0, HOUR)

    def merchant(self, categories: tuple[str, ...], country: Country | None = None) -> Merchant:
        """A merchant in one of ``categories``, in ``country`` if given and possible."""
        choices = self.merchants[self.rng.choice(categories)]
        near = [merchant for merchant in choices if country is None or merchant.country.code == country.code]
        return self.rng.choice(near or choices)

    def pay(
        self,
        at: float,
        who: Customer,
        merchant: Merchant,
        *,
        factor: float = 1.0,
        device: str | None = None,
        ip: str | None = None,
        card: str | None = None,
        declined: float = 0.015,
        ship_to: str | None = None,
        channel: str | None = None,
        fraud: bool = False,
        story: str = "",
    ) -> Row:
        """Record a payment of ``who`` at ``merchant``, with ``device`` and ``ip`` if the merchant passes them on."""
        rng = self.rng
        attributes: dict[str, str | bool | int | float] = {}
        attributes["category"] = merchant.category
        attributes["approved"] = rng.random() >= declined
        if merchant.sends_card:
            attributes["card"] = card or who.cards[0]
        if ship_to and merchant.channel == "web":
            attributes["ship_to"] = ship_to
        if merchant.channel in ("pos", "atm"):
            attributes["entry"] = rng.choices(("contactless", "chip", "stripe"), (70, 27, 3))[0]
        row = Row(
            at,
            "payment",
            who.id,
            merchant.id,
            price(rng, merchant, factor),
            merchant.country.currency,
            channel or merchant.channel,
            device if merchant.sends_device else None,
            ip if merchant.sends_ip else None,
            (who.country if merchant.channel in ("web", "app") else merchant.country).code,
            attributes,
            fraud,
            story,
        )
        return self.add(row)

    def login(self, at: float, account: str, device: str | None, ip: str | None, country: str, *, success: bool) -> Row:
        """Record a login, successful or not."""
        return self.add(Row(at, "login", account, None, None, None, "app", device, ip, country, {"success": success}))

    def add(self, row: Row) -> Row:
        """Add ``row``, with some fields randomly missing."""
        rng, missing = self.rng, self.recipe.missing
        if rng.random() < missing:
            row.device = None
        if rng.random() < missing:
            row.ip = None
        if rng.random() < missing:
            row.country = None
        if rng.random() < missing:
            row.channel = None
        if rng.random() < missing / 2:
            row.counterparty = None
        for name in ("card", "ship_to", "approved", "category", "entry"):
            if name in row.attributes and rng.random() < missing:
                del row.attributes[name]
        if 0 <= row.at < self.end:
            self.rows.append(row)
        return row
