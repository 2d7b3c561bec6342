"""The newest assessed events of some types, with their fields, for the pages of packs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from risk.domain.assessment import LEVELS, RiskLevel
from risk.domain.event_ids import EventId
from risk.store.db.tables import assessments


def newest(
    connection: Connection, event_types: Sequence[str], since: datetime, *, limit: int, min_level: RiskLevel
) -> list[dict[str, Any]]:
    """The newest ``limit`` events of ``event_types`` that were scored since then, last scored first, as JSON has them.

    Beside its fields each has ``id``, ``score`` and ``level``.
    """
    c = assessments.c
    names = ("event_type", "occurred_at", "account_id", "counterparty_id", "amount", "currency", "channel",
             "device_id", "country", "attributes", "family", "amount_flow", "score")  # fmt: skip
    query = (
        select(*(c[name] for name in names), func.host(c.ip).label("ip"), c.level, c.event_id, c.sender_event_id,
               c.event_source)
        .where(c.event_type.in_(event_types), c.scored_at >= since, c.level >= min_level.rank)
        .order_by(c.sequence.desc())
        .limit(limit)
    )  # fmt: skip
    return [_event(dict(row._mapping)) for row in connection.execute(query)]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    stored = EventId.stored(row.pop("event_id"), row.pop("sender_event_id"), row.pop("event_source"))
    return row | {"id": stored, "level": LEVELS[row["level"]]}
