"""POST /events: what is taken, what is refused and why, and what reaches the stream."""

from __future__ import annotations

import json
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.events import Event, parse_record
from tests.integration.test_api.support import Recorder, an_event, make_assessment, store

URL = "/api/v1/events"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("risk.adapters.kinesis.FIRST_WAIT", 0.0)


def fields(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


def test_an_event_enters_the_stream_as_the_engine_reads_it_keyed_by_its_account(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    event = an_event(amount=0.1, attributes={"basket": 3, "member": True})
    answer = client.post(URL, json=event, headers=admin)
    assert (answer.status_code, answer.json()) == (
        202,
        {"event_id": event["event_id"], "event_source": "stream", "status": "accepted", "notes": []},
    )
    [put] = kinesis.puts
    assert (put["stream"], put["key"]) == ("risk-events", "ada")
    read = parse_record(put["data"], datetime.now(UTC))
    assert isinstance(read, Event)
    assert (str(read.event_id), str(read.amount)) == (event["event_id"], "0.1")


def test_an_event_without_an_id_gets_one(client: TestClient, admin: dict[str, str], kinesis: Recorder) -> None:
    event = an_event()
    del event["event_id"]
    given = client.post(URL, json=event, headers=admin).json()["event_id"]
    assert json.loads(kinesis.puts[0]["data"])["event_id"] == given
    assert uuid.UUID(given).version == 4


def test_every_wrong_field_is_named(client: TestClient, admin: dict[str, str], kinesis: Recorder) -> None:
    wrong = an_event(amount="-1", currency="€", surname="x")
    assert set(fields(client.post(URL, json=wrong, headers=admin))) == {"amount", "currency", "surname"}
    future = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert set(fields(client.post(URL, json=an_event(occurred_at=future), headers=admin))) == {"occurred_at"}
    assert kinesis.puts == []


def test_one_refused_event_does_not_take_its_list_with_it(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    future = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    good, twin = an_event(amount=0.1), an_event()
    wrong = [an_event(amount="many"), an_event(occurred_at=future), 7, an_event(attributes={"note": "x" * 20_000})]
    answer = client.post(URL, json=[good, *wrong, twin, twin], headers=admin)
    assert answer.status_code == 202, answer.text
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (2, 5)
    items = answer.json()["items"]
    assert [item["status"] for item in items] == ["accepted", *["refused"] * 4, "accepted", "refused"]
    assert [item["field"] for item in items] == [None, "amount", "occurred_at", None, None, None, "event_id"]
    assert items[1]["event_id"] == wrong[0]["event_id"]  # type: ignore[index]
    assert "16384" in items[4]["detail"]
    assert [json.loads(put["data"])["event_id"] for put in kinesis.puts] == [good["event_id"], twin["event_id"]]
    answer = client.post(URL, json=wrong, headers=admin)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 0)
    assert len(kinesis.puts) == 2


def test_a_code_that_no_standard_has_is_kept_and_said(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    answer = client.post(URL, json=an_event(currency="QQQ", country="QQ"), headers=admin)
    assert answer.status_code == 202
    assert [note.split(" is ")[0] for note in answer.json()["notes"]] == ["currency QQQ", "country QQ"]
    assert json.loads(kinesis.puts[0]["data"])["currency"] == "QQQ"
    for code in ("BGN", "HRK", "ANG", "LTL", "ZWL", "SLL"):
        listed = client.post(URL, json=[an_event(currency=code, country="XK")], headers=admin).json()["items"]
        assert listed[0]["notes"] == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b'"text"', b"null", b'{"account_id": "\\ud800"}', b"\xff\xfe", b"[" * 5000],
)
def test_what_is_no_event_is_refused_and_never_an_error_of_ours(
    client: TestClient, admin: dict[str, str], body: bytes
) -> None:
    assert fields(client.post(URL, content=body, headers=admin))


def test_more_than_500_events_a_large_record_and_a_large_body_are_refused(
    client: TestClient, admin: dict[str, str]
) -> None:
    assert "500" in fields(client.post(URL, json=[an_event() for _ in range(501)], headers=admin))["body"]
    large = an_event(attributes={"note": "x" * 20_000})
    answer = client.post(URL, json=large, headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:problem:too-large")
    answer = client.post(URL, content=b"[" + b" " * 5_300_000, headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:problem:too-large")
    chunks = (b" " * 1_000_000 for _ in range(6))
    answer = client.post(URL, content=chunks, headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:problem:too-large")


def test_what_is_scored_already_is_answered_as_before_and_not_sent_again(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    scored = make_assessment(1)
    store(database, scored)
    same = json.loads(
        scored.model_dump_json(include={*an_event(), "counterparty_id", "device_id", "country"}, exclude_none=True)
    )
    first = {"event_id": same["event_id"], "event_source": "stream", "status": "accepted", "notes": []}
    answer = client.post(URL, json=same, headers=admin)
    assert (answer.status_code, answer.json()) == (202, first)
    answer = client.post(URL, params={"wait_ms": 1000}, json=same, headers=admin)
    assert (answer.status_code, answer.json()["score"]) == (200, scored.score)
    other = same | {"amount": "99999.00"}
    answer = client.post(URL, json=other, headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:conflict")
    assert "amount differ" in answer.json()["detail"]
    fresh = an_event()
    for again, status in ((same, "duplicate"), (other, "conflict")):
        answer = client.post(URL, json=[again, fresh], headers=admin)
        assert answer.status_code == 202
        assert (answer.json()["accepted"], answer.json()["rejected"]) == (1, 1)
        assert [item["status"] for item in answer.json()["items"]] == [status, "accepted"]
    assert [json.loads(put["data"])["event_id"] for put in kinesis.puts] == [fresh["event_id"]] * 2


def test_what_fails_to_enter_the_stream_is_told_event_by_event(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    kinesis.failing = b"unlucky"
    answer = client.post(URL, json=[an_event(), an_event(account_id="unlucky")], headers=admin)
    assert answer.status_code == 202
    assert [item["status"] for item in answer.json()["items"]] == ["accepted", "failed"]
    for body in (an_event(account_id="unlucky"), [an_event(account_id="unlucky"), an_event(account_id="unlucky")]):
        answer = client.post(URL, json=body, headers=admin)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
        assert answer.headers["retry-after"]


def test_who_waits_gets_the_assessment_as_soon_as_it_is_stored(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = make_assessment(1, 0.9)
    engine = threading.Timer(0.4, store, [database, assessment])
    put_records = kinesis.put_records

    def put_and_score(**put: Any) -> dict[str, Any]:
        engine.start()  # an event is scored once it is on the stream, however long it took to get there
        return put_records(**put)

    monkeypatch.setattr(kinesis, "put_records", put_and_score)
    started = time.monotonic()
    event = an_event(assessment.event_id)
    answer = client.post(URL, params={"wait_ms": 5000}, json=event, headers=admin)
    seconds = time.monotonic() - started
    engine.join()
    assert answer.status_code == 200
    assert 0.3 < seconds < 3
    assert answer.json() == client.get(f"/api/v1/risk/{assessment.event_id}", headers=admin).json()
    assert (answer.json()["level"], answer.headers["content-type"]) == ("CRITICAL", "application/json")


def test_who_waits_in_vain_is_told_in_time_that_the_event_was_accepted(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    event = an_event()
    started = time.monotonic()
    answer = client.post(URL, params={"wait_ms": 300}, json=event, headers=admin)
    assert 0.3 <= time.monotonic() - started < 2
    assert (answer.status_code, answer.json()) == (
        202,
        {"event_id": event["event_id"], "event_source": "stream", "status": "accepted", "notes": []},
    )
    assert len(kinesis.puts) == 1


def test_waiting_keeps_no_transaction_open(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    put = kinesis.put_records

    def look() -> None:
        with database.connect() as connection:
            sql = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            for _ in range(60):
                seen.extend(connection.scalars(text(sql)))
                connection.rollback()
                time.sleep(0.005)

    watcher = threading.Timer(0.05, look)

    def put_then_watch(**arguments: Any) -> dict[str, Any]:
        watcher.start()
        return put(**arguments)

    monkeypatch.setattr(kinesis, "put_records", put_then_watch)
    client.post(URL, params={"wait_ms": 1500}, json=an_event(), headers=admin)
    watcher.join()
    assert "idle" in seen
    assert not {state for state in seen if "transaction" in state}


def test_only_single_events_can_be_waited_for_and_not_for_long(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    answer = client.post(URL, params={"wait_ms": 1}, json=[an_event()], headers=admin)
    assert set(fields(answer)) == {"wait_ms"}
    for wrong in ("-1", "5001", "soon"):
        assert set(fields(client.post(URL, params={"wait_ms": wrong}, json=an_event(), headers=admin))) == {"wait_ms"}
    assert client.post(URL, params={"wait_ms": 0}, json=[an_event()], headers=admin).status_code == 202
    assert len(kinesis.puts) == 1


def test_events_are_put_off_while_the_engine_is_far_behind_and_health_stays_fast(
    client: TestClient, admin: dict[str, str], api_services: Services, kinesis: Recorder
) -> None:
    valkey_live.say_behind(api_services.live, 75.0)
    for body in (an_event(), [an_event(), an_event()]):
        answer = client.post(URL, json=body, headers=admin)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:overloaded")
        assert answer.headers["retry-after"] == "15"
        assert "75 seconds late" in answer.json()["detail"]
    assert kinesis.puts == []
    started = time.monotonic()
    for _ in range(20):
        assert client.get("/api/v1/health").status_code == 200
    assert (time.monotonic() - started) / 20 < 0.5
    valkey_live.say_behind(api_services.live, 59.0)
    assert client.post(URL, json=an_event(), headers=admin).status_code == 202
    # An engine that is gone says nothing: the stream keeps what comes until the next one.
    valkey_live.say_behind(api_services.live, 4_000.0)
    assert client.post(URL, json=an_event(), headers=admin).headers["retry-after"] == "60"
    assert 0 < api_services.live.ttl("live:behind") <= valkey_live.BEHIND_SECONDS
    api_services.live.delete("live:behind")
    assert client.post(URL, json=an_event(), headers=admin).status_code == 202
