"""Every value is a place: what a device, an address or a card did, shares, and which lists and alerts hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from risk.domain.permissions import Role
from risk.store.db import tables
from tests.integration.test_api.conftest import MakeHeaders
from tests.integration.test_api.support import make_assessment, open_alert, store


@pytest.fixture
def stored(database: Engine) -> None:
    shared: dict[str, Any] = {
        "device_id": "dv-1",
        "ip": "10.1.2.3",
        "attributes": {"card": "c-1", "email": "x@mail.test"},
    }
    store(
        database,
        make_assessment(1, account_id="ada", **shared),
        make_assessment(2, 0.95, account_id="bob", **shared),
        make_assessment(3, account_id="bob", device_id="dv-2", ip="10.1.2.4"),
        make_assessment(4, account_id="eve", ip="10.9.0.1"),
    )


def get(client: TestClient, headers: dict[str, str], path: str, value: str, **more: Any) -> Any:
    answer = client.get(f"/api/v1/entities/{path}", params={"value": value, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("kind", "value", "events", "accounts"),
    [
        ("device", "dv-1", 2, {"ada", "bob"}),
        ("ip", "10.1.2.3", 2, {"ada", "bob"}),
        ("ip", "10.1.2.0/24", 3, {"ada", "bob"}),
        ("card", "c-1", 2, {"ada", "bob"}),
        ("email", "X@mail.test", 2, {"ada", "bob"}),
        ("email_domain", "@mail.test", 2, {"ada", "bob"}),
        ("account", "bob", 2, {"shop"}),
    ],
)
def test_an_entity_tells_of_its_events_and_whom_it_met(
    client: TestClient, sign_in: MakeHeaders, stored: None, kind: str, value: str, events: int, accounts: set[str]
) -> None:
    found = get(client, sign_in(Role.VIEWER), kind, value)
    assert (found["events"], {one["id"] for one in found["related"]}) == (events, accounts)


def test_what_it_shares_is_grouped_by_kind_the_riskiest_first(
    client: TestClient, sign_in: MakeHeaders, stored: None
) -> None:
    found = get(client, sign_in(Role.VIEWER), "device/sharing", "dv-1", limit=1)
    kinds = {one["kind"]: one for one in found["kinds"]}
    assert set(kinds) == {"account", "counterparty", "ip", "card", "email", "email_domain"}
    assert kinds["account"]["total"] == 2
    [riskiest] = kinds["account"]["items"]
    assert (riskiest["value"], riskiest["risky"], riskiest["level"]) == ("bob", 1, "CRITICAL")
    accounts = get(client, sign_in(Role.VIEWER), "device/sharing", "dv-1", only="account")
    assert [one["kind"] for one in accounts["kinds"]] == ["account"]


def test_its_alerts_are_those_that_hold_its_events(
    client: TestClient, sign_in: MakeHeaders, database: Engine, stored: None
) -> None:
    risky = make_assessment(9, 0.9, account_id="bob", device_id="dv-9")
    store(database, risky)
    alert = open_alert(database, 9, account_id="bob", event_id=risky.event_id)
    open_alert(database, 10, account_id="ada")
    with database.begin() as connection:
        connection.execute(insert(tables.alert_events).values(event_id=risky.event_id, alert_id=alert.id))
    found = get(client, sign_in(Role.VIEWER), "device/alerts", "dv-9")
    assert [one["id"] for one in found["items"]] == [str(alert.id)]


def test_the_lists_that_hold_it_now_are_told_with_ranges_and_without_what_has_expired(
    client: TestClient, sign_in: MakeHeaders, database: Engine
) -> None:
    admin = sign_in(Role.ADMIN)
    for name, subject in (("bad_ranges", "ip"), ("bad_devices", "device")):
        new = {"name": name, "purpose": "deny", "subject": subject, "description": "A test"}
        assert client.post("/api/v1/lists", json=new, headers=admin).status_code == 201
    for name, value in (("bad_ranges", "10.1.0.0/16"), ("bad_devices", "dv-1")):
        body = {"items": [{"value": value}], "reason": "a test"}
        assert client.post(f"/api/v1/lists/{name}/entries", json=body, headers=admin).status_code == 200
    past = datetime.now(UTC) - timedelta(days=1)
    entry = {"list_name": "bad_devices", "value": "dv-2", "reason": "old", "added_by": "ada", "added_at": past}
    with database.begin() as connection:
        connection.execute(insert(tables.list_entries).values(**entry, expires_at=past))
    held = {
        (kind, value): [one["list_name"] for one in get(client, admin, f"{kind}/lists", value)["items"]]
        for kind, value in (("ip", "10.1.2.3"), ("ip", "10.2.0.1"), ("device", "dv-1"), ("device", "dv-2"))
    }
    assert held == {
        ("ip", "10.1.2.3"): ["bad_ranges"],
        ("ip", "10.2.0.1"): [],
        ("device", "dv-1"): ["bad_devices"],
        ("device", "dv-2"): [],
    }
    assert not get(client, admin, "card/lists", "c-1")["listable"]


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [("device", "unknown", 404), ("ip", "0.0.0.0/0", 422), ("ip", "x", 422), ("card", "\x00", 422), ("no", "x", 422)],
)
def test_what_is_not_there_or_means_nothing_is_said(
    client: TestClient, sign_in: MakeHeaders, database: Engine, path: str, value: str, status: int
) -> None:
    answer = client.get(f"/api/v1/entities/{path}", params={"value": value}, headers=sign_in(Role.VIEWER))
    assert answer.status_code == status
