"""The API and a real engine together: a decision within the request, and what is learnt of it later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from functions.api.http.access import tokens
from functions.api.http.app import create_app
from functions.api.http.services import Services
from risk.config.settings import ApiSettings
from risk.domain.permissions import Role
from risk.store.identity import sessions, users
from tests.services import Services as Shared
from tests.streaming.engine import running, wait_for
from tests.streaming.events import events

pytestmark = pytest.mark.integration
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client(services: Shared, tmp_path: Path) -> Iterator[TestClient]:
    """An administrator's client of the API, with an engine behind it."""
    url, stream = services.database(), services.stream(2)
    environment = services.engine(url, stream, services.stream(1)) | {"LABEL_KEY": KEY}
    settings = ApiSettings(
        _env_file=None,
        database_url=url,
        redis_port=environment["REDIS_PORT"],
        secret_key=KEY,
        label_key=KEY,
        events_stream=stream,
    )
    api = Services(settings)
    api.kinesis = services.kinesis()
    with api.database.begin() as connection:
        user = users.upsert_user(connection, "ada@risk.local", "none", Role.ADMIN)
        now = datetime.now(UTC)
        session_id = sessions.open_session(connection, user.id, now=now, expires_at=now + timedelta(hours=1))
    token = tokens.issue(KEY, user.id, Role.ADMIN, session_id, now=now, minutes=5)
    with running(environment, tmp_path / "engine.log"), TestClient(create_app(api)) as client:
        client.headers["authorization"] = f"Bearer {token}"
        yield client
    api.close()


def test_an_event_is_decided_within_the_request_and_its_label_comes_back(client: TestClient) -> None:
    first, second = (
        event.model_dump(mode="json", exclude_none=True, exclude={"event_source"}) for event in events(2, seed=90)
    )
    decided = client.post("/api/v1/events", params={"wait_ms": 5000}, json=first)
    assert decided.status_code == 200
    assert (decided.json()["event_id"], decided.json()["account_id"]) == (first["event_id"], first["account_id"])
    assert decided.json()["features"]
    assert decided.json()["decision"] == {
        "action": "approve",
        "policy_version": 1,
        "because": "fallback: no rule of the policy matched",
    }
    by_decision = client.get("/api/v1/risk/stats").json()["by_decision"]
    assert by_decision["approve"] >= 1
    assert client.post("/api/v1/events", params={"wait_ms": 5000}, json=second).status_code == 200

    said = client.post(f"/api/v1/risk/{first['event_id']}/label", json={"fraud": True, "source": "bank"}).json()
    body = f"event_id,fraud\n{second['event_id']},false\n"
    bulk = client.post("/api/v1/labels", content=body, headers={"content-type": "text/csv"})
    assert bulk.json()["accepted"] == 1

    def labels(event: dict[str, Any]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get(f"/api/v1/risk/{event['event_id']}/labels").json()["items"]
        return items

    wait_for(lambda: labels(first) and labels(second), 20, lambda: "the labels were not stored")
    [stored] = labels(first)
    assert {name: stored[name] for name in ("event_source", "event_id", "fraud", "known_at", "source")} == said
    assert [label["fraud"] for label in labels(second)] == [False]

    span = {"from": "2026-02-15T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    quality = client.get("/api/v1/quality", params=span).json()
    assert (quality["labelled"], quality["unlabelled"], quality["frauds"]) == (2, 0, 1)
