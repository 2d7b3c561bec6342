"""Which profiles the stages of the graph have in memory: fetched before they are first met, let go when long unused.

A profile is let go only if it is stored as it is: all batches that met it came before a snapshot that is stored. The
order to let it go travels with a batch, so that it holds for the batches after that one, whose admission reads the
profile again. What is admitted and not yet in the graph keeps what it asked for.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from risk.features.definitions.definition_set import OWN
from risk.store.engine_state.profiles import Key
from streaming.engine import metrics
from streaming.engine.stages.batch import NONE_EVICTED, Evicted


class ProfileCache:
    """Profiles by key, of which the stages keep about ``most`` of each kind; all of them, if None.

    Beyond ``most`` there are those that were met since the last stored snapshot but one.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._states: dict[Key, bytes] = {}
        # By kind, the least recently used first: the generation in which a key was last asked for. A snapshot ends one.
        self._used: dict[str, OrderedDict[str, int]] = {}
        self._generation = 0
        self._open: Counter[int] = Counter()
        self._barriers: dict[int, int] = {}
        self._stored = 0
        self._refused: set[Key] = set()
        self._installs = 0
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def fetch(self, keys: Iterable[Key], load: Callable[[Sequence[Key]], dict[Key, bytes]]) -> None:
        """Have the states of ``keys`` ready; each is loaded once, until it is let go."""
        with self._loading:
            with self._lock:
                wanted = [key for key in dict.fromkeys(keys) if not self._use(key)]
            if wanted:
                found = load(wanted)
                with self._lock:
                    self._states.update(found)
                    for kind, key in wanted:
                        self._used.setdefault(kind, OrderedDict())[key] = self._generation

    def _use(self, key: Key) -> bool:
        """Note that ``key`` is used now; False if its profile is not kept."""
        kind, value = key
        used = self._used.get(kind)
        if used is not None and value in used:
            used[value] = self._generation
            used.move_to_end(value)
            return True
        return key in self._refused

    def take(self, key: Key) -> bytes | None:
        """The fetched state, handed over; the graph keeps it from then on."""
        return self._states.pop(key, None)

    def take_all(self) -> dict[Key, bytes]:
        """All fetched states that were not handed over yet."""
        with self._lock:
            states, self._states = self._states, {}
        return states

    @contextmanager
    def admission(self) -> Iterator[None]:
        """Around admitting records and putting them into the graph: what they need is kept meanwhile."""
        with self._lock:
            since = self._generation
            self._open[since] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[since] -= 1
                if not self._open[since]:
                    del self._open[since]

    def enter(self, number: int, *, snapshot: bool) -> Evicted:
        """Note that the batch ``number`` enters the graph next; which profiles it is to let go first."""
        with self._lock:
            found = self._evicted()
            if snapshot:
                # What was last asked for before the oldest open admission is in the graph already, before this batch.
                self._barriers[number] = min(self._open, default=self._generation + 1)
                self._generation += 1
                self._count()
        return found

    def _count(self) -> None:
        kept = Counter({"defined": 0})
        for kind, used in self._used.items():
            kept[_label(kind)] += len(used)
        for label, number in kept.items():
            metrics.PROFILES.labels(label).set(number)

    def _evicted(self) -> Evicted:
        if self._most is None:
            return NONE_EVICTED
        found: list[Key] = []
        for kind, used in self._used.items():
            while len(used) > self._most:
                key, generation = next(iter(used.items()))
                if generation >= self._stored:
                    break
                del used[key]
                self._states.pop((kind, key), None)
                found.append((kind, key))
        if not found:
            return NONE_EVICTED
        for kind, count in Counter(_label(kind) for kind, _ in found).items():
            metrics.PROFILES_EVICTED.labels(kind).inc(count)
        return Evicted(found, self._installs)

    def stored(self, number: int, refused: Collection[Key] = ()) -> None:
        """The snapshot that the batch ``number`` asked for is stored, but for what the database ``refused``.

        What it refuses is in memory only, and is not let go any more.
        """
        with self._lock:
            for kind, key in refused:
                self._used.get(kind, OrderedDict()).pop(key, None)
            self._refused.update(refused)
            for barrier in [one for one in self._barriers if one <= number]:
                self._stored = max(self._stored, self._barriers.pop(barrier))

    def adopted(self, keys: Iterable[Key], kinds: Collection[str]) -> None:
        """Note that the stage of definitions computes ``kinds`` now, and has the states of ``keys``, not yet stored.

        Keys of other users' definitions are forgotten: no stage has them any more.
        """
        with self._lock:
            self._installs += 1
            for gone in [kind for kind in self._used if kind.startswith(OWN) and kind not in kinds]:
                for key in self._used.pop(gone):
                    self._states.pop((gone, key), None)
            for kind, key in keys:
                self._states.pop((kind, key), None)
                used = self._used.setdefault(kind, OrderedDict())
                used[key] = self._generation
                used.move_to_end(key)


def _label(kind: str) -> str:
    """The kind as metrics have it: one for all definitions of users."""
    return "defined" if kind.startswith(OWN) else kind
