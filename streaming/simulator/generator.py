"""Schedules habitual events, fraud episodes and labels in time order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from risk.domain.events import Event, Label
from streaming.simulator.fraud import EPISODES, Action, FraudKind
from streaming.simulator.population import COUNTRIES, Customer, Population, home_ip, seeded
from streaming.simulator.population import device as new_device

DEFAULT_FRAUD_RATE = 0.04
MAX_CUSTOMERS = 100_000
MAX_ACTIVE = 10_000
# Pending labels are kept in memory; above this number, further events stay unlabelled.
MAX_PENDING_LABELS = 200_000
# Nearly every fraud is reported in the end; of the rest, a sample is reviewed.
FRAUD_LABELLED, REVIEWED = 0.95, 0.10
METRIC_SHARE = 0.01
SECONDS_ON_CREDIT = 3600
"""Actions later than this are not counted in the fraud rate."""
WAGES = 0.02
"""Share of a business's payments that begin a payday."""
SPREES = 0.0015
"""Share of payments that begin a spree."""
MISSING: dict[str, float] = {"device_id": 0.12, "ip": 0.05, "country": 0.05}
"""Share of events without it, honest and fraudulent alike."""
# Active customers act every so many seconds; fraud needs three such actions of history.
SECONDS_APART = 15
WARM_UP_EVENTS_EACH = 3
# Seconds between a customer's turns, so that nobody acts implausibly often in an hour.
SECONDS_BETWEEN_TURNS = 3600

_SERVICES = ("ledger", "gateway", "pricing", "notifications")
_METRICS = (("latency_ms", 40.0), ("error_rate", 0.01), ("queue_depth", 12.0), ("cpu_share", 0.4))
_INSTRUMENTS = tuple(f"{name}.{market}" for name in ("ALFA", "BRVO", "CHRL", "DLTA", "ECHO") for market in ("XA", "XB"))


class Outcome(NamedTuple):
    """A record, and the truth about its event: the kind of fraud, or None."""

    record: Event | Label
    fraud: str | None


def population_size(rate: float) -> int:
    """How many customers make ``rate`` events a second with one turn an hour each: about 10,000 at 5/s.

    A turn is some 4.5 events, and at any hour a bit more than a third of the customers are awake.
    """
    return max(100, min(MAX_CUSTOMERS, round(rate * SECONDS_BETWEEN_TURNS / 4.5 / 0.37)))


class _Simulation:
    def __init__(
        self, seed: int, start: datetime, rate: float, fraud_rate: float, label_delay: timedelta, customers: int
    ) -> None:
        self.start, self.rate, self.fraud_rate, self.label_delay = start, rate, fraud_rate, label_delay
        run = f"{seed}/{start.isoformat()}/{rate}/{fraud_rate}/{label_delay}/{customers}"
        self.ids = uuid5(NAMESPACE_OID, run)
        self.rng = seeded(run)
        active = max(12, min(customers, MAX_ACTIVE, round(rate * SECONDS_APART)))
        self.population = Population(seed, customers, active)
        self.warm_up = WARM_UP_EVENTS_EACH * active
        # Services report three times an hour each.
        self.instances = max(2, min(2_000, round(rate * METRIC_SHARE * 3600 / 3 / len(_SERVICES))))
        self.credit = 0.0
        self.kinds = cycle(EPISODES)
        self.planned: list[tuple[datetime, int, Action, FraudKind | None]] = []
        self.labels: list[tuple[datetime, int, UUID, FraudKind | None]] = []
        self.order = count()
        self._now = start

    def at(self, number: int) -> datetime:
        """When event ``number`` happens."""
        return self.start + timedelta(microseconds=round(number * 1_000_000 / self.rate))

    def run(self, events: int | None) -> Iterator[Outcome]:
        for number in count() if events is None else range(events):
            now = self.at(number)
            yield from self._labels_until(now)
            action, fraud = self._next(number, now)
            action = self._as_sent(action)
            event = Event(
                event_id=uuid5(self.ids, str(number)),
                event_type=action.event_type,
                occurred_at=now,
                account_id=action.account_id,
                counterparty_id=action.counterparty_id,
                amount=action.amount,
                currency=action.currency,
                channel=action.channel,
                device_id=action.device_id,
                ip=action.ip,
                country=action.country,
                attributes=action.attributes,
            )
            self._label_later(event, fraud)
            yield Outcome(event, fraud)
        if events is not None:
            yield from self._labels_until(self.at(events))

    def _next(self, number: int, now: datetime) -> tuple[Action, FraudKind | None]:
        self._now = now
        if number >= self.warm_up:
            self.credit += self.fraud_rate
            if self.credit > 0:
                self._plan(now)
        if self.planned and self.planned[0][0] <= now:
            _, _, action, kind = heapq.heappop(self.planned)
            return action, kind
        return self._ordinary(now), None

    def _as_sent(self, action: Action) -> Action:
        """The event as sent: not every sender includes the device, the address or the country."""
        gone: dict[str, Any] = {name: None for name, share in MISSING.items() if self.rng.random() < share}
        return replace(action, **gone) if gone else action

    def _plan(self, now: datetime) -> None:
        """Start the next episode; the time until the one after keeps the fraud rate."""
        episode = next(self.kinds)(self.population, self.rng, now)
        if episode is None:
            return
        self.credit -= sum(after < SECONDS_ON_CREDIT for after, _ in episode.actions)
        for after, action in episode.actions:
            heapq.heappush(self.planned, (now + timedelta(seconds=after), next(self.order), action, episode.kind))
        for victim in episode.victims:
            victim.under_attack_until = now + timedelta(seconds=episode.actions[-1][0])

    def _labels_until(self, now: datetime) -> Iterator[Outcome]:
        while self.labels and self.labels[0][0] <= now:
            known_at, _, event_id, fraud = heapq.heappop(self.labels)
            source = "chargeback" if fraud else "review"
            label = Label(kind="label", event_id=event_id, fraud=fraud is not None, known_at=known_at, source=source)
            yield Outcome(label, fraud)

    def _label_later(self, event: Event, fraud: FraudKind | None) -> None:
        if event.event_type == "metric" or self.rng.random() >= (FRAUD_LABELLED if fraud else REVIEWED):
            return
        delay = self.label_delay * min(10.0, self.rng.lognormvariate(0, 0.7))
        known_at = event.occurred_at + max(delay, timedelta(milliseconds=1))
        if len(self.labels) < MAX_PENDING_LABELS:
            heapq.heappush(self.labels, (known_at, next(self.order), event.event_id, fraud))

    def _ordinary(self, now: datetime) -> Action:
        """A habitual action."""
        if self.rng.random() < METRIC_SHARE:
            return self._metric()
        customer = self.population.someone(self.rng, now.hour)
        self._drift(customer)
        place = customer.visiting or customer.country
        ip = customer.ip if customer.visiting is None else home_ip(self.rng)
        device = customer.devices[int(len(customer.devices) * self.rng.random() ** 2)]
        if customer.trades and self.rng.random() < 0.5:
            return self._trade(customer, device, ip, place.code)
        if self.rng.random() < 0.1:
            return self._login(customer, device, ip, place.code)
        if customer.employees and self.rng.random() < WAGES:
            self._wages(customer, device, ip, place.code)
        if self.rng.random() < SPREES:
            self._spree(customer, device, ip, place.code)
        return self._payment(customer, device, ip, place.code)

    def _wages(self, customer: Customer, device: str, ip: str, country: str) -> None:
        """A business pays wages: many large transfers within minutes, all honest."""
        after = 0.0
        for number in range(customer.employees):
            after += self.rng.uniform(1, 20)
            wage = customer.money(customer.typical() * (8 + number % 7) * self.rng.uniform(0.95, 1.05))
            action = Action(
                "payment", customer.account_id, counterparty_id=f"p-{customer.account_id[5:]}-{number}",
                amount=wage, currency=customer.country.currency, channel="web", device_id=device, ip=ip,
                country=country, attributes={"category": "transfer", "status": "approved"},
            )  # fmt: skip
            heapq.heappush(self.planned, (self._now + timedelta(seconds=after), next(self.order), action, None))

    def _spree(self, customer: Customer, device: str, ip: str, country: str) -> None:
        """A shopping spree: many purchases within hours, all honest."""
        now, after = self._now, 0.0
        for _ in range(self.rng.randint(3, 8)):
            after += self.rng.uniform(60, 1_800)
            payment = self._payment(customer, device, ip, country, familiar=0.5)
            heapq.heappush(self.planned, (now + timedelta(seconds=after), next(self.order), payment, None))

    def _drift(self, customer: Customer) -> None:
        """Occasionally an honest customer gets a new device, or travels."""
        if customer.visits_left:
            customer.visits_left -= 1
        elif customer.visiting is not None:
            customer.visiting = None
        chance = self.rng.random()
        if chance < 0.002:
            customer.devices[-1] = new_device(self.rng)
        elif chance < 0.008:
            customer.visiting, customer.visits_left = self.rng.choice(COUNTRIES), self.rng.randint(3, 8)

    def _login(self, customer: Customer, device: str, ip: str, country: str) -> Action:
        return Action(
            "login",
            customer.account_id,
            channel="app",
            device_id=device,
            ip=ip,
            country=country,
            attributes={"success": self.rng.random() > 0.02},
        )

    def _payment(self, customer: Customer, device: str, ip: str, country: str, *, familiar: float = 0.95) -> Action:
        rng = self.rng
        favourites = customer.favourites
        if rng.random() < familiar:
            merchant = self.population.merchant(favourites[int(len(favourites) * rng.random() ** 1.5)])
        else:
            merchant = self.population.unfamiliar(rng, customer)
        euros = rng.lognormvariate(customer.log_mean, customer.sigma) * merchant.price_level
        if rng.random() < 0.01:
            euros *= rng.uniform(3, 12)  # a fridge, a trip: large, rare and honest
        customer.payments += 1
        merchant.recent.append(customer)
        return Action(
            "payment",
            customer.account_id,
            counterparty_id=merchant.counterparty_id,
            amount=customer.money(euros),
            currency=customer.country.currency,
            channel=merchant.channel,
            device_id=device if merchant.channel in ("web", "app") else merchant.tablet,
            ip=ip if merchant.channel in ("web", "app") else None,
            country=country,
            attributes={
                "category": merchant.category,
                "card": customer.card,
                "status": "declined" if rng.random() < 0.01 else "approved",
            },
        )

    def _trade(self, customer: Customer, device: str, ip: str, country: str) -> Action:
        quantity = self.rng.randint(1, 20)
        return Action(
            "trade",
            customer.account_id,
            counterparty_id=self.rng.choice(_INSTRUMENTS),
            amount=customer.money(customer.typical() * quantity * self.rng.uniform(0.8, 1.2)),
            currency=customer.country.currency,
            channel="app",
            device_id=device,
            ip=ip,
            country=country,
            attributes={"side": self.rng.choice(("buy", "sell")), "quantity": quantity},
        )

    def _metric(self) -> Action:
        name, usual = self.rng.choice(_METRICS)
        service = self.rng.choice(_SERVICES)
        return Action(
            "metric",
            f"service-{service}-{self.rng.randrange(self.instances)}",
            counterparty_id=service,
            channel="monitoring",
            attributes={"metric": name, "value": round(usual * self.rng.lognormvariate(0, 0.2), 4)},
        )


def simulate_with_truth(
    seed: int,
    start: datetime,
    rate: float,
    fraud_rate: float = DEFAULT_FRAUD_RATE,
    *,
    label_delay: timedelta = timedelta(days=1),
    seconds: float | None = None,
    customers: int | None = None,
) -> Iterator[Outcome]:
    """Records in order of time, with the truth about each.

    ``rate`` events a second from ``start`` (aware), for ``seconds`` or without end; ``fraud_rate`` is
    the share of events that are fraud, in bursts, once accounts have a history to differ from;
    ``label_delay`` the median time until a label is known. Labels come on top of ``rate``. Memory is
    bounded by the population and the labels on their way. Raises ValueError for a rate or share out
    of range, or a ``start`` without time zone.
    """
    if not 0 < rate <= 1_000_000:
        raise ValueError("rate must be above 0 and at most 1,000,000 events a second")
    if not 0 <= fraud_rate <= 0.5:
        raise ValueError("fraud rate must be a share from 0 to 0.5")
    if start.tzinfo is None:
        raise ValueError("start needs a time zone, such as 2026-01-31T09:30:00Z")
    if label_delay < timedelta():
        raise ValueError("label delay must not be negative")
    size = population_size(rate) if customers is None else customers
    if size < 1:
        raise ValueError("customers must be at least 1")
    events = None if seconds is None else max(0, round(rate * seconds))
    return _Simulation(seed, start, rate, fraud_rate, label_delay, size).run(events)


def simulate(
    seed: int,
    start: datetime,
    rate: float,
    fraud_rate: float = DEFAULT_FRAUD_RATE,
    *,
    label_delay: timedelta = timedelta(days=1),
    seconds: float | None = None,
    customers: int | None = None,
) -> Iterator[Event | Label]:
    """The records of ``simulate_with_truth`` without the truth."""
    outcomes = simulate_with_truth(
        seed, start, rate, fraud_rate, label_delay=label_delay, seconds=seconds, customers=customers
    )
    return (outcome.record for outcome in outcomes)
