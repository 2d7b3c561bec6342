"""The outbox: writes scored batches to Postgres, then to the views, in this order.

(a) One transaction: assessments, counts, alerts, labels, dead letters, and the positions they came from.
(b) Stored results are published: Valkey's live view, and ``risk-updates``. Both tolerate repeats.
(c) Periodically, one transaction: the changed profiles, with the sequence they include.

A data error in (a) never ends the engine: the transaction is split until the guilty item stands alone, and becomes a
dead letter. A crash anywhere leaves (a) whole or not at all. What is stored after the last (c) is the redo log from
which ``streaming.engine.recovery`` brings the profiles up to date before anything new is read.

The outbox has its own thread: while Postgres stores one transaction the graph keeps scoring, and what is ready by
then makes the next one. So transactions grow with the load, and a slow one delays only the source.
"""

from __future__ import annotations

import logging
import queue
import threading
import time as clock
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from risk.adapters.stream_contracts import UpdateType
from risk.alerts.policy import AlertPolicy
from risk.domain.errors import Fenced
from risk.rules.time_budget import Overrun
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state import batch_writer as store
from risk.store.engine_state import leases
from risk.store.imports import imports
from streaming.engine import metrics
from streaming.engine.backfill import Progress
from streaming.engine.retry import persist
from streaming.engine.sink.publisher import Views, sequenced
from streaming.engine.sink.rows import ItemRows, rows_of, together, unstorable
from streaming.engine.sink.snapshots import Snapshots, SnapshotStored
from streaming.engine.sources.admission import InFlight, label_of
from streaming.engine.stages.batch import Batch, ItemKind
from streaming.engine.stages.drift import DriftCounts

logger = logging.getLogger(__name__)

MOST_ITEMS = 2_000
"""The number of items at which a transaction takes no further batches."""
WAITING_BATCHES = 8


class Outbox:
    """Writes the graph's output, in the order of the batches. ``close`` ends it."""

    def __init__(
        self,
        engine: Engine,
        views: Views,
        in_flight: InFlight,
        *,
        epoch: int,
        stream_epoch: str,
        sequence: int,
        alert_policy: Callable[[], AlertPolicy],
        drift: DriftCounts,
        suspend: Callable[[Sequence[Overrun]], None],
        stop: threading.Event,
        snapshot_stored: SnapshotStored = lambda _, __: None,
    ) -> None:
        self._engine = engine
        self._views = views
        self._in_flight = in_flight
        self._epoch = epoch
        self._stream_epoch = stream_epoch
        self._sequence = sequence
        self._alert_policy = alert_policy
        self._suspend = suspend
        self._stop = stop
        self._closed: queue.Queue[tuple[Batch, float] | None] = queue.Queue(WAITING_BATCHES)
        self._months: set[tuple[int, int]] = set()
        self._positions: dict[str, str] = {}
        self._failure: BaseException | None = None
        self.progress = Progress(0, sequence)
        self._snapshots = Snapshots(engine, epoch, drift, stop, snapshot_stored)
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def take(self, batch: Batch) -> None:
        """Take the next batch; waits while there are enough."""
        if batch.overruns:
            self._suspend(batch.overruns)
        self._hand_over((batch, clock.perf_counter()))

    def position(self, source: str) -> str | None:
        """The position of ``source`` that was stored last by this engine."""
        return self._positions.get(source)

    def close(self) -> None:
        """Wait until everything handed over is stored and published; raises the writer's error."""
        self._hand_over(None)
        self._thread.join()
        try:
            self._snapshots.close()
        finally:
            if self._failure is not None:
                raise self._failure

    def _hand_over(self, closed: tuple[Batch, float] | None) -> None:
        # After a write error nothing more is stored: the engine ends, and the next one reads it again.
        while self._failure is None:
            try:
                self._closed.put(closed, timeout=0.5)
            except queue.Full:
                continue
            return

    def _run(self) -> None:
        try:
            while batches := self._next():
                self._write(batches)
        except BaseException as error:
            if not isinstance(error, Fenced):
                logger.exception("the outbox broke")
            self._failure = error
            self._stop.set()

    def _next(self) -> list[Batch]:
        """The waiting batches of one transaction; none after the last."""
        batches: list[Batch] = []
        items = 0
        while items < MOST_ITEMS:
            try:
                found = self._closed.get(block=not batches)
            except queue.Empty:
                break
            if found is None:
                if batches:
                    self._closed.put(None)
                break
            batch, since = found
            metrics.STAGE_SECONDS.labels("wait").observe(clock.perf_counter() - since)
            batches.append(batch)
            items += len(batch.items)
            if batch.snapshot:
                break  # a snapshot holds profiles as of its last event, which must be the last of the transaction
        return batches

    def _write(self, batches: list[Batch]) -> None:
        now = datetime.now(UTC)
        rows, self._sequence = rows_of(
            batches,
            now=now,
            sequence=self._sequence,
            lowest_alert=self._alert_policy().min_level.rank,
            stream_epoch=self._stream_epoch,
        )
        if rows:
            with metrics.STAGE_SECONDS.labels("store").time():
                stored = self._store(rows, now)
            self._in_flight.leave(
                [of_item.item.event_id for of_item in rows if of_item.item.kind is ItemKind.EVENT],
                [label_of(of_item.item.data) for of_item in rows if of_item.item.kind is ItemKind.LABEL],
            )
            for part, shown in stored:
                with metrics.STAGE_SECONDS.labels("publish").time():
                    self._show(part, shown)
                metrics.observe(part)
                self._positions.update(part.offsets)
                for import_id, loaded in part.loaded.items():
                    self._positions[f"{imports.SOURCE}{import_id}"] = loaded.position
        if batches[-1].snapshot:
            last = batches[-1]
            self._snapshots.add(last.profiles, self._sequence, last.number, last.install)
        self.progress = Progress(batches[-1].number, self._sequence)

    def _store(self, rows: Sequence[ItemRows], now: datetime) -> list[tuple[store.Batch, store.Stored]]:
        """Store ``rows`` in order; a refused transaction is split until the guilty item is alone.

        Each part takes its positions along, so that a crash between two loses none and repeats none.
        """
        batch = together(rows, now)
        try:
            return [(batch, persist(self._engine, lambda connection: self._save(connection, batch)))]
        except Fenced:
            raise
        except Exception as error:
            if len(rows) > 1:
                half = len(rows) // 2
                return self._store(rows[:half], now) + self._store(rows[half:], now)
            [guilty] = rows
            if guilty.bare:
                raise  # not even the dead letter can be stored: the input is not the cause
            logger.error("%s of %s cannot be stored: %s", guilty.item.position, guilty.item.source, error)
            return self._store([unstorable(guilty, error, self._stream_epoch)], now)

    def _save(self, connection: Connection, rows: store.Batch) -> store.Stored:
        leases.check(connection, self._epoch)
        month = (rows.scored_at.year, rows.scored_at.month)
        if month not in self._months:  # clocks can step back
            ensure_partitions(connection, rows.scored_at)
        stored = store.store(connection, rows, stream_epoch=self._stream_epoch)
        self._months.add(month)
        return stored

    def _show(self, rows: store.Batch, stored: store.Stored) -> None:
        """Publish what is stored; a failure does not stop storing."""
        try:
            summaries = list(sequenced(row for row in rows.assessments if row["import_id"] is None))
            if summaries:
                self._views.show(summaries, stored.counts)
            self._views.keep_up(self._engine)
            self._views.publish(UpdateType.ASSESSMENTS, (data for _, data in summaries))
            self._views.publish(UpdateType.ALERT, (alert.model_dump_json().encode() for alert in stored.alerts))
        except Exception:
            metrics.PUBLISH_FAILURES.inc()
            logger.exception("what was stored could not be shown")
