"""Labels: taken one by one, in bulk and from alerts; what reaches the stream; what they say of the engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aws_lambda_powertools.metrics import EphemeralMetrics
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, text

from functions.api.http.services import Services
from functions.api.labels import service
from risk.alerts.alert import Alert
from risk.config.settings import ApiSettings
from risk.domain.assessment import Assessment, RiskLevel
from risk.domain.events import Label, parse_record
from risk.store.db import tables
from risk.store.db.engine import create_pool
from tests.integration.test_api.support import NOW, Recorder, make_assessment, open_alert, store
from tests.services import Services as Shared

BULK = "/api/v1/labels"
QUALITY = "/api/v1/quality"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risk.adapters.kinesis.FIRST_WAIT", 0.0)


def scored(database: Engine, count: int, **changes: Any) -> list[Assessment]:
    found = [make_assessment(number, **changes) for number in range(1, count + 1)]
    store(database, *found)
    return found


def labelled(kinesis: Recorder) -> list[tuple[str, Label]]:
    """What is on the stream, as the engine reads it, with its keys."""
    found = []
    for put in kinesis.puts:
        if put["stream"] == "risk-events":
            record = parse_record(put["data"], datetime.now(UTC))
            assert isinstance(record, Label)
            found.append((put["key"], record))
    return found


def learn(database: Engine, event_id: UUID, *, fraud: bool, known_at: datetime = NOW, source: str = "bank") -> None:
    """Store a label as the engine does."""
    learn.sequence += 1  # type: ignore[attr-defined]  # one order over all
    values = {"fraud": fraud, "known_at": known_at, "source": source, "received_at": NOW}
    with database.begin() as connection:
        connection.execute(
            insert(tables.labels).values(event_id=event_id, sequence=learn.sequence, **values)  # type: ignore[attr-defined]
        )


learn.sequence = 0  # type: ignore[attr-defined]


def test_a_label_enters_the_stream_with_its_accounts_events(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    [event] = scored(database, 1, account_id="grace")
    before = datetime.now(UTC)
    answer = client.post(f"/api/v1/risk/{event.event_id}/label", json={"fraud": True}, headers=analyst)
    assert answer.status_code == 202
    said = answer.json()
    assert (said["event_id"], said["fraud"], said["source"]) == (
        str(event.event_id),
        True,
        "analyst:analyst@risk.local",
    )
    [(key, label)] = labelled(kinesis)
    assert (key, label.event_id, label.fraud, label.source) == ("grace", event.event_id, True, said["source"])
    assert before <= label.known_at == datetime.fromisoformat(said["known_at"]) <= datetime.now(UTC)


def test_a_label_of_what_is_not_scored_and_one_from_the_future_are_refused(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    assert client.post(f"/api/v1/risk/{uuid4()}/label", json={"fraud": True}, headers=analyst).status_code == 404
    [event] = scored(database, 1)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for wrong, field in (({"fraud": True, "known_at": later}, "known_at"), ({"fraud": "yes"}, "fraud"), ({}, "fraud")):
        answer = client.post(f"/api/v1/risk/{event.event_id}/label", json=wrong, headers=analyst)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert kinesis.puts == []


def test_a_label_that_is_stored_already_is_accepted_and_not_sent_again(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    [event] = scored(database, 1)
    learn(database, event.event_id, fraud=True)
    body = {"fraud": True, "known_at": NOW.isoformat(), "source": "bank"}
    assert client.post(f"/api/v1/risk/{event.event_id}/label", json=body, headers=analyst).status_code == 202
    assert kinesis.puts == []


def test_a_stream_that_takes_no_label_is_told(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    kinesis.failing = b"label"
    events = scored(database, 2)
    answer = client.post(f"/api/v1/risk/{events[0].event_id}/label", json={"fraud": True}, headers=analyst)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
    body = [{"event_id": str(event.event_id), "fraud": True} for event in events]
    assert client.post(BULK, json=body, headers=analyst).status_code == 503


def test_bulk_labels_are_told_row_by_row(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    good, stored, unlucky = scored(database, 3)
    learn(database, stored.event_id, fraud=False)
    kinesis.failing = str(unlucky.event_id).encode()
    lines = [
        "event_id,fraud,known_at,source",
        f"{good.event_id},true,{NOW.isoformat()},bank",
        f"{good.event_id},maybe,,",
        f"{uuid4()},true,,",
        f"{stored.event_id},false,{NOW.isoformat()},bank",
        f"{good.event_id},true,{NOW.isoformat()},bank",
        f"{unlucky.event_id},true,,",
    ]
    answer = client.post(BULK, content="\n".join(lines), headers=analyst | {"content-type": "text/csv"})
    assert answer.status_code == 202
    found = answer.json()
    assert (found["accepted"], found["rejected"]) == (1, 5)
    assert [(item["row"], item["status"], item["field"]) for item in found["items"]] == [
        (1, "accepted", None),
        (2, "refused", "fraud"),
        (3, "unknown", "event_id"),
        (4, "duplicate", None),
        (5, "duplicate", None),
        (6, "failed", None),
    ]
    assert [(key, label.event_id) for key, label in labelled(kinesis)] == [("ada", good.event_id)]


def test_5000_labels_go_at_once_and_more_do_not(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    [event] = scored(database, 1)
    body = [{"event_id": str(event.event_id), "fraud": True, "source": f"bank {number}"} for number in range(5000)]
    answer = client.post(BULK, json=body, headers=analyst)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 5000)
    assert len(labelled(kinesis)) == 5000
    answer = client.post(BULK, json=[*body, body[0]], headers=analyst)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")
    answer = client.post(BULK, content=b" " * 5_300_000, headers=analyst)
    assert answer.status_code == 413
    answer = client.post(BULK, content=b"<labels/>", headers=analyst | {"content-type": "text/xml"})
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:problem:unsupported-content")


def test_what_there_is_no_time_for_is_told_as_failed(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    [event] = scored(database, 1)
    clock = iter([0.0, 0.0, service.LAST_START_SECONDS + 1])
    monkeypatch.setattr(service, "monotonic", lambda: next(clock))
    body = [{"event_id": str(event.event_id), "fraud": True, "source": f"bank {number}"} for number in range(1200)]
    found = client.post(BULK, json=body, headers=analyst).json()
    assert (found["accepted"], found["rejected"]) == (500, 700)
    assert [item["row"] for item in found["items"] if item["status"] == "failed"] == list(range(501, 1201))


def alert_of(database: Engine, events: list[Assessment]) -> Alert:
    alert = open_alert(database)
    with database.begin() as connection:
        members = [{"event_id": event.event_id, "alert_id": alert.id} for event in events]
        connection.execute(insert(tables.alert_events), members)
    return alert


def resolve(client: TestClient, alert: Alert, disposition: str, headers: dict[str, str]) -> Any:
    answer = client.post(f"/api/v1/alerts/{alert.id}/resolve", json={"disposition": disposition}, headers=headers)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(("disposition", "fraud"), [("confirmed_risk", True), ("false_positive", False)])
def test_a_resolved_alert_labels_each_of_its_events(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder, disposition: str, fraud: bool
) -> None:
    events = scored(database, 3)
    alert = alert_of(database, events[:2])
    resolved = resolve(client, alert, disposition, analyst)
    found = labelled(kinesis)
    assert {label.event_id for _, label in found} == {event.event_id for event in events[:2]}
    assert {(key, label.fraud, label.source) for key, label in found} == {("ada", fraud, f"alert:{alert.id}")}
    assert {label.known_at for _, label in found} == {datetime.fromisoformat(resolved["resolved_at"])}


def test_an_inconclusive_alert_labels_nothing(
    client: TestClient, analyst: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    alert = alert_of(database, scored(database, 1))
    url = f"/api/v1/alerts/{alert.id}/labels"
    assert client.post(url, headers=analyst).status_code == 409
    resolve(client, alert, "inconclusive", analyst)
    assert labelled(kinesis) == []
    answer = client.post(url, headers=analyst)
    assert (answer.status_code, "inconclusive" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize("failure", [None, OSError("no route")])
def test_lost_labels_of_an_alert_do_not_fail_it_are_counted_and_can_be_sent_again_the_same(
    client: TestClient,
    analyst: dict[str, str],
    database: Engine,
    kinesis: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception | None,
) -> None:
    counted: list[tuple[Any, ...]] = []
    monkeypatch.setattr(EphemeralMetrics, "add_metric", lambda _, *found: counted.append(found))
    events = scored(database, 2)
    alert = alert_of(database, events)
    kinesis.failing, kinesis.error = b'"label"', failure
    resolved = resolve(client, alert, "confirmed_risk", analyst)
    assert [(found[0], found[2]) for found in counted if found[0] == "AlertLabelsLost"] == [("AlertLabelsLost", 2)]
    assert labelled(kinesis) == []

    kinesis.failing = kinesis.error = None
    url = f"/api/v1/alerts/{alert.id}/labels"
    assert client.post(url, headers=analyst).json()["accepted"] == 2
    found = [label for _, label in labelled(kinesis)]
    assert {label.event_id for label in found} == {event.event_id for event in events}
    assert {label.known_at for label in found} == {datetime.fromisoformat(resolved["resolved_at"])}
    for label in found:
        learn(database, label.event_id, fraud=label.fraud, known_at=label.known_at, source=label.source)
    again = client.post(url, headers=analyst).json()
    assert [item["status"] for item in again["items"]] == ["duplicate", "duplicate"]
    assert client.post(f"/api/v1/alerts/{uuid4()}/labels", headers=analyst).status_code == 404


def test_labels_of_an_event_are_listed_the_one_that_counts_first(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    event, bare = scored(database, 2)
    learn(database, event.event_id, fraud=True, source="bank")
    learn(database, event.event_id, fraud=False, source="court")
    learn(database, event.event_id, fraud=True, known_at=NOW - timedelta(days=1), source="rumour")

    def items(event_id: UUID) -> Any:
        return client.get(f"/api/v1/risk/{event_id}/labels", headers=viewer)

    found = items(event.event_id).json()["items"]
    assert [(item["source"], item["fraud"]) for item in found] == [("court", False), ("bank", True), ("rumour", True)]
    assert items(bare.event_id).json() == {"items": []}
    assert items(uuid4()).status_code == 404


def test_quality_counts_each_event_once_by_its_newest_label_known_by_now(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    yesterday = NOW - timedelta(days=1)
    hit, missed, alarm, changed, future = (make_assessment(n, s) for n, s in enumerate((0.9, 0.1, 0.6, 0.9, 0.9), 1))
    old = make_assessment(6, 0.9, occurred_at=yesterday, scorer="older")
    outside = make_assessment(7, 0.9, occurred_at=NOW - timedelta(days=50))
    store(database, hit, missed, alarm, changed, future, old, outside)
    for event, fraud in ((hit, True), (missed, True), (alarm, False), (changed, True), (old, True), (outside, True)):
        learn(database, event.event_id, fraud=fraud)
    learn(database, changed.event_id, fraud=False, source="court")
    learn(database, changed.event_id, fraud=True, known_at=yesterday, source="rumour")
    learn(database, future.event_id, fraud=True, known_at=NOW + timedelta(days=1))
    rule = uuid4()
    with database.begin() as connection:
        values = {"latest_version": 2, "stage": 1, "created_at": NOW, "created_by": "test"}
        connection.execute(insert(tables.rules).values(id=rule, name="night", **values))
        rows = [(hit, "live", 2), (alarm, "live", 2), (missed, "shadow", 1), (outside, "live", 2), (future, "live", 2)]
        connection.execute(
            insert(tables.rule_hits),
            [
                {"event_id": one.event_id, "rule_id": rule, "rule_version": version, "mode": mode}
                | {"scored_at": one.scored_at}
                for one, mode, version in rows
            ],
        )

    found = client.get(QUALITY, params={"to": (NOW + timedelta(hours=1)).isoformat()}, headers=viewer).json()
    assert (found["labelled"], found["unlabelled"], found["frauds"]) == (5, 1, 3)
    critical = found["levels"][RiskLevel.CRITICAL.rank]
    assert (critical["level"], critical["precision"], critical["recall"]) == ("CRITICAL", 2 / 3, 2 / 3)
    high = found["levels"][RiskLevel.HIGH.rank]
    assert (high["true_positives"], high["false_positives"], high["true_negatives"]) == (2, 2, 0)
    assert [(one["scorer"], one["labelled"]) for one in found["scorers"]] == [("older", 1), ("test", 4)]
    assert [(one["day"], one["labelled"]) for one in found["days"]] == [
        (f"{yesterday:%Y-%m-%d}", 1),
        (f"{NOW:%Y-%m-%d}", 4),
    ]
    [night] = found["rules"]
    assert (night["name"], night["hits"], night["labelled"]) == ("night", 3, 2)
    assert (night["precision"], night["recall"]) == (0.5, 1 / 3)


def test_quality_of_nothing_is_null_and_odd_ranges_are_refused(client: TestClient, viewer: dict[str, str]) -> None:
    found = client.get(QUALITY, headers=viewer).json()
    assert (found["labelled"], found["unlabelled"], found["days"], found["rules"]) == (0, 0, [], [])
    assert {(one["precision"], one["recall"], one["f1"]) for one in found["levels"]} == {(None, None, None)}
    for params in (
        {"from": "2026-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
        {"from": "2025-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "0001-01-01T00:00:00+14:00"},
    ):
        assert client.get(QUALITY, params=params, headers=viewer).status_code == 422, params


def test_more_events_than_can_be_counted_in_time_are_refused_and_not_an_outage(
    client: TestClient, viewer: dict[str, str], api_services: Services, settings: ApiSettings, database: Engine
) -> None:
    api_services.database.dispose()
    url = settings.database_url.get_secret_value()
    api_services.database = create_pool(url, application="test", size=2, statement_seconds=0.3)
    with database.begin() as connection:
        connection.execute(text("LOCK TABLE assessments"))
        answer = client.get(QUALITY, headers=viewer)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")
    assert "shorter span" in answer.json()["detail"]
    assert client.get(QUALITY, headers=viewer).status_code == 200


def test_a_real_stream_takes_the_labels(
    client: TestClient, api_services: Services, analyst: dict[str, str], database: Engine, services: Shared
) -> None:
    stream = services.stream(2)
    api_services.settings = api_services.settings.model_copy(update={"events_stream": stream})
    api_services.kinesis = services.kinesis()
    events = scored(database, 600)
    body = [{"event_id": str(event.event_id), "fraud": number % 2 == 0} for number, event in enumerate(events)]
    lines = "\n".join(json.dumps(row) for row in body)
    answer = client.post(BULK, content=lines, headers=analyst | {"content-type": "application/x-ndjson"})
    assert answer.json()["accepted"] == 600
    assert {(row["event_id"], row["fraud"]) for row in services.read(stream)} == {
        (row["event_id"], row["fraud"]) for row in body
    }
