"""The migrations make the tables that the code speaks of, and can be undone."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

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
