"""The API on a real Postgres and a real Valkey; Kinesis is a recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from fastapi.testclient import TestClient
from mypy_boto3_kinesis import KinesisClient
from sqlalchemy import Connection, Engine, text

from functions.api.explanations.language_model.sdk import Sdk
from functions.api.explanations.language_model.writer import Usage, Writer
from functions.api.http.access import tokens
from functions.api.http.services import Services
from infra.local.services.emulator import REGION
from risk.config.settings import ApiSettings
from risk.domain.permissions import Permission, Role
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.db.roles import DatabaseRole
from risk.store.identity import api_keys, users
from tests.integration.test_api.support import (
    NOW,
    PASSWORD_HASH,
    Post,
    Recorder,
    access_token,
    app_on,
    set_up_model,
    settings_for,
    valkey_of,
)
from tests.openai_server import KEY as OPENAI_KEY
from tests.openai_server import OpenAiServer
from tests.services import Services as Shared

UNCHANGEABLE = ("audit_log", "audit_nodes", "audit_checkpoints")
MakeHeaders = Callable[[Role], dict[str, str]]
MakeKey = Callable[..., dict[str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def owner_url(services: Shared) -> str:
    """The API's database, for the owner of its tables: tests store there what other parts do."""
    return services.database()


@pytest.fixture(scope="session")
def settings(services: Shared, owner_url: str) -> ApiSettings:
    """The API signs in as in production: with the rights of its role, and no others."""
    cache = services.valkey()
    user, password = cache.login("api")
    return settings_for(
        services.as_role(owner_url, DatabaseRole.API), cache.port, redis_username=user, redis_password=password
    )


@pytest.fixture
def kinesis() -> Recorder:
    return Recorder()


@pytest.fixture
def owner(owner_url: str) -> Iterator[Engine]:
    found = create_pool(owner_url, application="test", size=8)
    yield found
    found.dispose()


def empty(connection: Connection) -> None:
    """Truncate the tables that have rows: truncating all of them took most of the time of a short test."""
    every = [table.name for table in tables.metadata.sorted_tables]
    having = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in every)
    filled = connection.scalars(text(having)).all()
    locked = [name for name in UNCHANGEABLE if name in filled]
    for name in locked:
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER audit_refuse"))
    if filled:
        connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))
    for name in locked:
        connection.execute(text(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER audit_refuse"))


@pytest.fixture
def api_services(settings: ApiSettings, kinesis: Recorder, owner: Engine) -> Iterator[Services]:
    """What the API talks to, with nothing stored."""
    found = Services(settings)
    found.kinesis = cast(KinesisClient, kinesis)
    with owner.begin() as connection:
        empty(connection)
        ensure_partitions(connection, NOW)
        ensure_partitions(connection, NOW - timedelta(days=40))
    valkey_of(found).flushall()
    yield found
    found.close()


@pytest.fixture
def database(api_services: Services, owner: Engine) -> Engine:
    """The database of ``api_services``, for the owner of its tables, with nothing stored."""
    return owner


@pytest.fixture
def client(api_services: Services) -> Iterator[TestClient]:
    with TestClient(app_on(api_services), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def post(api_services: Services) -> Post:
    found = Post()
    api_services.mail = found
    return found


@pytest.fixture
def sign_in(api_services: Services) -> MakeHeaders:
    """Headers of a new person with this role."""

    def headers(role: Role) -> dict[str, str]:
        with api_services.database.begin() as connection:
            user = users.upsert_user(connection, f"{role}@risk.local", PASSWORD_HASH, role)
            token = access_token(connection, user.id, role)
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def make_key(api_services: Services) -> MakeKey:
    """Headers of a new machine whose key has these scopes."""

    def headers(*scopes: str, expires_at: datetime | None = None) -> dict[str, str]:
        key = tokens.new_secret(tokens.API_KEY_PREFIX)
        with api_services.database.begin() as connection:
            api_keys.create(
                connection,
                "a machine",
                tokens.shown_part(key),
                tokens.secret_hash(key),
                frozenset(map(Permission, scopes)),
                by="admin@risk.local",
                at=datetime.now(UTC),
                expires_at=expires_at,
            )
        return {"X-API-Key": key}

    return headers


@pytest.fixture
def admin(sign_in: MakeHeaders) -> dict[str, str]:
    return sign_in(Role.ADMIN)


@pytest.fixture
def analyst(sign_in: MakeHeaders) -> dict[str, str]:
    return sign_in(Role.ANALYST)


@pytest.fixture
def viewer(sign_in: MakeHeaders) -> dict[str, str]:
    return sign_in(Role.VIEWER)


@pytest.fixture(scope="session")
def listening() -> Iterator[OpenAiServer]:
    server = OpenAiServer()
    # The SDK's first request takes seconds on a busy machine, and is not what deadlines are tested with.
    writer = Writer(Sdk(OPENAI_KEY, server.url), "model-0", 60.0)
    "".join(writer.write([{"role": "user", "content": '{"statements": [], "question": null}'}], Usage()))
    writer.sdk.close()
    yield server
    server.close()


@pytest.fixture
def model(listening: OpenAiServer, api_services: Services) -> OpenAiServer:
    """A language model that explains, and one that embeds."""
    listening.reset()
    set_up_model(api_services, listening)
    return listening


@pytest.fixture
def bucket(services: Shared, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket of the emulator, which clients made from now on talk to."""
    for name, value in services.aws.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", region_name=REGION, endpoint_url=services.endpoint, config=Config(retries={}))
    name = f"objects-{uuid4().hex[:8]}"
    client.create_bucket(Bucket=name)
    client.close()
    return name


@pytest.fixture
def exports_bucket(api_services: Services, bucket: str) -> str:
    """A bucket that large exports of ``api_services`` go to."""
    api_services.settings = api_services.settings.model_copy(update={"exports_bucket": bucket})
    return bucket


@pytest.fixture
def uploads_bucket(api_services: Services, bucket: str) -> str:
    """A bucket that files are uploaded to."""
    api_services.settings = api_services.settings.model_copy(update={"uploads_bucket": bucket})
    return bucket
