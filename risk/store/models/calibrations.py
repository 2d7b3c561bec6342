"""Counts of predicted probabilities by outcome, for calibration."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Integer, cast, func, select

from risk.monitoring.calibration import BINS, BinCount, Calibration, ScorerCalibration, calibration
from risk.scoring.deployment import ModelStage
from risk.store.assessments.labels import bounded, newest_labels
from risk.store.db.tables import assessments


def calibrate(
    connection: Connection, stage: ModelStage, since: datetime, until: datetime, now: datetime
) -> Calibration:
    """Champion and challenger of ``stage`` on the events that occurred from ``since`` until before ``until``.

    ``InvalidInput`` if they are more than can be counted in time.
    """
    c = assessments.c

    def of(scorer: str, named: ColumnElement[str], score: ColumnElement[float]) -> ScorerCalibration:
        newest = newest_labels(now)
        place = func.least(cast(func.floor(score * BINS), Integer), BINS - 1).label("place")
        query = (
            select(
                place,
                func.count(),
                func.count(newest.c.fraud),
                func.count().filter(newest.c.fraud),
                func.coalesce(func.sum(score).filter(newest.c.fraud.is_not(None)), 0.0),
            )
            .select_from(assessments)
            .outerjoin(newest, newest.c.event_id == c.event_id)
            .where(named == scorer, score.is_not(None), c.occurred_at >= since, c.occurred_at < until)
            .group_by(place)
        )
        return calibration(scorer, [BinCount(*row) for row in connection.execute(query)])

    with bounded(field="since"):
        champion = of(stage.champion, c.scorer, c.base_score)
        challenger = None if stage.challenger is None else of(stage.challenger, c.challenger, c.challenger_score)
    return Calibration(as_of=now, since=since, until=until, champion=champion, challenger=challenger)
