"""What the newest assessments have in common: scores, reasons, accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from risk.domain.assessment import Reason
from risk.features.catalog import FEATURES
from risk.store.assessments import overview
from tests.integration.test_api.support import NOW, make_assessment, store

OVERVIEW = "/api/v1/risk/overview"
RULE = Reason(code="rule_7", text="amount over 800", contribution=2.0)
CALMING = Reason(code="rule_8", text="known customer", contribution=-1.0)


def model_reason(value: float) -> Reason:
    feature = FEATURES[0]
    text = f"amount {value:.2f}"
    return Reason(code=f"model_{feature.name}", text=text, contribution=1.0, feature=feature.name, value=value)


def test_every_score_is_in_one_range_under_the_level_it_got(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(database, *(make_assessment(n, score) for n, score in enumerate([0.0, 0.049, 0.05, 0.62, 0.9, 1.0])))
    store(database, make_assessment(9, 0.5, scored_at=NOW - timedelta(hours=2)))
    scores = client.get(OVERVIEW, headers=viewer).json()["scores"]
    filled = {
        (each["low"], level): each[level]
        for each in scores["bins"]
        for level in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        if each[level]
    }
    assert filled == {
        (0.0, "LOW"): 2,
        (0.05, "LOW"): 1,
        (0.6, "HIGH"): 1,
        (0.9, "CRITICAL"): 1,
        (0.95, "CRITICAL"): 1,
    }
    assert scores["total"] == 6
    assert [each["high"] for each in scores["bins"][-2:]] == [0.95, 1.0]


def test_reasons_are_of_risky_assessments_and_told_by_what_they_mean(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(
        database,
        make_assessment(1, 0.9, reasons=[model_reason(900), RULE, CALMING]),
        make_assessment(2, 0.7, reasons=[model_reason(700)]),
        make_assessment(3, 0.1, reasons=[RULE]),
        make_assessment(4, 0.9, reasons=[]),
    )
    assert client.get(OVERVIEW, headers=viewer).json()["reasons"] == [
        {"code": "model_amount", "meaning": FEATURES[0].meaning, "text": "amount 700.00", "count": 2},
        {"code": "rule_7", "meaning": RULE.text, "text": RULE.text, "count": 1},
    ]


def test_the_riskiest_account_has_the_most_critical_assessments(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(
        database,
        make_assessment(1, 0.85, account_id="one-critical"),
        make_assessment(2, 0.7, account_id="many-high"),
        make_assessment(3, 0.75, account_id="many-high"),
        make_assessment(4, 0.2, account_id="calm"),
    )
    accounts = client.get(OVERVIEW, headers=viewer).json()["accounts"]
    assert [(each["account_id"], each["count"], each["critical"], each["max_score"]) for each in accounts] == [
        ("one-critical", 1, 1, 0.85),
        ("many-high", 2, 0, 0.75),
    ]


def test_only_the_newest_are_read_and_it_says_since_when(
    client: TestClient, viewer: dict[str, str], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "SCORED", 2)
    monkeypatch.setattr(overview, "RISKY", 1)
    found = [make_assessment(n, 0.9, account_id=f"account-{n}") for n in range(3)]
    store(database, *found)
    answer = client.get(OVERVIEW, headers=viewer).json()
    assert answer["scores"]["total"] == 2
    assert answer["scores"]["since"] == found[1].scored_at.isoformat().replace("+00:00", "Z")
    assert [each["account_id"] for each in answer["accounts"]] == ["account-2"]


def test_nothing_scored_is_an_answer_too(client: TestClient, viewer: dict[str, str]) -> None:
    answer = client.get(OVERVIEW, headers=viewer).json()
    assert (answer["scores"]["since"], answer["scores"]["total"]) == (None, 0)
    assert (answer["reasons"], answer["accounts"]) == ([], [])
    assert client.get(OVERVIEW, params={"minutes": 61}, headers=viewer).status_code == 422
