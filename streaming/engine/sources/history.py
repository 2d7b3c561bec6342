"""Reads imported history, with a lower priority than the stream.

Records wait in Postgres, in chunks and in order. A position is stored in the transaction that stores what came of it,
so that a killed engine continues where it was. Few records are in flight at a time, and none while the
stream lags: live events are never delayed by history.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine

from risk.store.imports import imports
from risk.store.imports.imports import Chunk, Position
from streaming.engine.retry import persist
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.reader import Admit

logger = logging.getLogger(__name__)

READ = 500
"""Records per batch; a live event waits for at most two batches."""
ON_THE_WAY = 2
"""The maximum number of batches in flight."""
_LOOK_AGAIN = 0.002
_LOOK_FOR_WORK = 0.5


class HistoryReader:
    """Loads queued chunks until ``stop`` is set. Calls ``undo`` and ends when an import must be undone."""

    def __init__(
        self,
        engine: Engine,
        stop: threading.Event,
        *,
        stored: Callable[[str], str | None],
        behind: Callable[[], bool],
        undo: Callable[[], None],
    ) -> None:
        self.undoing = False
        """Whether it ended because an import is to be taken back."""
        self._engine = engine
        self._stop = stop
        self._stored = stored
        self._behind = behind
        self._undo = undo
        self._read: dict[int, Position] = {}

    @property
    def millis_behind(self) -> Mapping[str, int]:
        """Nothing: history has no lag."""
        return {}

    def run(self, admit: Admit) -> None:
        """Load chunk after chunk."""
        while not self._stop.is_set():
            chunk = persist(self._engine, lambda connection: imports.next_chunk(connection, after=self._read))
            if chunk is not None:
                self._load(chunk, admit)
                continue
            ended = persist(self._engine, lambda connection: imports.finish(connection, at=datetime.now(UTC)))
            for import_id in ended:
                logger.info("import %d is loaded", import_id)
                self._read.pop(import_id, None)
            if persist(self._engine, imports.to_undo):
                self.undoing = True
                self._undo()
                return
            self._stop.wait(_LOOK_FOR_WORK)

    def _load(self, chunk: Chunk, admit: Admit) -> None:
        source = f"{imports.SOURCE}{chunk.import_id}"
        sent: list[str] = []
        for start in range(0, len(chunk.lines), READ):
            if not self._has_room(source, sent):
                return
            now = datetime.now(UTC)
            records = [
                RawRecord(str(Position(chunk.first.chunk, chunk.first.line + start + place)), now, line)
                for place, line in enumerate(chunk.lines[start : start + READ])
            ]
            admit(source, records)
            sent.append(records[-1].position)
            self._read[chunk.import_id] = Position.parse(records[-1].position)

    def _has_room(self, source: str, sent: list[str]) -> bool:
        """Wait until all but the last of what was ``sent`` is stored and the stream is not behind; False to stop."""
        while not self._stop.is_set():
            done = len(sent) < ON_THE_WAY or _reached(self._stored(source), sent[-ON_THE_WAY])
            if done and not self._behind():
                return True
            self._stop.wait(_LOOK_AGAIN)
        return False


def _reached(stored: str | None, wanted: str) -> bool:
    return stored is not None and Position.parse(stored) >= Position.parse(wanted)
