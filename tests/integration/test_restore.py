"""A database restored to before its passwords changed: the migrations' Lambda lets every role sign in again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import boto3
import psycopg
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from functions.maintenance import handler
from infra.local.services import postgres
from infra.local.stack.processes import Children, Guardian
from risk.config import secrets
from risk.config.settings import MaintenanceSettings
from risk.store.db.engine import create_pool
from risk.store.db.migrate import upgrade
from risk.store.db.roles import DatabaseRole
from tests.integration.test_maintenance import Context

pytestmark = pytest.mark.integration


@pytest.fixture
def restored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    """A Postgres of this test's own, whose roles have the passwords of an earlier time."""
    folder = tmp_path_factory.mktemp("restore")
    guardian = Guardian()
    children = Children(folder / "logs", guardian)
    try:
        found = postgres.start(children, folder)
        upgrade(found.url(), passwords=dict.fromkeys(DatabaseRole, "the-password-of-an-earlier-time"))
        yield found
    finally:
        children.stop_all()
        guardian.dismiss()


def signs_in(settings: MaintenanceSettings) -> bool:
    try:
        psycopg.connect(secrets.database_url(settings)).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" not in str(error):
            raise
        return False
    return True


def test_migrations_let_roles_sign_in_with_the_passwords_of_their_secrets(
    restored: postgres.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = psycopg.conninfo.conninfo_to_dict(restored.url())
    place = {"host": where["host"], "port": int(str(where["port"])), "dbname": where["dbname"]}
    with mock_aws():
        vault = boto3.client("secretsmanager")
        for role in DatabaseRole:
            login = {**place, "username": role.login, "password": f"the-new-password-of-{role}"}
            vault.create_secret(Name=f"risk/dev/database/{role}", SecretString=json.dumps(login))
        roles = [
            MaintenanceSettings(_env_file=None, database_secret=f"risk/dev/database/{role}") for role in DatabaseRole
        ]
        assert not any(map(signs_in, roles))
        settings = MaintenanceSettings(
            _env_file=None, database_url=cast(Any, restored.url()), database_role_secrets="risk/dev/database/"
        )
        owner = create_pool(restored.url(), application="migrations")
        monkeypatch.setattr(handler, "settings", lambda: settings)
        monkeypatch.setattr(handler, "database", lambda: owner)
        handler.migrate({}, cast(LambdaContext, Context()))
        owner.dispose()
        assert all(map(signs_in, roles))
