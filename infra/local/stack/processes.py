"""Child processes that never outlive their supervisor: each leads its own group and logs to its own file."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_GRACE_SECONDS = 8.0
_LOG_LINES = 15
# Unbuffered logs; cached bytecode makes the second start several times faster.
_PYTHON = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}


class LocalError(Exception):
    """The local stack cannot start or continue; the message says why and what to do."""


class Stopped(LocalError):
    """The stack was asked to stop while it was still starting."""


def free_port(preferred: int = 0) -> int:
    """``preferred`` or the next free port of 127.0.0.1; 0 means any port.

    Ports are chosen below the kernel's range for outgoing connections.
    """
    candidates = range(preferred, min(preferred + 100, 65536)) if preferred else random.sample(range(20000, 32000), 100)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    message = f"No free port near {preferred or 'the usual ones'}. Stop what uses them, or give another with --port."
    raise LocalError(message)


def answers(port: int) -> bool:
    """Whether something accepts TCP connections on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Guardian:
    """A helper process that ends this run's children if this process dies first."""

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """Start it. It keeps the file descriptors ``keep_open`` open, and so holds a lock, until it has finished."""
        self.mark = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guardian.py")), self.mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep_open,
            text=True,
        )

    def tell(self, command: str) -> None:
        """Send one command; see ``guardian.py``."""
        stdin = self._process.stdin
        with self._lock, contextlib.suppress(OSError, ValueError):
            if stdin:
                stdin.write(command + "\n")
                stdin.flush()

    def dismiss(self) -> None:
        """Let it clean up, and wait for it."""
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        self._process.wait()


@dataclass
class Child:
    """A started process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    service: bool = False

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def tail(self, lines: int = _LOG_LINES) -> str:
        """The last lines of its log."""
        text = self.log.read_bytes()[-20_000:].decode(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def obituary(self) -> str:
        """A message with its exit code and the end of its log."""
        return f"{self.name} ended with code {self.process.poll()}. The end of {self.log}:\n{self.tail()}"


@dataclass
class Children:
    """Starts processes, in order, and ends them, in reverse; safe to use from several threads."""

    logs: Path
    guardian: Guardian
    stopping: threading.Event = field(default_factory=threading.Event)
    _running: list[Child] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        service: bool = False,
        append: bool = False,
    ) -> Child:
        """Start a process that logs to ``logs/<name>.log``. ``env`` is added to this process's environment.

        A ``service`` is stopped after all other children, which may need it to stop cleanly.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with self._lock, log.open("ab" if append else "wb") as output:
            if self.stopping.is_set():
                raise Stopped(f"{name} was not started: the stack is stopping.")
            process = subprocess.Popen(  # noqa: S603
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **_PYTHON, **(env or {}), "RISK_RUN": self.guardian.mark},
                cwd=cwd,
            )
            self.guardian.tell(f"watch {process.pid} {int(stop_signal)}")
            child = Child(name, process, log, stop_signal, service)
            self._running.append(child)
        return child

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        hint: str = "",
    ) -> None:
        """Run a command to its end; raise ``LocalError`` with the end of its log if it fails."""
        child = self.start(name, command, env=env, cwd=cwd)
        while child.alive:
            self.stopping.wait(0.02)
            if self.stopping.is_set():
                self.stop(child)
                raise Stopped(f"{name} was interrupted.")
        self._forget(child)
        if child.process.returncode:
            raise LocalError(f"{child.obituary()}\n{hint}".rstrip())

    def wait_until(self, child: Child, ready: Callable[[], bool], *, seconds: float, hint: str = "") -> None:
        """Wait for ``ready()``; raise ``LocalError`` if the child ends first or takes longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.stopping.wait(0.03):
                raise Stopped(f"{child.name} was interrupted.")
            if not child.alive:
                raise LocalError(f"{child.obituary()}\n{hint}".rstrip())
            if time.monotonic() > deadline:
                message = f"{child.name} was not ready after {seconds:.0f} s. The end of {child.log}:\n{child.tail()}"
                raise LocalError(f"{message}\n{hint}".rstrip())

    def stop(self, child: Child) -> None:
        """Stop a child and its process group, gracefully first."""
        self._signal(child, child.stop_signal)
        self._reap(child, time.monotonic() + _GRACE_SECONDS)

    def stop_all(self) -> None:
        """Stop every child in reverse order, services last."""
        self.stopping.set()
        with self._lock:
            waiting = list(reversed(self._running))
        for services in (False, True):
            batch = [child for child in waiting if child.service is services]
            for child in batch:
                self._signal(child, child.stop_signal)
            deadline = time.monotonic() + _GRACE_SECONDS
            for child in batch:
                self._reap(child, deadline)
        self.guardian.dismiss()

    def _reap(self, child: Child, deadline: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
        self._signal(child, signal.SIGKILL)  # also the rest of its process group
        child.process.wait()
        self._forget(child)

    def _forget(self, child: Child) -> None:
        self.guardian.tell(f"forget {child.process.pid}")
        with self._lock, contextlib.suppress(ValueError):
            self._running.remove(child)

    @staticmethod
    def _signal(child: Child, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, number)
