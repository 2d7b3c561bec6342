"""Keys of machines: shown once, scoped, revoked at once, and good for events through an outage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, select, update

from functions.api.http.access import tokens
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.store.db import tables
from risk.store.db.engine import create_pool
from tests.integration.test_api.conftest import MakeKey
from tests.integration.test_api.support import Recorder, an_event, app_on, valkey_of

KEYS = "/api/v1/api-keys"
EVENTS = "/api/v1/events"
NEW: dict[str, Any] = {"name": "payments gateway", "scopes": ["events:write", "risk:read"]}


def test_a_key_is_shown_once_and_stored_as_a_hash(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    answer = client.post(KEYS, json=NEW, headers=admin)
    assert answer.status_code == 201
    made = answer.json()
    assert made["key"].startswith(made["prefix"])
    assert (made["created_by"], made["scopes"]) == ("admin@risk.local", ["events:write", "risk:read"])
    [listed] = client.get(KEYS, headers=admin).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "key"}
    with database.connect() as connection:
        row = connection.execute(select(tables.api_keys)).one()
    assert row.key_hash == tokens.secret_hash(made["key"])
    assert made["key"] not in str(row)
    for headers in ({"X-API-Key": made["key"]}, {"Authorization": f"Bearer {made['key']}"}):
        assert client.post(EVENTS, json=an_event(), headers=headers).status_code == 202
        assert client.get("/api/v1/risk/live", headers=headers).status_code == 200
        assert client.get("/api/v1/alerts", headers=headers).status_code == 403
        assert client.get("/api/v1/auth/me", headers=headers).status_code == 403
    assert len(kinesis.puts) == 2


@pytest.mark.parametrize("other", ["", "Bearer ", "Basic eDp5", "Bearer nonsense"])
def test_a_key_does_not_cover_for_a_second_credential(client: TestClient, make_key: MakeKey, other: str) -> None:
    key = make_key("events:write")
    assert client.post(EVENTS, json=an_event(), headers=key).status_code == 202
    refused = client.post(EVENTS, json=an_event(), headers={**key, "Authorization": other})
    assert refused.status_code == 401
    assert "not both" in refused.json()["detail"]


def test_what_a_machine_does_is_recorded_under_the_name_of_its_key(
    client: TestClient, admin: dict[str, str], make_key: MakeKey
) -> None:
    client.post("/api/v1/lists", json={"name": "bad", "purpose": "deny", "subject": "account"}, headers=admin)
    body = {"items": [{"value": "account-1"}], "reason": "reported by a partner"}
    answer = client.post("/api/v1/lists/bad/entries", json=body, headers=make_key("lists:write"))
    assert answer.status_code == 200, answer.text
    [entry] = client.get("/api/v1/lists/bad/entries", headers=admin).json()["items"]
    assert entry["added_by"] == "key:a machine"


def test_revoked_expired_and_unknown_keys_open_nothing(
    client: TestClient, admin: dict[str, str], make_key: MakeKey
) -> None:
    made = client.post(KEYS, json=NEW, headers=admin).json()
    headers = {"X-API-Key": made["key"]}
    assert client.post(EVENTS, json=an_event(), headers=headers).status_code == 202
    revoked = client.post(f"{KEYS}/{made['id']}/revoke", headers=admin).json()
    assert revoked["revoked_by"] == "admin@risk.local"
    assert client.post(f"{KEYS}/{made['id']}/revoke", headers=admin).json()["revoked_at"] == revoked["revoked_at"]
    past = make_key("events:write", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for refused in (headers, past, {"X-API-Key": "rk_unknown"}, {"X-API-Key": "nonsense"}, {"X-API-Key": ""}):
        for url in (EVENTS, "/api/v1/labels"):
            assert client.post(url, json=an_event(), headers=refused).status_code == 401, refused
    assert client.post(f"{KEYS}/{uuid4()}/revoke", headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["users:manage"]}, "scopes.0"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"name": " "}, "name"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expires_at"),
    ],
)
def test_what_no_key_can_be_is_named(
    client: TestClient, admin: dict[str, str], change: dict[str, Any], field: str
) -> None:
    answer = client.post(KEYS, json=NEW | change, headers=admin)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


def test_the_last_use_is_noted_to_the_minute_and_not_with_each_request(
    client: TestClient, make_key: MakeKey, database: Engine, api_services: Services
) -> None:
    headers = make_key("events:write")
    written: list[str] = []

    def watch(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE api_keys"):
            written.append(statement)

    event.listen(api_services.database, "before_cursor_execute", watch)
    for _ in range(3):
        client.post(EVENTS, json=an_event(), headers=headers)
    assert len(written) == 1
    with database.begin() as connection:
        first = connection.scalars(select(tables.api_keys.c.last_used_at)).one()
        connection.execute(update(tables.api_keys).values(last_used_at=first - timedelta(minutes=2)))
    written.clear()
    client.post(EVENTS, json=an_event(), headers=headers)
    assert len(written) == 1


def test_through_an_outage_a_key_used_lately_sends_events_and_does_nothing_else(
    client: TestClient, admin: dict[str, str], make_key: MakeKey, api_services: Services, kinesis: Recorder
) -> None:
    lately, never, reader = make_key("events:write"), make_key("events:write"), make_key("risk:read")
    revoked = client.post(KEYS, json=NEW, headers=admin).json()
    for headers in (lately, {"X-API-Key": revoked["key"]}):
        assert client.post(EVENTS, json=an_event(), headers=headers).status_code == 202
    client.get("/api/v1/risk/live", headers=reader)
    client.post(f"{KEYS}/{revoked['id']}/revoke", headers=admin)
    up = api_services.database
    api_services.database = create_pool("postgresql://risk@127.0.0.1:1/risk", application="test")
    try:
        assert client.post(EVENTS, json=an_event(), headers=lately).status_code == 202
        assert client.post(EVENTS, json=an_event(), headers=never).status_code == 503
        assert client.post(EVENTS, json=an_event(), headers=reader).status_code == 403
        assert client.post(EVENTS, json=an_event(), headers={"X-API-Key": revoked["key"]}).status_code == 503
        assert client.get("/api/v1/risk/live", headers=lately).status_code == 503
        api_services.live = valkey_live.connect("127.0.0.1", 1)
        both = TestClient(app_on(api_services), raise_server_exceptions=False)
        assert both.post(EVENTS, json=an_event(), headers=lately).status_code == 503
    finally:
        api_services.database.dispose()
        api_services.database = up
    assert len(kinesis.puts) == 3


def test_what_is_kept_for_an_outage_ends_with_the_key(api_services: Services) -> None:
    store = valkey_of(api_services)
    valkey_live.remember_api_key(store, b"one", b"{}", seconds=60)
    valkey_live.remember_api_key(store, b"two", b"{}", seconds=10**9)
    left = [store.ttl(valkey_live._api_key(name)) for name in (b"one", b"two")]
    assert 0 < left[0] <= 60 < left[1] <= valkey_live.API_KEY_SECONDS
