"""Holds the engine's lease: waits for it, renews it on a thread of its own, stops when it is lost."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine

from risk.domain.errors import Fenced
from risk.store.engine_state import leases
from streaming.engine.periodic import every
from streaming.engine.retry import DATABASE_ERRORS

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
RENEW_SECONDS = 1.0


class Lease:
    """The right to write. ``epoch`` rises with every holder and is checked in every transaction."""

    def __init__(self, engine: Engine, holder: str, seconds: float, stop: threading.Event) -> None:
        self._engine = engine
        self._holder = holder
        self._seconds = seconds
        self._stop = stop
        self.epoch = 0
        self.lost = False

    def acquire(self) -> bool:
        """Wait until the lease is ours; False if the engine was told to stop meanwhile."""
        said = False
        while not self._stop.is_set():
            try:
                with self._engine.begin() as connection:
                    epoch = leases.acquire(connection, self._holder, self._seconds)
            except DATABASE_ERRORS as error:
                logger.warning("cannot ask for the lease, trying again: %s", error)
                epoch = None
            if epoch is not None:
                self.epoch = epoch
                logger.info("lease taken, epoch %d", epoch)
                return True
            if not said:
                logger.info("another engine holds the lease; waiting for it to end (at most %.0f s)", self._seconds)
                said = True
            self._stop.wait(RETRY_SECONDS)
        return False

    def keep(self, done: threading.Event) -> threading.Thread:
        """Renew it until ``done``, on its own thread; losing it stops the engine."""
        return every(RENEW_SECONDS, "lease", self.renew, done)

    def renew(self) -> None:
        """Renew it once; transient database errors are logged."""
        if self.lost:
            return
        try:
            with self._engine.begin() as connection:
                leases.renew(connection, self.epoch, self._seconds)
        except Fenced as error:
            logger.error("%s", error.detail)
            self.lost = True
            self._stop.set()
        except DATABASE_ERRORS as error:
            logger.warning("the lease was not renewed, trying again: %s", error)

    def release(self) -> None:
        """Let the next engine start at once."""
        try:
            with self._engine.begin() as connection:
                leases.release(connection, self.epoch)
        except DATABASE_ERRORS as error:
            logger.warning("the lease was not released, it will expire: %s", error)
