"""Packs on the real API and Postgres: installed by the command, again, upgraded, and removed; all of it or nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from typer.testing import CliRunner, Result

from functions.api.http.services import Services
from infra.cli import app
from infra.commands import pack as command
from infra.commands.shared.api_session import ApiSession
from risk.domain.permissions import Role
from risk.features.definitions.definition import Definition
from risk.packs.folder import read_pack, shipped
from risk.packs.pack import Pack
from risk.store.db import tables
from risk.store.engine_state import defined_states
from risk.store.engine_state.defined_states import Backfilled
from tests.integration.test_api.conftest import MakeHeaders
from tests.integration.test_api.support import NOW, make_assessment, store

URL = "/api/v1/packs"
Headers = dict[str, str]
DEFINITION: dict[str, Any] = {
    "name": "room_guests_1d",
    "key": ["attributes.room"],
    "aggregate": "distinct",
    "field": "account_id",
    "window": "1d",
    "unit": "guests",
    "meaning": "different guests of the room in the day before",
}
PACK: dict[str, Any] = {
    "name": "hotel",
    "version": 1,
    "title": "Hotel",
    "description": "Guests and rooms.",
    "event_types": {"hotel.check_in": {"family": "other", "noun": "check-in"}},
    "definitions": [DEFINITION],
    "rules": [
        {
            "name": "crowded_room",
            "expression": 'features.room_guests_1d >= 5.0 && !in_list("dormitories", event.counterparty_id)',
            "points": 1.0,
            "reason_text": "{features.room_guests_1d:.0f} guests in one room",
        },
        {"name": "night_check_in", "expression": "event.hour < 4", "points": 0.5, "reason_text": "at night"},
    ],
    "lists": [{"name": "dormitories", "purpose": "allow", "subject": "counterparty", "entries": ["hostel-1"]}],
    "knowledge": [{"name": "hotel-policy", "text": "# Rooms\n\nA room for two has two guests, and no more."}],
}


class Install(Protocol):
    def __call__(self, headers: Headers | None = None, fails: int = 200, **body: Any) -> dict[str, Any]: ...


@pytest.fixture
def install(client: TestClient, admin: Headers) -> Install:
    def run(headers: Headers | None = None, fails: int = 200, **body: Any) -> dict[str, Any]:
        sent = {"pack": PACK} | body
        answer = client.put(f"{URL}/{sent['pack']['name']}", json=sent, headers=headers or admin)
        assert answer.status_code == fails, answer.text
        return dict(answer.json())

    return run


def backfill(database: Engine, *definitions: Definition) -> None:
    """As an engine notes it once it has computed them."""
    with database.begin() as connection:
        defined_states.finish(connection, [Backfilled(one.signature, 1_000, 900, 40, 4_000) for one in definitions])


def changed(outcome: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["change"] for one in outcome["changes"]}


def status_of(client: TestClient, headers: Headers, kind: str) -> dict[str, str]:
    return {one["name"]: one["status"] for one in client.get(f"/api/v1/{kind}", headers=headers).json()["items"]}


def test_a_pack_waits_for_its_backfill_goes_on_and_installed_again_changes_nothing(
    client: TestClient, admin: Headers, install: Install, database: Engine
) -> None:
    first = install()
    assert changed(first) == {
        "hotel.check_in": "registered",
        "dormitories": "created with 1 entries",
        "hotel-policy": "created",
        "room_guests_1d": "created, moved to backfilled",
        "night_check_in": "created, moved to shadow",
    }
    assert first["waiting"] == [
        "definition room_guests_1d: is being backfilled",
        "rule crowded_room: reads room_guests_1d, not live yet",
    ]
    backfill(database, Definition.model_validate(DEFINITION))
    assert changed(install()) == {"room_guests_1d": "moved to live", "crowded_room": "created, moved to shadow"}
    again = install()
    assert (again["changes"], again["waiting"], again["unchanged"]) == ([], [], 6)
    assert changed(install(rules="live")) == {"crowded_room": "moved to live", "night_check_in": "moved to live"}
    # What is live stays so, however far the pack is asked to take its rules.
    assert install(rules="draft")["changes"] == []
    assert status_of(client, admin, "rules") == {"crowded_room": "live", "night_check_in": "live"}
    assert client.get("/api/v1/event-types", headers=admin).text.count("hotel.check_in") == 1
    found = client.get(f"{URL}/hotel", headers=admin).json()
    assert (found["installed_version"], found["shipped_version"], found["installed_by"]) == (
        1,
        None,
        "admin@risk.local",
    )
    assert found["pack"]["rules"][0]["owner"] == "pack hotel"
    subjects = {row["subject"] for row in client.get("/api/v1/audit/logs", headers=admin).json()["items"]}
    assert "pack:hotel" in subjects


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    client: TestClient, admin: Headers, install: Install
) -> None:
    tried = install(dry_run=True)
    assert tried["dry_run"]
    assert len(tried["changes"]) == 5
    assert client.get(f"{URL}/hotel", headers=admin).status_code == 404
    assert status_of(client, admin, "rules") == {}
    assert install()["changes"] == tried["changes"]


def test_what_others_made_is_never_changed_and_then_nothing_of_the_pack_is_installed(
    client: TestClient, admin: Headers, install: Install
) -> None:
    own = {"name": "night_check_in", "owner": "ada", "expression": "event.hour < 5", "points": 1, "reason_text": "late"}
    assert client.post("/api/v1/rules", json=own, headers=admin).status_code == 201
    refused = install(fails=409)
    assert "there is another rule night_check_in, which this pack did not make" in refused["detail"]
    assert client.get("/api/v1/lists", headers=admin).json()["items"] == []
    assert status_of(client, admin, "definitions") == {}


def test_an_upgrade_writes_new_versions_and_retires_what_is_gone(
    client: TestClient, admin: Headers, install: Install, database: Engine
) -> None:
    install()
    backfill(database, Definition.model_validate(DEFINITION))
    install(rules="live")
    edited = PACK["rules"][0] | {"points": 2.0}
    newer = PACK | {"version": 2, "rules": [edited], "knowledge": []}
    assert changed(install(pack=newer)) == {
        "night_check_in": "moved to archived",
        "crowded_room": "version 2 written, moved to shadow",
        "hotel-policy": "removed",
    }
    rule = next(
        one for one in client.get("/api/v1/rules", headers=admin).json()["items"] if one["name"] == "crowded_room"
    )
    assert (rule["stage"]["live_version"], rule["stage"]["shadow_version"]) == (1, 2)
    assert "which is newer than 1" in install(fails=409)["detail"]


def test_a_removed_pack_leaves_what_others_added_and_can_be_installed_again(
    client: TestClient, admin: Headers, install: Install, database: Engine
) -> None:
    install()
    backfill(database, Definition.model_validate(DEFINITION))
    install(rules="live")
    more = {"items": [{"value": "hostel-2"}], "reason": "a big room"}
    client.post("/api/v1/lists/dormitories/entries", json=more, headers=admin)
    removed = client.delete(f"{URL}/hotel", headers=admin).json()
    assert changed(removed) == {
        "crowded_room": "moved to archived",
        "night_check_in": "moved to archived",
        "room_guests_1d": "moved to archived",
        "dormitories": "kept: others added 1 entries to it",
        "hotel-policy": "removed",
        "hotel.check_in": "removed",
    }
    assert client.delete(f"{URL}/hotel", headers=admin).status_code == 404
    assert client.get(f"{URL}/hotel", headers=admin).status_code == 404
    back = changed(install())
    assert back["room_guests_1d"] == "moved to draft, moved to backfilled"
    assert back["night_check_in"] == "moved to draft, moved to shadow"


def test_a_definition_that_another_rule_reads_keeps_the_whole_pack_installed(
    client: TestClient, admin: Headers, install: Install, database: Engine
) -> None:
    install()
    backfill(database, Definition.model_validate(DEFINITION))
    install()
    own = {"name": "mine", "owner": "ada", "expression": "features.room_guests_1d > 9.0", "points": 1}
    made = client.post("/api/v1/rules", json=own | {"reason_text": "full"}, headers=admin).json()
    client.post(f"/api/v1/rules/{made['id']}/transition", json={"to": "shadow", "reason": "x"}, headers=admin)
    refused = client.delete(f"{URL}/hotel", headers=admin)
    assert refused.status_code == 409
    assert "features.room_guests_1d is read by mine" in refused.json()["detail"]
    assert status_of(client, admin, "rules")["crowded_room"] == "shadow"


def test_a_second_person_puts_live_what_the_first_installed(
    sign_in: MakeHeaders, client: TestClient, admin: Headers, install: Install, database: Engine, api_services: Services
) -> None:
    api_services.settings = api_services.settings.model_copy(update={"rule_approval": True})
    install(rules="live")
    backfill(database, Definition.model_validate(DEFINITION))
    assert install(rules="live")["waiting"] == [
        "definition room_guests_1d: you wrote version 1; someone else has to put it live",
        "rule crowded_room: reads room_guests_1d, not live yet",
        "rule night_check_in: you wrote version 1; someone else has to put it live",
    ]
    with database.begin() as connection:
        connection.execute(tables.users.update().values(email="first@risk.local"))
        for table in (tables.rule_versions, tables.definition_versions):
            connection.execute(table.update().values(created_by="first@risk.local"))
    assert changed(install(sign_in(Role.ADMIN), rules="live")) == {
        "room_guests_1d": "moved to live",
        "night_check_in": "moved to live",
        "crowded_room": "created, moved to shadow",
    }


PAGE: dict[str, Any] = {
    "sections": [
        {"kind": "rules", "title": "Found"},
        {"kind": "chart", "title": "Nights", "unit": "nights", "event_types": ["hotel.check_in"],
         "value": "attributes.nights", "by": "account_id", "hours": 48},
        {"kind": "table", "title": "Newest", "event_types": ["hotel.check_in"], "min_level": "HIGH",
         "columns": [{"path": "attributes.room", "title": "Room"}, {"path": "amount", "title": "Amount"},
                     {"path": "level", "title": "Level"}, {"path": "device_id", "title": "Device"}]},
    ]
}  # fmt: skip


def test_a_page_shows_the_events_and_hits_that_it_declares(
    client: TestClient, admin: Headers, sign_in: MakeHeaders, install: Install, database: Engine
) -> None:
    install(pack=PACK | {"page": PAGE})
    at = NOW - timedelta(hours=1)
    for number, score in enumerate((0.1, 0.6, 0.9)):
        attributes = {"room": number, "nights": 2.0 * number}
        fields = {"event_type": "hotel.check_in", "account_id": f"guest-{number % 2}", "attributes": attributes}
        store(database, make_assessment(number + 1, score, occurred_at=at, **fields))
    store(database, make_assessment(9, 0.9, occurred_at=at))  # of another type
    page = client.get(f"{URL}/hotel/page", headers=sign_in(Role.VIEWER)).json()
    rules, chart, table = page["sections"]
    assert [(one["name"], one["status"], one["live"]) for one in rules["items"]] == [("night_check_in", "shadow", 0)]
    courses = {one["name"]: [value for value in one["values"] if value is not None] for one in chart["series"]}
    assert courses == {"guest-0": [2.0], "guest-1": [2.0]}
    assert len(chart["times"]) == len(chart["series"][0]["values"])
    assert [[row["cells"]] for row in table["rows"]] == [
        [["2", "840.50 EUR", "CRITICAL", None]],
        [["1", "840.50 EUR", "HIGH", None]],
    ]
    assert client.get(f"{URL}/card-payments/page", headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"kind": "pie", "title": "x"}, "page.yaml: sections.0 must have"),
        (PAGE["sections"][1] | {"value": "account_id"}, "account_id is no number"),
        (PAGE["sections"][2] | {"columns": [{"path": "score2", "title": "x"}]}, "score2 is neither a field"),
    ],
)
def test_a_page_that_cannot_be_drawn_is_refused(risk: Any, tmp_path: Path, section: Any, said: str) -> None:
    assert said in risk("check", str(written(tmp_path, pack=HEAD, page={"sections": [section]})), fails=2).output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"definitions": []}, "rules: crowded_room: there is nothing called 'features.room_guests_1d'"),
        ({"lists": []}, "rules: crowded_room: line 1, column 44: list dormitories not found"),
        ({"rules": [PACK["rules"][1]] * 2}, "rules: night_check_in is there more than once"),
        ({"name": "other"}, "the pack that was sent is called hotel"),
    ],
)
def test_a_pack_that_is_not_whole_is_refused_with_its_fault(
    client: TestClient, admin: Headers, change: dict[str, Any], said: str
) -> None:
    name = change.pop("name", "hotel")
    answer = client.put(f"{URL}/{name}", json={"pack": PACK | change}, headers=admin)
    assert answer.status_code == 422
    assert said in answer.text.replace('\\"', '"'), answer.text


@pytest.fixture
def risk(client: TestClient, admin: Headers, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, as it reaches the API of this test."""

    def forward(request: httpx.Request) -> httpx.Response:
        headers = dict(request.headers)
        answer = client.request(request.method, str(request.url), content=request.content, headers=headers)
        return httpx.Response(answer.status_code, content=answer.content)

    token = admin["Authorization"].removeprefix("Bearer ")
    session = lambda url, *_: ApiSession(url, token=token, transport=httpx.MockTransport(forward))  # noqa: E731
    monkeypatch.setattr(command, "_session", session)

    def run(*arguments: str, fails: int = 0) -> Result:
        options = ["--url", "http://testserver", "--email", "a", "--password", "b"]
        offline = arguments[0] in ("check", "show")
        result = CliRunner().invoke(app, ["pack", *arguments, *([] if offline else options)])
        assert result.exit_code == fails, result.output
        return result

    return run


@pytest.mark.parametrize("name", list(shipped()))
def test_the_command_installs_each_shipped_pack_twice_and_removes_it(risk: Any, database: Engine, name: str) -> None:
    pack = shipped()[name]
    assert f"{name}: {pack.title}; version {pack.version}, not installed" in risk("list").output
    tried = json.loads(risk("install", name, "--dry-run", "--json").output)
    first = json.loads(risk("install", name, "--wait", "0", "--json").output)
    assert tried["changes"] == first["changes"]
    backfill(database, *pack.definitions)
    second = json.loads(risk("install", name, "--rules", "live", "--json").output)
    assert second["waiting"] == []
    with database.connect() as connection:
        live = connection.scalars(select(tables.rule_stages.c.live_version)).all()
    assert sum(number is not None for number in live) == len(pack.rules)
    third = risk("install", name, "--rules", "live").output
    assert (
        third == f"{name}, version {pack.version}: 0 changes, {sum(map(len, pack.names().values()))} parts unchanged\n"
    )
    assert "rule " in risk("remove", name, "--dry-run").output
    assert f"version {pack.version}, installed by admin@risk.local" in risk("list").output
    risk("remove", name)
    assert "not installed" in risk("list").output
    assert "is not installed" in risk("remove", name, fails=2).output


def written(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        (folder / f"{name.replace('_', '-')}.yaml").write_text(
            content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8"
        )
    return folder


HEAD = {name: PACK[name] for name in ("name", "version", "title", "description")}


def test_a_folder_is_a_pack_and_the_command_checks_it(risk: Any, tmp_path: Path) -> None:
    parts = {name: PACK[name] for name in ("definitions", "rules", "lists", "event_types")}
    folder = written(tmp_path, pack=HEAD, **parts)
    (folder / "knowledge").mkdir()
    (folder / "knowledge" / "hotel-policy.md").write_text(PACK["knowledge"][0]["text"], encoding="utf-8")
    assert read_pack(folder) == Pack.model_validate(PACK)
    assert "2 rules" in risk("check", str(folder)).output
    assert "definition room_guests_1d: created" in risk("install", str(folder), "--wait", "0").output


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pack": HEAD | {"version": 0}}, "pack.yaml: version must be at least 1"),
        ({"pack": HEAD | {"rules": []}}, "pack.yaml: rules has a file of its own, rules.yaml"),
        ({"pack": HEAD, "rule": []}, "rule.yaml is no part of a pack"),
        ({"pack": HEAD, "rules": "a: [b"}, "rules.yaml: is not YAML"),
        ({"pack": HEAD, "rules": {}}, "rules.yaml: must be a list"),
        ({"pack": HEAD, "rules": PACK["rules"]}, "rules.yaml: crowded_room: there is nothing"),
        ({"pack": HEAD, "rules": [PACK["rules"][1] | {"points": 9}]}, "rules.yaml: 0.points must be at most 5"),
        ({"pack": HEAD, "definitions": [DEFINITION | {"window": "1w"}]}, "definitions.yaml: 0.window has a form"),
        (
            {"pack": HEAD, "definitions": [DEFINITION | {"filter": "features.age > 1"}]},
            "definitions.yaml: room_guests_1d",
        ),
        ({"pack": HEAD, "lists": [PACK["lists"][0] | {"subject": "ip"}]}, "lists.yaml: 0 entries: "),
        ({}, "has no pack.yaml"),
    ],
)
def test_a_folder_that_is_no_pack_is_refused_with_the_file_and_its_fault(
    risk: Any, tmp_path: Path, files: dict[str, Any], said: str
) -> None:
    assert said in risk("check", str(written(tmp_path, **files)), fails=2).output
