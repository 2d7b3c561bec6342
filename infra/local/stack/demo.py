"""The demo's history: created once in an empty database, by a process that reports its progress."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping

import psycopg

from infra import PROJECT
from infra.local.services.postgres import Postgres
from infra.local.stack.processes import Children, LocalError, Stopped

TITLE = "Demo history"
_MODULE = "streaming.offline.demo_history"
_SHARE = re.compile(r"(\d+) %$")


class History:
    """Adds a history to a new database. It stays in the data folder for the next start."""

    def __init__(
        self, children: Children, users: Mapping[str, Mapping[str, str]], say: Callable[[str, float], None]
    ) -> None:
        self._children = children
        self._users = users
        self._say = say

    def ensure(self, server: Postgres) -> None:
        """Create the history, unless the database holds events of an earlier run or of an interrupted history."""
        if not _is_empty(server):
            return
        command = [sys.executable, "-m", _MODULE, self._users["admin"]["email"], self._users["analyst"]["email"]]
        child = self._children.start("history", command, env={"DATABASE_URL": server.url()}, cwd=PROJECT)
        while child.alive:
            if self._children.stopping.wait(0.2):
                raise Stopped("The demo history was interrupted.")
            if found := _SHARE.search(child.tail(1)):
                self._say(TITLE, int(found[1]) / 100)
        if child.process.returncode:
            raise LocalError(f"{child.obituary()}\nrisk up --empty starts without a history.")


def _is_empty(server: Postgres) -> bool:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("SELECT NOT EXISTS (SELECT FROM assessment_keys)").fetchone()
        return bool(row and row[0])
