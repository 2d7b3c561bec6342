"""The desk: the queue, whose an alert is, putting it off, its deadlines, its story."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from mypy_boto3_kinesis import KinesisClient
from sqlalchemy import Engine, select, update

from functions.maintenance import alerts as maintenance
from risk.alerts.alert import Alert
from risk.domain.assessment import Assessment
from risk.domain.events import Label
from risk.domain.label_origin import is_genuine
from risk.domain.permissions import Role
from risk.store.alerts import alerts, workflow
from risk.store.db import tables
from risk.store.engine_state import batch_writer
from risk.store.identity import users
from tests.integration.test_api.support import KEY, NOW, PASSWORD_HASH, Recorder, finding, make_assessment, open_alert

URL = "/api/v1/alerts"


def post(client: TestClient, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return client.post(f"{URL}/{path}", json=body, headers=headers)


def get(client: TestClient, alert: Alert, headers: dict[str, str]) -> Any:
    return client.get(f"{URL}/{alert.id}", headers=headers).json()


def by_engine(database: Engine, *found: Assessment) -> None:
    """As the engine stores a batch."""
    rows = [
        one.model_dump()
        | {"level": one.level.rank, "attributes": "{}", "reasons": json.dumps([asdict(r) for r in one.reasons])}
        for one in found
    ]
    with database.begin() as connection:
        batch_writer.store(
            connection, batch_writer.Batch(found[0].scored_at, rows, [finding(one) for one in found]), stream_epoch="1"
        )


def all_alerts(database: Engine) -> list[Alert]:
    with database.connect() as connection:
        return [alerts.from_row(row) for row in connection.execute(select(tables.alerts))]


def age(database: Engine, alert: Alert, **by: float) -> None:
    """Let time have passed: its deadline is that much earlier."""
    with database.begin() as connection:
        due = (alert.due_at or NOW) - timedelta(**by)
        connection.execute(update(tables.alerts).where(tables.alerts.c.id == alert.id).values(due_at=due))


def test_the_story_of_an_alert_is_told_whole(
    client: TestClient, analyst: dict[str, str], admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    first = make_assessment(1, 0.7)
    by_engine(database, first, make_assessment(2, 0.7))
    by_engine(database, make_assessment(3, 0.9, amount="9000"))
    (alert,) = all_alerts(database)
    open_alert(database, 50, 0.9, account_id="bob")
    open_alert(database, 51, 0.9)
    post(client, f"{alert.id}/notes", analyst, {"text": "who is this?"})
    post(client, f"{alert.id}/acknowledge", analyst)
    seen = admin | {"if-match": f'"{get(client, alert, admin)["version"]}"'}
    post(client, f"{alert.id}/resolve", seen, {"disposition": "confirmed_risk", "reason": "mule", "note": "sure"})
    post(client, f"{alert.id}/reopen", admin, {"note": "not so sure"})
    told = get(client, alert, analyst)
    story = [(entry["actor"], entry["action"], entry["note"]) for entry in told["timeline"]]
    analyst_name, admin_name = "analyst@risk.local", "admin@risk.local"
    assert story == [
        ("engine", "opened", None),
        ("engine", "grew", None),
        (analyst_name, "noted", "who is this?"),
        (analyst_name, "acknowledged", None),
        (admin_name, "resolved", "sure"),
        (admin_name, "reopened", "not so sure"),
    ]
    grew, resolved = told["timeline"][1]["changes"], told["timeline"][4]["changes"]
    assert grew["event_count"] == {"before": 2, "after": 3}
    assert grew["level"] == {"before": "HIGH", "after": "CRITICAL"}
    assert resolved["disposition_reason"] == {"before": None, "after": "mule"}
    assert [entry["version"] for entry in told["timeline"]] == [2, 3, 4, 5, 6, 7]
    assert len(told["events"]) == 3
    assert (told["amount"], told["currency"], told["counterparty_id"]) == ("9000", "EUR", "shop")
    assert [one["account_id"] for one in told["related_by_account"]] == ["ada"]
    assert [one["account_id"] for one in told["related_by_counterparty"]] == ["bob"]
    assert told["allowed"] == ["acknowledged", "resolved"]
    labelled = [json.loads(put["data"]) for put in kinesis.puts if put["stream"] == "risk-events"]
    assert [label["fraud"] for label in labelled] == [True] * 6
    assert all(is_genuine(Label.model_validate(label), KEY) for label in labelled)
    given, withdrawn = ([{**label, "proof": ""} for label in part] for part in (labelled[:3], labelled[3:]))
    assert withdrawn == [label | {"withdrawn": True} for label in given]


def test_an_undone_resolution_leaves_no_label_and_the_deadline_that_there_was(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    by_engine(database, make_assessment(1, 0.7))
    (before,) = all_alerts(database)
    post(client, f"{before.id}/acknowledge", analyst)
    taken = get(client, before, analyst)
    post(client, f"{before.id}/resolve", analyst, {"disposition": "confirmed_risk", "reason": "mule"})
    post(client, f"{before.id}/undo", analyst)
    undone = get(client, before, analyst)
    assert {name: undone[name] for name in ("status", "due_at", "assignee", "acknowledged_at")} == {
        name: taken[name] for name in ("status", "due_at", "assignee", "acknowledged_at")
    }
    assert undone["disposition"] is undone["resolved_at"] is None
    labelled = [json.loads(put["data"]) for put in kinesis.puts if put["stream"] == "risk-events"]
    assert [label.get("withdrawn") for label in labelled] == [None, True]
    post(client, f"{before.id}/undo", analyst)
    again = get(client, before, analyst)
    assert (again["status"], again["assignee"], again["due_at"]) == (
        "open",
        None,
        before.model_dump(mode="json")["due_at"],
    )
    refused = client.post(f"{URL}/{before.id}/undo", headers=analyst)
    assert refused.status_code == 409


def test_the_queue_is_by_rank_and_its_pages_give_each_once(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    made = [open_alert(database, n, 0.6 + n / 30, amount=str(10 ** (n % 4)), account_id=f"a{n}") for n in range(9)]
    post(client, f"{made[0].id}/resolve", analyst, {"disposition": "inconclusive"})
    post(client, f"{made[1].id}/snooze", analyst, {"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()})
    seen: list[str] = []
    params = {"sort": "rank", "limit": "3", "snoozed": "false"}
    while True:
        page = client.get(URL, params=params, headers=analyst).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    ranked = sorted(made[2:], key=lambda alert: alert.rank, reverse=True)
    assert seen == [str(alert.id) for alert in ranked]
    for cursor in ("MTIz", "bmFuIDBmNmM5ZDNlLTZmMGItNGY2ZS05YTQ5LTZjNWQxYzNiN2UxMA"):
        assert client.get(URL, params={"sort": "rank", "cursor": cursor}, headers=analyst).status_code == 422
    assert client.get(URL, params={"sort": "rank", "status": "resolved"}, headers=analyst).status_code == 422


def test_next_gives_the_first_of_the_queue_to_one_person_each(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    made = [open_alert(database, n, 0.6 + n / 30, account_id=f"a{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(client, "next", analyst), range(10)))
    given = [answer.json() for answer in answers if answer.status_code == 200]
    assert sorted(one["id"] for one in given) == sorted(str(alert.id) for alert in made)
    assert {one["assignee"] for one in given} == {"analyst@risk.local"}
    assert [answer.status_code for answer in answers].count(204) == 2


def test_next_passes_over_what_is_snoozed_or_not_severe_enough(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    high, critical = open_alert(database, 1, 0.7, account_id="a"), open_alert(database, 2, 0.9, account_id="b")
    until = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    post(client, f"{critical.id}/snooze", analyst, {"until": until})
    assert post(client, "next", analyst, {"min_level": "CRITICAL"}).status_code == 204
    assert post(client, "next", analyst).json()["id"] == str(high.id)
    assert post(client, "next", analyst).status_code == 204
    with database.begin() as connection:  # the snooze has ended: nothing else has to happen
        connection.execute(update(tables.alerts).values(snoozed_until=datetime.now(UTC) - timedelta(seconds=1)))
    assert post(client, "next", analyst).json()["id"] == str(critical.id)


def test_a_severe_event_wakes_a_snoozed_alert(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    by_engine(database, make_assessment(1, 0.7))
    (alert,) = all_alerts(database)
    post(client, f"{alert.id}/snooze", analyst, {"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()})
    by_engine(database, make_assessment(2, 0.72))
    assert get(client, alert, analyst)["snoozed_until"]
    by_engine(database, make_assessment(3, 0.95))
    told = get(client, alert, analyst)
    assert (told["snoozed_until"], told["level"]) == (None, "CRITICAL")
    assert post(client, f"{alert.id}/wake", analyst).status_code == 409


def test_an_etag_is_honoured_and_the_loser_is_told_who_did_what(
    client: TestClient, analyst: dict[str, str], admin: dict[str, str], database: Engine
) -> None:
    alert = open_alert(database)
    read = client.get(f"{URL}/{alert.id}", headers=analyst)
    taken = post(client, f"{alert.id}/assign", admin, {"assignee": "me"})
    assert (read.headers["etag"], taken.headers["etag"]) == ('"1"', '"2"')
    lost = post(client, f"{alert.id}/acknowledge", analyst | {"if-match": read.headers["etag"]})
    assert lost.status_code == 412
    assert "admin@risk.local assigned it at 20" in lost.json()["detail"]
    lost = post(client, f"{alert.id}/assign", analyst, {"assignee": "me"})
    assert (lost.status_code, "assigned to admin@risk.local" in lost.json()["detail"]) == (428, True)
    seen = analyst | {"if-match": taken.headers["etag"]}
    assert post(client, f"{alert.id}/assign", seen, {"assignee": "me"}).json()["assignee"] == "analyst@risk.local"
    assert post(client, f"{alert.id}/assign", analyst | {"if-match": "W/1"}, {"assignee": "me"}).status_code == 412


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("resolve", {"disposition": "inconclusive"}),
        ("acknowledge", {}),
        ("snooze", {"until": (datetime.now(UTC) + timedelta(hours=3)).isoformat()}),
        ("assign", {"assignee": None}),
    ],
)
def test_what_is_in_anothers_hands_is_acted_on_only_by_who_says_so_and_is_on_record_as_theirs(
    client: TestClient, analyst: dict[str, str], admin: dict[str, str], database: Engine, action: str, body: Any
) -> None:
    alert = open_alert(database)
    taken = post(client, f"{alert.id}/assign", admin, {"assignee": "me"})
    for caller in (analyst, analyst | {"if-match": "*"}):
        asked = post(client, f"{alert.id}/{action}", caller, body)
        assert (asked.status_code, asked.json()["type"]) == (428, "urn:problem:unseen")
        assert "assigned to admin@risk.local; send its ETag as If-Match" in asked.json()["detail"]
    if action != "assign":
        many = post(client, "bulk", analyst, {"ids": [str(alert.id)], "action": action, **body})
        assert many.json()["refused"] == 1
        assert "admin@risk.local" in many.json()["items"][0]["detail"]
    done = post(client, f"{alert.id}/{action}", analyst | {"if-match": taken.headers["etag"]}, body)
    assert done.status_code == 200
    shown = client.get("/api/v1/audit/logs", headers=admin, params={"subject": f"alert:{alert.id}"}).json()["items"]
    record = next(one for one in shown if action in one["action"])
    assert record["outcome"] == "success"
    if action != "assign":
        assert record["personal"]["assignee"]["value"] == "admin@risk.local"
    assert post(client, f"{alert.id}/notes", analyst, {"text": "anybody may note"}).status_code == 200


def test_only_people_who_may_act_are_given_alerts(
    client: TestClient, analyst: dict[str, str], viewer: dict[str, str], database: Engine
) -> None:
    alert = open_alert(database)
    with database.begin() as connection:
        users.upsert_user(connection, "bob@risk.local", PASSWORD_HASH, Role.ANALYST)
    for nobody in ("viewer@risk.local", "none@risk.local", "garbage"):
        refused = post(client, f"{alert.id}/assign", analyst, {"assignee": nobody})
        assert (refused.status_code, refused.json()["errors"][0]["field"].split(".")[0]) == (422, "assignee")
    assert post(client, f"{alert.id}/assign", analyst, {"assignee": "Bob@risk.local"}).json()["assignee"]

    def ids(assignee: str) -> int:
        return len(client.get(URL, params={"assignee": assignee}, headers=analyst).json()["items"])

    assert [ids("bob@risk.local"), ids("me"), ids("nobody")] == [1, 0, 0]
    assert client.get(URL, params={"assignee": "\x00"}, headers=analyst).status_code == 422


def test_those_who_may_be_given_alerts_are_known_to_who_gives_them_and_nothing_more_of_them(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], viewer: dict[str, str], database: Engine
) -> None:
    with database.begin() as connection:
        users.create_user(connection, "invited@risk.local", None, Role.ANALYST)
        gone = users.create_user(connection, "gone@risk.local", PASSWORD_HASH, Role.ANALYST)
        users.change(connection, gone, role=Role.ANALYST, disabled=True)
    answer = client.get(f"{URL}/assignees", headers=analyst).json()
    assert [(each["email"], each["role"]) for each in answer["items"]] == [
        ("admin@risk.local", "admin"),
        ("analyst@risk.local", "analyst"),
    ]
    assert {name for each in answer["items"] for name in each} == {"id", "email", "role"}
    for sequence, each in enumerate(answer["items"]):
        alert = open_alert(database, sequence, account_id=each["email"])
        given = post(client, f"{alert.id}/assign", analyst, {"assignee": each["email"]})
        assert given.json()["assignee"] == each["email"]


def test_of_many_each_is_judged_by_itself(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    one, two = open_alert(database, 1, account_id="a"), open_alert(database, 2, account_id="b")
    post(client, f"{two.id}/acknowledge", analyst)
    kinesis.puts.clear()
    missing = "0f6c9d3e-6f0b-4f6e-9a49-6c5d1c3b7e10"
    ids = [str(two.id), missing, str(one.id)]
    answer = post(client, "bulk", analyst, {"ids": ids, "action": "acknowledge"}).json()
    assert [(item["id"], item["status"]) for item in answer["items"]] == [
        (str(two.id), "conflict"),
        (missing, "not-found"),
        (str(one.id), "done"),
    ]
    assert "analyst@risk.local acknowledged it" in answer["items"][0]["detail"]
    assert (answer["done"], answer["refused"]) == (1, 2)
    assert [item["id"] for put in kinesis.puts for item in json.loads(put["data"])["items"]] == [str(one.id)]
    both = [str(one.id), str(two.id)]
    judged = {"ids": both, "action": "resolve", "disposition": "false_positive", "reason": "travel"}
    assert post(client, "bulk", analyst, judged).json()["done"] == 2
    assert {get(client, alert, analyst)["disposition_reason"] for alert in (one, two)} == {"travel"}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "resolve"},
        {"action": "resolve", "disposition": "false_positive", "reason": "mule"},
        {"action": "snooze"},
        {"action": "snooze", "until": "2020-01-01T00:00:00Z"},
        {"action": "reopen"},
        {"action": "assign", "assignee": "nobody@risk.local"},
    ],
)
def test_a_bulk_action_that_makes_no_sense_changes_nothing(
    client: TestClient, analyst: dict[str, str], database: Engine, body: dict[str, str]
) -> None:
    alert = open_alert(database)
    assert post(client, "bulk", analyst, {"ids": [str(alert.id)], **body}).status_code == 422
    assert post(client, "bulk", analyst, {"ids": [str(alert.id)] * 2, "action": "acknowledge"}).status_code == 422
    assert get(client, alert, analyst)["version"] == 1


def test_a_breach_is_found_once_and_shows_everywhere(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    late, good = open_alert(database, 1, account_id="a"), open_alert(database, 2, account_id="b")
    age(database, late, days=1)

    def breached(wanted: str) -> list[str]:
        found = client.get(URL, params={"breached": wanted}, headers=analyst).json()["items"]
        return [item["id"] for item in found if item["breached"] is (wanted == "true")]

    # Visible as soon as it is so, before anything looks for it.
    assert (breached("true"), breached("false")) == ([str(late.id)], [str(good.id)])
    for times in (1, 0):
        with database.begin() as connection:
            assert len(workflow.find_breaches(connection, datetime.now(UTC))) == times
    told = get(client, late, analyst)
    assert (told["breached"], told["timeline"][-1]["action"], told["timeline"][-1]["actor"]) == (
        True,
        "breached",
        "system",
    )
    # The next deadline is another one.
    post(client, f"{late.id}/acknowledge", analyst)
    age(database, late, days=9)
    with database.begin() as connection:
        assert [alert.status for alert in workflow.find_breaches(connection, datetime.now(UTC))] == ["acknowledged"]
    stats = client.get(f"{URL}/stats", headers=analyst).json()
    assert (stats["breached"], stats["span"]["total"]["breached"]) == (1, 1)


def test_statistics_say_how_long_people_take_and_how_often_it_was_nothing(
    client: TestClient, analyst: dict[str, str], admin: dict[str, str], database: Engine
) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    made = [open_alert(database, n, 0.7 if n < 3 else 0.9, account_id=f"a{n}", scored_at=at) for n in range(5)]
    for number, alert in enumerate(made[:4]):
        who = admin if number == 3 else analyst
        post(client, f"{alert.id}/acknowledge", who)
        verdict = "confirmed_risk" if number == 0 else "false_positive"
        post(client, f"{alert.id}/resolve", who, {"disposition": verdict})
    with database.begin() as connection:
        for number, alert in enumerate(made[:4]):
            took = at + timedelta(seconds=100 * (number + 1))
            connection.execute(update(tables.alerts).where(tables.alerts.c.id == alert.id).values(acknowledged_at=took))
    span = client.get(f"{URL}/stats", headers=analyst).json()["span"]
    assert span["total"]["to_acknowledge"] == {"count": 4, "p50": 250.0, "p90": 370.0}
    assert (span["total"]["opened"], span["total"]["resolved"]) == (5, 4)
    assert span["total"]["false_positive_rate"] == 0.75
    assert [(one["level"], one["opened"], one["false_positive"]) for one in span["by_level"]] == [
        ("CRITICAL", 2, 1),
        ("HIGH", 3, 2),
    ]
    people = {one["analyst"]: one for one in span["by_analyst"]}
    assert people["admin@risk.local"]["acknowledged"] == {"count": 1, "p50": 400.0, "p90": 400.0}
    assert people["analyst@risk.local"]["resolved"]["count"] == 3
    assert people["analyst@risk.local"]["false_positive_rate"] == pytest.approx(2 / 3)
    earlier = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    empty = client.get(f"{URL}/stats", params=earlier, headers=analyst).json()["span"]
    assert (empty["total"]["opened"], empty["total"]["false_positive_rate"], empty["by_level"]) == (0, None, [])
    assert client.get(f"{URL}/stats", params={"from": "2999-01-01T00:00:00Z"}, headers=analyst).status_code == 422


def test_the_task_pushes_each_breach_once(database: Engine, kinesis: Recorder) -> None:
    late = open_alert(database)
    age(database, late, days=1)
    for found in (1, 0):
        assert maintenance.run(database, cast(KinesisClient, kinesis), "risk-updates", datetime.now(UTC)) == found
    (pushed,) = [json.loads(put["data"]) for put in kinesis.puts]
    assert (pushed["type"], pushed["items"][0]["id"], pushed["items"][0]["breached"]) == ("alert", str(late.id), True)
