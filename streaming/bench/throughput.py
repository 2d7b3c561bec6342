"""Throughput of the engine's graph, beside a plain loop over the same functions.

Records in, nothing out: parsing, profiles, features, model, rules and reasons count; Kinesis, Postgres and Valkey
do not. The plain loop keeps its profiles as objects in a dictionary, without duplicate checks, snapshots or
recovery. Both process the records in reads of a shard's size.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid5

from risk.alerts.configuration import Configuration
from risk.domain.assessment import RiskLevel
from risk.domain.events import Event, as_json, parse_record, to_json
from risk.features.definitions.definition import Aggregate, Definition
from risk.features.definitions.definition_set import DefinitionSet
from risk.features.definitions.shipped import SHIPPED
from risk.features.profiles.observation import Observation
from risk.rules.evaluator import Mode, Rule, RuleSet
from risk.rules.filters import definition_set
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT
from streaming.engine.memory import spare_the_garbage_collector
from streaming.engine.policy import Policy
from streaming.engine.sources.admission import InFlight, RawRecord
from streaming.engine.sources.reader import READ_LIMIT
from streaming.engine.stages.batch import Batch, Item, ItemKind, Vector
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known
from streaming.engine.stages.scoring import judge_batch
from streaming.offline import offline_graph
from streaming.simulator import simulate
from streaming.training.event_history import Memory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=365)
SNAPSHOT_SECONDS = 2.0
_CONFIGURATION = Configuration(version=1, changed_at=NOW, changed_by="bench", reason="bench")
_SPACE = UUID("b1a5c0de-0000-4000-8000-000000000000")
_SHAPES = (
    "features.amount_to_mean_30d > {n}.0 && features.new_device == 1.0",
    "event.amount > {n}00.0 && features.count_1h >= 3.0",
    "features.new_country == 1.0 && features.gap_seconds < {n}0.0",
    "event.country in ['NG', 'VN', 'BR'] && event.amount > {n}0.0",
    "features.counterparty_count_1h > {n}0.0 && features.new_counterparty == 1.0",
    "event.channel == 'web' && (features.count_1d > {n}.0 || features.high_amounts_3d > 1.0) && event.amount > 10.0",
    "event.counterparty_id.startsWith('m-{n}') && features.hour_share < 0.1",
    "has(event.attributes.category) && event.attributes.category == 'luxury' && event.amount > {n}0.0",
    "event.hour < 6 && features.amount_to_median > {n}.5",
    "!(features.history_days > {n}.0) && features.count_1h + features.count_1d > {n}.0",
)
"""Sample rules: most compare numbers and texts, some need full CEL."""
_DEFINED: tuple[tuple[tuple[str, ...], Aggregate, str | None], ...] = (
    (("device_id",), Aggregate.COUNT, 'event.event_type == "payment" && event.amount > 50.0'),
    (("ip",), Aggregate.DISTINCT, None),
    (("account_id", "country"), Aggregate.SUM, None),
    (("attributes.category",), Aggregate.MEAN, 'event.channel in ["web", "app"]'),
    (("counterparty_id",), Aggregate.RATIO, None),
)
"""Sample definitions: their keys, aggregates and filters."""


@dataclass(frozen=True)
class Throughput:
    """Events a second of the graph and of the plain loop; ``graphs`` by the number of processes, ``graph`` of one."""

    events: int
    rules: int
    graph: float
    plain: float
    definitions: int
    keys: dict[str, tuple[int, int]]
    """By kind of key: the number of states of definitions, and their bytes."""
    graphs: dict[int, float]

    @property
    def ratio(self) -> float:
        """The graph's over the plain loop's."""
        return self.graph / self.plain


def measure(
    events: int,
    rules: int,
    *,
    definitions: int = len(SHIPPED),
    processes: Sequence[int] = (1,),
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Throughput:
    """Run both over the same ``events`` simulated events, with ``rules`` live rules and the model that ships.

    Definitions are added to the shipped ones up to ``definitions``; several ``processes`` use
    only the shipped ones.
    """
    defined = definition_set([*SHIPPED, *(_definition(number) for number in range(definitions - len(SHIPPED)))])
    known = Known(lambda _: None, definitions=defined)
    tell("making events")
    records = simulated(events, seed)
    policy = make_policy(rules)
    spare_the_garbage_collector()
    tell("plain loop")
    plain = timed(lambda: _plain(records, policy, defined))
    graphs: dict[int, float] = {}
    for count in sorted({1, *processes}):
        tell(f"graph, {count} processes")
        graphs[count] = len(records) / run_graph(records, policy, known if count == 1 else None, processes=count)
    return Throughput(
        len(records),
        rules,
        graphs[1],
        len(records) / plain,
        len(defined.definitions),
        known.sizes(),
        graphs,
    )


def simulated(events: int, seed: int) -> list[bytes]:
    """``count`` simulated events, as stream records."""
    stream = (record for record in simulate(seed=seed, start=NOW, rate=2_000) if isinstance(record, Event))
    return [to_json(event) for event in islice(stream, events)]


def make_policy(rules: int) -> Policy:
    """``rules`` live rules, and the shipped model."""
    live = RuleSet.build([_rule(number) for number in range(rules)], [])
    if live.refused:
        raise AssertionError(f"a rule of this measurement is wrong: {live.refused}")
    return Policy(_CONFIGURATION, 1, live, Model.load(DEFAULT))


def timed(work: Callable[[], None]) -> float:
    """The duration of ``work`` in seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def reads(records: Sequence[bytes]) -> Iterator[list[RawRecord]]:
    """The records in a shard's reads."""
    for start in range(0, len(records), READ_LIMIT):
        yield [RawRecord(str(start), NOW, data) for data in records[start : start + READ_LIMIT]]


def run_graph(records: Sequence[bytes], policy: Policy, known: Known | None = None, *, processes: int = 1) -> float:
    """Run the graph over ``records``; each must receive a verdict.

    Returns the seconds from the request of the first record to the last verdict.
    """
    in_flight, judged, started, ended = InFlight(), 0, 0.0, 0.0

    def asked() -> Iterator[list[RawRecord]]:
        nonlocal started
        started = time.perf_counter()
        yield from reads(records)

    def done(batch: Batch) -> None:
        nonlocal judged, ended
        judged += sum(verdict is not None for verdict in batch.verdicts)
        in_flight.leave(item.event_id for item in batch.items)
        ended = time.perf_counter()

    offline_graph.run(
        asked(),
        policy,
        done,
        now=LATER,
        known=known,
        in_flight=in_flight,
        snapshot_interval=SNAPSHOT_SECONDS,
        processes=processes,
    )
    if judged != len(records):
        raise AssertionError(f"{judged} of {len(records)} events came out of the graph")
    return ended - started


def _rule(number: int) -> Rule:
    source = _SHAPES[number % len(_SHAPES)].format(n=number + 2)
    level = RiskLevel.HIGH if number % 3 == 0 else None
    return Rule(
        rule_id=uuid5(_SPACE, str(number)),
        version=1,
        name=f"bench_{number}",
        mode=Mode.LIVE,
        percent=100,
        expression=source,
        points=None if level else 0.5,
        min_level=level,
        reason_text="amount {amount} from {country}",
    )


def _definition(number: int) -> Definition:
    key, aggregate, wanted = _DEFINED[number % len(_DEFINED)]
    return Definition(
        name=f"bench_defined_{number}",
        key=key,
        aggregate=aggregate,
        field=None
        if aggregate is Aggregate.COUNT
        else "counterparty_id"
        if aggregate is Aggregate.DISTINCT
        else "amount",
        window=f"{2 + number}h",
        filter=wanted,
        unit="events",
        meaning="what is measured",
    )


def _plain(records: Sequence[bytes], policy: Policy, definitions: DefinitionSet) -> None:
    drift = DriftCounts()
    memory = Memory(definitions)
    for start in range(0, len(records), READ_LIMIT):
        items: list[Item] = []
        for data in records[start : start + READ_LIMIT]:
            event = parse_record(data, LATER)
            if not isinstance(event, Event):
                raise AssertionError("the simulator's events are events")
            items.append(Item(ItemKind.EVENT, "", "", 0, event.event_id, Observation.of(event), as_json(event)))
        vectors: list[Vector | None] = [memory.observe(item.observation, item.data) for item in items]
        judge_batch(Batch(0, items, vectors=vectors), policy, drift)
