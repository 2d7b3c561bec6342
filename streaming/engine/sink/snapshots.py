"""Writes changed profiles and drift counts to Postgres, on a thread beside the outbox.

A snapshot holds every profile that changed up to a sequence. They are stored one after another; while one is being
stored, later ones merge. Events stored after the last snapshot are the redo log of ``streaming.engine.recovery``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, Engine

from risk.domain.errors import Fenced
from risk.features.definitions.definition_set import OWN
from risk.store.engine_state import defined_states, leases, profiles
from risk.store.engine_state import drift as drift_counts
from risk.store.engine_state.defined_states import Backfilled
from streaming.engine import metrics
from streaming.engine.retry import persist
from streaming.engine.stages.batch import Install
from streaming.engine.stages.drift import DriftCounts

logger = logging.getLogger(__name__)

SnapshotStored = Callable[[int, Collection[profiles.Key]], None]
"""Told the number of the batch whose snapshot is stored, and the keys whose states the database refused."""


class Snapshots:
    """Stores snapshots on its own thread."""

    def __init__(
        self, engine: Engine, epoch: int, drift: DriftCounts, stop: threading.Event, stored: SnapshotStored
    ) -> None:
        self._engine = engine
        self._drift = drift
        self._epoch = epoch
        self._stop = stop
        self._stored = stored
        self._number = 0
        self._news = threading.Condition()
        self._states: dict[profiles.Key, bytes] = {}
        self._sequence = 0
        self._storing: dict[profiles.Key, bytes] = {}
        self._storing_to = self._storing_number = 0
        self._backfilled: dict[str, Backfilled] = {}
        self._dropped: set[str] = set()
        self._noting: tuple[list[Backfilled], list[str]] = [], []
        self._counted: list[drift_counts.DriftCount] = []
        self._ended = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)
        self._thread.start()

    def add(
        self, states: Mapping[profiles.Key, bytes], sequence: int, number: int, install: Install | None = None
    ) -> None:
        """Add changed profiles; with them all are as of ``sequence``, the last of batch ``number``.

        With ``install``, definitions were added or removed.
        """
        with self._news:
            if install is not None:
                self._note(install)
            self._states.update(states)
            self._sequence = sequence
            self._number = number
            self._news.notify()

    def _note(self, install: Install) -> None:
        """What goes is deleted before what comes is stored: it may be the same."""
        for signature in install.dropped:
            self._backfilled.pop(signature, None)
            self._dropped.add(signature)
            self._states = {key: state for key, state in self._states.items() if key[0] != OWN + signature}
        self._backfilled |= {one.signature: one for one in install.backfilled}

    def close(self) -> None:
        """Wait until everything is stored; raises the writer's error."""
        with self._news:
            self._ended = True
            self._news.notify()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            while self._next():
                with metrics.STAGE_SECONDS.labels("snapshot").time():
                    self._store()
        except BaseException as error:
            if not isinstance(error, Fenced):
                logger.exception("storing profiles broke")
            self._failure = error
            self._stop.set()

    def _next(self) -> bool:
        """Wait for the next snapshot; False after the last."""
        with self._news:
            self._storing = {}
            while not self._news_to_store() and not self._ended:
                self._news.wait()
            self._storing, self._states = self._states, {}
            self._noting = list(self._backfilled.values()), sorted(self._dropped)
            self._backfilled, self._dropped = {}, set()
            self._storing_to = self._sequence
            self._storing_number = self._number
        self._counted = self._drift.take()
        return bool(self._storing or any(self._noting))

    def _news_to_store(self) -> bool:
        return bool(self._states or self._backfilled or self._dropped)

    def _store(self) -> None:
        refused: Collection[profiles.Key] = ()
        try:
            persist(self._engine, self._save)
        except Fenced:
            raise
        except Exception:
            refused = self._unstorable(list(self._storing))
            for key in refused:
                logger.exception("the profile of %s %r cannot be stored; the one stored before it stays", *key)
                del self._storing[key]
            persist(self._engine, self._save)
        self._stored(self._storing_number, refused)

    def _unstorable(self, keys: Sequence[profiles.Key]) -> list[profiles.Key]:
        """Which of these profiles the database refuses, found by halves in transactions that are rolled back."""
        try:
            persist(self._engine, lambda connection: self._try(connection, keys))
        except Exception:
            if len(keys) == 1:
                return list(keys)
            half = len(keys) // 2
            return self._unstorable(keys[:half]) + self._unstorable(keys[half:])
        return []

    def _try(self, connection: Connection, keys: Sequence[profiles.Key]) -> None:
        with connection.begin_nested() as attempt:
            profiles.save(connection, {key: self._storing[key] for key in keys}, self._storing_to)
            attempt.rollback()

    def _save(self, connection: Connection) -> None:
        leases.check(connection, self._epoch)
        backfilled, dropped = self._noting
        defined_states.drop(connection, dropped)
        profiles.save(connection, self._storing, self._storing_to)
        defined_states.finish(connection, backfilled)
        drift_counts.save(connection, self._counted)
