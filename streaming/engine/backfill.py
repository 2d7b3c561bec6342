"""Backfills new definitions from the stored events while the engine keeps scoring.

A definition's states are a fold over all stored events in scoring order. The stored events are
read and folded beside the stream, until few are left. Then the source pauses: batches in flight are stored,
the rest is folded, and a batch without events carries the states into the stage that goes on with them. So each event
is counted once, before or after that batch.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from risk.features.catalog import Catalog
from risk.features.definitions.definition import Definition
from risk.features.definitions.definition_set import OWN, DefinitionSet, Memory
from risk.rules.filters import definition_set
from risk.store.assessments import event_log
from risk.store.engine_state import defined_states, leases
from risk.store.engine_state.defined_states import Backfilled
from risk.store.engine_state.profiles import Key
from streaming.engine.periodic import every
from streaming.engine.stages.batch import Install

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
FEW = 2_000
"""The maximum number of events left to fold while the source is paused."""
HOLD_SECONDS = 20.0


class Progress(NamedTuple):
    """The outbox's progress: the last stored batch, and the sequence of its last event."""

    number: int
    sequence: int


class Source(Protocol):
    """The source of batches."""

    def hold(self, act: Callable[[int], Install | None]) -> None:
        """Pause the source and call ``act`` with the number of the last batch; its result goes in next."""


class Fold:
    """The states of new definitions, after the stored events up to ``sequence``."""

    def __init__(self, definitions: list[Definition]) -> None:
        self.definitions = definitions
        self._set: DefinitionSet = definition_set((), definitions)
        self._memory = Memory(self._set)
        self._signatures = [one.signature for one in definitions]
        self.sequence = 0
        self.events = 0

    def advance(self, connection: Connection, until: int) -> bool:
        """Fold the next chunk of events, none after ``until``, and store its values; False when there is none."""
        found = event_log.chunk(connection, self.sequence, until)
        values: list[dict[int, float]] = [{} for _ in self._signatures]
        for one in found:
            for place, value in enumerate(self._memory.observe(one.event, one.at)):
                if not math.isnan(value):
                    values[place][one.sequence] = value
        for signature, of_one in zip(self._signatures, values, strict=True):
            defined_states.add_values(connection, signature, of_one)
        self.events += len(found)
        if found:
            self.sequence = found[-1].sequence
        return bool(found)

    def begin(self, connection: Connection) -> None:
        """Delete the values of an unfinished backfill."""
        for signature in self._signatures:
            defined_states.begin(connection, signature)

    def states(self) -> dict[Key, bytes]:
        """The states of all keys."""
        return self._memory.dumps()

    def done(self, states: dict[Key, bytes]) -> list[Backfilled]:
        """The backfill record of each definition."""
        keys: dict[str, int] = {}
        sizes: dict[str, int] = {}
        for (kind, key), state in states.items():
            keys[kind] = keys.get(kind, 0) + 1
            sizes[kind] = sizes.get(kind, 0) + len(key) + len(state)
        return [
            Backfilled(one, self.sequence, self.events, keys.get(OWN + one, 0), sizes.get(OWN + one, 0))
            for one in self._signatures
        ]


def missing(catalog: Catalog, present: Any) -> list[Definition]:
    """The definitions of ``catalog`` that are not among the signatures ``present``, each once."""
    wanted = {one.signature: one for one in catalog.definitions if one.signature not in present}
    return list(wanted.values())


def fold_all(
    connection: Connection, definitions: list[Definition], until: int
) -> tuple[dict[Key, bytes], list[Backfilled]]:
    """Before a start: the states of ``definitions`` after all stored events up to ``until``, and their records."""
    fold = Fold(definitions)
    fold.begin(connection)
    while fold.advance(connection, until):
        pass
    fold.sequence = until
    states = fold.states()
    return states, fold.done(states)


class Backfill:
    """Follows the catalog in force: backfills new definitions, and installs the catalog in the stage.

    ``installed`` is the catalog that the stage computes; after a start that of ``recovery``.
    """

    def __init__(
        self,
        engine: Engine,
        epoch: int,
        source: Source,
        wanted: Callable[[], Catalog],
        stored: Callable[[], Progress],
        installed: Catalog,
    ) -> None:
        self._engine = engine
        self._epoch = epoch
        self._source = source
        self._wanted = wanted
        self._stored = stored
        self._installed = installed
        self._fold: Fold | None = None

    def keep(self, done: threading.Event) -> threading.Thread:
        """Follow until ``done``, on a thread of its own."""
        self._done = done
        return every(LOOK_SECONDS, "backfill", self.look, done)

    def look(self) -> None:
        """Bring the stage to the catalog in force, if that has changed."""
        wanted = self._wanted()
        if wanted.number == self._installed.number:
            return
        started = time.monotonic()
        new = missing(wanted, self._installed.places)
        fold = Fold(new)
        if new:
            self._catch_up(fold)
        if self._done.is_set():
            return
        self._source.hold(lambda number: self._install(fold, wanted, number))
        logger.info(
            "definitions %d are computed: %d of users, %d of them backfilled from %d events in %.1f s",
            wanted.number,
            len(wanted.defined),
            len(new),
            fold.events,
            time.monotonic() - started,
        )

    def _catch_up(self, fold: Fold) -> None:
        with self._engine.begin() as connection:
            leases.check(connection, self._epoch)
            fold.begin(connection)
        while not self._done.is_set() and self._stored().sequence - fold.sequence > FEW:
            with self._engine.begin() as connection:
                leases.check(connection, self._epoch)
                if not fold.advance(connection, self._stored().sequence):
                    return

    def _install(self, fold: Fold, wanted: Catalog, number: int) -> Install | None:
        deadline = time.monotonic() + HOLD_SECONDS
        while self._stored().number < number:
            if self._done.is_set() or time.monotonic() > deadline:
                logger.warning("what left the source is not stored yet; the definitions wait for another try")
                return None
            time.sleep(0.002)
        states: dict[Key, bytes] = {}
        done: list[Backfilled] = []
        until = self._stored().sequence
        if fold.definitions:
            with self._engine.begin() as connection:
                leases.check(connection, self._epoch)
                while fold.advance(connection, until):
                    pass
            fold.sequence = until
            states = fold.states()
            done = fold.done(states)
        dropped = [one.signature for one in missing(self._installed, wanted.places)]
        self._installed = wanted
        return Install(wanted, states, done, dropped)
