"""Rule hits, written by the engine."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Integer, case, cast, func, literal_column, select

from risk.domain.assessment import LEVELS, RiskLevel
from risk.rules.evaluator import Mode
from risk.store.assessments.counting_label import fraud_of
from risk.store.db.tables import assessment_counts, rule_hits, rule_versions, rules


class VersionHits(BaseModel):
    """Hits of one version in one mode; ``labelled`` have a label, ``frauds`` are fraud."""

    version: int
    mode: Mode
    hits: int
    labelled: int
    frauds: int
    last_hit_at: datetime


class HourHits(BaseModel):
    """Hits in one hour (UTC)."""

    hour: datetime
    live: int
    shadow: int


class RuleStats(BaseModel):
    """A rule's hits since ``since``, of ``events`` scored; hours without a hit are omitted."""

    since: datetime
    events: int
    versions: list[VersionHits]
    hours: list[HourHits]


class EventHit(BaseModel):
    """A rule version that hit an event, as written then."""

    rule_id: UUID
    name: str
    version: int
    mode: Mode
    points: float | None
    min_level: RiskLevel | None
    description: str
    expression: str


def of_event(connection: Connection, event_id: UUID) -> list[EventHit]:
    """The hits on one event: live rules first, then by name."""
    h, v = rule_hits.c, rule_versions.c
    columns = (h.rule_id, rules.c.name, v.version, h.mode, v.points, v.min_level, v.description, v.expression)
    rows = connection.execute(
        select(*columns)
        .join(rules, rules.c.id == h.rule_id)
        .join(rule_versions, (v.rule_id == h.rule_id) & (v.version == h.rule_version))
        .where(h.event_id == event_id)
        .order_by(h.mode, rules.c.name, v.version)
    )
    return [
        EventHit.model_validate(row._asdict() | {"min_level": None if row.min_level is None else LEVELS[row.min_level]})
        for row in rows
    ]


class RuleTotals(BaseModel):
    """Hits of one rule, all its versions together; ``labelled`` and ``frauds`` are of those in either mode."""

    rule_id: UUID
    live: int
    shadow: int
    labelled: int
    frauds: int
    last_hit_at: datetime


class RulesStats(BaseModel):
    """The hits of all rules since ``since``, of ``events`` scored; rules without a hit are omitted."""

    since: datetime
    events: int
    items: list[RuleTotals]


def _events(connection: Connection, since: datetime) -> int:
    counts = assessment_counts.c
    return int(connection.scalar(select(func.coalesce(func.sum(counts.count), 0)).where(counts.minute >= since)) or 0)


def of_all(connection: Connection, since: datetime) -> RulesStats:
    """The hits of every rule on events scored since ``since``."""
    h = rule_hits.c
    hits = (
        select(h.rule_id, h.mode, h.scored_at, fraud_of(h.event_id).label("fraud"))
        .where(h.scored_at >= since)
        .subquery()
    )
    rows = connection.execute(
        select(
            hits.c.rule_id,
            *(func.count().filter(hits.c.mode == mode).label(mode.value) for mode in Mode),
            func.count(hits.c.fraud).label("labelled"),
            func.count().filter(hits.c.fraud).label("frauds"),
            func.max(hits.c.scored_at).label("last_hit_at"),
        ).group_by(hits.c.rule_id)
    )
    items = [RuleTotals.model_validate(row._asdict()) for row in rows]
    return RulesStats(since=since, events=_events(connection, since), items=items)


def stats(connection: Connection, rule_id: UUID, since: datetime) -> RuleStats:
    """The hits of one rule on events scored since ``since``, by version and by hour, oldest first."""
    h = rule_hits.c
    wanted = (h.rule_id == rule_id, h.scored_at >= since)
    fraud = fraud_of(h.event_id).label("fraud")
    hits = select(h.rule_version.label("version"), h.mode, h.scored_at, fraud).where(*wanted).subquery()
    versions = connection.execute(
        select(
            hits.c.version,
            hits.c.mode,
            func.count().label("hits"),
            func.count(hits.c.fraud).label("labelled"),
            func.coalesce(func.sum(cast(hits.c.fraud, Integer)), 0).label("frauds"),
            func.max(hits.c.scored_at).label("last_hit_at"),
        )
        .group_by(hits.c.version, hits.c.mode)
        .order_by(hits.c.version, hits.c.mode)
    )
    hour = func.date_trunc(literal_column("'hour'"), h.scored_at).label("hour")
    hours = connection.execute(
        select(hour, *(func.sum(case((h.mode == mode, 1), else_=0)).label(mode.value) for mode in Mode))
        .where(*wanted)
        .group_by(hour)
        .order_by(hour)
    )
    return RuleStats(
        since=since,
        events=_events(connection, since),
        versions=[VersionHits.model_validate(row._asdict()) for row in versions],
        hours=[HourHits.model_validate(row._asdict()) for row in hours],
    )
