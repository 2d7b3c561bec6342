"""With Postgres stopped or frozen: health says so in time, events still enter, the rest says try again."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import psutil
import pytest
from fastapi.testclient import TestClient
from mypy_boto3_kinesis import KinesisClient
from sqlalchemy import text

from functions.api.http.access import tokens
from functions.api.http.services import Services
from infra.local.services import postgres
from infra.local.stack.processes import Children, Guardian
from risk.domain.permissions import Role
from risk.store.db.engine import create_pool
from risk.store.db.migrate import upgrade
from risk.store.db.roles import DatabaseRole
from risk.store.engine_state import leases
from tests.integration.test_api.support import KEY, Recorder, an_event, app_on, settings_for

HEALTH = "/api/v1/health"
GONE = {"status": "unhealthy", "database": "disconnected", "streaming": "unknown"}


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    """A Postgres of this test's own, to be harmed."""
    folder = tmp_path_factory.mktemp("outage")
    guardian = Guardian()
    children = Children(folder / "logs", guardian)
    try:
        found = postgres.start(children, folder)
        upgrade(found.url(), passwords=found.passwords)
        yield found
    finally:
        children.stop_all()
        guardian.dismiss()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def outage_client(server: postgres.Postgres, recorder: Recorder) -> Iterator[TestClient]:
    services = Services(settings_for(server.url(role=DatabaseRole.API), 1))
    services.kinesis = cast(KinesisClient, recorder)
    with TestClient(app_on(services), raise_server_exceptions=False) as client:
        yield client
    services.close()


def token(role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(KEY, uuid4(), role, uuid4(), now=datetime.now(UTC), minutes=5)}"}


def timed_health(client: TestClient) -> tuple[int, object, float]:
    started = time.perf_counter()
    answer = client.get(HEALTH)
    return answer.status_code, answer.json(), time.perf_counter() - started


def test_health_is_degraded_without_an_engine_and_healthy_with_one(
    outage_client: TestClient, server: postgres.Postgres
) -> None:
    degraded = {"status": "degraded", "database": "connected", "streaming": "inactive"}
    assert timed_health(outage_client)[:2] == (200, degraded)
    engine = create_pool(server.url(role=DatabaseRole.ENGINE), application="an engine")
    with engine.begin() as connection:
        assert leases.acquire(connection, "a test", 1.0) == 1
    healthy = {"status": "healthy", "database": "connected", "streaming": "active"}
    assert timed_health(outage_client)[:2] == (200, healthy)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET expires_at = clock_timestamp()"))
    engine.dispose()
    assert timed_health(outage_client)[:2] == (200, degraded)


def test_a_stopped_database_is_told_within_two_seconds_and_events_still_enter(
    outage_client: TestClient, server: postgres.Postgres, recorder: Recorder
) -> None:
    assert timed_health(outage_client)[0] == 200
    server.child.process.send_signal(signal.SIGINT)
    server.child.process.wait(timeout=20)
    for _ in range(2):
        status, body, seconds = timed_health(outage_client)
        assert (status, body) == (503, GONE)
        assert seconds < 2.5
    answer = outage_client.get("/api/v1/alerts", headers=token(Role.ADMIN))
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
    assert "Retry-After" in answer.headers
    assert outage_client.post("/api/v1/events", json=an_event(), headers=token(Role.ADMIN)).status_code == 202
    assert outage_client.post("/api/v1/events", json=[an_event()], headers=token(Role.ADMIN)).status_code == 202
    waiting = outage_client.post("/api/v1/events?wait_ms=5000", json=an_event(), headers=token(Role.ADMIN))
    assert (waiting.status_code, waiting.json()["status"]) == (202, "accepted")
    assert outage_client.post("/api/v1/events", json=an_event(), headers=token(Role.VIEWER)).status_code == 403
    assert len(recorder.puts) == 3


def test_a_frozen_database_is_told_in_time_and_healed_by_itself(
    outage_client: TestClient, server: postgres.Postgres
) -> None:
    assert timed_health(outage_client)[0] == 200
    leader = psutil.Process(server.child.process.pid)
    frozen = [leader, *leader.children(recursive=True)]
    for process in frozen:
        process.suspend()
    try:
        for _ in range(3):
            status, body, seconds = timed_health(outage_client)
            assert (status, body) == (503, GONE)
            assert seconds < 3
    finally:
        for process in frozen:
            process.resume()
    deadline = time.monotonic() + 10
    while timed_health(outage_client)[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
