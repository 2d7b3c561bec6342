"""Migrates a database to the newest schema. Imports Alembic, so only operational code uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from risk.domain.errors import InvalidInput
from risk.store.db.engine import database_url
from risk.store.db.roles import DatabaseRole, set_passwords

MIGRATIONS = Path(__file__).parent / "migrations"
_NUMBER = re.compile(r"\d{4}")  # revisions are numbered in one chain


def config(url: str) -> Config:
    """Alembic's configuration for the database at ``url``."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["url"] = database_url(url)
    return settings


def upgrade(url: str, revision: str = "head", *, passwords: Mapping[DatabaseRole, str] | None = None) -> None:
    """Apply every migration up to ``revision``, all in one transaction; a failure changes nothing.

    Also grants the roles' rights and sets their ``passwords``.

    A database migrated by newer code stays unchanged: migrations only add, so the older code that a rollback
    restores works with it. ``InvalidInput`` if its revision is unknown.
    """
    settings = config(url)
    script = ScriptDirectory.from_config(settings)
    known = {one.revision for one in script.walk_revisions()}
    stored = current(url)
    if stored is None or stored in known:
        command.upgrade(settings, revision)
    elif not (_NUMBER.fullmatch(stored) and stored > max(known)):
        raise InvalidInput(f"the database is at revision {stored!r}, which is of no version of this system")
    if passwords:
        engine = create_engine(database_url(url))
        try:
            with engine.begin() as connection:
                set_passwords(connection, passwords)
        finally:
            engine.dispose()


def current(url: str) -> str | None:
    """The revision that the database is at; None for one that was never migrated."""
    engine = create_engine(database_url(url))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to ``revision`` (``base`` for all)."""
    command.downgrade(config(url), revision)
