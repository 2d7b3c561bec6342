"""Decisions through the API: what was decided of events, and the policy by which."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from risk.domain.decisions import ACTIONS, Action, Decision
from risk.store.db import tables
from tests.integration.test_api.support import NOW, make_assessment, open_alert, store

HISTORY, STATS = "/api/v1/risk/history", "/api/v1/risk/stats"


def decided(action: Action) -> Decision:
    return Decision(action=action, policy_version=1, because=f"{action}: level LOW")


def items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_history_says_what_was_decided_and_finds_by_it(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(database, make_assessment(1))  # before there were decisions
    store(database, *(make_assessment(2 + action.rank, decision=decided(action)) for action in ACTIONS))
    assert [one["decision"] and one["decision"]["action"] for one in items(client.get(HISTORY, headers=viewer))] == [
        "decline", "review", "challenge", "approve", None,
    ]  # fmt: skip
    for action in ACTIONS:
        [found] = items(client.get(HISTORY, params={"decision": action.value}, headers=viewer))
        assert found["decision"] == {"action": action, "policy_version": 1, "because": f"{action}: level LOW"}
        detail = client.get(f"/api/v1/risk/{found['event_id']}", headers=viewer).json()
        assert detail["decision"] == found["decision"]
    assert client.get(HISTORY, params={"decision": "refuse"}, headers=viewer).status_code == 422


def test_an_export_holds_the_decision(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    store(database, make_assessment(1, decision=decided(Action.DECLINE)))
    answer = client.get(f"{HISTORY}/export", params={"format": "csv", "decision": "decline"}, headers=analyst)
    assert '""action"":""decline""' in answer.text


def test_statistics_count_by_decision(client: TestClient, viewer: dict[str, str], database: Engine) -> None:
    minute = NOW.replace(second=0, microsecond=0)
    with database.begin() as connection:
        counts = [{"minute": minute, "decision": action.rank, "count": 10 + action.rank} for action in ACTIONS]
        connection.execute(insert(tables.decision_counts), counts)
    stats = client.get(STATS, headers=viewer).json()
    assert stats["by_decision"] == {"approve": 10, "challenge": 11, "review": 12, "decline": 13}


def test_an_alert_has_the_strictest_decision_of_its_events_and_is_found_by_it(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    alert = open_alert(database, decision=decided(Action.DECLINE))
    open_alert(database, sequence=2, decision=decided(Action.REVIEW), account_id="bob")
    [found] = items(client.get("/api/v1/alerts", params={"decision": "decline"}, headers=viewer))
    assert (found["id"], found["decision"]) == (str(alert.id), "decline")
