"""Bring a database to the newest schema. Imports alembic: only what operates the system uses this."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from risk.store.db.engine import database_url

MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str) -> Config:
    """Alembic's configuration for the database at ``url``."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["url"] = database_url(url)
    return settings


def upgrade(url: str, revision: str = "head") -> None:
    """Apply every migration up to ``revision``, all in one transaction; a failure changes nothing."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to ``revision`` (``base`` for all)."""
    command.downgrade(config(url), revision)
