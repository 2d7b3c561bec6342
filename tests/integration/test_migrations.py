"""The migrations make the tables that the code speaks of, and can be undone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

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


DEFINITIONS = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = CAST(:schema AS regnamespace) AND t.relname = ANY(:tables) AND c.contype NOT IN ('n', 't')
    UNION ALL
    SELECT i.indrelid::regclass::text, x.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = CAST(:schema AS regnamespace) AND t.relname = ANY(:tables)
"""


def definitions(connection: Connection, schema: str) -> set[tuple[str, ...]]:
    """The constraints and indexes of the tables, as Postgres writes them; names with their schema left out."""
    rows = connection.execute(text(DEFINITIONS), {"schema": schema, "tables": [*metadata.tables]})
    prefix = re.compile(r"\b(made|public)\.")
    return {tuple(prefix.sub("", part) for part in row) for row in rows}


def test_checks_and_the_conditions_and_expressions_of_indexes_are_those_of_the_tables(services: Services) -> None:
    """Alembic's comparison passes over them."""
    pool = create_pool(services.database(), application="test")
    try:
        with pool.connect() as connection:
            connection.execute(text("CREATE SCHEMA made"))
            metadata.create_all(connection.execution_options(schema_translate_map={None: "made"}), checkfirst=False)
            migrated, made = definitions(connection, "public"), definitions(connection, "made")
    finally:
        pool.dispose()
    assert any("CHECK" in definition for _, _, definition in made)
    assert any(" WHERE " in definition for _, _, definition in made)
    assert migrated - made == set(), "in the migrations and not in the tables"
    assert made - migrated == set(), "in the tables and not in the migrations"


TRIGGERS = {
    # Those of the audit log also fire for a session that replicates: nobody writes past them.
    ("audit_inbox", "audit_append", "A"),
    *((table, "audit_refuse", "A") for table in ("audit_log", "audit_nodes", "audit_checkpoints")),
    *(("alerts", f"count_alerts_{event}", "O") for event in ("insert", "update", "delete", "truncate")),
    ("assessments", "remember_entities", "O"),
}


def test_every_trigger_is_there_and_fires(services: Services) -> None:
    pool = create_pool(services.database(), application="test")
    try:
        with pool.connect() as connection:
            found = connection.execute(
                text("SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal")
            )
            assert {tuple(row) for row in found} == TRIGGERS
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
