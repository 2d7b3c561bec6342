"""One box finds everything that the caller may read."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from risk.domain.permissions import Permission, Role
from risk.store.db import tables
from tests.integration.test_api.conftest import MakeHeaders, MakeKey
from tests.integration.test_api.support import make_assessment, open_alert, store

EVENT = "7f0c1d3e-6f0b-4f6e-9a49-6c5d1c3b7e10"


@pytest.fixture
def stored(database: Engine) -> None:
    store(
        database,
        make_assessment(
            1,
            event_id=EVENT,
            account_id="Customer-1042",
            counterparty_id="merchant-77",
            device_id="dv-9f21",
            ip="10.1.2.3",
            attributes={"card_token": "tok-4711", "email": "Ada@Example.com"},
        ),
        make_assessment(2, account_id="customer-1043", ip="10.1.2.9", attributes={"card": 4711}),
        make_assessment(3, account_id="customer-2000", ip="10.2.0.1", attributes={"card": {"number": "1"}, "email": 3}),
    )


def find(client: TestClient, headers: dict[str, str], wanted: str, **more: Any) -> dict[str, list[str]]:
    answer = client.get("/api/v1/search", params={"text": wanted, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, list[str]] = {}
    for item in answer.json()["items"]:
        found.setdefault(item["kind"], []).append(item["name"])
    return found


@pytest.mark.parametrize(
    ("wanted", "kind", "names"),
    [
        (EVENT, "event", [EVENT]),
        ("7f0c1d3e6f", "event", [EVENT]),
        ("customer-1042", "account", ["Customer-1042"]),
        ("CUSTOMER-10", "account", ["Customer-1042", "customer-1043"]),
        ("custmer-2000", "account", ["customer-2000"]),
        ("merchant-7", "counterparty", ["merchant-77"]),
        ("dv-9", "device", ["dv-9f21"]),
        ("dv-9f12", "device", ["dv-9f21"]),
        ("10.1.2.3", "ip", ["10.1.2.3"]),
        ("10.1.0.0/16", "ip", ["10.1.0.0/16", "10.1.2.3", "10.1.2.9"]),
        ("tok-47", "card", ["tok-4711"]),
        ("4711", "card", ["4711"]),
        ("ada@", "email", ["ada@example.com"]),
        ("example.com", "email_domain", ["example.com"]),
    ],
)
def test_what_events_name_is_found_by_its_beginning_or_with_one_mistake(
    client: TestClient, sign_in: MakeHeaders, stored: None, wanted: str, kind: str, names: list[str]
) -> None:
    assert find(client, sign_in(Role.VIEWER), wanted)[kind] == names


def test_exact_matches_come_first_and_a_mistake_last(client: TestClient, sign_in: MakeHeaders, stored: None) -> None:
    items = client.get("/api/v1/search?text=4711", headers=sign_in(Role.VIEWER)).json()["items"]
    assert [(item["kind"], item["match"]) for item in items] == [("card", "exact")]
    items = client.get("/api/v1/search?text=471", headers=sign_in(Role.VIEWER)).json()["items"]
    assert [item["match"] for item in items] == ["prefix"]


def test_alerts_rules_lists_entries_and_users_are_found_by_who_may_read_them(
    client: TestClient, sign_in: MakeHeaders, make_key: MakeKey, database: Engine, stored: None
) -> None:
    alert = open_alert(database, account_id="ada")
    admin = sign_in(Role.ADMIN)
    new = {"name": "stolen_devices", "purpose": "deny", "subject": "device", "description": "Reported stolen"}
    assert client.post("/api/v1/lists", json=new, headers=admin).status_code == 201
    body = {"items": [{"value": "dv-0001"}], "reason": "a test"}
    assert client.post("/api/v1/lists/stolen_devices/entries", json=body, headers=admin).status_code == 200
    rule = {
        "name": "card_testing_burst",
        "owner": "payments",
        "description": "Many small amounts.",
        "expression": "event.amount > 1.0",
        "points": 1.0,
        "reason_text": "amount {amount}",
    }
    made = client.post("/api/v1/rules", json=rule, headers=admin)
    assert made.status_code == 201, made.text

    assert find(client, admin, str(alert.id)[:8])["alert"] == [str(alert.id)]
    assert find(client, admin, "testing")["rule"] == ["card_testing_burst"]
    assert find(client, admin, "crad_testing_burst")["rule"] == ["card_testing_burst"]
    assert find(client, admin, "stolen")["list"] == ["stolen_devices"]
    assert find(client, admin, "dv-00")["list_entry"] == ["dv-0001"]
    me = client.get("/api/v1/auth/me", headers=admin).json()["email"]
    assert find(client, admin, me)["user"] == [me]
    # Who may not manage users does not learn of them, nor a machine of what its key does not hold.
    assert "user" not in find(client, sign_in(Role.ANALYST), me)
    machine = make_key(Permission.RISK_READ)
    assert "event" in find(client, machine, EVENT)
    assert find(client, machine, "stolen") == find(client, machine, "testing") == {}
    assert client.get("/api/v1/search?text=ada", headers=make_key(Permission.EVENTS_WRITE)).status_code == 403


def test_a_search_is_audited_and_what_was_typed_can_be_erased(
    client: TestClient, sign_in: MakeHeaders, database: Engine, stored: None
) -> None:
    find(client, sign_in(Role.ANALYST), "customer-1042")
    with database.connect() as connection:
        actions = connection.scalars(select(tables.audit_log.c.action)).all()
        kept = set(connection.scalars(select(tables.audit_personal.c.value)))
    assert list(actions) == ["search"]
    assert "customer-1042" in kept


def test_values_that_no_index_can_hold_are_stored_and_not_found(
    client: TestClient, sign_in: MakeHeaders, database: Engine
) -> None:
    store(database, make_assessment(1, attributes={"card": "4" * 3_000, "email": "a@" + "b" * 900, "email_domain": ""}))
    assert find(client, sign_in(Role.VIEWER), "4444") == {}


@pytest.mark.parametrize("wanted", ["%", "'; --", "a\\", "٣٣٣٣", "😀😀", "--------", "  ", "::/0", "0.0.0.0/0"])
def test_no_text_breaks_it(client: TestClient, sign_in: MakeHeaders, stored: None, wanted: str) -> None:
    answer = client.get("/api/v1/search", params={"text": wanted}, headers=sign_in(Role.ADMIN))
    assert answer.status_code in {200, 422}
