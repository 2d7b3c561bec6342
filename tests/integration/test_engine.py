"""Connections to Postgres: straight, through something that is as strict as RDS Proxy, and after a new password."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from infra.local.services.emulator import REGION, client_config
from risk.config import secrets
from risk.config.settings import DatabaseSettings
from risk.store.db.engine import create_pool
from tests.services import Services

pytestmark = pytest.mark.integration
TLS_REQUESTS = {80877103, 80877104}


class StrictProxy:
    """Passes everything on, but options at the start of a connection; and notes what would pin a connection."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.pinned_by: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            start = self._startup(client)
            if b"\0options\0" in start:
                said = b"SFATAL\0C0A000\0Mfeature not supported: RDS Proxy supports no command-line options\0\0"
                client.sendall(b"E" + struct.pack("!I", len(said) + 4) + said)
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(start)
                threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
                while header := _exactly(client, 5):
                    body = _exactly(client, struct.unpack("!I", header[1:])[0] - 4)
                    self._look(header[:1], body)
                    server.sendall(header + body)

    def _startup(self, client: socket.socket) -> bytes:
        while True:
            length = _exactly(client, 4)
            rest = _exactly(client, struct.unpack("!I", length)[0] - 4)
            if struct.unpack("!I", rest[:4])[0] not in TLS_REQUESTS:
                return length + rest
            client.sendall(b"N")

    def _look(self, kind: bytes, body: bytes) -> None:
        named = kind == b"P" and not body.startswith(b"\0")
        query = body.split(b"\0")[1] if kind == b"P" else body
        if named or (kind in b"PQ" and query.lstrip().upper().startswith((b"SET ", b"PREPARE ", b"LISTEN "))):
            self.pinned_by.append(body)

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise OSError("closed")
        data += more
    return data


@pytest.fixture
def proxy(services: Services) -> Iterator[StrictProxy]:
    found = StrictProxy(urlsplit(services.postgres_url).port or 5432)
    yield found
    found.close()


def through(proxy: StrictProxy, url: str) -> str:
    return url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/")


def test_a_straight_connection_bounds_its_statements_and_speaks_utc(services: Services) -> None:
    pool = create_pool(services.database(), application="test", statement_seconds=3)
    with pool.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "3s"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
    pool.dispose()


def test_a_proxy_that_takes_no_options_is_gone_through_and_keeps_no_connection_for_us(
    services: Services, proxy: StrictProxy
) -> None:
    url = through(proxy, services.database())
    refused = create_pool(url, application="test")
    with pytest.raises(OperationalError, match="command-line options"):
        refused.connect()
    pool = create_pool(url, application="test", proxied=True)
    for value in range(12):  # the driver prepares what it sees for the sixth time
        with pool.begin() as connection:
            connection.execute(text("INSERT INTO offsets VALUES ('e', :source, 'p')"), {"source": str(value)})
            assert connection.scalar(text("SELECT count(*) FROM offsets WHERE epoch = :e"), {"e": "e"}) == value + 1
    pool.dispose()
    assert proxy.pinned_by == []


def test_a_password_that_was_changed_is_asked_for_again(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    url = urlsplit(services.database())
    user, name = f"u{uuid4().hex[:10]}", f"test/{uuid4().hex}"
    client = boto3.client("secretsmanager", endpoint_url=services.endpoint, region_name=REGION, config=client_config())

    def rotate(password: str, verb: str) -> str:
        with psycopg.connect(url.geturl(), autocommit=True) as connection:
            statement = sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}")
            connection.execute(statement.format(sql.Identifier(user), sql.Literal(password)))
        return json.dumps(
            {"username": user, "password": password, "host": "nowhere", "port": 1, "dbname": url.path[1:]}
        )

    client.create_secret(Name=name, SecretString=rotate("first", "CREATE"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", services.endpoint)
    monkeypatch.setattr(secrets, "PROXY_PORT", url.port)
    settings = DatabaseSettings(_env_file=None, database_secret=name, database_proxy="127.0.0.1")
    pool = create_pool(partial(secrets.database_url, settings), application="test", size=2)
    with pool.connect() as old:
        assert old.scalar(text("SELECT current_user")) == user
        client.put_secret_value(SecretId=name, SecretString=rotate("second", "ALTER"))
        assert old.scalar(text("SELECT 1")) == 1
        with pool.connect() as new:
            assert new.scalar(text("SELECT current_user")) == user
    pool.dispose()
    client.close()


def test_a_secret_of_rds_becomes_an_address_with_tls_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    known = json.dumps({"username": "u", "password": "p/@", "host": "db.example", "port": 5433, "dbname": "risk"})
    monkeypatch.setattr(secrets, "_read", lambda _: known)
    straight = DatabaseSettings(_env_file=None, database_secret="s", database_tls=True)
    assert secrets.database_url(straight) == (
        f"postgresql://u:p%2F%40@db.example:5433/risk?sslmode=verify-full&sslrootcert={secrets.AUTHORITIES}"
    )
    roots = secrets.AUTHORITIES.read_text()
    for authority in ("Amazon RDS us-east-1 Root CA RSA2048 G1", "Amazon RDS eu-central-1 Root CA", "Amazon Root CA 1"):
        assert f"# {authority}" in roots
    proxied = DatabaseSettings(_env_file=None, database_secret="s", database_proxy="proxy.example")
    assert secrets.database_url(proxied) == "postgresql://u:p%2F%40@proxy.example:5432/risk"
