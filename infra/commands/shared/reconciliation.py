"""Checks that every event sent became an assessment or a dead letter, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from risk.domain.errors import Unavailable
from risk.store.db.engine import create_pool

CHUNK = 10_000
PAUSE = 0.5

# While waiting, keys are looked up by index; the verdict counts the assessments themselves.
_SETTLED = text(
    "SELECT event_id FROM assessment_keys WHERE event_id = ANY(:ids)"
    " UNION SELECT event_id FROM dead_letters WHERE event_id = ANY(:ids)"
)
_ASSESSED = text("SELECT event_id, count(*) AS times FROM assessments WHERE event_id = ANY(:ids) GROUP BY event_id")
_DEAD = text("SELECT DISTINCT event_id FROM dead_letters WHERE event_id = ANY(:ids)")


class SentIds:
    """The ids that were sent, 16 bytes each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, event_id: UUID) -> None:
        """Remember one more."""
        self._bytes += event_id.bytes

    def __len__(self) -> int:
        return len(self._bytes) // 16

    def distinct(self) -> set[UUID]:
        """Each id once."""
        packed = bytes(self._bytes)
        return {UUID(bytes=packed[first : first + 16]) for first in range(0, len(packed), 16)}


@dataclass(frozen=True)
class Reconciliation:
    """``sent`` events had ``ids`` distinct ids; each was assessed, became a dead letter, or is missing.

    ``duplicates`` are ids with more than one assessment.
    """

    sent: int
    ids: int
    assessments: int
    dead_letters: int
    missing: int
    duplicates: int

    @property
    def ok(self) -> bool:
        """Whether each id has exactly one outcome."""
        return self.missing == 0 and self.duplicates == 0

    def __str__(self) -> str:
        repeated = f" ({self.sent - self.ids:,} with an id sent before)" if self.sent > self.ids else ""
        return (
            f"{'OK' if self.ok else 'NOT OK'}: sent {self.sent:,}{repeated} = assessments {self.assessments:,} "
            f"+ dead letters {self.dead_letters:,} + missing {self.missing:,}; duplicates {self.duplicates:,}"
        )

    def as_dict(self) -> dict[str, int | bool]:
        """The counts and the verdict, for JSON."""
        return {**asdict(self), "ok": self.ok}


def reconcile(
    database_url: str,
    sent: SentIds,
    *,
    patience: float,
    settled: Callable[[int], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Reconciliation:
    """Wait until the engine has caught up with ``sent``, then count.

    Waiting ends after ``patience`` seconds in which nothing more settled, or by Ctrl-C; ``settled`` is
    called with the increase. Raises ``Unavailable`` when the database does not answer.
    """
    ids = list(sent.distinct())
    chunks = [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]
    engine = create_pool(database_url, application="risk-replay", statement_seconds=60)
    try:
        with suppress(KeyboardInterrupt):  # what has settled by then is counted
            _wait(engine, chunks, patience, settled, clock, sleep)
        with engine.connect() as connection:
            return _count(connection, len(sent), chunks)
    except SQLAlchemyError as error:
        raise Unavailable(f"the database does not answer: {getattr(error, 'orig', None) or error}") from error
    finally:
        engine.dispose()


def _wait(
    engine: Engine,
    chunks: Sequence[Sequence[UUID]],
    patience: float,
    settled: Callable[[int], None],
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    unsettled = [set(chunk) for chunk in chunks]
    since = clock()
    while True:
        more = 0
        with engine.connect() as connection:
            for chunk in unsettled:
                found = set(connection.scalars(_SETTLED, {"ids": list(chunk)}))
                chunk.difference_update(found)
                more += len(found)
        unsettled = [chunk for chunk in unsettled if chunk]
        settled(more)
        if more:
            since = clock()
        if not unsettled or clock() - since > patience:
            return
        sleep(PAUSE)


def _count(connection: Connection, sent: int, chunks: Sequence[Sequence[UUID]]) -> Reconciliation:
    assessments = dead = duplicates = 0
    for chunk in chunks:
        found = connection.execute(_ASSESSED, {"ids": list(chunk)})
        assessed: dict[UUID, int] = {row.event_id: row.times for row in found}
        assessments += len(assessed)
        duplicates += sum(times > 1 for times in assessed.values())
        # A scored id may also have a dead letter, of a refused repetition.
        dead += len(set(connection.scalars(_DEAD, {"ids": list(chunk)})) - assessed.keys())
    ids = sum(map(len, chunks))
    return Reconciliation(sent, ids, assessments, dead, ids - assessments - dead, duplicates)
