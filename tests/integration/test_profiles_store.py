"""Profiles are saved as often as a transaction needs: taking an import back makes them again in several parts."""

from __future__ import annotations

import pytest

from risk.store.db.engine import create_pool
from risk.store.db.roles import DatabaseRole
from risk.store.engine_state import profiles
from tests.services import Services

pytestmark = pytest.mark.integration


def test_the_last_state_of_a_transaction_counts(services: Services) -> None:
    key = (profiles.ACCOUNT, "a1")
    pool = create_pool(services.as_role(services.database(), DatabaseRole.ENGINE), application="test")
    with pool.begin() as connection:
        profiles.save(connection, {key: b"first", (profiles.ACCOUNT, "a2"): b"other"}, 1)
        profiles.save(connection, {key: b"second"}, 2)
    with pool.connect() as connection:
        found = profiles.load(connection, [key, (profiles.ACCOUNT, "a2")])
        assert found == {key: b"second", (profiles.ACCOUNT, "a2"): b"other"}
        assert profiles.watermark(connection) == 2
    pool.dispose()
