"""A rig: Postgres, Valkey, the Kinesis API and an engine, real ones, that can be killed and started again."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import httpx
import psycopg
from psycopg import sql
from sqlalchemy import Engine

from infra import PROJECT
from infra.local.measure.scratch import scratch
from infra.local.services import emulator, postgres, valkey
from infra.local.services.engine_environment import engine_environment
from infra.local.stack.processes import Child, Children, LocalError, free_port
from risk.store.db.engine import create_pool
from risk.store.db.migrate import upgrade
from risk.store.db.roles import DatabaseRole

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient

QUICK = {"SNAPSHOT_INTERVAL": "0.5", "LEASE_SECONDS": "3", "POLL_INTERVAL": "0.05"}
"""Settings that make faults more frequent than in production."""
_RESTART_SECONDS = 0.5


@dataclass
class SupervisedEngine:
    """An engine that is restarted when it ends, as ECS does; ``ends`` counts how often it ended by itself."""

    children: Children
    name: str
    environment: Mapping[str, str]
    module: str = "streaming.engine.main"
    port: int = field(default_factory=free_port)
    ends: int = 0
    child: Child | None = None
    _wanted: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self) -> None:
        """Start it, and keep it going until ``stop``."""
        self._wanted = True
        self._launch()
        threading.Thread(target=self._supervise, name=f"supervise-{self.name}", daemon=True).start()

    def healthy(self) -> bool:
        """Whether its health endpoint reports success."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_healthy(self, seconds: float = 120.0) -> None:
        """Wait for it; ``LocalError`` if it takes longer."""
        deadline = time.monotonic() + seconds
        while not self.healthy():
            if time.monotonic() > deadline:
                raise LocalError(f"the engine did not start:\n{self.child.tail(40) if self.child else ''}")
            time.sleep(0.1)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal. Ending by that signal does not count in ``ends``."""
        with self._lock:
            if self.child is None or not self.child.alive:
                return
            os.killpg(self.child.process.pid, number)
            if number in (signal.SIGKILL, signal.SIGTERM):
                self.child.process.wait(60)
                self._launch()

    def stop(self) -> None:
        """Stop it gracefully, without a restart."""
        self._wanted = False
        with self._lock:
            if self.child is not None and self.child.alive:
                os.killpg(self.child.process.pid, signal.SIGCONT)
                self.children.stop(self.child)

    def _launch(self) -> None:
        environment = {**self.environment, "ENGINE_HOST": "127.0.0.1", "ENGINE_PORT": str(self.port)}
        command = [sys.executable, "-m", self.module]
        self.child = self.children.start(self.name, command, env=environment, cwd=PROJECT, append=True)

    def _supervise(self) -> None:
        while self._wanted and not self.children.stopping.is_set():
            time.sleep(_RESTART_SECONDS)
            with self._lock:
                if self._wanted and self.child is not None and not self.child.alive:
                    self.ends += 1
                    self._launch()


@dataclass
class Rig:
    """The services, and the names of one run on them."""

    folder: Path
    children: Children
    database: postgres.Postgres
    cache: valkey.Valkey
    cloud: emulator.Emulator
    name: str
    shards: int

    @property
    def url(self) -> str:
        """The URL of the run's database."""
        return self.database.url(self.name)

    @property
    def events(self) -> str:
        """The stream of events."""
        return f"{self.name}-events"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of this run's engine."""
        told = engine_environment(
            self.cloud.environment,
            self.database.url(self.name, DatabaseRole.ENGINE),
            self.cache,
            stage="rehearsal",
            events=self.events,
            updates=f"{self.name}-updates",
            epoch=self.name,
        )
        return told | QUICK

    def kinesis(self) -> KinesisClient:
        """A client of the emulator's Kinesis."""
        return self.kinesis_at(self.cloud.endpoint)

    def kinesis_at(self, endpoint: str) -> KinesisClient:
        """A client of the Kinesis API at ``endpoint``."""
        session = boto3.Session("test", "test", region_name=emulator.REGION)
        return session.client("kinesis", endpoint_url=endpoint, config=emulator.client_config())

    def pool(self) -> Engine:
        """Connections to the run's database."""
        return create_pool(self.url, application="risk-rehearsal", statement_seconds=60)

    def engine(self, name: str = "engine", **settings: str) -> SupervisedEngine:
        """An engine of this run, not started yet."""
        return SupervisedEngine(self.children, name, self.environment | settings)

    def create(self) -> None:
        """Make the run's database and streams."""
        with psycopg.connect(self.database.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(self.name)))
        upgrade(self.url, passwords=self.database.passwords)
        client = self.kinesis()
        for stream, shards in ((self.events, self.shards), (f"{self.name}-updates", 1)):
            client.create_stream(StreamName=stream, ShardCount=shards)
            client.get_waiter("stream_exists").wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def restart_database(self, number: signal.Signals) -> None:
        """Stop Postgres with a signal and restart it on the same data and port."""
        os.killpg(self.database.child.process.pid, number)
        self.database.child.process.wait(60)
        self.database = postgres.start(self.children, self.folder / "postgres", self.database.port)

    def restart_cache(self) -> None:
        """Kill Valkey and restart it empty on the same port."""
        os.killpg(self.cache.child.process.pid, signal.SIGKILL)
        self.cache.child.process.wait(60)
        self.cache = valkey.start(self.children, self.cache.port, self.cache.passwords)


@contextmanager
def rig(shards: int = 1) -> Iterator[Rig]:
    """The services in a temporary folder, removed at the end."""
    with scratch() as (folder, children):
        found = Rig(
            folder,
            children,
            postgres.start(children, folder / "postgres"),
            valkey.start(children),
            emulator.start(children, folder),
            f"rehearsal_{uuid.uuid4().hex[:8]}",
            shards,
        )
        found.create()
        yield found
