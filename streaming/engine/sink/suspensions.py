"""Takes rules that took too long out of force, for whoever looks after them and for engines to come.

The process that timed a rule runs it no more from that moment. What stands here is written on a thread of its own: no
batch waits for it, and an engine that ends before it is written times the rule again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from risk.rules.time_budget import Overrun, Version
from risk.store.engine_state import leases
from risk.store.rules.suspensions import suspend
from streaming.engine import metrics
from streaming.engine.periodic import every
from streaming.engine.retry import DATABASE_ERRORS

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25


class Suspensions:
    """Rules that are to be suspended. Any thread may ``add``."""

    def __init__(self, engine: Engine, epoch: int) -> None:
        self._engine = engine
        self._epoch = epoch
        self._lock = threading.Lock()
        self._waiting: dict[Version, Overrun] = {}

    def add(self, overruns: Sequence[Overrun]) -> None:
        """Have these suspended."""
        with self._lock:
            self._waiting |= {(one.rule_id, one.version): one for one in overruns}

    def keep(self, done: threading.Event) -> threading.Thread:
        """Write them until ``done``, on a thread of its own."""
        return every(LOOK_SECONDS, "suspensions", self.write, done)

    def write(self) -> None:
        """Write those that wait; what the database refuses for now waits on."""
        with self._lock:
            waiting = dict(self._waiting)
        for version, overrun in waiting.items():
            try:
                with self._engine.begin() as connection:
                    leases.check(connection, self._epoch)
                    suspended = suspend(connection, overrun, at=datetime.now(UTC))
            except DATABASE_ERRORS as error:
                logger.warning("rule %s cannot be suspended yet: %s", overrun.rule_id, error)
                return
            if suspended:
                metrics.RULES_SUSPENDED.inc()
            with self._lock:
                self._waiting.pop(version, None)
