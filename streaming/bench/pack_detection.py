"""What the rules of a pack find in its own scenario: rules alone, by the features of the stream, no model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from risk.domain.event_types import EventTypes
from risk.domain.events import as_json
from risk.features.profiles.observation import Observation
from risk.packs.pack import Pack
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.filters import set_of
from risk.rules.lists import ListEntry
from streaming.simulator.scenario_runner import DAY, Truth, play
from streaming.training.event_history import Memory

START = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Found:
    """Of one kind of anomaly: events and episodes, and how many of them a rule of its ``found_by`` hit.

    ``hits`` are the events that these rules hit in all, ``true`` those that are part of any anomaly.
    """

    events: int = 0
    caught: int = 0
    episodes: set[int] = field(default_factory=set)
    caught_episodes: set[int] = field(default_factory=set)
    hits: int = 0
    true: int = 0

    @property
    def recall(self) -> float:
        """Share of the events that were hit."""
        return self.caught / self.events if self.events else 0.0

    @property
    def precision(self) -> float:
        """Share of the hits that are part of an anomaly."""
        return self.true / self.hits if self.hits else 0.0


@dataclass
class PackDetection:
    """What was found in the judged part of a scenario: by kind, and by all rules together."""

    events: int
    kinds: dict[str, Found]
    total: Found


def rule_set(pack: Pack) -> RuleSet:
    """The rules of ``pack``, live for every event. Raises ``ValueError`` if one cannot be compiled."""
    rules = [
        Rule(uuid5(NAMESPACE_OID, one.name), 1, one.name, Mode.LIVE, 100, one.expression, one.points, one.min_level,
             one.reason_text)
        for one in pack.rules
    ]  # fmt: skip
    entries = [ListEntry(one.name, one.subject, value, None) for one in pack.lists for value in one.entries]
    built = RuleSet.build(rules, entries, catalog=pack.catalog)
    if built.refused:
        raise ValueError(f"rules that cannot run: {', '.join(built.refused.values())}")
    return built


def hits_of(pack: Pack, truths: Iterable[Truth]) -> Iterable[tuple[Truth, set[str]]]:
    """The names of the rules that hit each event, in the order of their coming."""
    types, rules, catalog = EventTypes(pack.event_types), rule_set(pack), pack.catalog
    memory = Memory(set_of(catalog), own=len(catalog.definitions))
    for truth in truths:
        kind = types.find(truth.event.event_type)
        data = as_json(truth.event) | {"family": kind.family.value, "amount_flow": kind.amounts.value}
        vector = memory.observe(Observation.of(truth.event).of_type(kind), data)
        yield truth, {hit.name for hit in rules.evaluate(data, vector, truth.event.event_id)}


def length(pack: Pack, days: float | None = None) -> timedelta:
    """How long the scenario of ``pack`` is played: its warm-up, and the ``days`` that are judged."""
    scenario = pack.scenario
    if scenario is None:
        return timedelta(days=days or 1.0)
    return timedelta(days=scenario.warm_up_days + (days or scenario.judged_days))


def judge(
    pack: Pack,
    seed: int,
    days: float | None = None,
    *,
    start: datetime = START,
    hits_of: Callable[[Pack, Iterable[Truth]], Iterable[tuple[Truth, set[str]]]] = hits_of,
) -> PackDetection:
    """Play the scenario of ``pack`` from ``seed``, and count what its rules find after the warm-up.

    ``hits_of`` says which rules hit an event, or leaves it out. Raises ``InvalidInput`` if there is no scenario.
    """
    scenario = pack.scenario
    warm_up = 0.0 if scenario is None else scenario.warm_up_days
    truths = play(pack, seed, start, length(pack, days).total_seconds())
    found_by = {one.kind: set(one.found_by) for one in scenario.anomalies if not one.honest} if scenario else {}
    kinds: dict[str, Found] = defaultdict(Found, {kind: Found() for kind in found_by})
    total, events = Found(), 0
    for truth, hits in hits_of(pack, truths):
        if (truth.event.occurred_at - start).total_seconds() < warm_up * DAY:
            continue
        events += 1
        for kind, rules in found_by.items():
            _count(kinds[kind], truth, kind, hit=bool(hits & rules))
        _count(total, truth, truth.kind, hit=bool(hits))
    return PackDetection(events, dict(kinds), total)


def _count(found: Found, truth: Truth, kind: str | None, *, hit: bool) -> None:
    found.hits += hit
    found.true += hit and truth.kind is not None
    if truth.kind is not None and truth.kind == kind and truth.episode is not None:
        found.events += 1
        found.caught += hit
        found.episodes.add(truth.episode)
        if hit:
            found.caught_episodes.add(truth.episode)
