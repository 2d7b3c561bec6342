"""Dead letters: searched, read, and closed when replayed or dismissed. Only the engine adds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from risk.domain.errors import Conflict, NotFound
from risk.domain.event_ids import STREAM, key_of
from risk.store.db.tables import dead_letters


class Outcome(StrEnum):
    """How a dead letter was closed."""

    REPLAYED = "replayed"
    DISMISSED = "dismissed"


class Status(StrEnum):
    """Which dead letters to list: open, closed, or all."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"
    ALL = "all"


class DeadLetter(NamedTuple):
    """A record that could not be scored. ``raw`` is cut to 64 KB of ``raw_bytes``."""

    number: int
    source: str
    position: str
    received_at: datetime
    reason: str
    detail: str
    field: str | None
    event_id: UUID | None
    sender_event_id: str | None
    event_source: str | None
    raw: bytes
    raw_bytes: int
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    note: str | None


@dataclass(frozen=True)
class Filter:
    """Which dead letters to list; ``since`` (inclusive) and ``until`` bound when they were received."""

    status: Status = Status.OPEN
    reason: str | None = None
    field: str | None = None
    source: str | None = None
    event_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_COLUMNS = [dead_letters.c[name] for name in DeadLetter._fields]


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    c = dead_letters.c
    if wanted.status is Status.OPEN:
        yield c.outcome.is_(None)
    elif wanted.status is not Status.ALL:
        yield c.outcome == wanted.status.value
    for column, value in ((c.reason, wanted.reason), (c.field, wanted.field)):
        if value is not None:
            yield column == value
    if wanted.event_id is not None:
        yield (c.sender_event_id == wanted.event_id) | (c.event_id == key_of(wanted.event_id, STREAM))
    if wanted.source is not None:
        yield c.source.contains(wanted.source, autoescape=True)
    if wanted.since is not None:
        yield c.received_at >= wanted.since
    if wanted.until is not None:
        yield c.received_at < wanted.until


def page(connection: Connection, wanted: Filter, *, limit: int, before: int | None = None) -> list[DeadLetter]:
    """At most ``limit`` dead letters, newest first, of those with a number below ``before``."""
    query: Select[tuple[object, ...]] = select(*_COLUMNS).where(*_conditions(wanted))
    if before is not None:
        query = query.where(dead_letters.c.number < before)
    rows = connection.execute(query.order_by(dead_letters.c.number.desc()).limit(limit))
    return [DeadLetter(**row._asdict()) for row in rows]


def find(connection: Connection, number: int, *, to_close: bool = False) -> DeadLetter:
    """The dead letter with this number, or ``NotFound``; ``Conflict`` if it is ``to_close`` and is closed."""
    query = select(*_COLUMNS).where(dead_letters.c.number == number)
    row = connection.execute(query.with_for_update() if to_close else query).one_or_none()
    if row is None:
        raise NotFound(f"dead letter {number} not found")
    found = DeadLetter(**row._asdict())
    if to_close and found.outcome is not None:
        raise Conflict(f"dead letter {number} was {found.outcome} by {found.closed_by} already")
    return found


def close(
    connection: Connection, numbers: Sequence[int], outcome: Outcome, *, by: str, at: datetime, note: str | None
) -> int:
    """Close those of these dead letters that are open; returns how many."""
    closed = connection.execute(
        update(dead_letters)
        .where(dead_letters.c.number.in_(numbers), dead_letters.c.outcome.is_(None))
        .values(outcome=outcome.value, closed_at=at, closed_by=by, note=note)
    )
    return closed.rowcount


def count_by_reason(connection: Connection) -> dict[str, int]:
    """How many dead letters are open, by reason."""
    query = select(dead_letters.c.reason, func.count()).where(dead_letters.c.outcome.is_(None))
    return {row[0]: row[1] for row in connection.execute(query.group_by(dead_letters.c.reason))}
