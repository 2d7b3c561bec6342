"""A Kinesis that accepts connections and never answers."""

from __future__ import annotations

import socket
import time

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from functions.api.http.services import Services
from tests.integration.test_api.support import an_event, app_on, open_alert

LAMBDA_SECONDS = 15


def test_a_silent_stream_is_answered_before_the_lambda_ends_and_does_not_undo_an_action(
    api_services: Services, database: Engine, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KINESIS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        del api_services.kinesis
        client = TestClient(app_on(api_services))
        started = time.perf_counter()
        answer = client.post("/api/v1/events", json=an_event(), headers=admin)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
        assert time.perf_counter() - started < LAMBDA_SECONDS - 3
        alert = open_alert(database)
        started = time.perf_counter()
        assert client.post(f"/api/v1/alerts/{alert.id}/acknowledge", headers=admin).status_code == 200
        assert time.perf_counter() - started < LAMBDA_SECONDS / 2
