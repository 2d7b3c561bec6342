"""After two crashes at the same position, takes records one at a time, to find the guilty one.

No known data does this: accepted fields can be stored, and the outbox splits off what cannot. This is for
the unknown. A record that was alone in the engine at two crashes becomes a dead
letter, and the engine continues after it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine

from risk.store.engine_state import runs
from streaming.engine import metrics
from streaming.engine.retry import persist
from streaming.engine.sources.admission import Intake, RawRecord
from streaming.engine.stages.batch import Item

logger = logging.getLogger(__name__)

CRASHES = 2
"""Crashes at one position after which the next engine is careful; and of one record alone until it is a dead letter."""
REASON = "ended-the-engine"
_LOOK_AGAIN = 0.005

Emit = Callable[[Sequence[Item]], None]
Position = Callable[[str], str | None]


class Careful:
    """Takes the first read of each source one record at a time, and waits until each is stored."""

    def __init__(self, engine: Engine, begun: runs.Begun, stop: threading.Event) -> None:
        self._engine = engine
        self._stop = stop
        self._done: set[str] = set()
        self._lock = threading.Lock()
        self.active = begun.alone or begun.crashes >= CRASHES
        metrics.CAREFUL.set(int(self.active))
        if self.active:
            logger.error("the engine ended again and again at these positions: it takes what comes one by one")
            self._say(
                "The engine ended again and again at the same position. It takes the next records one at a time to "
                f"find the one that ends it, which becomes a dead letter ({REASON}); look at its log and its memory."
            )

    def covers(self, source: str) -> bool:
        """Whether the current read of ``source`` must be taken one record at a time."""
        return self.active and source not in self._done

    def take(self, source: str, records: Sequence[RawRecord], intake: Intake, emit: Emit, stored: Position) -> None:
        """Admit ``records`` one by one; each is stored before the next."""
        with self._lock:
            for record in records:
                before = persist(self._engine, self._noting(source, record))
                if before < CRASHES:
                    emit(intake.admit(source, [record]))
                else:
                    logger.error("%s of %s ended the engine %d times", record.position, source, before)
                    detail = f"the engine ended {before} times while it had this record alone"
                    emit([intake.refuse(source, record, REASON, detail)])
                while stored(source) != record.position:
                    if self._stop.wait(_LOOK_AGAIN):
                        return
            self._done.add(source)
            logger.info("%d records of %s were taken one by one", len(records), source)
            self._say(None)
            metrics.CAREFUL.set(0)

    @staticmethod
    def _noting(source: str, record: RawRecord) -> Callable[[Connection], int]:
        return lambda connection: runs.try_alone(connection, source, record.position)

    def _say(self, notice: str | None) -> None:
        persist(self._engine, lambda connection: runs.say(connection, notice))
