"""Changing thresholds and alert policy at run time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from risk.alerts.configuration import Configuration
from risk.store.assessments import threshold_preview
from risk.store.db import tables
from tests.integration.test_api.support import NOW, Recorder, make_assessment, store

URL = "/api/v1/config"
CHANGE: dict[str, Any] = {
    "thresholds": {"low": 0.2, "medium": 0.4, "high": 0.6},
    "alert_policy": {"min_level": "CRITICAL"},
    "reason": "fewer alarms",
}


def test_a_change_is_a_new_version_in_force_at_once_and_pushed(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    first = client.get(URL, headers=admin).json()
    assert (first["version"], first["thresholds"]) == (1, {"low": 0.3, "medium": 0.5, "high": 0.8})
    changed = client.put(URL, json=CHANGE, headers=admin).json()
    assert (changed["version"], changed["changed_by"], changed["reason"]) == (2, "admin@risk.local", "fewer alarms")
    assert client.get(URL, headers=admin).json() == changed
    [put] = kinesis.puts
    envelope = json.loads(put["data"])
    assert (put["stream"], envelope["type"]) == ("risk-updates", "config")
    assert Configuration.model_validate(envelope["items"][0]).version == 2


def test_service_levels_that_are_left_out_stay_as_they_are(client: TestClient, admin: dict[str, str]) -> None:
    levels = client.get(URL, headers=admin).json()["alert_policy"]["service_levels"]
    one = {**levels, "CRITICAL": {"acknowledge_minutes": 5, "resolve_minutes": 77}}
    policy = {"min_level": "HIGH", "service_levels": one}
    first = client.put(URL, json=CHANGE | {"alert_policy": policy}, headers=admin)
    assert first.json()["alert_policy"]["service_levels"] == one != levels
    second = client.put(URL, json=CHANGE, headers=admin).json()["alert_policy"]
    assert (second["min_level"], second["service_levels"]) == ("CRITICAL", one)


def test_thresholds_that_do_not_rise_and_changes_without_a_reason_are_refused(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    for change, field in (
        ({"thresholds": {"low": 0.5, "medium": 0.5, "high": 0.6}}, "thresholds"),
        ({"thresholds": {"low": 0.0, "medium": 0.5, "high": 0.6}}, "thresholds.low"),
        ({"alert_policy": {"min_level": "SEVERE"}}, "alert_policy.min_level"),
        ({"reason": "   "}, "reason"),
        ({"version": 9}, "version"),
    ):
        answer = client.put(URL, json=CHANGE | change, headers=admin)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert client.get(URL, headers=admin).json()["version"] == 1
    assert kinesis.puts == []


def test_of_two_who_change_what_they_read_the_second_is_told(client: TestClient, admin: dict[str, str]) -> None:
    read = client.get(URL, headers=admin).headers["etag"]
    first = client.put(URL, json=CHANGE, headers=admin | {"If-Match": read})
    assert (first.status_code, first.headers["etag"] != read) == (200, True)
    second = client.put(URL, json=CHANGE, headers=admin | {"If-Match": read})
    assert (second.status_code, second.json()["type"]) == (412, "urn:problem:stale")
    back = {"version": 1, "reason": "too few alarms"}
    assert client.post(f"{URL}/rollback", json=back, headers=admin | {"If-Match": read}).status_code == 412
    assert client.get(URL, headers=admin).json()["version"] == 2


def test_an_earlier_version_comes_back_as_a_new_one_and_all_stay_on_record(
    client: TestClient, admin: dict[str, str], kinesis: Recorder
) -> None:
    first = client.get(URL, headers=admin).json()
    client.put(URL, json=CHANGE, headers=admin)
    answer = client.post(f"{URL}/rollback", json={"version": 1, "reason": "too few alarms"}, headers=admin)
    assert answer.status_code == 200
    third = answer.json()
    assert (third["version"], third["thresholds"]) == (3, first["thresholds"])
    assert (third["changed_by"], third["reason"]) == ("admin@risk.local", "too few alarms")
    assert client.get(URL, headers=admin).json() == third
    assert len(kinesis.puts) == 2
    page = client.get(f"{URL}/versions", params={"limit": 2}, headers=admin).json()
    rest = client.get(f"{URL}/versions", params={"cursor": page["next_cursor"]}, headers=admin).json()
    assert [one["version"] for one in page["items"] + rest["items"]] == [3, 2, 1]
    assert (rest["items"], rest["next_cursor"]) == ([first], None)
    missing = client.post(f"{URL}/rollback", json={"version": 9, "reason": "a guess"}, headers=admin)
    assert missing.status_code == 404


def test_a_whole_number_is_one_however_json_writes_it_and_text_is_none(
    client: TestClient, admin: dict[str, str]
) -> None:
    client.get(URL, headers=admin)
    for version, status in ((1.0, 200), ("1", 422), (True, 422), (1.5, 422)):
        body = {"version": version, "reason": "a test"}
        assert client.post(f"{URL}/rollback", json=body, headers=admin).status_code == status


def preview(client: TestClient, headers: dict[str, str], **query: Any) -> Any:
    answer = client.get(f"{URL}/preview", params={"low": 0.3, "medium": 0.5, "high": 0.8} | query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def scored(database: Engine, *scores: float, at: datetime | None = None) -> None:
    """Events of late with these scores, counted as the engine counts them."""
    at = at or NOW - timedelta(hours=1)
    made = [make_assessment(number, score, scored_at=at) for number, score in enumerate(scores, start=1)]
    store(database, *made)
    minute = at.replace(second=0, microsecond=0)
    with database.begin() as connection:
        counts = [{"minute": minute, "level": 0, "count": len(made)}]
        connection.execute(insert(tables.assessment_counts), counts)


def test_a_preview_says_which_events_would_be_of_another_level(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    scored(database, 0.1, 0.25, 0.45, 0.7, 0.95, 1.0)
    # Older than a week: not counted.
    store(database, make_assessment(99, 0.45, scored_at=NOW - timedelta(days=40)))
    found = preview(client, admin, low=0.2, medium=0.4)
    assert (found["events"], found["sampled"], found["changed"]) == (6, None, 2)
    assert found["before"] == {"LOW": 2, "MEDIUM": 1, "HIGH": 1, "CRITICAL": 2}
    assert found["after"] == {"LOW": 1, "MEDIUM": 1, "HIGH": 2, "CRITICAL": 2}
    assert {(move["before"], move["after"], move["events"]) for move in found["moves"]} == {
        ("LOW", "MEDIUM", 1),
        ("MEDIUM", "HIGH", 1),
    }
    assert (sum(found["scores"]), found["scores"][-1], found["scores"][5]) == (6, 1, 1)
    assert preview(client, admin)["changed"] == 0


def test_a_preview_compares_with_the_thresholds_in_force(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    scored(database, 0.25)
    client.put(URL, json=CHANGE, headers=admin)
    assert preview(client, admin, **CHANGE["thresholds"])["changed"] == 0
    assert preview(client, admin)["moves"] == [{"before": "MEDIUM", "after": "LOW", "events": 1}]


def test_of_very_many_events_a_sample_is_scaled_to_all(
    client: TestClient, admin: dict[str, str], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored(database, *[0.1, 0.9] * 300)
    monkeypatch.setattr(threshold_preview, "SAMPLE", 300)
    found = preview(client, admin, high=0.95)
    assert found["events"] == 600
    assert 0 < found["sampled"] < 600
    assert abs(sum(found["after"].values()) - 600) <= 2
    assert found["before"]["CRITICAL"] == found["changed"] == found["moves"][0]["events"]


@pytest.mark.parametrize(
    ("query", "field"), [({"low": 0.6}, "low"), ({"high": 1.0}, "high"), ({"days": 0}, "days"), ({"low": "x"}, "low")]
)
def test_a_preview_of_thresholds_that_cannot_be_is_refused(
    client: TestClient, admin: dict[str, str], query: dict[str, Any], field: str
) -> None:
    answer = client.get(f"{URL}/preview", params={"low": 0.3, "medium": 0.5, "high": 0.8} | query, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
