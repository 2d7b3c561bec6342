"""Merges the readers' records into numbered batches, in one order.

A reader knows how to read its stream and where to continue. It keeps no checkpoints: the outbox stores
each position in the transaction that stores what came of it, so that no event is lost between the two or counted twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pathway as pw

from streaming.engine import metrics
from streaming.engine.sources.admission import Intake, RawRecord
from streaming.engine.sources.careful import Careful, Position
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.reader import Reader
from streaming.engine.stages.batch import Batch, Install, Item

ADVANCE_MS = 10
"""Batches commit themselves; time must advance on both inputs for one to be closed, so a quiet one commits too."""
BACKLOG = 16
"""The maximum number of batches waiting for the graph."""


Rows = Callable[[Batch], Iterable[dict[str, Any]]]


def by_reference(batch: Batch) -> list[dict[str, Any]]:
    """The row of a batch in a single-process graph."""
    return [{"number": batch.number, "work": pw.wrap_py_object(batch)}]


class Batches(pw.io.python.ConnectorSubject):
    """Puts batches into the graph in one order, from any thread.

    When ``snapshot_interval`` seconds have passed, the next batch is one after which profiles are to be stored: a
    barrier that travels with the events, so that each stage says what it knew right after them. ``profiles`` says which
    of them the stages let go. ``rows`` says what rows of the graph a batch is.
    """

    deletions_enabled = False

    def __init__(self, name: str, snapshot_interval: float, profiles: ProfileCache) -> None:
        super().__init__(datasource_name=name)
        self.rows: Rows = by_reference
        self._profiles = profiles
        self._lock = threading.Lock()
        self._number = 0
        self._snapshot_interval = snapshot_interval
        self._snapshot_at = time.monotonic()
        self._unsaved = False
        self._ended = False

    def emit(self, items: Sequence[Item]) -> None:
        """Put one batch into the graph."""
        with self._lock:
            self._put(items, snapshot=self._is_due())

    def snapshot(self, *, now: bool = False) -> None:
        """Request a snapshot when due, or ``now``, even without events."""
        with self._lock:
            if self._unsaved and (now or self._is_due()):
                self._put((), snapshot=True)

    def hold(self, act: Callable[[int], Install | None]) -> None:
        """Pause the source and call ``act`` with the number of the last batch; its result goes in next."""
        with self._lock:
            if not self._ended:
                install = act(self._number)
                if install is not None:
                    self._put((), snapshot=True, install=install)

    def end(self) -> None:
        """End the source."""
        with self._lock:
            self._ended = True

    def _is_due(self) -> bool:
        return time.monotonic() - self._snapshot_at >= self._snapshot_interval

    def _put(self, items: Sequence[Item], *, snapshot: bool, install: Install | None = None) -> None:
        self._number += 1
        self._unsaved = not snapshot
        if snapshot:
            self._snapshot_at = time.monotonic()
        evicted = self._profiles.enter(self._number, snapshot=snapshot)
        for row in self.rows(Batch(self._number, items, snapshot, install=install, evicted=evicted)):
            self.next(**row)
        self.commit()


class Streams(Batches):
    """Everything ``readers`` read until ``stop`` is set. A failing reader sets it, so that the engine restarts."""

    def __init__(
        self,
        readers: Sequence[Reader],
        intake: Intake,
        stop: threading.Event,
        *,
        snapshot_interval: float,
        careful: Careful | None = None,
        stored: Position = lambda _: None,
    ) -> None:
        super().__init__("streams", snapshot_interval, intake.profiles)
        self._readers = readers
        self._intake = intake
        self._stop = stop
        self._careful = careful
        self._stored = stored
        self._failure: BaseException | None = None

    @property
    def millis_behind(self) -> int:
        """How far the slowest source is behind its newest record."""
        return max((millis for reader in self._readers for millis in reader.millis_behind.values()), default=0)

    def run(self) -> None:
        """Run every reader on its own thread, and request snapshots even without events."""
        threads = [threading.Thread(target=self._run_reader, args=(reader,)) for reader in self._readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                self.snapshot()
                thread.join(0.1)
        self.snapshot(now=True)
        self.end()
        if self._failure is not None:
            raise self._failure

    def _run_reader(self, reader: Reader) -> None:
        try:
            reader.run(self._admit)
        except BaseException as error:
            self._failure = error
            self._stop.set()

    def _admit(self, source: str, records: Sequence[RawRecord]) -> None:
        with self._profiles.admission():
            if self._careful is not None and self._careful.covers(source):
                self._careful.take(source, records, self._intake, self.emit, self._stored)
                return
            with metrics.STAGE_SECONDS.labels("admit").time():
                items = self._intake.admit(source, records)
            self.emit(items)
