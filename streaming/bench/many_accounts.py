"""Throughput and memory with a million accounts, beside ten thousand.

Each account has a past of 30 days, as simulated customers have. Events are of accounts drawn evenly, so that with a
million nearly every event is of an account not seen lately: the worst case.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from random import Random

import psutil

from risk.domain.events import Event, to_json
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.observation import Observation
from risk.store.engine_state.profiles import ACCOUNT
from streaming.bench.throughput import NOW, make_policy, run_graph
from streaming.engine.memory import spare_the_garbage_collector
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages.profile_cache import Known, Profiles
from streaming.simulator import simulate

HISTORY = timedelta(days=30)
CUSTOMERS = 300


@dataclass(frozen=True)
class Size:
    """Events a second with ``accounts`` known accounts, and their memory (resident, bytes)."""

    accounts: int
    events_per_second: float
    resident: int
    state: int

    @property
    def per_account(self) -> float:
        """Bytes of memory for each account."""
        return self.resident / self.accounts


def measure(
    accounts: Sequence[int], events: int, rules: int, tell: Callable[[str], None] = lambda _: None
) -> list[Size]:
    """Throughput and memory for each number of ``accounts``, over ``events`` events with ``rules`` live rules."""
    tell("making pasts")
    states, policy = _states(), make_policy(rules)
    spare_the_garbage_collector()
    found = []
    for number in accounts:
        tell(f"{number:,} accounts")
        records = _events(events, number)
        before = _resident()
        known = Known(lambda _: None)
        for place, state in enumerate(islice(cycle(states), number)):
            known.accounts.add(_name(place), bytes(bytearray(state)))  # a copy per account
        resident = _resident() - before
        seconds = run_graph(records, policy, known)
        found.append(Size(number, events / seconds, resident, sorted(map(len, states))[len(states) // 2]))
        del known, records
        gc.collect()
    return found


BATCH = 1_000
SNAPSHOT_EVERY = 10


def measure_kept(accounts: int, kept: int) -> tuple[int, int]:
    """An event of each of ``accounts``, whose pasts are stored, when ``kept`` stay: (bytes of memory, profiles)."""
    states = _states()
    [event] = islice((record for record in simulate(seed=1, start=NOW, rate=100) if isinstance(record, Event)), 1)
    seen = Observation.of(event)
    cache = ProfileCache(kept)
    profiles = Profiles(ACCOUNT, cache.take)
    gc.collect()
    before = _resident()
    for number in range(1, accounts // BATCH + 1):
        names = [_name(place) for place in range((number - 1) * BATCH, number * BATCH)]
        snapshot = number % SNAPSHOT_EVERY == 0
        with cache.admission():
            cache.fetch(
                [(ACCOUNT, name) for name in names],
                lambda keys: {key: bytes(bytearray(states[at % len(states)])) for at, key in enumerate(keys)},
            )
            profiles.let_go(cache.enter(number, snapshot=snapshot).of(ACCOUNT))
        for name in names:
            profiles.observe(name, seen)
        if snapshot:
            profiles.changes()
            cache.stored(number)
    return _resident() - before, len(profiles)


def _name(place: int) -> str:
    return f"account-{place:08}"


def _states() -> list[bytes]:
    """Profiles of simulated customers after 30 days."""
    profiles: dict[str, AccountProfile] = {}
    seconds = HISTORY.total_seconds()
    for record in simulate(2, NOW - HISTORY, 0.02, 0.02, seconds=seconds, customers=CUSTOMERS):
        if isinstance(record, Event):
            profiles.setdefault(record.account_id, AccountProfile()).observe(Observation.of(record))
    return [profile.dump() for profile in profiles.values()]


def _events(events: int, accounts: int) -> list[bytes]:
    chance = Random(7)  # noqa: S311  (not a secret)
    stream = (record for record in simulate(seed=1, start=NOW, rate=2_000) if isinstance(record, Event))
    return [
        to_json(event.model_copy(update={"account_id": _name(chance.randrange(accounts))}))
        for event in islice(stream, events)
    ]


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)
