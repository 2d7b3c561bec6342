"""Applies migrations before new code runs. The only Lambda module that imports Alembic."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, text

from functions.maintenance import partitions
from risk.store.db.migrate import upgrade


def run(database: Engine, url: str, now: datetime) -> str:
    """Apply all missing migrations, all or none, and create partitions; returns the revision.

    Two concurrent deployments wait for each other. Calling it again changes nothing.
    """
    upgrade(url)
    partitions.run(database, now)
    with database.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
