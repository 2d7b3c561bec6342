"""A running installation: its people, and the events that its senders report."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from streaming.training.worlds.installation import APP, SHOP, WEB, Installation
from streaming.training.worlds.people import DAY, Names, Person, Shop, people, shops


@dataclass(slots=True)
class Happening:
    """An event in JSON form, at seconds after the start; ``fraud`` is its kind, or empty."""

    at: float
    event: dict[str, Any]
    fraud: str = ""


@dataclass(frozen=True, slots=True)
class Hands:
    """The device and address in use."""

    device: str | None
    address: str | None
    country: str


@dataclass
class Scene:
    """Collects everything that happens."""

    like: Installation
    rng: Random
    names: Names = field(init=False)
    shops: list[Shop] = field(init=False)
    people: list[Person] = field(init=False)
    happened: list[Happening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names(self.rng)
        self.shops = shops(self.rng, self.names, self.like)
        self.people = people(self.rng, self.names, self.like, self.shops)
        self._popularity = [shop.popularity for shop in self.shops]
        self.online = [shop for shop in self.shops if shop.channel in (WEB, APP)] or self.shops

    def any_shop(self) -> Shop:
        """A shop, chosen by popularity."""
        return self.rng.choices(self.shops, self._popularity)[0]

    def someone(self, at: float) -> Person:
        """A customer who had joined by this time."""
        while True:
            person = self.rng.choice(self.people)
            if person.since < at or person.since == 0:
                return person

    def pay(
        self,
        at: float,
        person: Person,
        shop: Shop,
        euros: float,
        hands: Hands,
        *,
        fraud: str = "",
        declined: float | None = None,
        card: str | None = None,
        account: str | None = None,
    ) -> None:
        """A payment at a shop; in a physical shop only the card is visible."""
        attributes: dict[str, Any] = {"category": shop.category}
        if self._told(self.like.status_told):
            share = self.like.declines if declined is None else declined
            attributes["status"] = "declined" if self.rng.random() < share else "approved"
        if self._told(self.like.card_told):
            attributes["card"] = card or person.card
        self._write(at, "payment", person, shop.channel, hands, attributes, fraud, account, shop.id, euros)
        if self.like.terminals and shop.channel == SHOP:
            self.happened[-1].event["device_id"] = shop.till
        if not fraud:
            shop.payers.append((at, person))

    def transfer(
        self, at: float, person: Person, to: str, euros: float, hands: Hands, *, fraud: str = "", account: str = ""
    ) -> None:
        """Money to another account, here or elsewhere."""
        channel = APP if self.rng.random() < 0.7 else WEB
        attributes = {"category": "transfer"}
        self._write(at, "payment", person, channel, hands, attributes, fraud, account or None, to, euros)

    def login(
        self, at: float, person: Person, hands: Hands, *, success: bool = True, account: str | None = None
    ) -> None:
        """A login, successful or not."""
        if self.like.logins_told:
            channel = APP if self.rng.random() < 0.5 else WEB
            self._write(at, "login", person, channel, hands, {"success": success}, "", account)

    def _told(self, share: float) -> bool:
        return self.rng.random() < share

    def _write(
        self,
        at: float,
        event_type: str,
        person: Person,
        channel: str,
        hands: Hands,
        attributes: dict[str, Any],
        fraud: str,
        account: str | None,
        counterparty: str | None = None,
        euros: float | None = None,
    ) -> None:
        like = self.like
        event: dict[str, Any] = {
            "event_type": event_type, "account_id": account or person.account, "channel": like.channel_names[channel],
            "attributes": attributes,
        }  # fmt: skip
        if euros is not None:
            event["amount"] = max(1, round(euros * person.country[3] * 100)) / 100
            event["currency"] = person.country[1]
        told = {
            "counterparty_id": (counterparty, like.counterparty_told),
            "device_id": (hands.device, like.device_told[channel]),
            "ip": (hands.address, like.ip_told[channel]),
            "country": (hands.country, like.country_told),
        }
        for name, (value, share) in told.items():
            if value is not None and self._told(share):
                event[name] = value
        self.happened.append(Happening(at, event, fraud))

    def end(self) -> float:
        """The end of the installation's last day."""
        return self.like.days * DAY

    def amount(self, person: Person, shop: Shop) -> float:
        """An amount spent at a shop, in euros."""
        return math.exp(self.rng.gauss(person.log_mean, person.sigma)) * shop.level
