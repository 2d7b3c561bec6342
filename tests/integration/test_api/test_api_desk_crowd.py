"""Two hundred at once: nobody overwrites anybody, everyone is told, and the story is whole."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from functions.api.http.services import Services
from risk.domain.permissions import Role
from risk.store.db.engine import create_pool
from risk.store.identity import users
from tests.integration.test_api.support import PASSWORD_HASH, access_token, app_on, open_alert

ALERTS, CALLS = 10, 200
BODIES: dict[str, Any] = {
    "acknowledge": {},
    "assign": {"assignee": "me"},
    "resolve": {"disposition": "confirmed_risk", "reason": "mule"},
}


@pytest.fixture
def wide(api_services: Services) -> Services:
    """As many Lambdas would: a connection for each request."""
    api_services.database.dispose()
    url = api_services.settings.database_url.get_secret_value()
    api_services.database = create_pool(url, application="crowd", size=32)
    return api_services


def test_of_two_hundred_calls_on_ten_alerts_each_has_one_winner_and_told_losers(
    wide: Services, database: Engine
) -> None:
    people: dict[str, dict[str, str]] = {}
    with wide.database.begin() as connection:
        for number in range(5):
            user = users.upsert_user(connection, f"analyst{number}@risk.local", PASSWORD_HASH, Role.ANALYST)
            token = access_token(connection, user.id, Role.ANALYST)
            people[user.email] = {"Authorization": f"Bearer {token}"}
    alerts = [open_alert(database, number, account_id=f"a{number}") for number in range(ALERTS)]
    calls = [(alert, action) for alert in alerts for action in BODIES for _ in range(7)]
    random.Random(7).shuffle(calls)
    del calls[CALLS:]

    def call(place: int) -> tuple[str, str, str, int, Any]:
        alert, action = calls[place]
        who = list(people)[place % len(people)]
        url, headers = f"/api/v1/alerts/{alert.id}", people[who]
        answer = client.post(f"{url}/{action}", json=BODIES[action], headers=headers)
        # It is in another's hands by now: look, and act on what was seen. Who would take it over, leaves it.
        while answer.status_code in (412, 428) and action != "assign":
            assert "@risk.local" in answer.json()["detail"], "who is asked to look is told who did what"
            seen = {"If-Match": client.get(url, headers=headers).headers["etag"]}
            answer = client.post(f"{url}/{action}", json=BODIES[action], headers=headers | seen)
        return str(alert.id), action, who, answer.status_code, answer.json()

    with TestClient(app_on(wide), raise_server_exceptions=False) as client:
        with ThreadPoolExecutor(32) as pool:
            outcomes = list(pool.map(call, range(len(calls))))
        stories = {
            str(alert.id): client.get(f"/api/v1/alerts/{alert.id}", headers=next(iter(people.values()))).json()
            for alert in alerts
        }

    assert len(outcomes) == CALLS
    assert {status for _, action, _, status, _ in outcomes if action != "assign"} == {200, 409}
    assert {status for _, action, _, status, _ in outcomes if action == "assign"} <= {200, 409, 428}
    wins = Counter((alert_id, action) for alert_id, action, _, status, _ in outcomes if status == 200)
    assert set(wins.values()) == {1}, "an action was won twice"
    assert all(wins[str(alert.id), "resolve"] == 1 for alert in alerts)
    for *_, status, body in outcomes:
        if status != 200:
            assert "@risk.local" in body["detail"], "a loser is told who did what"
    done = {"acknowledge": "acknowledged", "assign": "assigned", "resolve": "resolved"}
    for alert_id, story in stories.items():
        timeline = story["timeline"]
        # Each version has its line, and each line its winner.
        assert [entry["version"] for entry in timeline] == list(range(2, story["version"] + 1))
        won = {(done[action], who) for one, action, who, status, _ in outcomes if one == alert_id and status == 200}
        assert {(entry["action"], entry["actor"]) for entry in timeline} == won
        assert len(timeline) == len(won)
        # Played from the start, the changes lead to what is stored.
        state: dict[str, Any] = {"status": "open", "assignee": None, "disposition": None}
        for entry in timeline:
            for field in state.keys() & entry["changes"].keys():
                assert entry["changes"][field]["before"] == state[field]
                state[field] = entry["changes"][field]["after"]
        assert state == {name: story.get(name) for name in state}
        assert story["status"] == "resolved"
