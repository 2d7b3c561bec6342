"""Changing thresholds and alert policy at run time."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient

from risk.configuration import Configuration
from tests.integration.test_api.support import Recorder

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
