"""Runs an action periodically on its own thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


def every(seconds: float, name: str, action: Callable[[], object], done: threading.Event) -> threading.Thread:
    """Run ``action`` every ``seconds`` until ``done``; exceptions are logged."""

    def run() -> None:
        while not done.wait(seconds):
            try:
                action()
            except Exception:
                logger.exception("%s failed; it runs again in %g s", name, seconds)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
