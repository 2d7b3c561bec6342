"""Which events of a file were scored before this run: the same ones, or others that have the same ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from risk.domain.errors import Unavailable
from risk.domain.events import Event, Label
from risk.store.db.engine import create_pool

CHUNK = 2_000
_FOUND = text(
    "SELECT event_id, account_id, occurred_at, amount FROM assessments"
    " WHERE event_id = ANY(:ids) AND scored_at < :began"
)


@dataclass
class ScoredBefore:
    """Passes on what is new of a run that began at ``began``; what was scored before is counted and left out.

    The labels of an event that was scored before go on. Where another event has the id, its labels do not: they would
    land on that one. Raises ``Unavailable`` when the database does not answer.
    """

    database_url: str | None
    began: datetime
    same: int = 0
    conflicts: int = 0
    example: str = ""
    _others: set[UUID] = field(default_factory=set)

    def pass_on(self, records: Iterable[Event | Label]) -> Iterator[Event | Label]:
        """The records that are to be sent."""
        if self.database_url is None:
            yield from records
            return
        engine = create_pool(self.database_url, application="risk-replay", statement_seconds=60)
        rest = iter(records)
        try:
            while chunk := list(islice(rest, CHUNK)):
                with engine.connect() as connection:
                    ids = [one.event_id for one in chunk if isinstance(one, Event)]
                    found = {row.event_id: row for row in connection.execute(_FOUND, {"ids": ids, "began": self.began})}
                yield from self._new(chunk, found)
        except SQLAlchemyError as error:
            raise Unavailable(f"the database does not answer: {getattr(error, 'orig', None) or error}") from error
        finally:
            engine.dispose()

    def _new(self, chunk: Sequence[Event | Label], found: Mapping[UUID, object]) -> Iterator[Event | Label]:
        for record in chunk:
            if isinstance(record, Label):
                if record.event_id not in self._others:
                    yield record
                continue
            known = found.get(record.event_id)
            if known is None:
                yield record
            elif _is_same(record, known):
                self.same += 1
            else:
                self.conflicts += 1
                self._others.add(record.event_id)
                self.example = self.example or record.event_id.text

    def __str__(self) -> str:
        said = []
        if self.same:
            said.append(f"{self.same:,} events were scored before this run, and not sent again")
        if self.conflicts:
            said.append(
                f"{self.conflicts:,} events were not sent: other events have their ids, such as {self.example}; "
                "say whose ids these are: --source NAME"
            )
        return "\n".join(said)


def _is_same(event: Event, row: object) -> bool:
    told = (event.account_id, event.occurred_at, event.amount)
    return told == tuple(getattr(row, name) for name in ("account_id", "occurred_at", "amount"))
