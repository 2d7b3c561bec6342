"""The engine, the importer and the simulator, as processes of the local stack."""

from __future__ import annotations

import sys

import httpx

from infra import PROJECT
from infra.local.services.emulator import Emulator
from infra.local.services.postgres import Postgres
from infra.local.services.valkey import Valkey
from infra.local.stack.deploy import Deployment
from infra.local.stack.processes import Child, Children, free_port
from infra.stages import LOCAL_STAGE
from risk.store.db.roles import DatabaseRole
from streaming.simulator import DEMO_CUSTOMERS

_MODULE = "streaming.engine.main"


class Engine:
    """Starts and restarts the engine, always on the same port."""

    def __init__(
        self,
        children: Children,
        postgres: Postgres,
        valkey: Valkey,
        emulator: Emulator,
        deployment: Deployment,
        processes: int = 1,
    ) -> None:
        self._children = children
        self.port = free_port()
        self._environment = {
            **emulator.environment,
            "STAGE": "local",
            "DATABASE_URL": postgres.url(role=DatabaseRole.ENGINE),
            "DATABASE_SECRET": "",
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(valkey.port),
            "REDIS_TLS": "false",
            "REDIS_USERNAME": "engine",
            "REDIS_PASSWORD": valkey.passwords["engine"],
            "LABEL_KEY_SECRET": LOCAL_STAGE.secret("label-key"),
            "EVENTS_STREAM": deployment.events_stream,
            "UPDATES_STREAM": deployment.updates_stream,
            "ENGINE_HOST": "127.0.0.1",
            "ENGINE_PORT": str(self.port),
            "ENGINE_PROCESSES": str(processes),
            # The emulator does not limit reads to five per second and shard.
            "POLL_INTERVAL": "0.05",
            # The emulator's streams start empty, so positions kept from an earlier run are meaningless.
            "STREAM_EPOCH": children.guardian.mark,
        }

    @property
    def url(self) -> str:
        """Its health endpoint."""
        return f"http://127.0.0.1:{self.port}/healthz"

    def launch(self) -> Child:
        """Start the process without waiting."""
        command = [sys.executable, "-m", _MODULE]
        return self._children.start("engine", command, env=self._environment, cwd=PROJECT, append=True)

    def start(self) -> Child:
        """Start the process and wait until it is healthy."""
        child = self.launch()
        self._children.wait_until(child, self.healthy, seconds=90)
        return child

    def healthy(self) -> bool:
        """Whether its health endpoint reports success."""
        try:
            return httpx.get(self.url, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


def read_uploads(children: Children, postgres: Postgres, emulator: Emulator, deployment: Deployment) -> Child:
    """Start the importer of uploaded files."""
    environment = {
        **emulator.environment,
        "STAGE": "local",
        "DATABASE_URL": postgres.url(role=DatabaseRole.ENGINE),
        "DATABASE_SECRET": "",
        "UPLOADS_BUCKET": deployment.uploads_bucket,
        "UPDATES_STREAM": deployment.updates_stream,
    }
    command = [sys.executable, "-m", "streaming.importing.worker"]
    return children.start("importer", command, env=environment, cwd=PROJECT, append=True)


def simulate(children: Children, emulator: Emulator, deployment: Deployment, rate: float) -> Child:
    """Send ``rate`` simulated events a second to the stream, until stopped."""
    command = [sys.executable, "-m", "infra.cli", "simulate", "--rate", str(rate), "--to", "kinesis"]
    command += ["--customers", str(max(DEMO_CUSTOMERS, round(rate * DEMO_CUSTOMERS)))]
    command += ["--endpoint-url", emulator.endpoint_of("kinesis"), "--stream", deployment.events_stream]
    return children.start("simulator", command, env=emulator.environment, cwd=PROJECT, append=True)
