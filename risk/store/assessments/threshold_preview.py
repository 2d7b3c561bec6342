"""Recent scores for previewing thresholds, sampled where there are very many."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, cast, func, select
from sqlalchemy import Integer as Whole

from risk.domain.assessment import LEVELS, RiskLevel, Thresholds
from risk.monitoring.threshold_preview import BINS, LevelMove, ThresholdPreview
from risk.store.assessments.labels import bounded
from risk.store.db.tables import assessment_counts, assessments

SAMPLE = 200_000
"""The approximate sample size for more events. A share of 1 % is then known to within 0.05 %."""


def _level(score: ColumnElement[float], thresholds: Thresholds) -> ColumnElement[int]:
    return case((score < thresholds.low, 0), (score < thresholds.medium, 1), (score < thresholds.high, 2), else_=3)


def preview(
    connection: Connection, present: Thresholds, wanted: Thresholds, since: datetime, until: datetime
) -> ThresholdPreview:
    """The levels of the events scored from ``since`` until before ``until`` under the ``wanted`` thresholds.

    ``InvalidInput`` if they cannot be counted in time.
    """
    minutes = assessment_counts.c
    total = select(func.coalesce(func.sum(minutes.count), 0)).where(minutes.minute >= since, minutes.minute < until)
    events = int(connection.scalars(total).one())
    # The same sample each time, so that small threshold changes give small differences.
    percent = min(100.0, 100.0 * SAMPLE / max(1, events))
    table = assessments if percent == 100.0 else assessments.tablesample(func.system(percent), seed=func.float8(1))
    c = table.c
    by = (
        func.least(cast(func.floor(c.score * BINS), Whole), BINS - 1).label("bin"),
        _level(c.score, present).label("before"),
        _level(c.score, wanted).label("after"),
    )
    query = select(*by, func.count()).where(c.scored_at >= since, c.scored_at < until).group_by(*by)
    with bounded(field="days"):
        counted = [tuple(row) for row in connection.execute(query)]
    return _sum_up(counted, events, exact=percent == 100.0, since=since, until=until)


def _sum_up(
    counted: list[tuple[int, int, int, int]], events: int, *, exact: bool, since: datetime, until: datetime
) -> ThresholdPreview:
    seen = sum(count for *_, count in counted)
    scale = 1.0 if exact or seen == 0 else max(1.0, events / seen)
    bins, before, after, moves = Counter[int](), Counter[int](), Counter[int](), Counter[tuple[int, int]]()
    for place, was, would, count in counted:
        bins[place] += count
        before[was] += count
        after[would] += count
        if was != would:
            moves[was, would] += count

    def scaled(count: int) -> int:
        return round(count * scale)

    return ThresholdPreview(
        since=since,
        until=until,
        events=seen if exact else events,
        sampled=None if exact else seen,
        changed=scaled(moves.total()),
        before={level: scaled(before[level.rank]) for level in RiskLevel},
        after={level: scaled(after[level.rank]) for level in RiskLevel},
        moves=[
            LevelMove(before=LEVELS[was], after=LEVELS[would], events=scaled(count))
            for (was, would), count in moves.most_common()
        ],
        scores=[scaled(bins[place]) for place in range(BINS)],
    )
