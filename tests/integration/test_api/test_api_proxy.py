"""Behind RDS Proxy no request keeps a connection of the database for itself, and none is refused.

RDS Proxy is a stand-in on the wire (``tests/rds_proxy.py``) in front of the real Postgres.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from mypy_boto3_kinesis import KinesisClient
from sqlalchemy import Engine, exc, make_url, text

from functions.api.http.services import Services
from functions.api.rules.schemas import NewRule
from risk.audit.record import Entry
from risk.config.settings import ApiSettings
from risk.store.audit import audit_log
from risk.store.db.engine import create_pool
from tests.integration.test_api.support import (
    NOW,
    PASSWORD,
    Recorder,
    an_event,
    app_on,
    make_assessment,
    open_alert,
    store,
)
from tests.rds_proxy import RdsProxy

EXAMPLE = cast(dict[str, Any], NewRule.model_config["json_schema_extra"])["examples"][0]


@pytest.fixture
def proxy(settings: ApiSettings) -> Iterator[RdsProxy]:
    url = make_url(settings.database_url.get_secret_value())
    found = RdsProxy((url.host or "", url.port or 0))
    yield found
    found.close()


def through(settings: ApiSettings, proxy: RdsProxy) -> str:
    url = make_url(settings.database_url.get_secret_value()).set(port=proxy.port)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def behind(settings: ApiSettings, proxy: RdsProxy, kinesis: Recorder, database: Engine) -> Iterator[TestClient]:
    """The API as it is in AWS. ``database`` is emptied first, and is Postgres itself."""
    given = settings.model_copy(update={"database_url": type(settings.database_url)(through(settings, proxy))})
    services = Services(given.model_copy(update={"database_proxy": "127.0.0.1"}))
    services.kinesis = cast(KinesisClient, kinesis)
    with TestClient(app_on(services), raise_server_exceptions=False) as client:
        yield client
    services.close()


def test_no_request_pins_a_connection(
    behind: TestClient, proxy: RdsProxy, admin: dict[str, str], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database, *(make_assessment(number, 0.9) for number in range(1, 31)))
    open_alert(database, 99)
    entries = [
        Entry(NOW + timedelta(seconds=number), "system", "read", "event:1", personal={"email": "ada@example.com"})
        for number in range(1_500)
    ]
    with database.begin() as connection:
        audit_log.append(connection, entries)
    monkeypatch.setattr("risk.store.assessments.scored_events._CHUNK", 10)
    proxy.pins.clear()
    asked = [
        ("POST", "/auth/login", {"email": "admin@risk.local", "password": PASSWORD}),
        ("POST", "/events?wait_ms=50", an_event()),
        *(
            ("GET", path, None)
            for path in (
                "/health",
                "/auth/me",
                "/risk/live",
                "/risk/stats",
                "/risk/history",
                "/risk/history/export?format=csv",
                "/alerts",
                "/alerts/stats",
                "/alerts/export?format=jsonl",
                "/audit/logs",
                "/audit/logs/export?format=jsonl",
                "/quality",
                "/rules",
                "/lists",
                "/models",
                "/config",
                "/users",
                "/webhooks",
            )
        ),
    ]
    for method, path, body in asked:
        answer = behind.request(method, f"/api/v1{path}", json=body, headers=admin)
        assert answer.status_code < 500, (path, answer.text)
    made = behind.post("/api/v1/rules", json=EXAMPLE, headers=admin)
    assert made.status_code == 201, made.text
    ran = behind.post(f"/api/v1/rules/{made.json()['id']}/backtest", json={}, headers=admin)
    assert (ran.status_code, ran.json()["events"]) == (200, 30), ran.text
    pool = create_pool(through_port(database, proxy), application="api", proxied=True)
    with pool.connect() as connection:
        records = sum(len(chunk.rows) for chunk in audit_log.rows(connection))
    pool.dispose()
    assert records >= 1_500
    assert proxy.pins == []
    assert proxy.refused == []


def through_port(database: Engine, proxy: RdsProxy) -> str:
    return database.url.set(port=proxy.port).render_as_string(hide_password=False)


def test_the_stand_in_refuses_and_notes_what_rds_proxy_does(database: Engine, proxy: RdsProxy) -> None:
    url = through_port(database, proxy)
    with pytest.raises(exc.OperationalError, match="command-line options"):
        create_pool(url, application="api").connect()
    pool = create_pool(url, application="api", proxied=True)
    with pool.begin() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "10s"
        for statement in ("SET LOCAL work_mem = '8MB'", "CREATE TEMP TABLE t (x int)", "SELECT pg_advisory_lock(1)"):
            connection.execute(text(statement))
        connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
        connection.execute(text(f"SELECT 1 /* {'x' * 20_000} */"))
    pool.dispose()
    assert [pin.split()[0] for pin in proxy.pins] == ["SET", "CREATE", "SELECT", "SELECT"]
