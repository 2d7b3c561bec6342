"""Runs ministack with three of its waits changed.

It waits 50 ms after every invocation for a first log line: here 2 ms. It starts a new worker, seconds of work on a
small machine, for each invocation that finds the others busy, as AWS does: here an invocation first waits a moment
for a busy one, and a function has at most ``MOST_WORKERS``. And it invokes what reads streams one after the other:
here a slow or cold function holds up no other, as in AWS.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from ministack import app  # type: ignore[import-untyped]  # it has no types
from ministack.core import lambda_runtime  # type: ignore[import-untyped]
from ministack.services import lambda_svc  # type: ignore[import-untyped]

MOST_WORKERS = 3
_FIRST_LINE_SECONDS = 0.002
_PATIENCE_SECONDS = 0.3
_QUEUE_SECONDS = 20.0
_IDLE_SECONDS = 0.02

Mapping = tuple[str, str, dict[str, Any]]
"""Account, region, and the event source mapping."""


def _patient(acquire: Any) -> Any:
    """Wrap ``acquire_worker``: wait for a busy worker before starting another, and for longer at the limit."""

    def acquire_worker(*arguments: Any, **options: Any) -> Any:
        began = time.monotonic()
        while True:
            waited = time.monotonic() - began
            ceiling = 1 if waited < _PATIENCE_SECONDS else MOST_WORKERS
            worker, how = acquire(*arguments, **{**options, "max_concurrency": ceiling})
            if worker is not None or waited > _QUEUE_SECONDS:
                return worker, how
            time.sleep(0.002)

    return acquire_worker


class SideBySide:
    """Polls each event source mapping of a stream in a thread of its own.

    ``poll`` polls the mappings that ``listed`` gives; it must call this object's ``mappings`` instead.
    """

    def __init__(self, poll: Callable[[], bool], listed: Callable[[], Iterator[Mapping]]) -> None:
        self._poll = poll
        self._listed = listed
        self._mine: ContextVar[str | None] = ContextVar("mine", default=None)
        self._threads: dict[str, threading.Thread] = {}

    def mappings(self) -> Iterator[Mapping]:
        """The thread's own mapping; every mapping elsewhere."""
        mine = self._mine.get()
        return (each for each in self._listed() if mine in (None, each[2]["UUID"]))

    def poll(self) -> bool:
        """Start a thread for each mapping of a stream that has none. Returns ``False``: nothing was read here."""
        for *_, mapping in self._listed():
            name = mapping["UUID"]
            alive = name in self._threads and self._threads[name].is_alive()
            if ":kinesis:" in mapping.get("EventSourceArn", "") and not alive:
                self._threads[name] = threading.Thread(target=self._run, args=(name,), daemon=True)
                self._threads[name].start()
        return False

    def _run(self, name: str) -> None:
        self._mine.set(name)
        while any(self.mappings()):
            try:
                processed = self._poll()
            except Exception:
                lambda_svc.logger.exception("a stream was not polled")
                processed = False
            if not processed:
                time.sleep(_IDLE_SECONDS)


def change() -> None:
    """Apply the changes, where the emulator looks its functions up."""
    drain = lambda_runtime.Worker._drain_stderr_bounded
    drain.__defaults__ = (_FIRST_LINE_SECONDS, *(drain.__defaults__ or ())[1:])
    lambda_svc.acquire_worker = _patient(lambda_svc.acquire_worker)
    side_by_side = SideBySide(lambda_svc._poll_kinesis, lambda_svc._iter_all_esms)
    lambda_svc._iter_all_esms, lambda_svc._poll_kinesis = side_by_side.mappings, side_by_side.poll


def main() -> None:
    """Apply the changes, then serve until stopped."""
    change()
    app.main()


if __name__ == "__main__":
    main()
