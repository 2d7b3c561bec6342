"""How many events a second the engine's graph takes, beside a plain loop over the same functions.

Records in, nothing out: parsing, profiles, features, rules and reasons are in; Kinesis, Postgres and Valkey
are not. The plain loop keeps its profiles as objects and knows neither batches nor crashes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import pathway as pw

from risk.assessment import RiskLevel
from risk.configuration import Configuration
from risk.events import Event, parse_record, to_json
from risk.features import NO_COUNTERPARTY
from risk.profiles import AccountProfile, CounterpartyProfile, Observation
from risk.rules import Mode, Rule, RuleSet
from risk.store.profiles import Key
from streaming import pipeline
from streaming.intake import InFlight, Intake, LabelKey, ProfileCache, RawRecord
from streaming.items import Item, pack
from streaming.policy import Policy, PolicyRow
from streaming.simulator import simulate
from streaming.sources import READ_LIMIT, Incoming, as_item

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LATER = _NOW + timedelta(days=365)
_CONFIGURATION = Configuration(version=1, changed_at=_NOW, changed_by="bench", reason="bench")
_SPACE = UUID("b1a5c0de-0000-4000-8000-000000000000")
_SHAPES = (
    "features.amount_to_mean_30d > {n}.0 && features.new_device == 1.0",
    "event.amount > {n}00.0 && features.count_1h >= 3.0",
    "features.new_country == 1.0 && features.gap_seconds < {n}0.0",
    "event.country in ['NG', 'VN', 'BR'] && event.amount > {n}0.0",
    "features.counterparty_count_1h > {n}0.0 && features.new_counterparty == 1.0",
)


@dataclass(frozen=True)
class Throughput:
    """Events a second of the graph and of the plain loop."""

    events: int
    rules: int
    graph: float
    plain: float

    @property
    def ratio(self) -> float:
        """The graph's over the plain loop's."""
        return self.graph / self.plain


def measure(events: int, rules: int, *, seed: int = 1, tell: Callable[[str], None] = lambda _: None) -> Throughput:
    """Run both over the same ``events`` simulated events, with ``rules`` live rules."""
    tell("making events")
    stream = (record for record in simulate(seed=seed, start=_NOW, rate=2_000) if isinstance(record, Event))
    records = [to_json(event) for event in islice(stream, events)]
    policy = Policy(_CONFIGURATION, 1, RuleSet.build([_rule(number) for number in range(rules)], []))
    if policy.rules.refused:
        raise AssertionError(f"a rule of this measurement is wrong: {policy.rules.refused}")
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 1_000)
    tell("plain loop")
    plain = _timed(lambda: _plain(records, policy))
    tell("graph")
    graph = _timed(lambda: _graph(records, policy))
    return Throughput(len(records), rules, len(records) / graph, len(records) / plain)


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


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _plain(records: Sequence[bytes], policy: Policy) -> None:
    accounts: dict[str, AccountProfile] = {}
    counterparties: dict[str, CounterpartyProfile] = {}
    for data in records:
        event = parse_record(data, _LATER)
        if not isinstance(event, Event):
            raise AssertionError("the simulator's events are events")
        seen = Observation.of(event)
        account = accounts.get(seen.account_id)
        if account is None:
            account = accounts[seen.account_id] = AccountProfile()
        vector = account.observe(seen)
        if seen.counterparty_id is None:
            vector += NO_COUNTERPARTY
        else:
            counterparty = counterparties.get(seen.counterparty_id)
            if counterparty is None:
                counterparty = counterparties[seen.counterparty_id] = CounterpartyProfile()
            vector += counterparty.observe(seen, vector)
        pipeline.judge_item(Item("", "", 0, seen, to_json(event), vector), policy)


class _Nothing:
    """A memory in which nothing is stored."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:  # noqa: ARG002
        return set()

    def known_labels(self, labels: Sequence[LabelKey]) -> set[LabelKey]:  # noqa: ARG002
        return set()

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:  # noqa: ARG002
        return {}

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:  # noqa: ARG002
        return {}


class _Records(pw.io.python.ConnectorSubject):
    """The records as a shard would give them, as fast as they are taken."""

    deletions_enabled = False

    def __init__(self, records: Sequence[bytes]) -> None:
        super().__init__(datasource_name="records")
        self._records = records

    def run(self) -> None:
        in_flight = InFlight()
        intake = Intake(_Nothing(), ProfileCache(), in_flight, lambda: _LATER)
        arrival = 0
        for start in range(0, len(self._records), READ_LIMIT):
            read = [RawRecord(str(start), _NOW, data) for data in self._records[start : start + READ_LIMIT]]
            for row in intake.admit(read):
                arrival += 1
                self.next(arrival=arrival, key=row.observation.account_id, item=pack(as_item("shard", row)))


class _OnePolicy(pw.io.python.ConnectorSubject):
    def run(self) -> None:
        self.next(name="current", number=0)


def _graph(records: Sequence[bytes], policy: Policy) -> None:
    incoming = pw.io.python.read(_Records(records), schema=Incoming, autocommit_duration_ms=20, max_backlog_size=20_000)
    policies = pw.io.python.read(_OnePolicy(), schema=PolicyRow, autocommit_duration_ms=20)
    out = pipeline.outputs(incoming, policies, lambda _: policy, lambda _: None)
    judged = 0

    def on_change(key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:  # noqa: ARG001
        nonlocal judged
        judged += not row["kind"]

    pw.io.subscribe(out, on_change=on_change)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE, default_logging=False)
    if judged != len(records):
        raise AssertionError(f"{judged} of {len(records)} events came out of the graph")
