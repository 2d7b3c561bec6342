"""What the rules hit. The engine writes it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Integer, case, cast, func, literal_column, select

from risk.rules import Mode
from risk.store.tables import assessment_counts, labels, rule_hits


class VersionHits(BaseModel):
    """Hits of one version in one mode; ``labelled`` of them have a label, ``frauds`` turned out to be fraud."""

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
    """What a rule hit since ``since``, of ``events`` scored; hours without a hit are left out."""

    since: datetime
    events: int
    versions: list[VersionHits]
    hours: list[HourHits]


def stats(connection: Connection, rule_id: UUID, since: datetime) -> RuleStats:
    """The hits of one rule on events scored since ``since``, by version and by hour, oldest first."""
    h, counts = rule_hits.c, assessment_counts.c
    wanted = (h.rule_id == rule_id, h.scored_at >= since)
    newest = (
        select(labels.c.fraud)
        .where(labels.c.event_id == h.event_id)
        .order_by(labels.c.known_at.desc(), labels.c.received_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    hits = select(h.rule_version.label("version"), h.mode, h.scored_at, newest.label("fraud")).where(*wanted).subquery()
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
    events = connection.scalar(select(func.coalesce(func.sum(counts.count), 0)).where(counts.minute >= since))
    return RuleStats(
        since=since,
        events=int(events or 0),
        versions=[VersionHits.model_validate(row._asdict()) for row in versions],
        hours=[HourHits.model_validate(row._asdict()) for row in hours],
    )
