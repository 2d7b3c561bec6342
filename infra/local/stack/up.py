"""Starts the whole stack on this machine and stops it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local import frontend
from infra.local.services import emulator, localstack, mirror, postgres, valkey
from infra.local.services.emulator import Choice, Emulator
from infra.local.services.postgres import Postgres
from infra.local.services.valkey import Valkey
from infra.local.stack import demo, deploy, language_model
from infra.local.stack.console import Checklist
from infra.local.stack.deploy import Deployment
from infra.local.stack.engine import Engine, read_uploads, simulate
from infra.local.stack.language_model import LanguageModel
from infra.local.stack.processes import Child, Children
from infra.local.stack.state import DataFolder
from infra.local.stack.steps import Steps
from risk.store.db.roles import DatabaseRole


@dataclass(frozen=True)
class Options:
    """What to start. ``port`` 0 is any free one; ``rate`` is in events a second. The engine has ``processes``."""

    data_dir: Path
    port: int = 5173
    rate: float = 1.0
    simulator: bool = True
    history: bool = True
    frontend: bool = True
    emulator: Choice = Choice.DEFAULT
    processes: int = 1
    model: LanguageModel = field(default_factory=language_model.find)


@dataclass
class Restartable:
    """A process that is restarted when it ends."""

    child: Child
    launch: Callable[[], Child]
    failures: int = 0
    due: float = 0.0
    dead: Child | None = None


@dataclass
class Stack:
    """A stack that is up."""

    postgres: Postgres
    valkey: Valkey
    emulator: Emulator
    deployment: Deployment
    engine: Engine
    url: str
    users: dict[str, dict[str, str]]
    explanations: str
    services: list[Child]
    restartable: list[Restartable] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        """The contents of ``--json`` and ``stack.json``."""
        children = [*self.services, *(part.child for part in self.restartable)]
        return {
            "url": self.url,
            "api": self.deployment.api_url,
            "ws": self.deployment.websocket_url,
            "endpoint": self.deployment.endpoint,
            "kinesis": self.deployment.kinesis,
            "engine": self.engine.url,
            "database_url": self.postgres.url(),
            "audit_database_url": self.postgres.url(role=DatabaseRole.AUDITOR),
            "valkey_url": self.valkey.url,
            "users": self.users,
            "explanations": self.explanations,
            "pids": {"supervisor": os.getpid(), **{child.name: child.process.pid for child in children}},
        }


def start(options: Options, folder: DataFolder, children: Children, checklist: Checklist) -> Stack:
    """Start everything, as much as possible in parallel; ``LocalError`` if a part cannot be started."""
    steps = Steps(checklist, children.stopping)
    path, users, model = folder.path, folder.users(), options.model

    database = steps.add("PostgreSQL", lambda: postgres.start(children, path / "postgres"))
    cache = steps.add("Valkey", lambda: valkey.start(children))
    if options.emulator is Choice.LOCALSTACK:
        way = localstack.choose()
        checklist.note(localstack.announcement(way))
        needs = []
        if way is localstack.Way.PROCESS:
            needs.append(steps.add("LocalStack's packages", lambda: localstack.install(children)))
        other = steps.add("LocalStack", lambda *_: localstack.start(children, path / "tmp", way), *needs)
        cloud = steps.add(
            "AWS emulator", lambda data: emulator.start(children, path / "tmp", localstack.serves(data)), other
        )
    else:
        other = None
        cloud = steps.add("AWS emulator", lambda: emulator.start(children, path / "tmp"))
    assembly = steps.add("Lambda bundles and Edge stack", lambda: deploy.synthesize(children, model))
    migrated = steps.add("Database schema", _migrate, database)
    audit_key = steps.add("Audit key", lambda: _audit_key(path))

    def deploy_all(where: Path, aws: Emulator, server: Postgres, store: Valkey, key: Path) -> Deployment:
        return deploy.deploy(where, aws, server, store, key, model.api_key)

    deployed = steps.add("Deployment", deploy_all, assembly, cloud, database, cache, audit_key)
    steps.add("Demo users", lambda server, _: _make_users(server, users), database, migrated)
    before: list[Future[Any]] = [database, cache, cloud, deployed, migrated]
    if options.history:
        past = demo.History(children, users, checklist.progress)
        before.append(steps.add("Demo history", lambda server, _: past.ensure(server), database, migrated))
    steps.add("Warm Lambdas", lambda made, _: _warm(made), deployed, migrated)

    def start_engine(
        server: Postgres, store: Valkey, aws: Emulator, made: Deployment, *_: None
    ) -> tuple[Engine, Child]:
        engine = Engine(children, server, store, aws, made, options.processes)
        return engine, engine.start()

    engine = steps.add("Streaming engine", start_engine, *before)
    site = _add_frontend(steps, options, children, checklist, deployed) if options.frontend else None
    steps.finish()

    made, aws, (running, process) = deployed.result(), cloud.result(), engine.result()
    stack = Stack(
        database.result(),
        cache.result(),
        aws,
        made,
        running,
        made.api_url,
        users,
        model.words,
        [database.result().child, cache.result().child, aws.child],
        [Restartable(process, running.launch)],
    )

    def read() -> Child:
        return read_uploads(children, database.result(), aws, made)

    stack.restartable.append(Restartable(read(), read))
    if other:
        stack.services.append(other.result().child)

        def carry() -> Child:
            return mirror.start(children, aws, made.updates_stream)

        stack.restartable.append(Restartable(carry(), carry))
    if site:
        port, child = site.result()
        stack.url = f"http://127.0.0.1:{port}"
        stack.restartable.append(Restartable(child, lambda: frontend.launch(children, made, port)))
    if options.simulator:

        def again() -> Child:
            return simulate(children, aws, made, options.rate)

        stack.restartable.append(Restartable(again(), again))
    return stack


def _migrate(server: Postgres) -> None:
    from risk.store.db.migrate import upgrade

    upgrade(server.url(), passwords=server.passwords)


def _audit_key(folder: Path) -> Path:
    from infra.commands.audit.checkpoint import KEY_NAME
    from risk.adapters.checkpoint_signers import FileSigner

    FileSigner.ensure(folder / KEY_NAME)
    return folder.resolve() / KEY_NAME


def _make_users(server: Postgres, users: dict[str, dict[str, str]]) -> None:
    from functions.api.http.access.tokens import hash_password
    from risk.domain.permissions import Role
    from risk.store.db.engine import create_pool
    from risk.store.identity.users import upsert_user

    pool = create_pool(server.url(), application="risk-up")
    try:
        with pool.begin() as connection:
            for role, user in users.items():
                upsert_user(connection, user["email"], hash_password(user["password"]), Role(role))
    finally:
        pool.dispose()


def _warm(deployment: Deployment) -> None:
    """Invoke each Lambda once, so that the first real request is warm. Answers are ignored."""
    import boto3
    import httpx
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    client = boto3.client(
        "lambda",
        endpoint_url=deployment.endpoint,
        region_name=emulator.REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  (what the emulator expects)
        config=emulator.client_config(),
    )

    def ask() -> None:
        httpx.get(f"{deployment.api_url}/api/v1/health", timeout=60)

    def knock() -> None:
        with contextlib.suppress(WebSocketException):  # rejected, because it has no ticket
            connect(deployment.websocket_url, open_timeout=60).close()

    def send_nothing() -> None:
        client.invoke(FunctionName=deployment.functions["broadcast"], Payload=b'{"Records":[]}')

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(work) for work in (ask, knock, send_nothing)]:
            future.result()


def _add_frontend(
    steps: Steps, options: Options, children: Children, checklist: Checklist, deployed: Future[Deployment]
) -> Future[tuple[int, Child]]:
    packages = steps.add("Dashboard packages", lambda: frontend.install(children))

    def serve(made: Deployment, _: None) -> tuple[int, Child]:
        port, child = frontend.start(children, made, options.port)
        if options.port and port != options.port:
            checklist.note(f"Port {options.port} is taken: the dashboard is on {port}.")
        return port, child

    return steps.add("Dashboard", serve, deployed, packages)
