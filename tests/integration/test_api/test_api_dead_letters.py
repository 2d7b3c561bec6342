"""Dead letters are worked off: found, read, corrected and replayed under their id, or dismissed with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from risk.store.db.tables import dead_letters
from tests.integration.test_api.support import Recorder, an_event

URL = "/api/v1/dead-letters"


@pytest.fixture
def letter(database: Engine) -> dict[str, Any]:
    """An event whose currency is none, as the engine put it away."""
    event = an_event(currency="€")
    raw = json.dumps(event).encode()
    row = {
        "source": "test/shard-0",
        "position": "17",
        "received_at": datetime.now(UTC),
        "reason": "invalid",
        "detail": "currency must be a currency's code",
        "field": "currency",
        "event_id": UUID(event["event_id"]),
        "raw": raw,
        "raw_bytes": len(raw),
    }
    with database.begin() as connection:
        connection.execute(insert(dead_letters), [row, row | {"position": "18", "reason": "oversized", "raw": b"\xff"}])
    return event


def test_dead_letters_are_listed_filtered_counted_and_exported(
    client: TestClient, admin: dict[str, str], letter: dict[str, Any]
) -> None:
    listed = client.get(URL, headers=admin).json()["items"]
    assert [item["position"] for item in listed] == ["18", "17"]
    [found] = client.get(URL, params={"reason": "invalid", "field": "currency"}, headers=admin).json()["items"]
    assert found["event_id"] == letter["event_id"]
    assert client.get(f"{URL}/stats", headers=admin).json() == {"open": 2, "by_reason": {"invalid": 1, "oversized": 1}}
    shown = client.get(f"{URL}/{found['number']}", headers=admin).json()
    assert json.loads(shown["raw"]) == letter
    lines = client.get(f"{URL}/export", headers=admin).text.splitlines()
    assert [json.loads(line)["raw_encoding"] for line in lines] == ["base64", "text"]


def test_a_corrected_record_is_replayed_once_and_keeps_its_id(
    client: TestClient, admin: dict[str, str], kinesis: Recorder, letter: dict[str, Any]
) -> None:
    number = client.get(URL, params={"reason": "invalid"}, headers=admin).json()["items"][0]["number"]
    refused = client.post(f"{URL}/{number}/replay", json={}, headers=admin)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "record.currency")
    other = letter | {"currency": "EUR", "event_id": an_event()["event_id"]}
    assert client.post(f"{URL}/{number}/replay", json={"record": other}, headers=admin).status_code == 409
    assert not kinesis.puts
    fixed = {"record": letter | {"currency": "EUR"}, "note": "the sender wrote a sign"}
    answer = client.post(f"{URL}/{number}/replay", json=fixed, headers=admin)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "replayed")
    assert len(kinesis.puts) == 1
    assert client.post(f"{URL}/{number}/replay", json=fixed, headers=admin).status_code == 409
    assert len(kinesis.puts) == 1


def test_a_dismissed_dead_letter_says_who_and_why_and_waits_no_more(
    client: TestClient, admin: dict[str, str], letter: dict[str, Any]
) -> None:
    numbers = [item["number"] for item in client.get(URL, headers=admin).json()["items"]]
    body = {"numbers": numbers, "reason": "a load test"}
    assert client.post(f"{URL}/dismiss", json=body, headers=admin).json() == {"dismissed": 2}
    assert client.post(f"{URL}/dismiss", json=body, headers=admin).json() == {"dismissed": 0}
    assert client.get(URL, headers=admin).json()["items"] == []
    [item, _] = client.get(URL, params={"status": "dismissed"}, headers=admin).json()["items"]
    assert (item["closed_by"], item["note"]) == ("admin@risk.local", "a load test")
