"""A real engine process under test, and what it wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from sqlalchemy import Engine, text

from infra.local.stack.processes import free_port
from risk.store.db.engine import create_pool


@dataclass
class EngineProcess:
    """One engine on a database and a stream; it can be killed and started again."""

    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streaming.engine.main"],
                env=os.environ | self.environment | {"ENGINE_HOST": "127.0.0.1", "ENGINE_PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )

    def wait_until_healthy(self, seconds: float = 120) -> None:
        wait_for(self.healthy, seconds, lambda: f"the engine did not start:\n{self.log.read_text()[-4000:]}")

    def healthy(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the engine ended by itself:\n{self.log.read_text()[-4000:]}")
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As the kernel does when memory is short: at once, with no last word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_scoring_process(self) -> int:
        """Kill the process that scores a part of the accounts. Gives the exit status that the engine then has."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        [scoring] = [
            int(child) for child in children if b"partitions.worker" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
        os.kill(scoring, signal.SIGKILL)
        return self.process.wait(60)

    def freeze(self) -> None:
        """As a paused virtual machine does: alive, and doing nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on as if no time had passed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def wait(self) -> int:
        """Wait until it ends by itself. Gives the exit status."""
        assert self.process is not None
        return self.process.wait(60)

    def terminate(self) -> int:
        """As ECS does on a deployment. Gives the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def running(environment: dict[str, str], log: Path) -> Iterator[EngineProcess]:
    """An engine that scores, killed at the end if it still runs."""
    engine = EngineProcess(environment, log)
    engine.start()
    try:
        engine.wait_until_healthy()
        yield engine
    except BaseException:
        sys.stderr.write(f"the engine's last words:\n{log.read_text()[-6000:]}\n")
        raise
    finally:
        if engine.process is not None and engine.process.poll() is None:
            engine.kill()


def wait_for(condition: Any, seconds: float, complaint: Any = lambda: "it did not happen") -> None:
    """Wait until ``condition()`` holds, or fail with ``complaint()``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(complaint())
        time.sleep(0.05)


class Written:
    """What an engine has written to a database."""

    def __init__(self, database_url: str) -> None:
        self._engine: Engine = create_pool(database_url, application="test")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def scalar(self, sql: str) -> Any:
        with self._engine.connect() as connection:
            return connection.scalar(text(sql))

    def rows(self, sql: str) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(sql)))

    def settled(self) -> int:
        """Assessments, labels and dead letters so far."""
        tables = ("assessments", "labels", "dead_letters")
        return sum(int(self.scalar(f"SELECT count(*) FROM {table}")) for table in tables)

    def vectors(self) -> dict[str, list[float | None]]:
        return {str(row[0]): row[1] for row in self.rows("SELECT event_id, features FROM assessments")}
