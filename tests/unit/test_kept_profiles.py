"""Profiles that are let go and read again are what they were; none is let go that is not stored as it is."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import pytest

from risk.rules.filters import shipped_set
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages.batch import Batch, Item, ItemKind
from streaming.engine.stages.profile_cache import Known, Profiles
from streaming.engine.stages.profile_features import meet_accounts, meet_counterparties, meet_definitions
from tests.streaming.events import events
from tests.unit.test_partitions import Cluster, in_one, items, policy

RULELESS = policy()


def keys_of(of: Sequence[Item]) -> Iterator[Key]:
    for item in of:
        if item.observation.account_id:
            yield ACCOUNT, item.observation.account_id
            if item.observation.counterparty_id is not None:
                yield COUNTERPARTY, item.observation.counterparty_id
        if item.kind is ItemKind.EVENT:
            yield from shipped_set().keys(item.data)


class Engine:
    """Batches are read by threads that overtake each other, wait in the graph, and are stored late, all by chance."""

    def __init__(self, most: int | None, partitions: int, seed: int) -> None:
        self.cache = ProfileCache(most)
        self.stored: dict[Key, bytes] = {}
        self.loads = self.evicted = 0
        self.peak = 0
        self.done: list[Batch] = []
        self._chance = random.Random(seed)
        self._held: list[tuple[AbstractContextManager[None], Sequence[Item]]] = []
        self._graph: deque[tuple[Batch, Callable[[], object]]] = deque()
        self._snapshots: deque[Batch] = deque()
        self.known = Known(self.cache.take)
        self._cluster = Cluster(partitions, take=self.cache.take_all) if partitions > 1 else None
        if self._cluster is not None:
            self._cluster.policy = RULELESS

    def _load(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        self.loads += 1
        return {key: self.stored[key] for key in keys if key in self.stored}

    def run(self, made: Sequence[Sequence[Item]]) -> None:
        for of in made:
            admission = self.cache.admission()
            admission.__enter__()
            self.cache.fetch(keys_of(of), self._load)
            self._held.append((admission, of))
            while len(self._held) > self._chance.randrange(3):
                self._emit(*self._held.pop(self._chance.randrange(len(self._held))))
            while len(self._graph) > self._chance.randrange(6):
                self._score()
            while len(self._snapshots) > self._chance.randrange(3):
                self._store()
        while self._held:
            self._emit(*self._held.pop())
        while self._graph:
            self._score()

    def _emit(self, admission: AbstractContextManager[None], of: Sequence[Item]) -> None:
        number = len(self.done) + len(self._graph) + 1
        snapshot = number % 4 == 0
        batch = Batch(number, of, snapshot, evicted=self.cache.enter(number, snapshot=snapshot))
        self.evicted += len(batch.evicted.keys)
        cluster = self._cluster
        if cluster is None:
            self._graph.append((batch, lambda: self._in_one(batch)))
        else:
            rows = cluster.split(batch)
            self._graph.append((batch, lambda: cluster.run(batch, rows)))
        admission.__exit__(None, None, None)

    def _in_one(self, batch: Batch) -> None:
        meet_accounts(batch, self.known.accounts)
        meet_counterparties(batch, self.known.counterparties)
        meet_definitions(batch, self.known)
        self.peak = max(self.peak, len(self.known.accounts))

    def _score(self) -> None:
        batch, through = self._graph.popleft()
        through()
        self.done.append(batch)
        if batch.snapshot:
            self._snapshots.append(batch)

    def _store(self) -> None:
        batch = self._snapshots.popleft()
        self.stored |= batch.profiles
        self.cache.stored(batch.number)


def parts(count: int, seed: int) -> list[list[Item]]:
    made = [item for item in items(events(count, seed=seed)) if item.kind is not ItemKind.DEAD]
    return [made[start : start + 6] for start in range(0, len(made), 6)]


@pytest.mark.parametrize(("seed", "partitions", "count"), [(0, 1, 500), (1, 1, 500), (2, 1, 500), (3, 2, 120)])
def test_vectors_are_the_same_however_few_profiles_are_kept(seed: int, partitions: int, count: int) -> None:
    engine = Engine(2, partitions, seed)
    engine.run(parts(count, seed))
    whole = [Batch(batch.number, batch.items, batch.snapshot) for batch in engine.done]
    in_one(whole, RULELESS)
    assert [list(map(repr, batch.vectors)) for batch in engine.done] == [
        list(map(repr, batch.vectors)) for batch in whole
    ]
    assert not any(batch.errors for batch in engine.done)
    assert engine.evicted > count / 2


def test_memory_stays_with_what_was_used_lately_when_many_more_accounts_are_seen() -> None:
    def seen(most: int | None) -> Engine:
        engine = Engine(most, 1, seed=1)
        made = [
            item._replace(observation=item.observation._replace(account_id=f"account-{number}"))
            for number, item in enumerate(item for part in parts(600, 3) for item in part)
            if item.kind is ItemKind.EVENT
        ]
        engine.run([made[start : start + 6] for start in range(0, len(made), 6)])
        return engine

    bounded, unbounded = seen(50), seen(None)
    assert len(unbounded.known.accounts) > 550
    # The bound, and what was met since the last stored snapshot but one: four batches of six between two of them.
    assert bounded.peak < 50 + 6 * 4 * 8


def read(cache: ProfileCache, number: int, *keys: str, snapshot: bool = False) -> list[str]:
    """Admit a batch of accounts; whom it lets go."""
    with cache.admission():
        cache.fetch([(ACCOUNT, key) for key in keys], lambda wanted: dict.fromkeys(wanted, b"state"))
        return cache.enter(number, snapshot=snapshot).of(ACCOUNT)


def test_the_least_recently_used_is_let_go_once_a_snapshot_after_it_is_stored() -> None:
    cache = ProfileCache(1)
    assert read(cache, 1, "a", "b") == []
    assert read(cache, 2, "a", snapshot=True) == []
    assert read(cache, 3, snapshot=True) == []
    assert read(cache, 4) == [], "no snapshot is stored"
    cache.stored(3)
    assert read(cache, 5) == ["b"]
    assert cache.take((ACCOUNT, "b")) is None
    assert cache.take((ACCOUNT, "a")) == b"state"
    assert read(cache, 6, "b") == ["a"], "b was used since"
    assert cache.take((ACCOUNT, "b")) == b"state", "what was let go is read again"


def test_what_is_admitted_and_not_yet_in_the_graph_is_not_let_go() -> None:
    cache = ProfileCache(1)
    with cache.admission():
        cache.fetch([(ACCOUNT, "slow")], lambda _: {})
        for number in range(1, 9):
            assert "slow" not in read(cache, number, f"other-{number}", snapshot=True)
            cache.stored(number)
        cache.enter(9, snapshot=False)
    gone = []
    for number in (10, 11, 12):
        gone += read(cache, number, f"other-{number}", snapshot=True)
        cache.stored(number)
    assert "slow" in gone


def test_what_the_database_refuses_to_store_stays_in_memory() -> None:
    cache = ProfileCache(1)
    for number in range(1, 4):
        read(cache, number, *("refused", "a", "b")[: 4 - number], snapshot=True)
    cache.stored(3, [(ACCOUNT, "refused")])
    assert "refused" not in read(cache, 4)
    cache.fetch([(ACCOUNT, "refused")], lambda _: pytest.fail("it is kept"))


def test_a_profile_that_changed_since_is_not_forgotten() -> None:
    accounts = Profiles(ACCOUNT, lambda _: None)
    first, second = parts(20, 1)[:2]
    account = first[0].observation.account_id
    accounts.observe(account, first[0].observation)
    accounts.let_go([account])
    assert len(accounts) == 1
    accounts.changes()
    accounts.let_go([account, second[0].observation.account_id])
    assert len(accounts) == 0


def test_definitions_that_were_installed_since_are_not_let_go() -> None:
    cache = ProfileCache(1)
    key = "defined:x"
    with cache.admission():
        cache.fetch([(key, "a"), (key, "b")], lambda _: {})
        cache.enter(1, snapshot=True)
    with cache.admission():
        cache.enter(2, snapshot=True)
    cache.stored(2)
    cache.adopted([(key, "a")], {key})
    found = cache.enter(3, snapshot=False)
    assert (list(found.keys), found.installs) == ([(key, "b")], 1)


def test_what_is_known_of_a_definition_goes_with_it() -> None:
    cache = ProfileCache(1)
    kept, gone = "defined:kept", "defined:gone"
    with cache.admission():
        cache.fetch([(kept, "a"), (gone, "a"), (ACCOUNT, "a")], lambda keys: dict.fromkeys(keys, b"state"))
        cache.enter(1, snapshot=True)
    cache.adopted([], {kept})
    assert cache.take((gone, "a")) is None
    assert cache.take((kept, "a")) == cache.take((ACCOUNT, "a")) == b"state"
    read_again: list[Sequence[Key]] = []

    def load(keys: Sequence[Key]) -> dict[Key, bytes]:
        read_again.append(keys)
        return {}

    cache.fetch([(kept, "a"), (gone, "a"), (ACCOUNT, "a")], load)
    assert read_again == [[(gone, "a")]]


class Count:
    """A profile that counts its events."""

    def __init__(self, count: int = 0) -> None:
        self.count = count

    def observe(self) -> int:
        self.count += 1
        return self.count

    def dump(self) -> bytes:
        return str(self.count).encode()


class Schedule:
    """Any order of what the readers, the graph and the store do, also while a state is being read from the store."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._cache = ProfileCache(self._chance.choice([1, 1, 2]))
        self._profiles = Profiles(ACCOUNT, self._cache.take, recent=self._chance.choice([1, 2, 9]))
        self._profiles._new, self._profiles._read = Count, lambda state: Count(int(state))
        self._stored: dict[Key, bytes] = {}
        self._refused = self._chance.choice([set(), set(), {"b"}])
        self._number = 0
        self._open: list[tuple[AbstractContextManager[None], list[str]]] = []
        self._graph: deque[tuple[int, list[str], bool, list[str]]] = deque()
        self._snapshots: deque[tuple[int, dict[Key, bytes]]] = deque()
        self.evicted = 0
        self.seen: list[tuple[str, int]] = []

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self._chance.choice([self._read, self._emit, self._emit, self._score, self._score, self._store])()

    def _read(self) -> None:
        if len(self._open) < 3:
            admission = self._cache.admission()
            admission.__enter__()
            keys = self._chance.choices("abcdef", k=self._chance.randrange(1, 4))
            self._cache.fetch([(ACCOUNT, key) for key in keys], self._load)
            self._open.append((admission, keys))

    def _load(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """What others do before and after the store was read, and before the cache has the answer."""
        for _ in range(self._chance.randrange(4)):
            self._chance.choice([self._emit, self._score, self._store])()
        found = {key: self._stored[key] for key in keys if key in self._stored}
        for _ in range(self._chance.randrange(4)):
            self._chance.choice([self._emit, self._score, self._store])()
        return found

    def _emit(self) -> None:
        admission: AbstractContextManager[None] | None = None
        keys: list[str] = []
        if self._open and self._chance.random() < 0.9:
            admission, keys = self._open.pop(self._chance.randrange(len(self._open)))
        self._number += 1
        snapshot = self._chance.random() < 0.4
        found = self._cache.enter(self._number, snapshot=snapshot).of(ACCOUNT)
        self.evicted += len(found)
        self._graph.append((self._number, keys, snapshot, found))
        if admission is not None:
            admission.__exit__(None, None, None)

    def _score(self) -> None:
        if self._graph:
            number, keys, snapshot, evicted = self._graph.popleft()
            self._profiles.let_go(evicted)
            self.seen += [(key, self._profiles.observe(key)) for key in keys]
            if snapshot:
                self._snapshots.append((number, self._profiles.changes()))

    def _store(self) -> None:
        """One transaction for all snapshots that wait, or for the first of them."""
        if self._snapshots:
            number = 0
            states: dict[Key, bytes] = {}
            for _ in range(self._chance.choice([1, len(self._snapshots)])):
                number, more = self._snapshots.popleft()
                states |= more
            refused = [key for key in states if key[1] in self._refused]
            self._stored |= {key: state for key, state in states.items() if key not in refused}
            self._cache.stored(number, refused)


def test_every_profile_counts_every_event_once_in_whatever_order_batches_are_read_scored_and_stored() -> None:
    evicted = 0
    for seed in range(1_500):
        schedule = Schedule(seed)
        schedule.run(150)
        counted: dict[str, int] = {}
        for key, count in schedule.seen:
            counted[key] = counted.get(key, 0) + 1
            assert count == counted[key], (seed, key)
        evicted += schedule.evicted
    assert evicted > 1_500
