"""A record that ends the engine, for a reason that nobody foresaw, is found, set aside and told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.api.http.app import create_app
from functions.api.http.services import Services as ApiServices
from risk.adapters.kinesis import put_records
from tests.integration.test_api.support import settings_for
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, record

pytestmark = pytest.mark.integration

DEADLY = "deadly"
_LOCK = 7_310
_TRAP = f"""
    CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({_LOCK}); RETURN NEW; END $$;
    CREATE TRIGGER trap BEFORE INSERT ON assessments FOR EACH ROW
        WHEN (NEW.account_id = '{DEADLY}') EXECUTE FUNCTION trap();
"""


@contextmanager
def deadly(url: str, engine: EngineProcess, killed: list[int]) -> Iterator[None]:
    """While this lasts, the engine is killed at the moment when it stores an event of the account ``DEADLY``.

    As the kernel would, if that event took all memory: the event waits for a lock until the engine is gone.
    """
    done = Flag()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TRAP)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])

        def watch() -> None:
            waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
            while not done.wait(0.02):
                for (pid,) in connection.execute(waiting, [_LOCK]).fetchall():
                    engine.kill()
                    connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
                    killed.append(pid)
                    engine.start()

        watcher = Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def test_a_record_that_ends_the_engine_twice_is_found_told_of_and_set_aside(services: Services, tmp_path: Path) -> None:
    url, stream = services.database(), services.stream()
    environment = services.engine(url, stream, services.stream()) | {"LEASE_SECONDS": "1", "POLL_INTERVAL": "0.05"}
    log = tmp_path / "engine.log"
    made = events(30, seed=90)
    made[17] = made[17].model_copy(update={"account_id": DEADLY})
    told, killed = list[Any](), list[int]()
    services_of_api = ApiServices(settings_for(url, int(environment["REDIS_PORT"])))
    with (
        Written(url) as written,
        TestClient(create_app(services_of_api)) as api,
        running(environment, log) as engine,
        deadly(url, engine, killed),
    ):

        def look() -> bool:
            health = api.get("/api/v1/health").json()
            if health.get("reason") and health not in told:
                told.append(health)
                told.append(_metric(engine))
            return written.settled() == len(made)

        assert api.get("/api/v1/health").json()["status"] == "healthy"
        assert put_records(services.kinesis(), stream, [record(event) for event in made]) == []
        wait_for(look, 300, lambda: f"{written.settled()} of {len(made)} after {len(killed)} ends\n{log.read_text()}")
        wait_for(lambda: api.get("/api/v1/health").json()["status"] == "healthy", 10)
        assert _metric(engine) == 0

        after = events(1, seed=91)
        assert put_records(services.kinesis(), stream, [record(event) for event in after]) == []
        wait_for(lambda: written.settled() == len(made) + 1, 10)
        letters = written.rows("SELECT reason, raw FROM dead_letters")
        assert [(letter.reason, bytes(letter.raw)) for letter in letters] == [
            ("ended-the-engine", record(made[17]).data)
        ]
        assert written.scalar("SELECT count(DISTINCT event_id) FROM assessments") == len(made)
        assert engine.terminate() == 0
    services_of_api.close()
    assert len(killed) == 4, "twice among others, twice alone"
    health, careful = told[:2]
    assert (health["status"], careful) == ("degraded", 1)
    assert "ended-the-engine" in health["reason"]
    assert "one at a time" in health["reason"]
    assert "it takes what comes one by one" in log.read_text()


def _metric(engine: EngineProcess) -> float | None:
    try:
        page = httpx.get(f"http://127.0.0.1:{engine.port}/metrics", timeout=2).text
    except httpx.TransportError:
        return None
    return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith("risk_engine_careful "))
