"""The run-time configuration as a table of the graph: a change is in force within a fraction of a second."""

from __future__ import annotations

import logging
import threading

import pathway as pw
from sqlalchemy import Engine

from risk.configuration import Configuration
from risk.store import configurations
from risk.store.engine import DATABASE_ERRORS

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.25


class ConfigurationSource(pw.io.python.ConnectorSubject):
    """Polls the newest version; ``current`` is the one in force."""

    def __init__(self, engine: Engine, initial: Configuration, stop: threading.Event) -> None:
        super().__init__(datasource_name="configuration", session_type="upsert")
        self._engine = engine
        self._stop = stop
        self.current = initial

    def run(self) -> None:
        """Put each new version into the graph."""
        self._emit()
        while not self._stop.wait(POLL_SECONDS):
            try:
                with self._engine.connect() as connection:
                    found = configurations.current(connection)
            except DATABASE_ERRORS as error:
                logger.warning("the configuration cannot be read, version %d stays: %s", self.current.version, error)
                continue
            if found is not None and found.version != self.current.version:
                self.current = found
                self._emit()

    def _emit(self) -> None:
        self.next(name="current", document=self.current.model_dump_json())
        self.commit()
        logger.info("configuration version %d is in force", self.current.version)
