"""Concurrent steps with dependencies, each announced with its duration."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Any, Protocol, TypeVar

from infra.local.stack.processes import LocalError, Stopped

T = TypeVar("T")


class Announcer(Protocol):
    """Reports progress to a person."""

    def begun(self, title: str) -> None:
        """A step has begun."""

    def done(self, title: str, seconds: float) -> None:
        """A step is done, after so many seconds of its own."""


class _Unmet(Exception):
    """A dependency of this step has failed."""


class Steps:
    """Runs steps in threads. ``stopping`` is set as soon as one fails, so that the others end early."""

    def __init__(self, announcer: Announcer, stopping: threading.Event) -> None:
        self._announcer = announcer
        self._stopping = stopping
        self._pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="step")
        self._futures: list[Future[Any]] = []

    def add(self, title: str, work: Callable[..., T], *needs: Future[Any]) -> Future[T]:
        """Run ``work`` with the results of ``needs`` once they are available."""
        future = self._pool.submit(self._carry_out, title, work, needs)
        self._futures.append(future)
        return future

    def finish(self) -> None:
        """Wait for all steps; raise the first real failure."""
        waiting = set(self._futures)
        while waiting:
            finished, waiting = wait(waiting, timeout=0.1, return_when=FIRST_EXCEPTION)
            if any(future.exception() for future in finished):
                self._stopping.set()
        self._pool.shutdown()
        errors = [error for future in self._futures if (error := future.exception())]
        real = [error for error in errors if not isinstance(error, _Unmet | Stopped)]
        if real or errors:
            raise (real or errors)[0]

    def _carry_out(self, title: str, work: Callable[..., T], needs: tuple[Future[Any], ...]) -> T:
        try:
            arguments = [need.result() for need in needs]
        except Exception as error:
            raise _Unmet(title) from error
        if self._stopping.is_set():
            raise Stopped(f"{title} was not begun.")
        self._announcer.begun(title)
        began = time.monotonic()
        try:
            result = work(*arguments)
        except (LocalError, KeyboardInterrupt):
            raise
        except Exception as error:
            if self._stopping.is_set():
                raise Stopped(f"{title} was interrupted.") from error
            raise LocalError(f"{title} failed: {type(error).__name__}: {error}") from error
        self._announcer.done(title, time.monotonic() - began)
        return result
