"""Writes one batch of the engine in one transaction: assessments, counts, alerts, labels, dead letters, positions.

Writing the same batch again (after a lost response) changes nothing: a stored event
is neither counted nor added to an alert a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.alerts.alert import Alert
from risk.alerts.grouping import Finding
from risk.domain.assessment import RiskLevel
from risk.store.alerts.alerts import from_row
from risk.store.alerts.grouping import group_alerts
from risk.store.assessments.assessments import counts
from risk.store.db.engine import driver
from risk.store.db.tables import (
    alert_events,
    alerts,
    assessments,
    dead_letters,
    labels,
    offsets,
    rule_hits,
)
from risk.store.engine_state import unregistered_types
from risk.store.imports import imports
from risk.store.imports.imports import Loaded

_COLUMNS = tuple(column.name for column in assessments.columns)

_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged_assessments (LIKE assessments) ON COMMIT DELETE ROWS"
_COPY = f"COPY staged_assessments ({', '.join(_COLUMNS)}) FROM STDIN"
_INSERT = text(
    """
    WITH fresh AS (
        INSERT INTO assessment_keys SELECT event_id, scored_at FROM staged_assessments
        ON CONFLICT DO NOTHING RETURNING event_id
    ), inserted AS (
        INSERT INTO assessments SELECT staged.* FROM staged_assessments AS staged JOIN fresh USING (event_id)
        RETURNING event_id, level, scored_at, import_id, decision
    ), counted AS (
        INSERT INTO assessment_counts AS total
        SELECT date_trunc('minute', scored_at), level, count(*) FROM inserted WHERE import_id IS NULL GROUP BY 1, 2
        ON CONFLICT (minute, level) DO UPDATE SET count = total.count + excluded.count
    ), decided AS (
        INSERT INTO decision_counts AS total
        SELECT date_trunc('minute', scored_at), decision, count(*) FROM inserted
        WHERE import_id IS NULL AND decision IS NOT NULL GROUP BY 1, 2
        ON CONFLICT (minute, decision) DO UPDATE SET count = total.count + excluded.count
    )
    SELECT event_id FROM inserted
    """
)


@dataclass
class Batch:
    """The results of one batch.

    ``assessments`` are mappings by column of the table (what they lack is null), in order of sequence;
    ``candidates`` those of them that raise alerts. ``rule_hits``, ``labels`` and ``dead_letters`` are rows
    of their tables, ``withdrawals`` labels that are taken back; ``offsets`` the newest position of each source,
    ``loaded`` that of each import, with what its records became; ``unregistered`` the events, with their types, whose
    types no one has registered.
    """

    scored_at: datetime
    assessments: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[Finding] = field(default_factory=list)
    rule_hits: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=list)
    withdrawals: list[dict[str, Any]] = field(default_factory=list)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    offsets: dict[str, str] = field(default_factory=dict)
    loaded: dict[int, Loaded] = field(default_factory=dict)
    unregistered: list[tuple[UUID, str]] = field(default_factory=list)


class Stored(NamedTuple):
    """What to publish of a stored batch: the counts of its minute, and the alerts it opened or changed."""

    counts: dict[datetime, dict[RiskLevel, int]]
    alerts: list[Alert]


def store(connection: Connection, batch: Batch, *, stream_epoch: str) -> Stored:
    """Write ``batch``, atomically in the caller's transaction."""
    merged: list[Alert] = []
    if batch.assessments:
        _copy(connection, batch.assessments)
        fresh = set(connection.scalars(_INSERT))
        unregistered_types.count(
            connection, (name for event_id, name in batch.unregistered if event_id in fresh), batch.scored_at
        )
        candidates = [item for item in batch.candidates if item.event_id in fresh]
        merged = group_alerts(connection, candidates, batch.scored_at)
    if batch.rule_hits:
        connection.execute(upsert(rule_hits).on_conflict_do_nothing(), batch.rule_hits)
    if batch.labels:
        connection.execute(upsert(labels).on_conflict_do_nothing(), batch.labels)
    if batch.withdrawals:
        driver(connection).cursor().executemany(_WITHDRAW, batch.withdrawals)
    if batch.dead_letters:
        connection.execute(upsert(dead_letters).on_conflict_do_nothing(), batch.dead_letters)
    if batch.offsets:
        statement = upsert(offsets)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[offsets.c.epoch, offsets.c.source],
                set_={"position": statement.excluded.position},
            ),
            [{"epoch": stream_epoch, "source": key, "position": value} for key, value in batch.offsets.items()],
        )
    for import_id, loaded in batch.loaded.items():
        imports.store_loaded(connection, import_id, loaded)
    return Stored(
        counts(connection, batch.scored_at.replace(second=0, microsecond=0)) if batch.assessments else {},
        [*merged, *alerts_of(connection, [item.event_id for item in batch.candidates])] if batch.candidates else [],
    )


def _copy(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    with driver(connection).cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row([row.get(name) for name in _COLUMNS])


def alerts_of(connection: Connection, event_ids: Sequence[UUID]) -> list[Alert]:
    """The alerts, as they are now, that hold any of these events."""
    wanted = select(alert_events.c.alert_id).where(
        alert_events.c.event_id == any_(literal(list(event_ids), ARRAY(Uuid))), alert_events.c.suppressed.is_(False)
    )
    rows = connection.execute(select(alerts).where(alerts.c.id.in_(wanted)))
    return [from_row(row) for row in rows]


def load_offsets(connection: Connection, *, stream_epoch: str) -> dict[str, str]:
    """The stored position of each source of this stream."""
    rows = connection.execute(select(offsets.c.source, offsets.c.position).where(offsets.c.epoch == stream_epoch))
    return {row.source: row.position for row in rows}


_WITHDRAW = """
    UPDATE labels SET withdrawn_at = %(received_at)s, withdrawn_sequence = %(sequence)s
    WHERE event_id = %(event_id)s AND known_at = %(known_at)s AND source = %(source)s AND withdrawn_at IS NULL
"""


def known_labels(
    connection: Connection, wanted: Sequence[tuple[UUID, datetime, str, bool]]
) -> set[tuple[UUID, datetime, str, bool]]:
    """Those of these labels (event, known at, source, whether withdrawn) that are stored already."""
    rows = driver(connection).execute(
        "SELECT event_id, known_at, source, withdrawn FROM labels "
        "JOIN unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::boolean[]) "
        "AS wanted (event_id, known_at, source, withdrawn) USING (event_id, known_at, source) "
        "WHERE NOT withdrawn OR withdrawn_at IS NOT NULL",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    return {(event_id, known_at, source, withdrawn) for event_id, known_at, source, withdrawn in rows}


def last_sequence(connection: Connection) -> int:
    """The newest sequence that was given to an assessment or a label, 0 before the first."""
    columns = (assessments.c.sequence, labels.c.sequence, labels.c.withdrawn_sequence)
    newest = (select(func.max(column)).scalar_subquery() for column in columns)
    return connection.scalar(select(func.greatest(*newest, 0))) or 0


def newest_assessments(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The newest ``limit`` rows of ``assessments`` that came with the stream, newest first."""
    live = select(assessments).where(assessments.c.import_id.is_(None))
    rows = connection.execute(live.order_by(assessments.c.sequence.desc()).limit(limit))
    return [row._asdict() for row in rows]


def assessments_after(connection: Connection, sequence: int) -> list[dict[str, Any]]:
    """The rows of ``assessments`` after ``sequence`` that came with the stream, in that order."""
    c = assessments.c
    rows = connection.execute(
        select(assessments).where(c.sequence > sequence, c.import_id.is_(None)).order_by(c.sequence)
    )
    return [row._asdict() for row in rows]
