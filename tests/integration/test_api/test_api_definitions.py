"""Definitions of features through the API: written, previewed, backfilled, live, undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, select

from functions.api.http.services import Services
from risk.features.definitions.definition import MAX_LIVE, Definition
from risk.store.db import tables
from risk.store.engine_state import defined_states
from risk.store.engine_state.defined_states import Backfilled
from tests.integration.test_api.support import NOW, make_assessment, store

URL = "/api/v1/definitions"
Headers = dict[str, str]
DEFINITION: dict[str, Any] = {
    "name": "device_web_accounts_7d",
    "key": ["device_id"],
    "aggregate": "distinct",
    "field": "account_id",
    "window": "7d",
    "filter": 'event.channel == "web"',
    "unit": "accounts",
    "meaning": "different accounts that used the device on the web in the 7 days before",
    "direction": "higher_is_riskier",
}
EDIT = {name: value for name, value in DEFINITION.items() if name != "name"} | {"base_version": 1}


def written(client: TestClient, headers: Headers, **changes: Any) -> dict[str, Any]:
    answer = client.post(URL, json=DEFINITION | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def move(client: TestClient, headers: Headers, definition_id: str, to: str, **more: Any) -> Any:
    body = {"to": to, "reason": "a test"} | more
    return client.post(f"{URL}/{definition_id}/transition", json=body, headers=headers)


@pytest.fixture
def computed(database: Engine) -> None:
    """An engine that has backfilled all that these tests define."""
    windows = [DEFINITION, DEFINITION | {"window": "30d"}]
    with database.begin() as connection:
        defined_states.finish(
            connection,
            [Backfilled(Definition.model_validate(one).signature, 1_000, 900, 40, 4_000) for one in windows],
        )


@pytest.mark.usefixtures("computed")
def test_a_definition_goes_from_draft_to_live_and_back_with_every_step_in_its_history(
    client: TestClient, analyst: Headers, admin: Headers
) -> None:
    made = written(client, analyst)
    assert made["status"] == "draft"
    refused = move(client, admin, made["id"], "live")
    assert refused.status_code == 409
    assert "version 1 is draft; from there it can become archived or backfilled, not live" in refused.text

    assert move(client, admin, made["id"], "backfilled").json()["status"] == "backfilled"
    assert move(client, admin, made["id"], "live").json()["stage"] == {
        "live_version": 1, "backfilled_version": None, "archived": False,
    }  # fmt: skip
    edited = client.put(f"{URL}/{made['id']}", json=EDIT | {"window": "30d"}, headers=analyst).json()
    assert (edited["status"], edited["latest"]["version"], edited["latest"]["window"]) == ("live", 2, "30d")
    assert move(client, admin, made["id"], "backfilled").json()["stage"]["backfilled_version"] == 2
    assert move(client, admin, made["id"], "live").json()["stage"]["live_version"] == 2

    undone = client.post(f"{URL}/{made['id']}/rollback", json={"reason": "30 days say less"}, headers=admin).json()
    assert undone["stage"] == {"live_version": 1, "backfilled_version": 2, "archived": False}
    assert [one["version"] for one in undone["versions"]] == [2, 1]
    assert [one["number"] for one in undone["stages"]] == [6, 5, 4, 3, 2, 1]
    assert move(client, admin, made["id"], "archived").json()["status"] == "archived"
    assert [one["name"] for one in client.get(f"{URL}?status=archived", headers=analyst).json()["items"]] == [
        DEFINITION["name"]
    ]


def test_every_change_of_a_definition_is_in_the_audit_log(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    made = written(client, analyst)
    move(client, admin, made["id"], "backfilled")
    with database.connect() as connection:
        log = tables.audit_log.c
        found = connection.execute(select(log.subject, log.action).order_by(log.seq)).all()
    about = f"definition:{made['id']}"
    assert [tuple(row) for row in found] == [(about, "create_definition"), (about, "move_definition")]


def test_a_version_goes_live_only_once_the_engine_has_backfilled_it(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    made = written(client, analyst)
    waiting = move(client, admin, made["id"], "backfilled").json()
    assert waiting["versions"][0]["backfill"] is None
    refused = move(client, admin, made["id"], "live")
    assert (refused.status_code, "version 1 is still being backfilled" in refused.text) == (409, True)
    with database.begin() as connection:
        signature = Definition.model_validate(DEFINITION).signature
        defined_states.finish(connection, [Backfilled(signature, 1_000, 900, 40, 4_000)])
    live = move(client, admin, made["id"], "live").json()
    assert live["status"] == "live"
    assert live["versions"][0]["backfill"] == {"sequence": 1_000, "events": 900, "keys": 40, "bytes": 4_000}


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"key": ["colour"]}, "key", "colour is neither a field of an event nor attributes.<name>"),
        ({"key": ["ip", "ip"]}, "key", "the two fields must differ"),
        ({"aggregate": "sum"}, "field", "sum needs a number: amount or attributes.<name>"),
        ({"aggregate": "count"}, "field", "count takes none"),
        ({"field": None}, "field", "distinct needs one"),
        ({"window": "91d"}, "window", "from 1m to 90d"),
        ({"window": "30s"}, "window", "has a form"),
        ({"filter": "event.amount > 10"}, "filter", "a number with decimals meets a whole number"),
        ({"filter": "features.count_1h > 1.0"}, "filter", "a filter reads the event alone, not features.count_1h"),
        ({"filter": 'in_list("bad", event.ip)'}, "filter", "a filter reads the event alone, not list bad"),
        ({"colour": "red"}, "colour", "not a field of this request"),
    ],
)
def test_what_is_wrong_with_a_definition_is_said_where_it_is_and_it_is_not_stored(
    client: TestClient, analyst: Headers, changes: dict[str, Any], field: str, detail: str
) -> None:
    body = DEFINITION | changes
    found = client.post(f"{URL}/validate", json=body, headers=analyst).json()
    assert not found["valid"]
    assert found["errors"][0]["field"].startswith(field)
    assert detail in found["errors"][0]["detail"]
    assert client.post(URL, json=body, headers=analyst).status_code == 422
    assert client.get(URL, headers=analyst).json()["items"] == []


def test_a_name_that_a_feature_has_already_is_refused(client: TestClient, analyst: Headers) -> None:
    answer = client.post(URL, json=DEFINITION | {"name": "device_accounts_7d"}, headers=analyst)
    assert answer.status_code == 409
    assert "there is a feature device_accounts_7d already" in answer.text
    written(client, analyst)
    assert client.post(URL, json=DEFINITION, headers=analyst).status_code == 409


@pytest.mark.usefixtures("computed")
def test_the_author_of_a_version_cannot_put_it_live_where_two_persons_are_asked_for(
    client: TestClient, api_services: Services, admin: Headers, analyst: Headers
) -> None:
    api_services.settings = api_services.settings.model_copy(update={"rule_approval": True})
    own = written(client, admin)
    assert own["second_person"]
    assert move(client, admin, own["id"], "backfilled").status_code == 200
    refused = move(client, admin, own["id"], "live")
    assert (refused.status_code, "someone else has to put it live" in refused.text) == (403, True)
    others = written(client, analyst, name="others")
    assert move(client, admin, others["id"], "backfilled").status_code == 200
    assert move(client, admin, others["id"], "live").status_code == 200


@pytest.mark.usefixtures("computed")
def test_no_more_than_64_definitions_are_live(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    made = [written(client, analyst, name=f"device_accounts_no_{place}") for place in range(3)]
    for one in made[:2]:
        assert move(client, admin, one["id"], "backfilled").status_code == 200
        assert move(client, admin, one["id"], "live").status_code == 200
    with database.begin() as connection:
        copied = connection.execute(
            select(tables.definition_stages).where(tables.definition_stages.c.live_version.is_not(None)).limit(1)
        ).one()
        for place in range(MAX_LIVE - 2):
            head = {"id": uuid4(), "name": f"filler_{place}", "latest_version": 1, "stage": 1}
            connection.execute(insert(tables.definitions).values(**head, created_at=NOW, created_by="test"))
            stage = copied._asdict() | {"definition_id": head["id"], "number": 1}
            connection.execute(insert(tables.definition_stages).values(**stage))
    assert move(client, admin, made[2]["id"], "backfilled").status_code == 200
    refused = move(client, admin, made[2]["id"], "live")
    assert refused.status_code == 409
    assert "64 definitions are live, which is the most there can be" in refused.text
    assert move(client, admin, made[0]["id"], "archived").status_code == 200
    assert move(client, admin, made[2]["id"], "live").status_code == 200


def test_a_preview_says_values_keys_and_bytes_over_stored_events(
    client: TestClient, analyst: Headers, database: Engine
) -> None:
    past = [
        make_assessment(
            place,
            occurred_at=NOW - timedelta(days=8) + timedelta(hours=place),
            device_id=f"phone-{place % 4}" if place % 5 else None,
            account_id=f"account-{place % 20}",
            channel="web",
        )
        for place in range(200)
    ]
    store(database, *past)
    answer = client.post(f"{URL}/preview", json={"definition": DEFINITION}, headers=analyst)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["events"], found["with_value"], found["keys"]) == (200, 160, 4)
    assert found["bytes"] / found["keys"] == pytest.approx(found["bytes_per_key"], abs=0.1)
    assert found["largest_key_bytes"] >= found["bytes_per_key"] > 20
    assert found["complete"]
    assert found["quantiles"][-1] == {"share": 1.0, "value": 4.0}
    assert found["examples"][0]["value"] == 4.0
    assert found["standard_error"] == 0.046

    longer = {"definition": DEFINITION | {"window": "60d"}}
    assert not client.post(f"{URL}/preview", json=longer, headers=analyst).json()["complete"]
    newest = client.post(f"{URL}/preview", json={"definition": DEFINITION, "max_events": 10}, headers=analyst).json()
    assert newest["events"] == 10


def test_a_file_of_definitions_is_applied_and_again_changes_nothing(
    client: TestClient, analyst: Headers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml
    from typer.testing import CliRunner

    from infra.commands import definitions as command
    from infra.commands.shared import api_session

    class Signed:
        """The API of the test, for who is signed in already."""

        def __init__(self, url: str, **_: Any) -> None:
            self.url = url

        def request(self, method: str, path: str, **options: Any) -> Any:
            return client.request(method, f"{self.url}/{path}", headers=analyst, **options)

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(api_session, "ApiSession", Signed)
    file = tmp_path / "features.yaml"
    file.write_text(yaml.safe_dump([DEFINITION, DEFINITION | {"name": "another_one"}]))
    given = ["apply", str(file), "--url", "/api/v1", "--email", "a@example.com", "--password", "x"]
    run = CliRunner()
    first = run.invoke(command.app, given)
    assert first.output.count("created as a draft") == 2, first.output
    assert run.invoke(command.app, given).output.count("unchanged") == 2
    file.write_text(yaml.safe_dump([DEFINITION | {"window": "30d"}]))
    assert "version 2 written" in run.invoke(command.app, given).output
    file.write_text(yaml.safe_dump([DEFINITION | {"window": "30s"}]))
    wrong = run.invoke(command.app, ["check", str(file)])
    assert wrong.exit_code == 2
    assert "window" in wrong.output


@pytest.mark.usefixtures("computed")
def test_a_feature_that_the_decision_policy_reads_is_archived_only_after(client: TestClient, admin: Headers) -> None:
    definition_id = written(client, admin)["id"]
    for to in ("backfilled", "live"):
        assert move(client, admin, definition_id, to).status_code == 200
    rule = {"name": "farm", "action": "review", "when": f"features.{DEFINITION['name']} > 5.0"}
    policy = {"policy": {"rules": [rule], "fallback": "approve"}, "reason": "a test"}
    assert client.put("/api/v1/decisions/policy", json=policy, headers=admin).status_code == 200
    refused = move(client, admin, definition_id, "archived")
    assert refused.status_code == 409
    assert f"names the feature features.{DEFINITION['name']} (in its rule farm)" in refused.json()["detail"]
    policy["policy"] = {"rules": [], "fallback": "approve"}
    assert client.put("/api/v1/decisions/policy", json=policy, headers=admin).status_code == 200
    assert move(client, admin, definition_id, "archived").status_code == 200
