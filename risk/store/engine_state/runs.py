"""Where the engine was started, and whether it ended there before, to find a record that ends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.store.db.tables import engine_runs


class Begun(NamedTuple):
    """How often in a row the engine crashed at its start position, and whether with a single record."""

    crashes: int = 0
    alone: bool = False


def begin(connection: Connection, positions: Mapping[str, str]) -> Begun:
    """Record a start from ``positions``; returns what is known of crashes there."""
    before = connection.execute(select(engine_runs).with_for_update()).one_or_none()
    again = before is not None and before.positions == dict(positions)
    crashes = before.crashes + int(before.running) if before is not None and again else 0
    values: dict[str, Any] = {
        "positions": dict(positions),
        "running": True,
        "crashes": crashes,
        "tries": before.tries if before is not None and before.running else {},
        "notice": None,
    }
    statement = upsert(engine_runs).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[engine_runs.c.id], set_=values))
    return Begun(crashes, bool(values["tries"]))


def end(connection: Connection) -> None:
    """Record an orderly end."""
    connection.execute(update(engine_runs).values(running=False, crashes=0, tries={}, notice=None))


def try_alone(connection: Connection, source: str, position: str) -> int:
    """Record that one record is taken alone; returns how often it was before."""
    tries: dict[str, int] = connection.scalar(select(engine_runs.c.tries).with_for_update()) or {}
    key = f"{source} {position}"
    before = tries.get(key, 0)
    connection.execute(update(engine_runs).values(tries={key: before + 1}))
    return before


def say(connection: Connection, notice: str | None) -> None:
    """Set the notice for operators; None clears it."""
    connection.execute(update(engine_runs).values(notice=notice, **({} if notice else {"tries": {}})))


def notice(connection: Connection) -> str | None:
    """The current notice for operators."""
    return connection.scalar(select(engine_runs.c.notice))
