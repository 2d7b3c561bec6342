"""The faults of a chaos run: each breaks something, keeps it broken for a while, and repairs it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil
import psycopg
from psycopg import sql

from infra import PROJECT
from infra.rehearsal import kinesis_proxy
from infra.rehearsal.kinesis_proxy import KinesisProxy
from infra.rehearsal.rig import Rig, SupervisedEngine
from risk.store.db.migrate import MIGRATIONS, current, upgrade


@dataclass
class Target:
    """The system under test."""

    rig: Rig
    engine: SupervisedEngine
    proxy: KinesisProxy
    chance: random.Random

    def hold(self, least: float = 1.0, most: float = 3.0) -> None:
        """Keep it broken for a while."""
        time.sleep(self.chance.uniform(least, most))

    def as_owner(self) -> psycopg.Connection:
        """A connection to another database, which works whatever happens to the run's."""
        return psycopg.connect(self.rig.database.url("postgres"), autocommit=True, connect_timeout=5)

    def cut_connections(self) -> None:
        """End every connection to the run's database."""
        with self.as_owner() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self.rig.name,)
            )


Fault = Callable[[Target], None]
_SCHEMA = """
WITH own AS (
    SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
)
SELECT concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull, attacl::text)
FROM own JOIN pg_attribute ON attrelid = own.oid WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(c.oid))
FROM own JOIN pg_constraint c ON conrelid = own.oid
UNION ALL SELECT pg_get_indexdef(indexrelid) FROM own JOIN pg_index ON indrelid = own.oid
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM own JOIN pg_trigger t ON tgrelid = own.oid WHERE NOT tgisinternal
UNION ALL SELECT concat_ws(' ', proname, md5(prosrc), p.proacl::text)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'
"""


def engine_killed(target: Target) -> None:
    """``kill -9`` of the engine, twice in a row."""
    target.engine.signal(signal.SIGKILL)
    target.hold(0.2, 4.0)
    target.engine.signal(signal.SIGKILL)


def engine_terminated(target: Target) -> None:
    """SIGTERM, as a deployment sends it."""
    target.engine.signal(signal.SIGTERM)


def engine_frozen_and_replaced(target: Target) -> None:
    """Frozen for longer than its lease, while a second engine takes over; then both go on."""
    second = target.rig.engine("engine-2", AWS_ENDPOINT_URL=target.proxy.url)
    second.start()
    target.hold(2.0, 3.0)
    target.engine.signal(signal.SIGSTOP)
    time.sleep(5.0)
    target.engine.signal(signal.SIGCONT)
    target.hold()
    second.stop()


def dies_at(point: str) -> Fault:
    """A fault: the engine dies at this point of its work."""

    def fault(target: Target) -> None:
        died = target.rig.folder / f"died-{point}-{time.monotonic_ns()}"
        with _strange(target, REHEARSAL_DIE_AT=point, REHEARSAL_DIED=str(died)):
            deadline = time.monotonic() + 30
            while not died.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            if not died.exists():
                raise RuntimeError(f"the engine did not come to the point {point}")

    return fault


def clock_steps(by: float) -> Fault:
    """A fault: the engine's clock is wrong by ``seconds``."""

    def fault(target: Target) -> None:
        with _strange(target, REHEARSAL_CLOCK=str(by)):
            target.hold(4.0, 6.0)

    return fault


@contextmanager
def _strange(target: Target, **environment: str) -> Iterator[None]:
    """Run a strange engine inside the block, and an ordinary one afterwards."""
    engine = target.engine
    ordinary, module = engine.environment, engine.module
    engine.environment, engine.module = {**ordinary, **environment}, "infra.rehearsal.strange_engine"
    engine.signal(signal.SIGTERM)
    try:
        yield
    finally:
        engine.environment, engine.module = ordinary, module
        engine.signal(signal.SIGTERM)


def postgres_killed(target: Target) -> None:
    """``kill -9`` of Postgres, which recovers from its write-ahead log."""
    target.rig.restart_database(signal.SIGQUIT)


def postgres_restarted(target: Target) -> None:
    """A restart, as for maintenance."""
    target.rig.restart_database(signal.SIGINT)


def postgres_paused(target: Target) -> None:
    """All Postgres processes are stopped: connections are accepted, but nothing answers."""
    server = psutil.Process(target.rig.database.child.process.pid)
    everyone = [server, *server.children(recursive=True)]
    for process in everyone:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    target.hold(4.0, 8.0)
    for process in everyone:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def postgres_without_connections(target: Target) -> None:
    """Every connection is taken, and those of the engine are cut."""
    taken: list[psycopg.Connection] = []
    with target.as_owner():
        try:
            for _ in range(2):
                with suppress(psycopg.OperationalError):
                    while True:
                        taken.append(target.as_owner())
                taken[0].execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (target.rig.name,)
                )
            target.hold(2.0, 4.0)
        finally:
            for connection in taken:
                connection.close()


def postgres_read_only(target: Target) -> None:
    """Read-only, like a primary that became a standby."""
    name = sql.Identifier(target.rig.name)
    with target.as_owner() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        target.cut_connections()
        target.hold(2.0, 4.0)
        connection.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
        target.cut_connections()


def postgres_disk_full(target: Target) -> None:
    """Every insert fails as on a full disk: a trigger raises SQLSTATE 53100, which stands in for the disk."""
    with psycopg.connect(target.rig.url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        connection.execute("CREATE TRIGGER disk_full BEFORE INSERT ON assessment_keys EXECUTE FUNCTION disk_full()")
        target.hold(2.0, 4.0)
        connection.execute("DROP TRIGGER disk_full ON assessment_keys")
        connection.execute("DROP FUNCTION disk_full()")


def migration_killed(target: Target) -> None:
    """Migrations of another database of the cluster are killed at random moments, until one succeeds.

    Raises ``RuntimeError`` unless killed ones changed nothing, and the last one made this database's schema.
    """
    rig, name = target.rig, f"{target.rig.name}_migrated"
    revisions = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    began_at = target.chance.choice(revisions[:-1])
    url = rig.database.url(name)
    with target.as_owner() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        upgrade(url, began_at)
        for patience in (0.8, 1.2, 1.6, 2.0):
            before = current(url)
            _kill_after(_migration(url), target.chance.uniform(0.3, patience))
            _kill_after(_migration(rig.url), target.chance.uniform(0.3, patience))
            if current(url) not in (before, revisions[-1]):
                raise RuntimeError(f"a killed migration left the database at {current(url)}")
        for finished in (_migration(url), _migration(rig.url)):
            if finished.wait(60):
                raise RuntimeError(f"the migration after a killed one ended with code {finished.returncode}")
        if schema(url) != schema(rig.url):
            raise RuntimeError(f"a killed migration from {began_at} left another schema")
    finally:
        with target.as_owner() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _migration(url: str) -> subprocess.Popen[bytes]:
    program = "import sys; from risk.store.db.migrate import upgrade; upgrade(sys.argv[1])"
    return subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.DEVNULL, cwd=PROJECT)  # noqa: S603


def _kill_after(process: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


def schema(url: str) -> list[str]:
    """Columns, constraints, indexes, triggers and functions of the database, without those of partitions."""
    with psycopg.connect(url) as connection:
        return sorted(row[0] for row in connection.execute(_SCHEMA))


def valkey_killed(target: Target) -> None:
    """Killed, and started again empty."""
    target.rig.restart_cache()


def kinesis(fault: str) -> Fault:
    """A fault of the Kinesis API, for some seconds."""

    def broken(target: Target) -> None:
        before = target.proxy.spoilt
        target.proxy.fault = fault
        target.hold(4.0, 6.0)
        target.proxy.fault = None
        if target.proxy.spoilt == before:
            raise RuntimeError(f"nothing was spoilt by {fault}")

    return broken


FAULTS: dict[str, Fault] = {
    "engine killed": engine_killed,
    "engine terminated": engine_terminated,
    "engine dies between commit and publish": dies_at("stored"),
    "engine dies between publish and snapshot": dies_at("published"),
    "engine dies in a snapshot": dies_at("snapshot"),
    "two engines, the first frozen": engine_frozen_and_replaced,
    "Postgres killed": postgres_killed,
    "Postgres restarted": postgres_restarted,
    "Postgres paused": postgres_paused,
    "Postgres out of connections": postgres_without_connections,
    "Postgres read-only": postgres_read_only,
    "Postgres out of disk (stand-in)": postgres_disk_full,
    "migration killed": migration_killed,
    "Valkey killed and emptied": valkey_killed,
    "Kinesis throttles": kinesis(kinesis_proxy.THROTTLE),
    "Kinesis fails in part": kinesis(kinesis_proxy.PARTIAL),
    "Kinesis expires iterators": kinesis(kinesis_proxy.EXPIRE),
    "Kinesis takes records twice": kinesis(kinesis_proxy.LOSE_ANSWERS),
    "clock steps an hour back": clock_steps(-3_600),
    "clock steps an hour ahead": clock_steps(3_600),
}
