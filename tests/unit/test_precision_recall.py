"""Precision, recall and F1 from counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from risk.domain.assessment import RiskLevel
from risk.monitoring.precision_recall import HitCount, JudgedCount, Quality, judged, rates, report

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
AT = datetime(2026, 3, 4, tzinfo=UTC)
LOW, MEDIUM, HIGH, CRITICAL = RiskLevel
COUNTS = [
    JudgedCount(MONDAY, "old", LOW, False, 90),
    JudgedCount(MONDAY, "old", LOW, True, 2),
    JudgedCount(MONDAY, "old", LOW, None, 1000),
    JudgedCount(MONDAY, "old", HIGH, False, 4),
    JudgedCount(TUESDAY, "new", HIGH, True, 3),
    JudgedCount(TUESDAY, "new", CRITICAL, False, 1),
    JudgedCount(TUESDAY, "new", CRITICAL, True, 5),
    JudgedCount(TUESDAY, "new", CRITICAL, None, 7),
]
RULE, OTHER = UUID(int=1), UUID(int=2)


def quality(hits: list[HitCount]) -> Quality:
    return report(COUNTS, hits, as_of=AT, since=AT, until=AT)


def test_a_level_calls_everything_from_it_upwards_risky() -> None:
    found = judged(COUNTS)
    assert (found.labelled, found.unlabelled, found.frauds) == (105, 1007, 10)
    assert [level.level for level in found.levels] == list(RiskLevel)
    low, medium, high, critical = found.levels
    assert (low.precision, low.recall) == (10 / 105, 1.0)
    assert (medium.true_positives, medium.false_positives) == (high.true_positives, high.false_positives) == (8, 5)
    assert (high.false_negatives, high.true_negatives) == (2, 90)
    assert (high.precision, high.recall) == (8 / 13, 0.8)
    assert high.f1 == pytest.approx(2 * 8 / (2 * 8 + 5 + 2))
    assert (critical.precision, critical.recall) == (5 / 6, 0.5)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    found = rates(6, 2, 4, 100)
    assert found.precision is not None
    assert found.recall is not None
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / (found.precision + found.recall))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0, 0), (None, None, None)),
        ((0, 0, 0, 9), (None, None, None)),  # no fraud, and nothing called risky
        ((0, 3, 0, 9), (0.0, None, 0.0)),
        ((0, 0, 3, 9), (None, 0.0, 0.0)),
        ((3, 0, 0, 0), (1.0, 1.0, 1.0)),
    ],
)
def test_what_cannot_be_measured_is_null_and_not_zero(
    counts: tuple[int, int, int, int], expected: tuple[float | None, ...]
) -> None:
    found = rates(*counts)
    assert (found.precision, found.recall, found.f1) == expected


def test_each_scorer_and_each_day_is_measured_by_its_own_events_alone() -> None:
    found = quality([])
    assert [scorer.scorer for scorer in found.scorers] == ["new", "old"]
    new, old = found.scorers
    assert (new.labelled, new.unlabelled, old.labelled, old.unlabelled) == (9, 7, 96, 1000)
    assert (old.levels[HIGH.rank].precision, old.levels[HIGH.rank].recall) == (0.0, 0.0)
    assert (new.levels[HIGH.rank].precision, new.levels[HIGH.rank].recall) == (8 / 9, 1.0)
    assert [(day.day, day.frauds) for day in found.days] == [(MONDAY, 2), (TUESDAY, 8)]
    assert sum(day.labelled + day.unlabelled for day in found.days) == sum(one.events for one in COUNTS)


def test_a_rule_misses_the_frauds_that_it_did_not_hit() -> None:
    hits = [
        HitCount(OTHER, "quiet", None, 11),
        HitCount(RULE, "loud", True, 4),
        HitCount(RULE, "loud", False, 12),
        HitCount(RULE, "loud", None, 30),
    ]
    loud, quiet = quality(hits).rules
    assert (loud.name, loud.rule_id, loud.hits, loud.labelled) == ("loud", RULE, 46, 16)
    assert (loud.precision, loud.recall) == (0.25, 0.4)
    assert loud.f1 == pytest.approx(2 * 4 / (2 * 4 + 12 + 6))
    assert (loud.true_negatives, loud.false_negatives) == (83, 6)
    assert (quiet.hits, quiet.labelled, quiet.precision, quiet.recall) == (11, 0, None, 0.0)


def test_nothing_gives_an_empty_report() -> None:
    found = report([], [], as_of=AT, since=AT, until=AT)
    assert (found.labelled, found.unlabelled, found.scorers, found.rules, found.days) == (0, 0, [], [], [])
    assert {level.precision for level in found.levels} == {None}
