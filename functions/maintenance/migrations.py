"""Applies migrations before new code runs. The only Lambda module that imports Alembic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, text

from functions.maintenance import partitions
from risk.store.db.migrate import upgrade
from risk.store.db.roles import DatabaseRole


def run(database: Engine, url: str, now: datetime, passwords: Mapping[DatabaseRole, str]) -> str:
    """Apply all missing migrations, all or none, and create partitions; returns the revision.

    Roles sign in with ``passwords`` from then on.
    Two concurrent deployments wait for each other. Calling it again changes nothing.
    """
    upgrade(url, passwords=passwords)
    partitions.run(database, now)
    with database.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
