"""Events and alerts, by the beginning of their ids."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import Connection, select

from risk.domain.assessment import LEVELS
from risk.store.db.tables import alerts, assessment_keys, assessments
from risk.store.search.hits import Hit, HitKind, match_of

_BEGINNING = re.compile(r"[0-9a-f-]{4,36}")
_DIGITS = 32


def _range(wanted: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that begins with ``wanted``; None if none can."""
    text = wanted.lower()
    digits = text.replace("-", "")
    if not _BEGINNING.fullmatch(text) or not 4 <= len(digits) <= _DIGITS:
        return None
    low, high = UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
    # Dashes, if any, must stand where those of an id stand: 2026-01-01 is no beginning of one.
    return (low, high) if "-" not in text or str(low).startswith(text) else None


def find_events(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Scored events whose id begins with ``wanted``."""
    bounds = _range(wanted)
    if bounds is None:
        return []
    key, c = assessment_keys.c, assessments.c
    keys = select(assessment_keys).where(key.event_id.between(*bounds)).order_by(key.event_id).limit(most).subquery()
    rows = connection.execute(
        select(c.event_id, c.event_type, c.account_id, c.level)
        .join(keys, (keys.c.event_id == c.event_id) & (keys.c.scored_at == c.scored_at))
        .order_by(c.event_id)
    )
    return [
        Hit(
            kind=HitKind.EVENT,
            id=str(row.event_id),
            name=str(row.event_id),
            detail=f"{row.event_type} of {row.account_id}",
            level=LEVELS[row.level],
            match=match_of(str(row.event_id), wanted),
        )
        for row in rows
    ]


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
