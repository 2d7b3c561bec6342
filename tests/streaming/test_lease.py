"""The lease is renewed whatever else the engine does, and whatever goes wrong in a renewal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine

from risk.store.db.engine import create_pool
from risk.store.engine_state import leases
from streaming.engine import lease as module
from streaming.engine.lease import Lease
from streaming.engine.status_report import Reporter
from tests.services import Services

pytestmark = pytest.mark.integration
SECONDS = 0.6


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test", size=3)
    yield engine
    engine.dispose()


@pytest.fixture
def lease(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Lease:
    monkeypatch.setattr(module, "RENEW_SECONDS", 0.05)
    held = Lease(database, "first", SECONDS, threading.Event())
    assert held.acquire()
    return held


def is_taken_from_it(database: Engine) -> bool:
    with database.begin() as connection:
        return leases.acquire(connection, "second", SECONDS) is not None


def test_updates_that_cannot_be_published_do_not_cost_the_lease(database: Engine, lease: Lease) -> None:
    done, publishing, free = threading.Event(), threading.Event(), threading.Event()

    def publish(_: bytes) -> None:
        publishing.set()
        free.wait(30)

    reporter = Reporter(lambda: 0, lambda: 0, lambda _: {}, lambda: 0.0, publish)
    keeper, reporting = lease.keep(done), reporter.keep(done)
    try:
        assert publishing.wait(10)
        time.sleep(1.5 * SECONDS)
        assert not is_taken_from_it(database)
    finally:
        free.set()
        done.set()
        keeper.join()
        reporting.join()
    assert not lease.lost


@pytest.mark.parametrize("error", [RuntimeError("not of the database"), OSError("nor this")])
def test_an_unexpected_error_does_not_end_the_renewal(
    database: Engine, lease: Lease, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    renew: Callable[[Connection, int, float], None] = leases.renew
    errors = [error]

    def failing(connection: Connection, epoch: int, seconds: float) -> None:
        if errors:
            raise errors.pop()
        renew(connection, epoch, seconds)

    monkeypatch.setattr(leases, "renew", failing)
    done = threading.Event()
    keeper = lease.keep(done)
    time.sleep(1.5 * SECONDS)
    assert not errors
    assert not is_taken_from_it(database)
    done.set()
    keeper.join()


def test_a_lease_that_another_engine_took_stops_this_one(database: Engine) -> None:
    stop = threading.Event()
    held = Lease(database, "first", 0.0, stop)
    assert held.acquire()
    time.sleep(0.01)
    assert is_taken_from_it(database)
    held.renew()
    assert held.lost
    assert stop.is_set()
