"""Alembic's entry point: one transaction, under a lock, so that two deployments cannot migrate at once.

The roles' rights are granted again with it.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from risk.store.db import roles
from risk.store.db.tables import metadata

LOCK = 7_215_001


def run() -> None:
    engine = create_engine(context.config.attributes["url"])
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            context.configure(connection=connection, target_metadata=metadata)
            context.run_migrations()
            roles.apply(connection)
    finally:
        engine.dispose()


run()
