"""Events and alerts, by the beginning of their ids."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from risk.domain.assessment import LEVELS
from risk.domain.event_ids import STREAM, EventId
from risk.store.assessments.event_lookup import folded_id
from risk.store.db.tables import alerts, assessment_keys, assessments
from risk.store.search.hits import Hit, HitKind, match_of

_BEGINNING = re.compile(r"[0-9a-f-]{4,36}")
_DIGITS = 32
_LAST = "\U0010ffff"
_A = assessments.c
_SHOWN = (_A.event_id, _A.sender_event_id, _A.event_source, _A.event_type, _A.account_id, _A.level)


def _range(wanted: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that begins with ``wanted``; None if none can."""
    text = wanted.lower()
    digits = text.replace("-", "")
    if not _BEGINNING.fullmatch(text) or not 4 <= len(digits) <= _DIGITS:
        return None
    low, high = UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
    # Dashes must be at the positions of a UUID's: 2026-01-01 is not a prefix.
    return (low, high) if "-" not in text or str(low).startswith(text) else None


def find_events(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Scored events whose id, as their sender knows it, begins with ``wanted``."""
    return [*_by_sender_id(connection, wanted, most), *_by_key(connection, wanted, most)][:most]


def _by_sender_id(connection: Connection, wanted: str, most: int) -> list[Hit]:
    c = assessments.c
    folded, first = func.lower(c.sender_event_id), folded_id(normalize("NFC", wanted))
    rows = connection.execute(
        select(*_SHOWN)
        .where(c.sender_event_id.is_not(None), folded >= first, folded < first + _LAST)
        .order_by(folded, c.sequence.desc())
        .limit(most)
    )
    return [_hit(row, wanted) for row in rows]


def _by_key(connection: Connection, wanted: str, most: int) -> list[Hit]:
    bounds = _range(wanted)
    if bounds is None:
        return []
    key, c = assessment_keys.c, assessments.c
    keys = select(assessment_keys).where(key.event_id.between(*bounds)).order_by(key.event_id).limit(most).subquery()
    rows = connection.execute(
        select(*_SHOWN)
        .join(keys, (keys.c.event_id == c.event_id) & (keys.c.scored_at == c.scored_at))
        .where(c.sender_event_id.is_(None))  # else the key is nothing that its sender knows
        .order_by(c.event_id)
    )
    return [_hit(row, wanted) for row in rows]


def _hit(row: Row[*tuple[Any, ...]], wanted: str) -> Hit:
    event_id = EventId.stored(row.event_id, row.sender_event_id, row.event_source)
    of = "" if event_id.source == STREAM else f", id of {event_id.source}"
    return Hit(
        kind=HitKind.EVENT,
        id=event_id.text,
        event_source=event_id.source,
        name=event_id.text,
        detail=f"{row.event_type} of {row.account_id}{of}",
        level=LEVELS[row.level],
        match=match_of(event_id.text, wanted),
    )


def find_alerts(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Alerts whose id begins with ``wanted``."""
    bounds = _range(wanted)
    if bounds is None:
        return []
    c = alerts.c
    rows = connection.execute(
        select(c.id, c.account_id, c.reason_text, c.level).where(c.id.between(*bounds)).order_by(c.id).limit(most)
    )
    return [
        Hit(
            kind=HitKind.ALERT,
            id=str(row.id),
            name=str(row.id),
            detail=f"{row.account_id}: {row.reason_text}",
            level=LEVELS[row.level],
            match=match_of(str(row.id), wanted),
        )
        for row in rows
    ]
