"""Overview of the last minutes: scores, leading reasons, most affected accounts.

Each read is bounded by a number of rows along an index, so that it costs the same at any rate of events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Float, Select, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from risk.domain.assessment import LEVELS, RiskLevel
from risk.store.db.tables import assessments

BINS = 20
"""Ranges of the score, each 1/20 wide."""
SCORED = 20_000
"""Newest assessments counted by score."""
RISKY = 5_000
"""Newest assessments at HIGH or above examined for reasons and accounts."""


@dataclass(frozen=True)
class Scores:
    """Counts by level of the assessments in each range of the score; ``since`` is when the oldest was scored."""

    since: datetime | None
    bins: list[dict[RiskLevel, int]]


@dataclass(frozen=True)
class ReasonCount:
    """How many risky assessments have this reason, with its text in the newest of them."""

    code: str
    text: str
    feature: str | None
    count: int


@dataclass(frozen=True)
class RiskyAccount:
    """An account's risky assessments: their number, the critical ones, and the worst."""

    account_id: str
    count: int
    critical: int
    max_score: float
    last_scored_at: datetime


def scores(connection: Connection, since: datetime) -> Scores:
    """The score distribution of the newest assessments since then."""
    c = assessments.c
    newest = (
        select(c.score, c.level, c.scored_at)
        .where(c.scored_at >= since)
        .order_by(c.sequence.desc())
        .limit(SCORED)
        .subquery()
    )
    # The last range includes its end, 1.
    place = func.least(func.floor(newest.c.score * BINS), BINS - 1)
    query = select(place, newest.c.level, func.count(), func.min(newest.c.scored_at)).group_by(place, newest.c.level)
    bins = [dict.fromkeys(RiskLevel, 0) for _ in range(BINS)]
    oldest: list[datetime] = []
    for at, level, count, first in connection.execute(query):
        bins[int(at)][LEVELS[level]] = count
        oldest.append(first)
    return Scores(min(oldest, default=None), bins)


def reasons(connection: Connection, since: datetime, limit: int) -> Sequence[ReasonCount]:
    """The most frequent reasons of risky assessments since then."""
    risky = _risky(since).subquery()
    # A subquery with a row for each reason of each assessment.
    each = func.jsonb_array_elements(risky.c.reasons).table_valued(column("value", JSONB)).lateral("reason")
    code, text, feature = (each.c.value[name].astext for name in ("code", "text", "feature"))
    newest_first = risky.c.sequence.desc()
    query = (
        select(
            code,
            func.array_agg(aggregate_order_by(text, newest_first))[1],
            func.max(feature),
            func.count(),
        )
        .select_from(risky.join(each, literal_column("true")))
        .where(each.c.value["contribution"].astext.cast(Float) > 0)
        .group_by(code)
        .order_by(func.count().desc(), code)
        .limit(limit)
    )
    return [ReasonCount(*row) for row in connection.execute(query)]


def accounts(connection: Connection, since: datetime, limit: int) -> Sequence[RiskyAccount]:
    """The accounts with the most critical, then the most risky assessments since then."""
    risky = _risky(since).subquery()
    critical = func.count().filter(risky.c.level == RiskLevel.CRITICAL.rank)
    worst = func.max(risky.c.score)
    query = (
        select(risky.c.account_id, func.count(), critical, worst, func.max(risky.c.scored_at))
        .group_by(risky.c.account_id)
        .order_by(critical.desc(), func.count().desc(), worst.desc(), risky.c.account_id)
        .limit(limit)
    )
    return [RiskyAccount(*row) for row in connection.execute(query)]


def _risky(since: datetime) -> Select[tuple[int, int, str, float, datetime, object]]:
    c = assessments.c
    return (
        select(c.sequence, c.level, c.account_id, c.score, c.scored_at, c.reasons)
        # Literal, so that the plan can use the partial index of risky assessments.
        .where(c.level >= literal_column(str(RiskLevel.HIGH.rank)), c.scored_at >= since)
        .order_by(c.sequence.desc())
        .limit(RISKY)
    )
