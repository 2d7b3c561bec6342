"""What the API logs, and how it shows and proves it."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from functions.api.http.app import create_app
from functions.api.http.dependencies import PUBLIC, Database, _transaction
from functions.api.http.services import Services
from risk.adapters.checkpoint_signers import FileSigner
from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from risk.audit.record import Outcome
from risk.domain.permissions import Role
from risk.store.audit import audit_log, checkpoints
from tests.integration.test_api.support import (
    PASSWORD,
    an_event,
    app_on,
    make_assessment,
    open_alert,
    settings_for,
    store,
)
from tests.routes import routes

MUTATING = {"POST", "PUT", "PATCH", "DELETE"}
# Events are data, not actions: each is kept as it came, with its assessment, and the engine logs what it raises.
NOT_LOGGED = {"send_events"}
# These commit before they answer, or store what they refuse: they log in a transaction of their own.
LOG_THEMSELVES = {"refresh", "register", "request_password_reset"}
ORIGIN = "realtime-risk/local/audit"
LOGS = "/api/v1/audit/logs"


def calls(dependant: Dependant) -> set[Any]:
    return {dependant.call}.union(*(calls(one) for one in dependant.dependencies))


def logged(engine: Engine, **wanted: Any) -> list[dict[str, Any]]:
    """Records, oldest first, with the personal values that are kept of them."""
    with engine.connect() as connection:
        found = audit_log.page(connection, audit_log.Filter(**wanted), limit=100)
    return [{**json.loads(one.record), "kept": one.kept, "seq": one.seq} for one in reversed(found)]


def test_every_route_that_may_change_something_is_logged_in_its_transaction() -> None:
    app = create_app(Services(settings_for("", 1)))
    changing = [
        route
        for route in routes(app)
        if MUTATING.intersection(route.methods or ()) and route.name not in NOT_LOGGED | LOG_THEMSELVES
    ]
    assert len(changing) >= 15
    assert [route.name for route in changing if _transaction not in calls(route.dependant)] == []


def test_a_route_that_says_nothing_is_logged_all_the_same_and_one_that_fails_is_not(api_services: Services) -> None:
    app = create_app(api_services)

    @app.post("/api/v1/things/{thing_id}", dependencies=[PUBLIC], tags=["things"])
    def change_thing(thing_id: str, connection: Database) -> str:
        if thing_id == "broken":
            raise RuntimeError
        return str(connection.scalar(text("SELECT 1")))

    @app.get("/api/v1/things/{thing_id}", dependencies=[PUBLIC], tags=["things"])
    def get_thing(thing_id: str, connection: Database) -> str:
        return str(connection.scalar(text("SELECT 1")))

    client = TestClient(app, raise_server_exceptions=False, headers={"x-request-id": "r-1"})
    assert client.post("/api/v1/things/broken").status_code == 500
    assert client.get("/api/v1/things/7").status_code == client.post("/api/v1/things/7").status_code == 200
    [record] = logged(api_services.database)
    assert (record["action"], record["subject"], record["actor"]) == ("change_thing", "thing:7", "anonymous")
    assert (record["outcome"], record["request_id"]) == ("success", "r-1")
    assert record["kept"] == {"address": "testclient"}


Make = Callable[[Engine, TestClient, dict[str, str]], tuple[str, str, Any]]


def _rule(client: TestClient, admin: dict[str, str]) -> str:
    body = {
        "name": "big",
        "owner": "team",
        "description": "",
        "expression": "event.amount > 1000.0",
        "points": 1.0,
        "reason_text": "big",
    }
    answer = client.post("/api/v1/rules", json=body, headers=admin)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _list(client: TestClient, admin: dict[str, str]) -> str:
    answer = client.post("/api/v1/lists", json={"name": "bad", "purpose": "deny", "subject": "account"}, headers=admin)
    assert answer.status_code == 201, answer.text
    return "/api/v1/lists/bad"


def _scored(engine: Engine) -> str:
    one = make_assessment(1)
    store(engine, one)
    return str(one.event_id)


CONFIG = {
    "thresholds": {"low": 0.2, "medium": 0.4, "high": 0.6},
    "alert_policy": {"min_level": "HIGH"},
    "reason": "told by Ada",
}
CHANGES: dict[str, tuple[str, Make]] = {
    "register": ("user", lambda *_: ("POST", "/auth/register", {"email": "a@b.example"})),
    "login": ("user", lambda *_: ("POST", "/auth/login", {"email": "admin@risk.local", "password": PASSWORD})),
    "create_ws_ticket": ("auth", lambda *_: ("POST", "/auth/ws-ticket", None)),
    "acknowledge_alert": ("alert", lambda e, c, a: ("POST", f"/alerts/{open_alert(e).id}/acknowledge", None)),
    "resolve_alert": (
        "alert",
        lambda e, c, a: ("POST", f"/alerts/{open_alert(e).id}/resolve", {"disposition": "inconclusive"}),
    ),
    "change_configuration": ("config", lambda *_: ("PUT", "/config", CONFIG)),
    "label_event": ("event", lambda e, c, a: ("POST", f"/risk/{_scored(e)}/label", {"fraud": True})),
    "send_labels": ("labels", lambda e, c, a: ("POST", "/labels", [{"event_id": _scored(e), "fraud": True}])),
    "create_rule": ("rule", lambda *_: ("POST", "/rules", None)),
    "validate_rule": ("rules", lambda *_: ("POST", "/rules/validate", {"expression": "true"})),
    "create_list": (
        "list",
        lambda *_: ("POST", "/lists", {"name": "bad_ones", "purpose": "deny", "subject": "account"}),
    ),
    "change_list": ("list", lambda e, c, a: ("PUT", _list(c, a)[7:], {"purpose": "watch"})),
    "add_entries": (
        "list",
        lambda e, c, a: ("POST", f"{_list(c, a)[7:]}/entries", {"items": [{"value": "ada"}], "reason": "seen"}),
    ),
    "remove_entries": (
        "list",
        lambda e, c, a: ("POST", f"{_list(c, a)[7:]}/entries/remove", {"values": ["ada"], "reason": "over"}),
    ),
    "remove_list": ("list", lambda e, c, a: ("DELETE", f"{_list(c, a)[7:]}?reason=over", None)),
    "move_rule": (
        "rule",
        lambda e, c, a: ("POST", f"/rules/{_rule(c, a)}/transition", {"to": "shadow", "reason": "try"}),
    ),
    "backtest_rule": ("rule", lambda e, c, a: ("POST", f"/rules/{_rule(c, a)}/backtest", {})),
}


@pytest.mark.parametrize("action", CHANGES)
def test_what_a_person_changes_is_logged_with_who_and_what(
    client: TestClient, admin: dict[str, str], database: Engine, action: str
) -> None:
    kind, make = CHANGES[action]
    if action == "create_rule":
        _rule(client, admin)
    else:
        method, path, body = make(database, client, admin)
        answer = client.request(method, f"/api/v1{path}", json=body, headers=admin)
        assert answer.status_code < 300, answer.text
    [record] = logged(database, action=action)
    assert record["outcome"] == "success"
    assert record["actor"].startswith("user:") or action == "register"
    assert record["subject"].partition(":")[0] == kind
    assert record["request_id"]


def test_free_text_and_addresses_are_kept_apart_from_the_record(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    client.put("/api/v1/config", json=CONFIG, headers=admin)
    [record] = logged(database, action="change_configuration")
    assert record["kept"] == {"address": "testclient", "reason": "told by Ada"}
    assert "Ada" not in json.dumps({**record, "kept": None})
    assert (record["details"]["version"], record["details"]["thresholds"]["low"]) == (1, 0.2)


def test_what_cannot_be_logged_does_not_happen(client: TestClient, admin: dict[str, str], database: Engine) -> None:
    before = client.get("/api/v1/config", headers=admin).json()
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (false) NOT VALID"))
    try:
        assert client.put("/api/v1/config", json=CONFIG, headers=admin).status_code == 500
        assert client.get("/api/v1/config", headers=admin).json() == before
        one = make_assessment(1)
        store(database, one)
        assert client.get(f"/api/v1/risk/{one.event_id}", headers=admin).status_code == 500
        # A refusal needs no log to be one.
        assert client.get("/api/v1/config").status_code == 401
    finally:
        with database.begin() as connection:
            connection.execute(text("ALTER TABLE audit_log DROP CONSTRAINT full_disk"))


def test_sign_ins_are_logged_whether_they_succeed_or_not(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    def sign_in(email: str, password: str) -> int:
        return client.post("/api/v1/auth/login", json={"email": email, "password": password}).status_code

    assert [sign_in("viewer@risk.local", PASSWORD), sign_in("viewer@risk.local", "no"), sign_in("Eve@x.io", "no")] == [
        200,
        401,
        401,
    ]
    odd = b'{"email": "a\\ud800b", "password": "no"}'
    answer = client.post("/api/v1/auth/login", content=odd, headers={"content-type": "application/json"})
    assert answer.status_code in {401, 422}
    done, wrong, unknown = logged(database, action="login")[:3]
    assert (done["outcome"], done["actor"]) == ("success", done["subject"])
    assert (wrong["outcome"], wrong["actor"], wrong["subject"]) == ("failure", "anonymous", done["subject"])
    assert wrong["kept"]["email"] == "viewer@risk.local"
    assert (unknown["outcome"], unknown["subject"], unknown["kept"]["email"]) == ("failure", "user", "eve@x.io")


def test_refusals_are_logged_with_what_was_wanted(client: TestClient, viewer: dict[str, str], database: Engine) -> None:
    alert_id = uuid4()
    assert client.post(f"/api/v1/alerts/{alert_id}/acknowledge").status_code == 401
    assert client.post(f"/api/v1/alerts/{alert_id}/acknowledge", headers=viewer).status_code == 403
    assert client.get(LOGS, headers=viewer).status_code == 403
    assert client.post("/api/v1/events", json=an_event(), headers=viewer).status_code == 403
    nobody, somebody, reader, sender = logged(database, outcome=Outcome.REFUSED)
    assert (nobody["actor"], nobody["details"]) == ("anonymous", {"status": 401, "reason": "not-authenticated"})
    assert somebody["actor"].startswith("user:")
    assert (somebody["action"], somebody["subject"]) == ("acknowledge_alert", f"alert:{alert_id}")
    assert (reader["action"], sender["action"]) == ("list_audit_logs", "send_events")
    assert logged(database, outcome=Outcome.SUCCESS) == []


def test_a_refusal_is_one_while_the_database_does_not_answer() -> None:
    services = Services(settings_for("postgresql://nobody@127.0.0.1:1/none", 1))
    client = TestClient(app_on(services), raise_server_exceptions=False)
    assert client.post("/api/v1/events", json=an_event()).status_code == 401


def test_odd_paths_do_not_keep_a_refusal_from_being_logged(client: TestClient, database: Engine) -> None:
    for path in ("%00", "%ff%fe", "x" * 500, "\u20ac"):
        assert client.get(f"/api/v1/risk/{path}").status_code == 401
    assert len(logged(database, outcome=Outcome.REFUSED)) == 4


def test_reads_of_personal_data_are_logged_and_others_are_not(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    one = make_assessment(1)
    store(database, one)
    for path in (
        f"/risk/{one.event_id}",
        "/risk/history?account_id=ada",
        "/alerts?account_id=ada",
        f"/risk/{one.event_id}/labels",
        "/risk/history",
        "/risk/live",
        "/alerts",
        "/config",
        "/lists",
    ):
        assert client.get(f"/api/v1{path}", headers=viewer).status_code == 200, path
    found = logged(database)
    assert [record["action"] for record in found] == [
        "get_assessment",
        "get_history",
        "list_alerts",
        "list_event_labels",
        "get_history",
        "list_alerts",
    ]
    assert found[0]["subject"] == f"event:{one.event_id}"
    assert found[1]["kept"]["account_id"] == "ada"
    assert '"ada"' not in json.dumps(found[1]["details"])


@pytest.mark.parametrize("headers", ["nobody", "viewer"])
def test_what_a_refused_request_names_can_be_erased(
    client: TestClient, viewer: dict[str, str], database: Engine, headers: str
) -> None:
    given = viewer if headers == "viewer" else {}
    paths = [
        ("GET", "/accounts/ada.lovelace@example.com"),
        ("GET", "/counterparties/ada.lovelace@example.com"),
        ("DELETE", "/lists/ada.lovelace@example.com"),
        ("GET", "/risk/ada.lovelace@example.com"),
    ]
    statuses = [client.request(method, f"/api/v1{path}", headers=given).status_code for method, path in paths]
    assert set(statuses) <= {200, 401, 403, 404, 422}
    found = logged(database)
    assert found
    for record in found:
        assert "lovelace" not in json.dumps({**record, "kept": None})
    refused = [record for record in found if record["outcome"] == "refused"]
    assert refused
    with database.begin() as connection:
        assert audit_log.erase(connection, "ada.lovelace@example.com") == sum(
            "ada.lovelace@example.com" in record["kept"].values() for record in found
        )
    assert "lovelace" not in json.dumps(logged(database))


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.fixture
def signer(api_services: Services, tmp_path: Path) -> FileSigner:
    found = FileSigner.ensure(tmp_path / "key.pem")
    api_services.settings = api_services.settings.model_copy(update={"audit_key_file": str(tmp_path / "key.pem")})
    return found


def sign(database: Engine, signer: FileSigner) -> Checkpoint:
    note, _ = checkpoints.take(database, signer, ORIGIN, at=datetime.now(UTC))
    return Checkpoint.parse(Note.parse(note).text)


def act(client: TestClient, headers: dict[str, str], times: int) -> None:
    for _ in range(times):
        assert client.post("/api/v1/rules/validate", json={"expression": "true"}, headers=headers).status_code == 200


def test_the_log_is_shown_filtered_and_in_pages_and_erased_values_as_erased(
    client: TestClient, admin: dict[str, str], database: Engine, sign_in: Callable[[Role], dict[str, str]]
) -> None:
    act(client, sign_in(Role.VIEWER), 3)
    client.put("/api/v1/config", json=CONFIG, headers=admin)
    first = client.get(LOGS, params={"action": "validate_rule", "limit": 2}, headers=admin).json()
    rest = client.get(
        LOGS, params={"action": "validate_rule", "limit": 2, "cursor": first["next_cursor"]}, headers=admin
    ).json()
    assert [item["seq"] for item in first["items"] + rest["items"]] == [3, 2, 1]
    assert rest["next_cursor"] is None
    by = client.get(LOGS, params={"actor": "admin@risk.local", "action": "change_configuration"}, headers=admin).json()
    [item] = by["items"]
    assert item["personal"]["reason"]["value"] == "told by Ada"
    erasure = {"value": "told by Ada", "reason": "asked to be forgotten"}
    assert client.post("/api/v1/audit/erasures", json=erasure, headers=admin).json() == {"records": 1, "rows": {}}
    assert client.post("/api/v1/audit/erasures", json=erasure, headers=admin).json() == {"records": 0, "rows": {}}
    for done in logged(database, action="erase_personal_value"):
        assert "told by Ada" not in json.dumps(done)
        assert done["kept"]["reason"] == "asked to be forgotten"
    [item] = client.get(LOGS, params={"subject": "config"}, headers=admin).json()["items"]
    assert (item["personal"]["reason"]["value"], item["personal"]["reason"]["erased"]) == (None, True)
    assert len(item["personal"]["reason"]["commitment"]) == 64
    for name in ("to", "until"):  # its former name
        before = client.get(LOGS, params={name: "2020-01-01T00:00:00Z"}, headers=admin).json()
        assert before == {"items": [], "next_cursor": None}
    both = client.get(LOGS, params={"to": "2020-01-01T00:00:00Z", "until": "2020-01-01T00:00:00Z"}, headers=admin)
    assert both.json()["errors"][0]["field"] == "until"
    # Reading the log is logged.
    assert len(logged(database, action="list_audit_logs")) == 6


def test_an_export_has_every_record_wanted_and_is_logged(
    client: TestClient, admin: dict[str, str], database: Engine, sign_in: Callable[[Role], dict[str, str]]
) -> None:
    viewer = sign_in(Role.VIEWER)
    act(client, viewer, 3)
    wanted = {"action": "validate_rule", "format": "jsonl"}
    rows = list(map(json.loads, client.get(f"{LOGS}/export", params=wanted, headers=admin).text.splitlines()))
    listed = client.get(LOGS, params={"action": "validate_rule"}, headers=admin).json()["items"]
    assert [(row["seq"], row["leaf_hash"], row["personal"]) for row in rows] == [
        (row["seq"], row["leaf_hash"], row["personal"]) for row in listed
    ]
    table = list(csv.DictReader(client.get(f"{LOGS}/export", headers=admin).text.splitlines()))
    assert [int(row["seq"]) for row in table] == list(range(5, 0, -1))  # this reading comes after what it reads
    assert [done["details"]["format"] for done in logged(database, action="export_audit_logs")] == ["jsonl", "csv"]
    assert client.get(f"{LOGS}/export", headers=viewer).status_code == 403


def test_a_proof_convinces_whoever_has_the_key_and_is_small(
    client: TestClient, admin: dict[str, str], database: Engine, signer: FileSigner
) -> None:
    act(client, admin, 5)
    assert client.get("/api/v1/audit/checkpoint", headers=admin).status_code == 404
    size = sign(database, signer).size
    shown = client.get("/api/v1/audit/checkpoint", headers=admin).json()
    key = VerifierKey(ORIGIN, signer.public_key())
    assert (shown["size"], shown["key"], shown["origin"]) == (size, str(key), ORIGIN)
    answer = client.get("/api/v1/audit/proof/3", headers=admin).json()
    head, _, note = answer["proof"].partition("\n\n")
    version, index, *path = head.splitlines()
    assert (version, index) == ("c2sp.org/tlog-proof@v1", "index 2")
    checkpoint = open_checkpoint(note, key)
    leaf = merkle.leaf_hash(answer["record"].encode())
    steps = [base64.b64decode(step) for step in path]
    assert merkle.verify_inclusion(leaf, 2, checkpoint.size, steps, checkpoint.root)
    assert answer["leaf_hash"] == leaf.hex()
    assert len(answer["proof"].encode()) < 2_000
    assert client.get("/api/v1/audit/proof/1000", headers=admin).status_code == 404
    assert client.get("/api/v1/audit/proof/0", headers=admin).status_code == 422
    newest = logged(database)[-1]["seq"]
    late = client.get(f"/api/v1/audit/proof/{newest}", headers=admin)
    assert (late.status_code, late.json()["type"]) == (409, "urn:problem:conflict")


def test_a_verification_goes_on_where_the_last_one_ended_and_finds_what_was_changed(
    client: TestClient, admin: dict[str, str], database: Engine, signer: FileSigner
) -> None:
    verify = "/api/v1/audit/verify"
    act(client, admin, 4)
    assert client.post(verify, headers=admin).status_code == 404
    sign(database, signer)
    one = client.post(verify, headers=admin).json()
    assert (one["ok"], one["first"], one["last"], one["records"], one["next"]) == (True, 1, 4, 4, None)
    again = client.post(verify, headers=admin).json()
    assert (again["ok"], again["first"], again["records"]) == (True, None, 0)
    act(client, admin, 2)
    sign(database, signer)
    more = client.post(verify, headers=admin).json()
    assert (more["first"], more["last"], more["size"]) == (5, 8, 8)
    assert client.post(verify, json={"first": 2, "last": 3}, headers=admin).json()["records"] == 2
    assert client.post(verify, json={"first": 9}, headers=admin).status_code == 422
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        connection.execute(text("ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_log SET subject = 'config' WHERE seq = 2"))
    found = client.post(verify, json={"first": 1}, headers=admin).json()
    assert (found["ok"], [(one["kind"], one["seq"]) for one in found["findings"]]) == (False, [("changed", 2)])
    assert logged(database, action="verify_audit_log")[-1]["outcome"] == "failure"


def test_without_a_key_nothing_is_called_verified(
    client: TestClient, admin: dict[str, str], database: Engine, tmp_path: Path
) -> None:
    act(client, admin, 1)
    sign(database, FileSigner.ensure(tmp_path / "other.pem"))
    answer = client.post("/api/v1/audit/verify", headers=admin)
    assert (answer.status_code, "AUDIT_KEY_ID" in answer.json()["detail"]) == (503, True)


def test_a_checkpoint_that_someone_else_signed_is_not_trusted(
    client: TestClient, admin: dict[str, str], database: Engine, signer: FileSigner, tmp_path: Path
) -> None:
    act(client, admin, 1)
    sign(database, FileSigner.ensure(tmp_path / "other.pem"))
    answer = client.post("/api/v1/audit/verify", headers=admin)
    assert (answer.status_code, "not signed by" in answer.json()["detail"]) == (409, True)
