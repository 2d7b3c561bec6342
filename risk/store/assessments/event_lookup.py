"""Finds stored events by the ids of their senders."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Text, Uuid, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from risk.domain.errors import Conflict, NotFound
from risk.domain.event_ids import STREAM, EventId, EventIdField, EventSource, key_of
from risk.store.db.tables import assessment_keys, assessments


def folded_id(text: str) -> str:
    """``text`` in the case of the index: only ASCII letters are folded."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def stored_ids(connection: Connection, keys: Sequence[UUID]) -> dict[UUID, EventId]:
    """The ids by which the senders of those of these events that are stored know them, by key."""
    known, c = assessment_keys.c, assessments.c
    rows = connection.execute(
        select(known.event_id, c.sender_event_id, c.event_source)
        .join(assessments, (c.event_id == known.event_id) & (c.scored_at == known.scored_at))
        .where(known.event_id == any_(literal([UUID(int=key.int) for key in keys], ARRAY(Uuid))))
    )
    return {row.event_id: EventId.stored(*row) for row in rows}


def candidates(
    connection: Connection, wanted: Sequence[tuple[str, str | None]], own: str | None = None
) -> list[list[EventId]]:
    """For each id and its source, the stored events that it may mean: one at most, unless nothing tells the source.

    Without a source an id is one of ``own``, else of any source, in order of the sources.
    """
    first = [None if (of := source or own) is None else key_of(text, of) for text, source in wanted]
    stored = stored_ids(connection, [key for key in first if key is not None])
    open_ids = {
        text
        for (text, source), key in zip(wanted, first, strict=True)
        if source is None and (key is None or key not in stored)
    }
    others = _of_all_sources(connection, open_ids) if open_ids else {}
    return [
        [stored[key]] if key is not None and key in stored else others.get(text, []) if source is None else []
        for (text, source), key in zip(wanted, first, strict=True)
    ]


def _of_all_sources(connection: Connection, texts: Set[str]) -> dict[str, list[EventId]]:
    c = assessments.c
    folded = sorted({folded_id(text) for text in texts})
    rows = connection.execute(
        select(c.event_id, c.sender_event_id, c.event_source).where(
            func.lower(c.sender_event_id) == any_(literal(folded, ARRAY(Text)))
        )
    )
    found = {row.event_id: EventId.stored(*row) for row in rows}
    found |= stored_ids(connection, [key_of(text, STREAM) for text in texts])
    by_text: dict[str, list[EventId]] = {}
    for event_id in sorted(found.values(), key=lambda one: one.source):
        by_text.setdefault(event_id.text, []).append(event_id)
    return by_text


class UndoingEvent(BaseModel):
    """An event that undoes another, such as a refund or a reversal of it."""

    event_source: EventSource
    event_id: EventIdField
    event_type: str
    occurred_at: datetime
    amount: Decimal | None
    currency: str | None


def undoing(connection: Connection, event: EventId, *, limit: int) -> list[UndoingEvent]:
    """At most ``limit`` events of the same source that name ``event`` as the one that they undo, first scored first."""
    c = assessments.c
    source = event.columns[1]
    rows = connection.execute(
        select(c.event_id, c.sender_event_id, c.event_type, c.occurred_at, c.amount, c.currency)
        .where(c.original_event_id == event.text, c.event_source.is_not_distinct_from(source))
        .order_by(c.sequence)
        .limit(limit)
    )
    return [
        UndoingEvent(
            event_source=event.source,
            event_id=EventId.stored(row.event_id, row.sender_event_id, source),
            event_type=row.event_type,
            occurred_at=row.occurred_at,
            amount=None if row.amount is None else Decimal(f"{row.amount.normalize():f}"),
            currency=row.currency,
        )
        for row in rows
    ]


def find(connection: Connection, text: str, source: str | None = None, own: str | None = None) -> EventId:
    """The stored event that ``text`` means: see ``candidates``.

    Raises ``NotFound``, and ``Conflict`` that names the sources when several have one.
    """
    [found] = candidates(connection, [(text, source)], own)
    if len(found) > 1:
        raise Conflict(ambiguous(found))
    if not found:
        raise unknown(text, source)
    return found[0]


def ambiguous(found: Sequence[EventId]) -> str:
    """What is said of an id that several sources have."""
    sources = ", ".join(one.source for one in found)
    return f"several sources have an event {found[0]}: {sources}; say which is meant with event_source"


def unknown(text: str, source: str | None = None) -> NotFound:
    """The error for an event that is not scored."""
    of = f" of {source}" if source else ""
    return NotFound(f"no event {text}{of} is scored; one just sent is there within a second")
