"""The services that tests share: one Postgres and one emulator a test session, over all its workers.

The worker that needs them first starts them, and ends them once no other uses them. Each test takes a
database, streams and a Valkey of its own, so that tests neither wait for nor see each other.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import psycopg
from psycopg import sql

from infra.local.services import emulator, postgres, valkey
from infra.local.services.emulator import CREDENTIALS, REGION
from infra.local.services.engine_environment import engine_environment
from infra.local.stack.processes import Children, Guardian
from risk.store.db.migrate import upgrade
from risk.store.db.roles import DatabaseRole

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient

_TEMPLATE = "risk"


@dataclass
class Services:
    """What a test asks for the services that it needs."""

    postgres_url: str
    passwords: dict[str, str]
    endpoint: str
    folder: Path
    children: Children
    _clients: list[KinesisClient] = field(default_factory=list)

    def database(self) -> str:
        """Make a database with the newest schema, and give its URL."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(f"{self.postgres_url}/postgres", autocommit=True) as connection:
            statement = sql.SQL("create database {} template {} strategy file_copy")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(_TEMPLATE)))
        return f"{self.postgres_url}/{name}"

    def as_role(self, url: str, role: DatabaseRole) -> str:
        """Give the URL of the database at ``url`` for a part of the system, which may do no more than it needs."""
        return f"postgresql://{role.login}:{self.passwords[role]}@{url.rsplit('@', 1)[1]}"

    def valkey(self) -> valkey.Valkey:
        """Start an empty Valkey, which lives as long as this worker's session; tests look into it without a name."""
        return valkey.start(self.children, anonymous=True)

    def kinesis(self) -> KinesisClient:
        """Give a client of the emulator's Kinesis."""
        if not self._clients:
            session = boto3.Session("test", "test", region_name=REGION)
            self._clients.append(session.client("kinesis", endpoint_url=self.endpoint, config=emulator.client_config()))
        return self._clients[0]

    def stream(self, shards: int = 1) -> str:
        """Make an empty stream, and give its name."""
        name = f"test-{uuid.uuid4().hex[:12]}"
        self.kinesis().create_stream(StreamName=name, ShardCount=shards)
        self.kinesis().get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        return name

    def read(self, stream: str) -> list[Any]:
        """Give all that is in a stream now, parsed from JSON, shard after shard, oldest first."""
        client = self.kinesis()
        found: list[Any] = []
        for shard in client.list_shards(StreamName=stream)["Shards"]:
            place = client.get_shard_iterator(
                StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while place:
                answer = client.get_records(ShardIterator=place, Limit=1000)
                found += [json.loads(record["Data"]) for record in answer["Records"]]
                if not answer["Records"] and not answer.get("MillisBehindLatest"):
                    break
                place = answer.get("NextShardIterator", "")
        return found

    def engine(self, database_url: str, events: str, updates: str) -> dict[str, str]:
        """Give the environment of an engine on these, with a Valkey of its own."""
        return engine_environment(
            self.aws,
            self.as_role(database_url, DatabaseRole.ENGINE),
            self.valkey(),
            stage="test",
            events=events,
            updates=updates,
            epoch=events,
        )

    @property
    def aws(self) -> dict[str, str]:
        """What a process needs to talk to the emulator."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint, "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def shared_services(shared: Path, own: Path) -> Iterator[Services]:
    """Use the services of this test session, whose workers have the folder ``shared`` in common."""
    shared.mkdir(parents=True, exist_ok=True)
    children = Children(own / "logs", Guardian())
    users = os.open(shared / "users.lock", os.O_RDWR | os.O_CREAT)
    owner = False
    try:
        with _locked(shared / "start.lock"):
            note = shared / "services.json"
            if not note.exists():
                note.write_text(json.dumps(_start(children, own)))
                owner = True
            found: dict[str, Any] = json.loads(note.read_text())
            fcntl.flock(users, fcntl.LOCK_SH)
        yield Services(found["postgres_url"], found["passwords"], found["endpoint"], own, children)
        if owner:
            _retire(shared, users)
    finally:
        children.stop_all()
        os.close(users)
        shutil.rmtree(own, ignore_errors=True)


def _start(children: Children, folder: Path) -> dict[str, Any]:
    server = postgres.start(children, folder / "postgres")
    upgrade(server.url(_TEMPLATE), passwords=server.passwords)
    cloud = emulator.start(children, folder)
    return {
        "postgres_url": server.url("").rstrip("/"),
        "passwords": dict(server.passwords),
        "endpoint": cloud.endpoint,
    }


def _retire(shared: Path, users: int) -> None:
    """Wait until no other worker uses the services; then take the note away, so that none finds them."""
    while True:
        with _locked(shared / "start.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                fcntl.flock(users, fcntl.LOCK_SH)  # a failed change of the lock may have given it up
            else:
                (shared / "services.json").unlink()
                return
        time.sleep(0.2)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
