"""Runs ministack with two of its waits changed.

It waits 50 ms after every invocation for a first log line: here 2 ms. And it
starts a new worker, seconds of work on a small machine, for each invocation that finds the others busy,
as AWS does: here an invocation first waits a moment for a busy one, and a function has at most
``MOST_WORKERS``.
"""

from __future__ import annotations

import time
from typing import Any

from ministack import app  # type: ignore[import-untyped]  # it has no types
from ministack.core import lambda_runtime  # type: ignore[import-untyped]

MOST_WORKERS = 3
_FIRST_LINE_SECONDS = 0.002
_PATIENCE_SECONDS = 0.3
_QUEUE_SECONDS = 20.0


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


def main() -> None:
    """Apply both changes, then serve until stopped."""
    drain = lambda_runtime.Worker._drain_stderr_bounded
    drain.__defaults__ = (_FIRST_LINE_SECONDS, *(drain.__defaults__ or ())[1:])
    lambda_runtime.acquire_worker = _patient(lambda_runtime.acquire_worker)
    app.main()


if __name__ == "__main__":
    main()
