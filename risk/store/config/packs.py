"""Installed packs. One that was removed stays known, so that it can be installed again over what it left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.store.db.tables import packs

_LOCK = 7_215_031


class InstalledPack(BaseModel):
    """A pack as it was installed; ``owned`` are the names of what it made, by kind."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    document: dict[str, Any]
    owned: dict[str, list[str]]
    installed_at: datetime
    installed_by: str
    removed_at: datetime | None = None
    removed_by: str | None = None


def lock(connection: Connection) -> None:
    """Let nobody else install or remove a pack until this transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def all_known(connection: Connection) -> dict[str, InstalledPack]:
    """Every pack that is or was installed, by name."""
    rows = connection.execute(select(packs).order_by(packs.c.name))
    return {row.name: InstalledPack.model_validate(row._asdict()) for row in rows}


def save(connection: Connection, installed: InstalledPack) -> None:
    """Store an installed pack, in place of what was stored under its name."""
    values = installed.model_dump()
    statement = upsert(packs).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=[packs.c.name], set_=values))


def note_removal(connection: Connection, name: str, *, by: str, at: datetime) -> None:
    """Note that a pack was removed."""
    connection.execute(update(packs).where(packs.c.name == name).values(removed_at=at, removed_by=by))
