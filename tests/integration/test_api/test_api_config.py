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
