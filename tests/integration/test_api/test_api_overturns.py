"""Overturned decisions: who says what holds instead, where it shows, what it teaches, and how it is undone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, insert, select

from risk.alerts.alert import Alert
from risk.alerts.grouping import raise_alert
from risk.domain.assessment import Assessment
from risk.domain.decisions import Decision
from risk.domain.decisions import DecisionAction as Action
from risk.domain.event_ids import EventId
from risk.domain.events import Label, parse_record
from risk.domain.label_origin import is_genuine
from risk.store.db import tables
from tests.integration.test_api.support import KEY, NOW, Recorder, finding, make_assessment, store, store_alert
from tests.integration.test_api.test_api_audit import logged

RISK, WHY = "/api/v1/risk", "the customer confirmed it"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risk.adapters.kinesis.FIRST_WAIT", 0.0)


def decided(action: Action) -> Decision:
    return Decision(action=action, policy_version=1, because=f"rule: {action}")


def scored(database: Engine, action: Action | None = Action.DECLINE, sequence: int = 1, **more: Any) -> Assessment:
    one = make_assessment(sequence, decision=None if action is None else decided(action), **more)
    store(database, one)
    return one


def alerted(database: Engine, one: Assessment) -> Alert:
    alert = raise_alert(finding(one))
    with database.begin() as connection:
        store_alert(connection, alert)
        connection.execute(insert(tables.alert_events).values(alert_id=alert.id, event_id=one.event_id.key))
    return alert


def overturn(client: TestClient, headers: dict[str, str], event: str, action: Action = Action.APPROVE) -> Any:
    return client.post(f"{RISK}/{event}/overturn", json={"action": action, "reason": WHY}, headers=headers)


def put_labels(kinesis: Recorder) -> list[Label]:
    found = [parse_record(put["data"], datetime.now(UTC)) for put in kinesis.puts if put["stream"] == "risk-events"]
    return [label for label in found if isinstance(label, Label)]


def updates(kinesis: Recorder) -> list[Json]:
    sent = [json.loads(put["data"]) for put in kinesis.puts if put["stream"] == "risk-updates"]
    return [item for envelope in sent if envelope["type"] == "overturn" for item in envelope["items"]]


@pytest.mark.parametrize(
    ("before", "after", "fraud"),
    [
        (Action.DECLINE, Action.APPROVE, False),
        (Action.APPROVE, Action.DECLINE, True),
        (Action.REVIEW, Action.DECLINE, True),
        (Action.DECLINE, Action.REVIEW, None),
        (Action.APPROVE, Action.CHALLENGE, None),
    ],
)
def test_an_overturn_to_approve_says_legitimate_to_decline_fraud_and_else_nothing(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder,
    before: Action, after: Action, fraud: bool | None,
) -> None:  # fmt: skip
    event = scored(database, before)
    answer = overturn(client, analyst, str(event.event_id), after)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["decided"], made["action"], made["reason"]) == (before, after, WHY)
    assert made["made_by"] == "analyst@risk.local"
    labels = put_labels(kinesis)
    assert [label.fraud for label in labels] == ([] if fraud is None else [fraud])
    for label in labels:
        assert (label.event_id, label.source) == (event.event_id, f"overturn:{made['id']}")
        assert label.known_at == datetime.fromisoformat(made["made_at"])
        assert is_genuine(label, KEY)
        assert not is_genuine(label.model_copy(update={"proof": None}), KEY)


def test_an_overturn_shows_in_detail_history_live_and_alert_and_is_found_and_counted(
    client: TestClient, analyst: dict[str, str], viewer: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    alert = alerted(database, scored(database))
    alerted(database, scored(database, sequence=2, account_id="bob"))
    event = str(alert.top_event_id)
    made = overturn(client, analyst, event).json()
    detail = client.get(f"{RISK}/{event}", headers=viewer).json()
    assert (detail["decision"]["action"], detail["overturn"], detail["overturns"]) == ("decline", made, [made])
    for wanted, count in ((True, 1), (False, 1)):
        found = client.get(f"{RISK}/history", params={"overturned": wanted}, headers=viewer).json()["items"]
        assert (len(found), [one["overturn"] for one in found]) == (count, [made] if wanted else [None])
        alerts = client.get("/api/v1/alerts", params={"overturned": wanted}, headers=viewer).json()["items"]
        assert [one["id"] == str(alert.id) for one in alerts] == [wanted]
    live = client.get(f"{RISK}/live", headers=viewer).json()["items"]
    assert {one["event_id"]: one["overturn"] for one in live}[event] == made
    inside = client.get(f"/api/v1/alerts/{alert.id}", headers=viewer).json()["events"]
    assert [one["overturn"] for one in inside] == [made]
    exported = client.get(f"{RISK}/history/export", params={"format": "jsonl", "overturned": True}, headers=analyst)
    assert [json.loads(line)["overturn"] for line in exported.text.splitlines()] == [made]
    stats = client.get(f"{RISK}/stats", headers=viewer).json()
    assert stats["overturned"] == [{"decided": "decline", "action": "approve", "count": 1}]
    assert updates(kinesis) == [made]


def test_an_undone_overturn_holds_no_more_and_takes_its_label_back(
    client: TestClient, analyst: dict[str, str], admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    event = str(scored(database).event_id)
    made = overturn(client, analyst, event).json()
    undone = client.delete(f"{RISK}/{event}/overturn", headers=admin)
    assert undone.status_code == 200, undone.text
    assert undone.json()["undone_by"] == "admin@risk.local"
    given, withdrawn = put_labels(kinesis)
    assert (given.withdrawn, withdrawn.withdrawn) == (None, True)
    assert given == withdrawn.model_copy(update={"withdrawn": None, "proof": given.proof})
    detail = client.get(f"{RISK}/{event}", headers=admin).json()
    assert (detail["overturn"], detail["overturns"]) == (None, [undone.json()])
    assert client.get(f"{RISK}/history", params={"overturned": True}, headers=admin).json()["items"] == []
    assert client.get(f"{RISK}/stats", headers=admin).json()["overturned"] == []
    again = overturn(client, analyst, event, Action.REVIEW).json()
    assert again["id"] != made["id"]
    assert [one["id"] for one in updates(kinesis)] == [made["id"], made["id"], again["id"]]


def test_what_holds_is_overturned_once_and_asking_again_sends_a_lost_label(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    event = str(scored(database).event_id)
    kinesis.failing = b'"label"'
    made = overturn(client, analyst, event)
    assert (made.status_code, put_labels(kinesis)) == (200, [])
    kinesis.failing = None
    assert overturn(client, analyst, event).json() == made.json()
    assert [label.fraud for label in put_labels(kinesis)] == [False]
    assert len(updates(kinesis)) == 1
    other = overturn(client, analyst, event, Action.REVIEW)
    assert other.status_code == 409
    assert "overturned to approve by analyst@risk.local; undo that first" in other.json()["detail"]
    kinesis.failing = b'"label"'
    client.delete(f"{RISK}/{event}/overturn", headers=analyst)
    kinesis.failing = None
    assert client.delete(f"{RISK}/{event}/overturn", headers=analyst).status_code == 200
    assert [label.withdrawn for label in put_labels(kinesis)] == [None, True]


def test_what_cannot_be_overturned_is_refused_with_why(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    event, undecided = scored(database), scored(database, None, sequence=2)
    same = overturn(client, analyst, str(event.event_id), Action.DECLINE)
    assert (same.status_code, same.json()["detail"]) == (409, "the decision is decline already")
    none = overturn(client, analyst, str(undecided.event_id))
    assert (none.status_code, none.json()["detail"].split(":")[0]) == (409, "nothing was decided of this event")
    assert client.delete(f"{RISK}/{event.event_id}/overturn", headers=analyst).status_code == 404
    assert overturn(client, analyst, "unknown").status_code == 404
    blank = client.post(f"{RISK}/{event.event_id}/overturn", json={"action": "approve", "reason": " "}, headers=analyst)
    assert (blank.status_code, blank.json()["errors"][0]["field"]) == (422, "reason")


def test_a_senders_own_id_with_a_slash_is_overturned(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    scored(database, event_source="shop", event_id=EventId.of("order-2024/000017 ä", "shop"))
    answer = overturn(client, analyst, "order-2024/000017%20%C3%A4")
    assert (answer.status_code, answer.json()["event_id"]) == (200, "order-2024/000017 ä")
    assert (put_labels(kinesis)[0].event_source, answer.json()["event_source"]) == ("shop", "shop")


def test_an_overturn_is_audited_and_its_reason_can_be_erased(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    event = str(scored(database).event_id)
    overturn(client, analyst, event)
    client.delete(f"{RISK}/{event}/overturn", headers=analyst)
    for action in ("overturn_decision", "restore_decision"):
        [record] = logged(database, action=action)
        assert (record["actor"].partition(":")[0], record["subject"]) == ("user", f"event:{event}")
        assert record["kept"]["reason"] == WHY
        assert WHY not in json.dumps({**record, "kept": None})
        assert (record["details"]["decided"], record["details"]["action"]) == ("decline", "approve")


def test_webhooks_are_told_as_their_filters_say(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], database: Engine
) -> None:
    def receiver(name: str, **more: Any) -> str:
        body = {"name": name, "url": "https://example.com/hook", **more}
        answer = client.post("/api/v1/webhooks", json=body, headers=admin)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    all_of_it = receiver("all")
    receiver("alerts only", events=["alert.opened"])
    receiver("large", filter={"min_amount": 1_000_000})
    event = str(scored(database).event_id)
    overturn(client, analyst, event)
    client.delete(f"{RISK}/{event}/overturn", headers=analyst)
    d = tables.webhook_deliveries.c
    with database.connect() as connection:
        rows = connection.execute(select(d.webhook_id, d.event, d.payload).order_by(d.sequence)).all()
    assert [(str(row.webhook_id), row.event) for row in rows] == [
        (all_of_it, "decision.overturned"), (all_of_it, "decision.restored"),
    ]  # fmt: skip
    first = json.loads(rows[0].payload)["data"]
    assert (first["event_id"], first["decision"]["action"], first["overturn"]["action"]) == (
        event,
        "decline",
        "approve",
    )


def test_an_overturn_goes_with_its_import(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    event = scored(database)
    overturn(client, analyst, str(event.event_id))
    with database.begin() as connection:
        values = {"name": "old", "source": "old", "fingerprint": "f", "status": "undoing", "created_by": "ada"}
        made = insert(tables.imports).values(**values, created_at=NOW, options={})
        which = connection.scalar(made.returning(tables.imports.c.id))
        connection.execute(tables.assessments.update().values(import_id=which))
        connection.execute(select(func.take_back_import(which)))
        assert connection.scalar(select(func.count()).select_from(tables.decision_overturns)) == 0
