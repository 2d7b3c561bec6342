"""Alerts: reading, acting, acting at once, and telling the browsers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from risk.alerts.alert import Alert
from risk.store.db import tables
from tests.integration.test_api.support import NOW, Recorder, open_alert

URL = "/api/v1/alerts"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risk.adapters.kinesis.FIRST_WAIT", 0.0)


def act(client: TestClient, alert: Alert, action: str, headers: dict[str, str], body: Any = None) -> Any:
    return client.post(f"{URL}/{alert.id}/{action}", json=body, headers=headers)


def test_an_alert_goes_from_open_to_resolved_saying_who_and_when_and_is_pushed_each_time(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    alert = open_alert(database)
    first = act(client, alert, "acknowledge", analyst, {"note": "looking"}).json()
    assert (first["status"], first["version"], first["acknowledged_by"]) == ("acknowledged", 2, "analyst@risk.local")
    second = act(client, alert, "resolve", analyst, {"disposition": "false_positive"}).json()
    assert (second["status"], second["version"], second["disposition"]) == ("resolved", 3, "false_positive")
    assert (second["note"], second["resolved_by"]) == ("looking", "analyst@risk.local")
    assert second["resolved_at"] >= second["acknowledged_at"]
    pushed = [json.loads(put["data"]) for put in kinesis.puts if put["stream"] == "risk-updates"]
    assert [(one["type"], one["items"][0]["version"]) for one in pushed] == [("alert", 2), ("alert", 3)]
    assert Alert.model_validate(pushed[1]["items"][0]).status == "resolved"


def test_what_the_state_does_not_allow_is_refused_saying_what_it_does(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    alert = open_alert(database)
    act(client, alert, "acknowledge", analyst)
    answer = act(client, alert, "acknowledge", analyst)
    assert (answer.status_code, "can become open or resolved" in answer.json()["detail"]) == (409, True)
    act(client, alert, "resolve", analyst, {"disposition": "confirmed_risk"})
    answer = act(client, alert, "resolve", analyst, {"disposition": "false_positive"})
    assert (answer.status_code, "can become open, not" in answer.json()["detail"]) == (409, True)
    assert len(kinesis.puts) == 2
    assert client.post(f"{URL}/{uuid4()}/acknowledge", headers=analyst).status_code == 404
    assert act(client, alert, "resolve", analyst, {"disposition": "shrug"}).status_code == 422


def test_of_people_who_act_at_once_one_wins(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    for number in range(5):
        alert = open_alert(database, number)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: act(client, alert, "acknowledge", analyst), range(4)))  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_a_failed_push_does_not_fail_the_action(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    kinesis.failing = b"alert"
    assert act(client, open_alert(database, 1), "acknowledge", analyst).status_code == 200
    kinesis.error = OSError("no route")
    alert = open_alert(database, 2)
    assert act(client, alert, "acknowledge", analyst).status_code == 200
    assert act(client, alert, "acknowledge", analyst).status_code == 409


def test_browsers_are_told_only_of_what_is_committed(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = open_alert(database)
    stored: list[str] = []
    put = kinesis.put_records

    def look_then_put(**arguments: Any) -> dict[str, Any]:
        with database.connect() as connection:
            stored.extend(connection.scalars(select(tables.alerts.c.status)))
        return put(**arguments)

    monkeypatch.setattr(kinesis, "put_records", look_then_put)
    act(client, alert, "acknowledge", analyst)
    assert stored == ["acknowledged"]


def test_pages_give_every_alert_once_newest_opened_first_also_those_of_one_moment(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    opened = [open_alert(database, number, scored_at=NOW) for number in range(5)]
    opened.append(open_alert(database, 9, scored_at=NOW.replace(year=NOW.year - 1)))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(URL, params={"limit": "2"} | cursor, headers=viewer).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(seen) == sorted(str(alert.id) for alert in opened)
    assert seen[-1] == str(opened[-1].id)
    for garbage in ("MTIz", "é", "MjAyNi0wMS0wMSAx"):
        assert client.get(URL, params={"cursor": garbage}, headers=viewer).status_code == 422


def test_filters_and_stats_count_what_there_is(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    empty = client.get(f"{URL}/stats", headers=analyst).json()
    assert (empty["open"], empty["oldest_open_at"], empty["median_seconds_to_resolve"]) == (0, None, None)
    high, critical = open_alert(database, 1, 0.7), open_alert(database, 2, 0.9, account_id="bob")
    act(client, open_alert(database, 3, 0.9), "acknowledge", analyst)
    act(client, open_alert(database, 4, 0.9), "resolve", analyst, {"disposition": "inconclusive"})
    found = client.get(f"{URL}/stats", headers=analyst).json()
    assert [found[state] for state in ("open", "acknowledged", "resolved")] == [2, 1, 1]
    assert found["open_by_level"] == {"LOW": 0, "MEDIUM": 0, "HIGH": 1, "CRITICAL": 1}
    assert found["opened_last_24h"] == 4
    assert found["median_seconds_to_acknowledge"] >= 0
    assert found["oldest_open_at"] is not None

    def ids(**params: str) -> list[str]:
        return [item["id"] for item in client.get(URL, params=params, headers=analyst).json()["items"]]

    assert ids(status="open", level="HIGH") == [str(high.id)]
    assert ids(status="open", min_level="CRITICAL") == ids(account_id="bob") == [str(critical.id)]
