"""Champion's and challenger's scores of the same labelled events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from risk.domain.assessment import Thresholds
from risk.monitoring.model_comparison import ModelComparison, Scored, measure
from risk.store.assessments.labels import bounded, newest_labels
from risk.store.db.tables import assessments

MAX_EVENTS = 50_000


def compare(
    connection: Connection,
    champion: str,
    challenger: str,
    since: datetime,
    until: datetime,
    now: datetime,
    thresholds: Thresholds,
) -> ModelComparison:
    """Compare on the events that occurred from ``since`` until before ``until``, at most the newest 50,000.

    ``InvalidInput`` if they are more than can be read in time.
    """
    c, newest = assessments.c, newest_labels(now)
    query = (
        select(c.base_score, c.challenger_score, newest.c.fraud)
        .join(newest, newest.c.event_id == c.event_id)
        .where(c.scorer == champion, c.challenger == challenger, c.occurred_at >= since, c.occurred_at < until)
        .where(c.base_score.is_not(None), c.challenger_score.is_not(None))
        .order_by(c.occurred_at.desc())
        .limit(MAX_EVENTS + 1)
    )
    with bounded(field="since"):
        found = [Scored(*row) for row in connection.execute(query)]
    complete = len(found) <= MAX_EVENTS
    found = found[:MAX_EVENTS]
    fraud = [one.fraud for one in found]
    return ModelComparison(
        as_of=now,
        since=since,
        until=until,
        events=len(found),
        frauds=sum(fraud),
        complete=complete,
        champion=measure(champion, [one.champion for one in found], fraud, thresholds),
        challenger=measure(challenger, [one.challenger for one in found], fraud, thresholds),
    )
