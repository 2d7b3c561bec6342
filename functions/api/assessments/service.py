"""Reads assessments for display: from Valkey where it has them, otherwise from Postgres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import redis
from sqlalchemy import Connection

from functions.api.assessments.schemas import (
    AssessmentDetail,
    FeatureValue,
    ListedAssessment,
    MinuteCounts,
    RiskOverview,
    RiskStats,
    ScoreBin,
    ScoreHistogram,
    TopAccount,
    TopReason,
)
from functions.api.http.logs import logger
from risk.adapters import valkey_live
from risk.domain.assessment import Assessment, AssessmentSummary, RiskLevel
from risk.domain.field_rules import unknown_codes
from risk.features.catalog import FEATURES, from_stored, is_known_set, to_nullable
from risk.store.assessments import assessments, event_lookup, overturns, overview
from risk.store.rules import definitions

_TOP = 10
_CHUNK = 1_000
_UNDOING = 50
_MEANING = {feature.name: feature.meaning for feature in FEATURES}


def assessment_detail(connection: Connection, found: Assessment) -> AssessmentDetail:
    """Everything that is shown of one scored event."""
    values = to_nullable(from_stored(found.features)) if is_known_set(found.feature_set) else []
    features = [
        FeatureValue(name=feature.name, unit=feature.unit, meaning=feature.meaning, value=value)
        for feature, value in zip(FEATURES, values, strict=False)
    ]
    of_users = definitions.catalogs(connection, [found.definition_set])[found.definition_set].definitions
    features += [
        FeatureValue(name=one.name, unit=one.unit, meaning=one.meaning, value=value)
        for one, value in zip(of_users, found.defined or (), strict=False)
    ]
    shown = found.model_dump(exclude={"features", "feature_set", "definition_set", "defined"})
    made = overturns.of_event(connection, found.event_id)
    holding = next((one for one in made if one.undone_at is None), None)
    undone_by = event_lookup.undoing(connection, found.event_id, limit=_UNDOING)
    return AssessmentDetail(
        **shown,
        features=features,
        overturn=holding,
        overturns=made,
        undone_by=undone_by,
        notes=unknown_codes(found.currency, found.country),
    )


def listed(connection: Connection, found: Sequence[AssessmentSummary]) -> list[ListedAssessment]:
    """Assessments as lists show them: with the overturns of their decisions."""
    holding = overturns.holding(connection, [one.event_id for one in found])
    return [ListedAssessment(**one.model_dump(), overturn=holding.get(one.event_id)) for one in found]


def with_overturns(connection: Connection, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of an export as ``listed`` has assessments: with the overturn that holds, if any."""
    while chunk := list(islice(rows, _CHUNK)):
        holding = overturns.holding(connection, [row["event_id"] for row in chunk])
        for row in chunk:
            overturn = holding.get(row["event_id"])
            yield row | {"overturn": overturn and overturn.model_dump(mode="json")}


def live_assessments(
    client: redis.Redis, connection: Connection, limit: int, min_level: RiskLevel | None
) -> list[AssessmentSummary]:
    """The ``limit`` newest assessments of ``min_level`` or above."""
    least = min_level or RiskLevel.LOW
    scan = limit if least is RiskLevel.LOW else valkey_live.NEWEST
    try:
        shown = [AssessmentSummary.model_validate_json(data) for data in valkey_live.newest(client, scan)]
    except redis.RedisError as error:
        logger.warning("the live view does not answer; read from the database", extra={"error": type(error).__name__})
        shown = []
    wanted = [item for item in shown if item.level.at_least(least)][:limit]
    if len(wanted) == limit:
        return wanted
    # Too few: the live view holds 1,000, or may have been lost.
    return assessments.page(connection, assessments.Filter(min_level=min_level), limit=limit)


def _live_counts(client: redis.Redis, minutes: list[datetime]) -> list[dict[RiskLevel, int]]:
    try:
        return valkey_live.counts(client, minutes)
    except redis.RedisError as error:
        logger.warning("live counts do not answer; read from the database", extra={"error": type(error).__name__})
        return [dict.fromkeys(RiskLevel, 0) for _ in minutes]


def risk_stats(client: redis.Redis, connection: Connection, now: datetime, minutes: int) -> RiskStats:
    """Assessments by level in each of the last ``minutes``, including the current one."""
    present = now.replace(second=0, microsecond=0)
    window = [present - timedelta(minutes=back) for back in reversed(range(minutes))]
    counts = _live_counts(client, window)
    quiet = [minute for minute, by_level in zip(window, counts, strict=True) if not any(by_level.values())]
    if quiet:
        # In Valkey a minute without events looks like a minute that was lost.
        stored = assessments.counts(connection, quiet[0], quiet[-1])
        counts = [
            by_level if any(by_level.values()) else stored.get(minute, by_level)
            for minute, by_level in zip(window, counts, strict=True)
        ]
    totals = {level: sum(by_level[level] for by_level in counts) for level in RiskLevel}
    return RiskStats(
        as_of=now,
        minutes=minutes,
        total=sum(totals.values()),
        by_level=totals,
        by_decision=assessments.count_by_decision(connection, window[0]),
        overturned=overturns.count(connection, window[0]),
        per_minute=[
            MinuteCounts(minute=minute, **{level.value: by_level[level] for level in RiskLevel})
            for minute, by_level in zip(window, counts, strict=True)
        ],
    )


def risk_overview(connection: Connection, now: datetime, minutes: int) -> RiskOverview:
    """Scores of the last ``minutes``, with the reasons and accounts of the risky ones."""
    since = now - timedelta(minutes=minutes)
    scores = overview.scores(connection, since)
    return RiskOverview(
        as_of=now,
        minutes=minutes,
        scores=ScoreHistogram(
            since=scores.since,
            total=sum(sum(by_level.values()) for by_level in scores.bins),
            bins=[
                ScoreBin(
                    low=place / overview.BINS,
                    high=(place + 1) / overview.BINS,
                    **{level.value: by_level[level] for level in RiskLevel},
                )
                for place, by_level in enumerate(scores.bins)
            ],
        ),
        reasons=[
            TopReason(
                code=each.code, meaning=_MEANING.get(each.feature or "", each.text), text=each.text, count=each.count
            )
            for each in overview.reasons(connection, since, _TOP)
        ],
        accounts=[TopAccount(**asdict(each)) for each in overview.accounts(connection, since, _TOP)],
    )
