"""The migrations make the tables that the code speaks of, and can be undone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from risk.domain.errors import InvalidInput
from risk.store.db import migrate
from risk.store.db.engine import create_pool
from risk.store.db.migrate import downgrade, upgrade
from risk.store.db.tables import metadata
from tests.services import Services

pytestmark = pytest.mark.integration


def test_the_migrated_schema_is_that_of_the_tables_there_and_back(services: Services) -> None:
    url = services.database()
    downgrade(url, "base")
    upgrade(url)
    pool = create_pool(url, application="test")
    try:
        with pool.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    finally:
        pool.dispose()


def test_code_of_before_a_migration_leaves_the_newer_schema_as_it_is(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the rollback of a deployment does: the old migrations run against the new schema."""
    url = services.database()
    upgrade(url)
    newest = migrate.current(url)
    older = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, older)
    (last,) = older.glob(f"versions/{newest}_*.py")
    last.unlink()
    monkeypatch.setattr(migrate, "MIGRATIONS", older)
    upgrade(url)
    assert migrate.current(url) == newest


def test_a_database_of_another_system_is_not_migrated(services: Services) -> None:
    url = services.database()
    upgrade(url)
    newest = migrate.current(url)
    pool = create_pool(url, application="test")
    try:
        with pool.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'a1b2c3'"))
        with pytest.raises(InvalidInput, match="a1b2c3"):
            upgrade(url)
    finally:
        with pool.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
        pool.dispose()
