"""The registry of event types through the API."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from risk.store.engine_state import unregistered_types
from tests.integration.test_api.support import NOW, Recorder

URL = "/api/v1/event-types"
LOAD: dict[str, Any] = {
    "family": "payment", "noun": "gift card load", "amounts": "outgoing", "required": ["amount"],
}  # fmt: skip
EVENT = {"event_type": "gift_card.load", "occurred_at": "2026-01-31T09:30:00Z", "account_id": "ada"}


def names(answer: Any) -> dict[str, Any]:
    return {item["name"]: item for item in answer.json()["items"]}


def test_a_type_is_registered_changed_and_removed_each_as_a_version_of_the_configuration(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    assert "gift_card.load" not in names(client.get(URL, headers=admin))
    made = client.put(f"{URL}/gift_card.load", json=LOAD | {"reason": "went live"}, headers=admin)
    assert made.status_code == 200
    assert made.json() == LOAD | {"name": "gift_card.load", "shipped": False}
    configuration = client.get("/api/v1/config", headers=admin).json()
    assert (configuration["version"], configuration["reason"]) == (2, "went live")
    assert configuration["event_types"] == {"gift_card.load": LOAD}
    assert len(kinesis.puts) == 1  # the dashboards are told
    changed = client.put("/api/v1/config", headers=admin, json={
        "thresholds": configuration["thresholds"], "alert_policy": configuration["alert_policy"], "reason": "same",
    })  # fmt: skip
    assert changed.json()["event_types"] == {"gift_card.load": LOAD}
    assert client.delete(f"{URL}/gift_card.load", headers=admin).status_code == 204
    assert "gift_card.load" not in names(client.get(URL, headers=admin))
    assert client.delete(f"{URL}/gift_card.load", headers=admin).status_code == 404
    client.post("/api/v1/config/rollback", json={"version": 2, "reason": "back"}, headers=admin)
    assert "gift_card.load" in names(client.get(URL, headers=admin))


def test_a_shipped_type_can_be_understood_otherwise_and_back(client: TestClient, admin: dict[str, str]) -> None:
    client.put(f"{URL}/refund", json={"family": "other", "noun": "refund"}, headers=admin)
    assert names(client.get(URL, headers=admin))["refund"]["family"] == "other"
    client.delete(f"{URL}/refund", headers=admin)
    found = names(client.get(URL, headers=admin))["refund"]
    assert (found["family"], found["shipped"]) == ("payment", True)


def test_a_change_is_audited_with_what_was_before(client: TestClient, admin: dict[str, str]) -> None:
    client.put(f"{URL}/gift_card.load", json=LOAD, headers=admin)
    client.put(f"{URL}/gift_card.load", json=LOAD | {"noun": "load"}, headers=admin)
    [newest, *_] = client.get("/api/v1/audit/logs", headers=admin).json()["items"]
    assert newest["details"]["before"] == {"gift_card.load": LOAD}
    assert newest["details"]["after"]["gift_card.load"]["noun"] == "load"


def test_a_whole_registry_is_replaced_as_from_a_file(client: TestClient, admin: dict[str, str]) -> None:
    client.put(f"{URL}/first", json=LOAD, headers=admin)
    replaced = client.put(URL, json={"event_types": {"second": LOAD}}, headers=admin)
    assert replaced.status_code == 200
    assert "second" in names(replaced)
    assert "first" not in names(replaced)


def test_names_and_entries_that_mean_nothing_are_refused_and_only_admins_may_change(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str]
) -> None:
    assert client.put(f"{URL}/Gift", json=LOAD, headers=admin).status_code == 422
    assert client.put(f"{URL}/gift", json=LOAD | {"required": ["colour"]}, headers=admin).status_code == 422
    assert client.put(f"{URL}/gift", json=LOAD | {"noun": "  "}, headers=admin).status_code == 422
    assert client.put(f"{URL}/gift", json=LOAD, headers=analyst).status_code == 403
    assert client.get(URL, headers=analyst).status_code == 200


def test_two_who_change_at_once_do_not_overwrite_each_other(client: TestClient, admin: dict[str, str]) -> None:
    tag = client.get(URL, headers=admin).headers["etag"]
    first = client.put(f"{URL}/a", json=LOAD, headers=admin | {"if-match": tag})
    assert first.status_code == 200
    assert client.put(f"{URL}/b", json=LOAD, headers=admin | {"if-match": tag}).status_code == 412


def test_an_unregistered_type_is_accepted_said_and_shown_with_its_count(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    answer = client.post("/api/v1/events", json=EVENT, headers=admin)
    assert answer.status_code == 202
    assert answer.json()["notes"] == ["event type gift_card.load is not registered; the event is scored as other"]
    with database.begin() as connection:
        unregistered_types.count(connection, ["gift_card.load", "gift_card.load", "coffee.break"], NOW)
    [first, second] = client.get(URL, headers=admin).json()["unregistered"]
    assert (first["name"], first["events"], second["name"]) == ("gift_card.load", 2, "coffee.break")
    client.put(f"{URL}/gift_card.load", json=LOAD, headers=admin)
    assert [one["name"] for one in client.get(URL, headers=admin).json()["unregistered"]] == ["coffee.break"]
    refused = client.post("/api/v1/events", json=EVENT, headers=admin)
    assert refused.status_code == 422
    assert "amount must be given, since events of type gift_card.load require it" in refused.text


def test_made_up_types_do_not_fill_the_table(database: Engine) -> None:
    with database.begin() as connection:
        unregistered_types.count(connection, (f"made_{number}" for number in range(1_200)), NOW)
        unregistered_types.count(connection, ["made_7"], NOW)
        found = unregistered_types.page(connection)
    assert len(found) == unregistered_types.MOST
    assert (found[0].event_type, found[0].events) == ("made_7", 2)


def test_a_rule_about_a_type_is_checked_against_the_registry(client: TestClient, admin: dict[str, str]) -> None:
    draft = {"expression": 'event.event_type == "gift_card.load" && event.family == "payment"'}
    before = client.post("/api/v1/rules/validate", json=draft, headers=admin).json()
    assert "the type 'gift_card.load' is not registered" in before["errors"][0]["detail"]
    client.put(f"{URL}/gift_card.load", json=LOAD, headers=admin)
    assert client.post("/api/v1/rules/validate", json=draft, headers=admin).json()["valid"] is True
