"""Lists through the API: made, filled, emptied, and asked by rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, select

from risk.domain.permissions import Role
from risk.features.catalog import FEATURES
from risk.rules.evaluator import RuleSet
from risk.store.db import tables
from risk.store.rules import rules
from tests.integration.test_api.conftest import MakeHeaders
from tests.integration.test_api.support import an_event

URL = "/api/v1/lists"
Headers = dict[str, str]
NETS = {"name": "bad_nets", "purpose": "deny", "subject": "ip", "description": "Known for fraud."}
ASKING = {
    "name": "from_bad_net",
    "owner": "ada",
    "expression": 'in_list("bad_nets", event.ip)',
    "min_level": "HIGH",
    "reason_text": "address {ip} is on a list",
}


def make(client: TestClient, admin: Headers, **changes: Any) -> None:
    assert client.post(URL, json=NETS | changes, headers=admin).status_code == 201


def put(client: TestClient, admin: Headers, *values: str, expires_at: str | None = None) -> dict[str, Any]:
    body = {"items": [{"value": value, "expires_at": expires_at} for value in values], "reason": "seen in a case"}
    answer = client.post(f"{URL}/bad_nets/entries", json=body, headers=admin)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def hits(database: Engine, **changes: Any) -> int:
    with database.connect() as connection:
        _, active, lists = rules.current(connection)
    return len(RuleSet.build(active, lists).evaluate(an_event(**changes), [0.0] * len(FEATURES), uuid4()))


def test_a_list_is_made_filled_asked_and_emptied_and_remembers_who_and_why(
    client: TestClient, admin: Headers, viewer: Headers, database: Engine
) -> None:
    make(client, admin)
    rule_id = client.post("/api/v1/rules", json=ASKING, headers=admin).json()["id"]
    moved = client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "shadow", "reason": "x"}, headers=admin)
    assert moved.status_code == 200
    assert hits(database, ip="10.1.2.3") == 0
    assert put(client, admin, "10.1.0.0/16", "10.9.9.9", "10.9.9.9") == {"added": 2, "replaced": 0}
    assert put(client, admin, "10.9.9.9") == {"added": 0, "replaced": 1}
    assert (hits(database, ip="10.1.2.3"), hits(database, ip="10.9.9.9"), hits(database, ip="10.9.9.8")) == (1, 1, 0)
    shown = client.get(f"{URL}/bad_nets/entries", headers=viewer).json()["items"]
    assert [(one["value"], one["added_by"], one["reason"]) for one in shown] == [
        ("10.1.0.0/16", "admin@risk.local", "seen in a case"),
        ("10.9.9.9/32", "admin@risk.local", "seen in a case"),
    ]
    gone = {"values": ["10.1.0.0/16", "10.3.0.0/16"], "reason": "cleared"}
    assert client.post(f"{URL}/bad_nets/entries/remove", json=gone, headers=admin).json() == {"removed": 1}
    assert hits(database, ip="10.1.2.3") == 0
    with database.connect() as connection:
        c = tables.list_entries.c
        kept = connection.execute(
            select(c.removed_by, c.removal_reason).where(c.removed_at.is_not(None)).order_by(c.id)
        )
        assert [tuple(row) for row in kept] == [("admin@risk.local", "cleared"), ("admin@risk.local", "replaced")]


def test_entries_are_found_by_a_part_of_them_and_ranges_by_an_address_in_them(
    client: TestClient, admin: Headers, viewer: Headers
) -> None:
    make(client, admin)
    put(client, admin, "10.1.0.0/16", "10.9.9.9", "192.168.0.0/24")
    make(client, admin, name="devices", subject="device")
    body = {"items": [{"value": "Phone_1"}, {"value": "tablet%"}], "reason": "seen"}
    assert client.post(f"{URL}/devices/entries", json=body, headers=admin).status_code == 200

    def found(name: str, text: str) -> list[str]:
        answer = client.get(f"{URL}/{name}/entries", params={"text": text}, headers=viewer)
        assert answer.status_code == 200, answer.text
        return [one["value"] for one in answer.json()["items"]]

    assert found("bad_nets", "10.1.2.3") == ["10.1.0.0/16"]
    assert found("bad_nets", "10.") == ["10.1.0.0/16", "10.9.9.9/32"]
    assert found("bad_nets", "::1") == []
    assert found("devices", "phone") == ["Phone_1"]
    assert found("devices", "%") == ["tablet%"]
    assert found("devices", "10.1.2.3") == []


def test_an_entry_holds_for_events_before_it_expires(client: TestClient, admin: Headers, database: Engine) -> None:
    make(client, admin)
    rule_id = client.post("/api/v1/rules", json=ASKING, headers=admin).json()["id"]
    client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "shadow", "reason": "x"}, headers=admin)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=20)
    put(client, admin, "10.0.0.0/8", expires_at=until.isoformat())
    assert hits(database, ip="10.1.2.3", occurred_at=until.replace(year=until.year - 1).isoformat()) == 1
    assert hits(database, ip="10.1.2.3", occurred_at=until.isoformat()) == 0


def test_entries_that_are_not_valid_are_named_and_nothing_is_added(client: TestClient, admin: Headers) -> None:
    make(client, admin)
    body = {"items": [{"value": value} for value in ("10.0.0.1", "10.0.0.1/8", "here")], "reason": "x"}
    answer = client.post(f"{URL}/bad_nets/entries", json=body, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["items.1.value", "items.2.value"]
    for year in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        body = {"items": [{"value": "10.0.0.1", "expires_at": year}], "reason": "x"}
        assert client.post(f"{URL}/bad_nets/entries", json=body, headers=admin).status_code == 422
    past = {"items": [{"value": "10.0.0.1", "expires_at": "2026-01-01T00:00:00Z"}], "reason": "x"}
    answer = client.post(f"{URL}/bad_nets/entries", json=past, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "items.0.expires_at")
    gone = {"values": ["\x00"], "reason": "x"}
    answer = client.post(f"{URL}/bad_nets/entries/remove", json=gone, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "values.0")
    assert client.get(f"{URL}/bad_nets", headers=admin).json()["entries"] == 0


def test_a_list_that_a_rule_asks_for_stays(client: TestClient, admin: Headers) -> None:
    make(client, admin)
    put(client, admin, "10.0.0.1")
    rule_id = client.post("/api/v1/rules", json=ASKING, headers=admin).json()["id"]
    client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "shadow", "reason": "x"}, headers=admin)
    refused = client.delete(f"{URL}/bad_nets", params={"reason": "old"}, headers=admin)
    assert (refused.status_code, "from_bad_net" in refused.json()["detail"]) == (409, True)
    assert client.get(f"{URL}/bad_nets", headers=admin).json()["entries"] == 1
    client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "archived", "reason": "x"}, headers=admin)
    assert client.delete(f"{URL}/bad_nets", params={"reason": "old"}, headers=admin).status_code == 204
    assert client.get(f"{URL}/bad_nets", headers=admin).status_code == 404
    back = client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "draft", "reason": "x"}, headers=admin)
    assert back.status_code == 200
    again = client.post(f"/api/v1/rules/{rule_id}/transition", json={"to": "shadow", "reason": "x"}, headers=admin)
    assert (again.status_code, "list bad_nets not found" in again.json()["errors"][0]["detail"]) == (422, True)


def test_lists_are_described_anew_paged_and_named_once(client: TestClient, admin: Headers) -> None:
    for name in ("bbb", "aaa", "bad_nets"):
        make(client, admin, name=name)
    assert client.post(URL, json=NETS, headers=admin).status_code == 409
    changed = client.put(f"{URL}/aaa", json={"purpose": "watch", "description": "new"}, headers=admin).json()
    assert (changed["purpose"], changed["description"], changed["subject"]) == ("watch", "new", "ip")
    first = client.get(URL, params={"limit": 2}, headers=admin).json()
    rest = client.get(URL, params={"limit": 2, "cursor": first["next_cursor"]}, headers=admin).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["aaa", "bad_nets", "bbb"]
    put(client, admin, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
    gone = {"values": ["10.0.0.4"], "reason": "x"}
    assert client.post(f"{URL}/bad_nets/entries/remove", json=gone, headers=admin).json() == {"removed": 1}
    first = client.get(f"{URL}/bad_nets/entries", params={"limit": 2}, headers=admin).json()
    rest = client.get(f"{URL}/bad_nets/entries", params={"cursor": first["next_cursor"]}, headers=admin).json()
    assert [one["value"] for one in first["items"] + rest["items"]] == ["10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32"]


def test_of_two_who_say_what_a_list_is_for_the_second_is_told(client: TestClient, admin: dict[str, str]) -> None:
    new = {"name": "bad", "purpose": "deny", "subject": "account"}
    read = client.post("/api/v1/lists", json=new, headers=admin).headers["etag"]
    assert client.get("/api/v1/lists/bad", headers=admin).headers["etag"] == read
    change = {"purpose": "watch", "description": "seen"}
    first = client.put("/api/v1/lists/bad", json=change, headers=admin | {"If-Match": read})
    assert (first.status_code, first.headers["etag"] != read) == (200, True)
    second = client.put("/api/v1/lists/bad", json=change, headers=admin | {"If-Match": read})
    assert (second.status_code, second.json()["type"]) == (412, "urn:problem:stale")


def test_an_entry_that_is_no_address_does_not_break_the_search_for_one(
    client: TestClient, admin: Headers, database: Engine
) -> None:
    make(client, admin)
    told = {"list_name": NETS["name"], "reason": "old", "added_at": datetime.now(UTC), "added_by": "a"}
    with database.begin() as connection:
        connection.execute(
            insert(tables.list_entries), [told | {"value": one} for one in ("fe80::1%eth0", "10.1.0.0/16")]
        )
    for text, found in (("10.1.2.3", ["10.1.0.0/16"]), ("::ffff:10.1.2.3", ["10.1.0.0/16"]), ("fe80::1%1", [])):
        answer = client.get(f"{URL}/bad_nets/entries", params={"text": text}, headers=admin)
        assert answer.status_code == 200
        assert [item["value"] for item in answer.json()["items"]] == found


def test_an_analyst_keeps_what_is_on_a_list_and_an_admin_the_list(
    client: TestClient, admin: Headers, sign_in: MakeHeaders
) -> None:
    analyst = sign_in(Role.ANALYST)
    assert client.post(URL, json=NETS, headers=analyst).status_code == 403
    make(client, admin)
    assert put(client, analyst, "10.1.0.0/16") == {"added": 1, "replaced": 0}
    gone = {"values": ["10.1.0.0/16"], "reason": "cleared"}
    assert client.post(f"{URL}/bad_nets/entries/remove", json=gone, headers=analyst).json() == {"removed": 1}
    assert client.delete(f"{URL}/bad_nets", params={"reason": "old"}, headers=analyst).status_code == 403
