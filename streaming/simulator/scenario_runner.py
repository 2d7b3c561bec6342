"""Plays the scenario of a pack from a seed: events in order of time, with the truth about each."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from pydantic import ValidationError

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label
from risk.domain.plain_messages import predicate
from risk.packs.pack import Pack
from risk.packs.scenario import Anomaly, Habit, Scenario, Values
from streaming.simulator.generator import Outcome
from streaming.simulator.population import seeded
from streaming.simulator.scenario_values import ValueMaker

DAY = 86_400.0
REVIEWED = 0.1
"""Share of events without an anomaly that get a label."""


class Truth(NamedTuple):
    """An event, and the anomaly that it is part of: its kind and the number of its episode; None for neither."""

    event: Event
    kind: str | None
    episode: int | None


def play(pack: Pack, seed: int, start: datetime, seconds: float | None = None) -> Iterator[Truth]:
    """The events of a pack's scenario from ``start`` on, for ``seconds`` or without end.

    Raises ``InvalidInput`` for a pack without a scenario, or one whose values do not make events.
    """
    if pack.scenario is None:
        raise InvalidInput(f"pack {pack.name} has no scenario")
    return _Run(pack.name, pack.scenario, seed, start).events(seconds)


def play_with_labels(
    pack: Pack, seed: int, start: datetime, seconds: float | None, label_delay: timedelta
) -> Iterator[Outcome]:
    """The same as records to send, with labels: of every anomaly, and of a tenth of the rest."""
    rng = seeded(pack.name, seed, "labels")
    waiting: list[tuple[datetime, int, Label, str | None]] = []
    numbers = count()
    for truth in play(pack, seed, start, seconds):
        event = truth.event
        while waiting and waiting[0][0] <= event.occurred_at:
            _, _, label, kind = heapq.heappop(waiting)
            yield Outcome(label, kind)
        if truth.kind is not None or rng.random() < REVIEWED:
            known_at = event.occurred_at + max(label_delay, timedelta(milliseconds=1))
            label = Label(
                kind="label", event_id=event.event_id, fraud=truth.kind is not None, known_at=known_at, source="review"
            )
            heapq.heappush(waiting, (known_at, next(numbers), label, truth.kind))
        yield Outcome(event, truth.kind)
    while waiting:
        _, _, label, kind = heapq.heappop(waiting)
        yield Outcome(label, kind)


class _Planned(NamedTuple):
    """Something that happens at ``at`` (seconds from the start): its event, or what is done next."""

    at: float
    order: int
    activity: Habit | None = None
    member: dict[str, Any] | None = None
    anomaly: Anomaly | None = None
    event: Values | None = None
    known: Mapping[str, Any] | None = None
    truth: tuple[str | None, int | None] = (None, None)


class _Changed(NamedTuple):
    until: float
    given: dict[str, Any]
    truth: tuple[str | None, int | None]


class _Run:
    def __init__(self, name: str, scenario: Scenario, seed: int, start: datetime) -> None:
        self._scenario, self._start = scenario, start
        self._ids = uuid5(NAMESPACE_OID, f"{name}/{seed}/{start.isoformat()}")
        self._rng = seeded(name, seed, "scenario")
        self._order, self._episodes, self._sent = count(), count(1), count()
        self._members: dict[str, list[dict[str, Any]]] = {}
        self._make = ValueMaker(self._rng, lambda of: self._rng.choice(self._members[of]))
        self._planned: list[_Planned] = []
        self._changed: dict[tuple[str, int], _Changed] = {}
        for of, population in scenario.populations.items():
            # Members of a population may name those of the ones before it.
            self._members[of] = [
                self._make.given(population.fields, {"id": number}, start) for number in range(population.count)
            ]

    def events(self, seconds: float | None) -> Iterator[Truth]:
        for activity in self._scenario.activities:
            for member in self._members[activity.of]:
                self._plan(self._first(activity), activity=activity, member=member)
        for anomaly in self._scenario.anomalies:
            self._plan(self._next_anomaly(self._scenario.warm_up_days * DAY, anomaly), anomaly=anomaly)
        while self._planned and (seconds is None or self._planned[0].at < seconds):
            yield from self._happen(heapq.heappop(self._planned))

    def _plan(self, at: float, **what: Any) -> None:
        heapq.heappush(self._planned, _Planned(at, next(self._order), **what))

    def _time(self, at: float) -> datetime:
        return self._start + timedelta(seconds=round(at, 3))

    def _happen(self, one: _Planned) -> Iterator[Truth]:
        if one.activity is not None and one.member is not None:
            yield from self._act(one.at, one.activity, one.member)
        elif one.anomaly is not None:
            self._begin(one.at, one.anomaly)
            self._plan(self._next_anomaly(one.at, one.anomaly), anomaly=one.anomaly)
        elif one.event is not None:
            yield self._event(one.at, one.event, one.known or {}, one.truth)

    def _first(self, activity: Habit) -> float:
        if activity.every_minutes is not None:
            return self._rng.uniform(0, activity.every_minutes * 60)
        return self._rng.expovariate((activity.per_day or 1) / DAY)

    def _act(self, at: float, activity: Habit, member: dict[str, Any]) -> Iterator[Truth]:
        if self._is_awake(at, activity):
            changed = self._changed.get((activity.name, member["id"]))
            now = self._time(at)
            values: Values = dict(activity.given)
            truth: tuple[str | None, int | None] = (None, None)
            known: dict[str, Any] = {"me": member}
            if changed is not None and at < changed.until:
                known["episode"], truth = changed.truth[1], changed.truth
                values |= changed.given
            known = self._make.given(values, known, now)
            yield self._event(at, activity.event, known, truth)
            for name, value in activity.remember.items():
                member[name] = self._make.make(value, known, now)
        pause = activity.every_minutes
        self._plan(
            at + (self._rng.expovariate(self._pace(activity) / DAY) if pause is None else pause * 60),
            activity=activity,
            member=member,
        )

    def _pace(self, activity: Habit) -> float:
        """Attempts a day: more than what is done, as those at other hours are left out."""
        weights = [_peak(activity.hours), _peak(activity.weekdays)]
        return (activity.per_day or 1) * weights[0] * weights[1]

    def _is_awake(self, at: float, activity: Habit) -> bool:
        now = self._time(at)
        awake = 1.0
        if activity.hours:
            awake *= activity.hours[now.hour] / max(activity.hours)
        if activity.weekdays:
            awake *= activity.weekdays[now.weekday()] / max(activity.weekdays)
        return awake >= 1 or self._rng.random() < awake

    def _next_anomaly(self, after: float, anomaly: Anomaly) -> float:
        return after + self._rng.expovariate(anomaly.per_day / DAY)

    def _begin(self, at: float, anomaly: Anomaly) -> None:
        now, episode = self._time(at), next(self._episodes)
        truth = (None, None) if anomaly.honest else (anomaly.kind, episode)
        member = self._rng.choice(self._members[anomaly.of])
        known = self._make.given(anomaly.given, {"me": member, "episode": episode}, now)
        if anomaly.change is not None:
            key = (anomaly.change.activity, member["id"])
            present = self._changed.get(key)
            if present is None or present.until <= at:
                until = at + 60 * self._make.make(anomaly.change.minutes, known, now)
                given = {name: known[name] for name in anomaly.given} | anomaly.change.given
                self._changed[key] = _Changed(until, given, truth)
        for step in anomaly.steps:
            for number in range(int(self._make.make(step.repeat, known, now))):
                of_step = self._make.given(step.given, {**known, "n": number}, now)
                self._plan(at, event=step.event, known=of_step, truth=truth)
                at += self._make.make(step.gap_seconds, of_step, now)

    def _event(
        self, at: float, fields: Values, known: Mapping[str, Any], truth: tuple[str | None, int | None]
    ) -> Truth:
        now = self._time(at)
        made = {name: self._make.make(value, known, now) for name, value in fields.items()}
        if isinstance(made.get("amount"), int | float):
            made["amount"] = f"{max(0.01, made['amount']):.2f}"
        event_id = uuid5(self._ids, str(next(self._sent)))
        try:
            event = Event(event_id=event_id, occurred_at=now, **made)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise InvalidInput(f"the scenario makes no event: {field} {predicate(dict(first))}") from error
        return Truth(event, *truth)


def _peak(weights: list[float] | None) -> float:
    """How many times the mean the largest weight is."""
    return max(weights) * len(weights) / sum(weights) if weights else 1.0
