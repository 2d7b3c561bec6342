"""The report says what is in the data: counts, money, months, what was caught; and nothing that a cell smuggled in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from risk.domain.assessment import LEVELS
from risk.features.catalog import FEATURES, INDEX
from risk.features.profiles.observation import Observation
from streaming.engine.stages.batch import Batch, Item, ItemKind, JudgedBy, Verdict
from streaming.importing.source import Counts
from streaming.reports.facts import Facts
from streaming.reports.page import page

RULE = "00000000-0000-0000-0000-000000000001"


def batch(events: list[tuple[int, str, str, float, bool]]) -> Batch:
    """Events by number, time and amount, with a score, and whether the rule hits."""
    seen = Observation("payment", 0, "a", None, None, None, None, None)
    items, vectors, verdicts = [], [], []
    for number, at, amount, score, hit in events:
        data = {
            "event_id": str(UUID(int=number)), "event_type": "payment", "occurred_at": at, "account_id": "a",
            "amount": amount, "currency": "EUR",
        }  # fmt: skip
        items.append(Item(ItemKind.EVENT, "file", "", 0, UUID(int=number), seen, data))
        vector = [0.0] * len(FEATURES)
        vector[INDEX["amount_to_mean_30d"]] = score * 10
        vectors.append(tuple(vector))
        hits = ((RULE, 1, "live"),) if hit else ()
        verdicts.append(Verdict(score, 3 if score > 0.8 else 0, b"[]", hits, score))
    made = Batch(1, items, vectors=list(vectors), verdicts=list(verdicts))
    made.judged_by = JudgedBy("model-1", 1)
    return made


@pytest.fixture
def facts() -> Facts:
    found = Facts(frozenset({UUID(int=1), UUID(int=2)}), {RULE: "far_above<b>"})
    clean = [(number, "2025-02-03T10:00:00Z", "10.00", 0.01, False) for number in range(10, 410)]
    found.add(
        batch(
            [
                (1, "2025-01-05T10:00:00Z", "900.00", 0.95, True),
                (2, "2025-02-05T10:00:00Z", "100.00", 0.02, False),
                *clean,
            ]
        )
    )
    return found


def test_events_frauds_and_money_are_counted_by_month_level_and_rule(facts: Facts) -> None:
    assert (facts.all.events, facts.all.frauds, facts.all.fraud_amount) == (402, 2, Decimal("1000.00"))
    assert [(month, one.events, one.frauds) for month, one in sorted(facts.months.items())] == [
        ("2025-01", 1, 1), ("2025-02", 401, 1),
    ]  # fmt: skip
    assert facts.levels[LEVELS[3]].fraud_amount == Decimal("900.00")
    rule = facts.hits["far_above<b>"]
    assert (rule.events, rule.frauds, rule.fraud_amount) == (1, 1, Decimal("900.00"))
    assert facts.missing["device_id"] == 402
    assert facts.missing["amount"] == 0


def test_what_the_highest_scores_and_single_definitions_catch_is_measured(facts: Facts) -> None:
    assert facts.auc() == 1.0
    caught = facts.caught_at(0.005)
    assert caught is not None
    assert caught[:2] == (1.0, 1.0)
    best = facts.separating(3)[0]
    assert (best.name, best.caught, best.precision) == ("amount_to_mean_30d", 1.0, 1.0)


def test_the_page_holds_everything_and_runs_nothing(facts: Facts, tmp_path: Path) -> None:
    text = page("<script>x</script>.csv", facts, Counts(403, 402, 402, 1), ["ids & <i>notes</i>"])
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "far_above&lt;b&gt;" in text
    assert "1,000 EUR" in text
    assert "402 events from 2025-01-05 to 2025-02-05; 403 rows, 1 refused" in text
    assert not re.findall(r"(?:src|href)=|url\(", text)
    assert datetime.now(UTC).strftime("%Y-%m-%d") in text


def test_without_labels_the_page_says_so() -> None:
    found = Facts(frozenset())
    found.add(batch([(1, "2025-01-05T10:00:00Z", "9.00", 0.1, False)]))
    text = page("a.csv", found, Counts(1, 1, 0, 0), [])
    assert "No fraud is known in these events" in text
    assert "Share of fraud by month" not in text
