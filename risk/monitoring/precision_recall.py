"""Precision, recall and F1 of assessments, measured by labels.

Only labelled events count. What got a label is seldom a fair sample of all events, so the numbers say how
the engine did on what people looked at, beside how much that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from risk.domain.assessment import RiskLevel


class JudgedCount(NamedTuple):
    """How many ``events`` of one day (UTC), scorer and level; ``fraud`` is None for those without a label."""

    day: date
    scorer: str
    level: RiskLevel
    fraud: bool | None
    events: int


class HitCount(NamedTuple):
    """How many ``events`` a live rule hit; ``fraud`` is None for those without a label."""

    rule_id: UUID
    name: str
    fraud: bool | None
    events: int


class Rates(BaseModel):
    """What was called risky, against what was; a rate is null where nothing could be measured.

    ``precision`` is the share of fraud in what was called risky, ``recall`` the share of fraud that was
    called risky, ``f1`` their harmonic mean.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    precision: float | None
    recall: float | None
    f1: float | None


class LevelQuality(Rates):
    """With every event of ``level`` or above called risky."""

    level: RiskLevel


class Judged(BaseModel):
    """Scored events with and without a label, how many are ``frauds``, and the rates at each level, lowest first."""

    labelled: int
    unlabelled: int
    frauds: int
    levels: list[LevelQuality]


class ScorerQuality(Judged):
    """What one scorer (a version of the model) judged."""

    scorer: str


class DayQuality(Judged):
    """What happened on one day (UTC)."""

    day: date


class RuleQuality(Rates):
    """With every event that the rule hit, live, called risky; ``labelled`` of its ``hits`` have a label.

    Frauds from before the rule was live, or outside its share of events, count as missed.
    """

    rule_id: UUID
    name: str
    hits: int
    labelled: int


class Quality(Judged):
    """All events that occurred from ``since`` until before ``until``, by the labels known at ``as_of``.

    ``days`` holds those with events, oldest first.
    """

    as_of: datetime
    since: datetime
    until: datetime
    scorers: list[ScorerQuality]
    rules: list[RuleQuality]
    days: list[DayQuality]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def rates(tp: int, fp: int, fn: int, tn: int) -> Rates:
    """The rates of true and false positives and negatives."""
    return Rates(
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
        true_negatives=tn,
        precision=_share(tp, tp + fp),
        recall=_share(tp, tp + fn),
        f1=_share(2 * tp, 2 * tp + fp + fn),
    )


def judged(counts: Iterable[JudgedCount]) -> Judged:
    """The quality of these events together."""
    frauds, honest = dict.fromkeys(RiskLevel, 0), dict.fromkeys(RiskLevel, 0)
    unlabelled = 0
    for one in counts:
        if one.fraud is None:
            unlabelled += one.events
        else:
            (frauds if one.fraud else honest)[one.level] += one.events
    all_frauds, all_honest = sum(frauds.values()), sum(honest.values())
    levels = []
    for level in RiskLevel:
        tp = sum(count for found, count in frauds.items() if found.at_least(level))
        fp = sum(count for found, count in honest.items() if found.at_least(level))
        found = rates(tp, fp, all_frauds - tp, all_honest - fp)
        levels.append(LevelQuality(level=level, **found.model_dump()))
    return Judged(labelled=all_frauds + all_honest, unlabelled=unlabelled, frauds=all_frauds, levels=levels)


def _by_rule(counts: Iterable[HitCount], frauds: int, honest: int) -> Iterator[RuleQuality]:
    """Each rule's quality, by its name; ``frauds`` and ``honest`` are all labelled events, hit or not."""
    found: dict[tuple[str, UUID], dict[bool | None, int]] = {}
    for one in counts:
        by_label = found.setdefault((one.name, one.rule_id), {})
        by_label[one.fraud] = by_label.get(one.fraud, 0) + one.events
    for (name, rule_id), by_label in sorted(found.items()):
        tp, fp = by_label.get(True, 0), by_label.get(False, 0)
        measured = rates(tp, fp, frauds - tp, honest - fp).model_dump()
        yield RuleQuality(rule_id=rule_id, name=name, hits=sum(by_label.values()), labelled=tp + fp, **measured)


def report(
    counts: Iterable[JudgedCount], hits: Iterable[HitCount], *, as_of: datetime, since: datetime, until: datetime
) -> Quality:
    """The quality of all these events, and of each scorer, rule and day."""
    scorers: dict[str, list[JudgedCount]] = {}
    days: dict[date, list[JudgedCount]] = {}
    counts = list(counts)
    for one in counts:
        scorers.setdefault(one.scorer, []).append(one)
        days.setdefault(one.day, []).append(one)
    whole = judged(counts)
    return Quality(
        as_of=as_of,
        since=since,
        until=until,
        **dict(whole),
        scorers=[ScorerQuality(scorer=scorer, **dict(judged(part))) for scorer, part in sorted(scorers.items())],
        rules=list(_by_rule(hits, whole.frauds, whole.labelled - whole.frauds)),
        days=[DayQuality(day=day, **dict(judged(part))) for day, part in sorted(days.items())],
    )
