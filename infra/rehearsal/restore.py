"""A restore: the database is dumped under load and lost, and the engine continues on another cluster."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import text

from infra import PROJECT
from infra.local.services import postgres
from infra.local.stack.processes import LocalError
from infra.rehearsal.ledger import Auditor, Ledger
from infra.rehearsal.rig import Rig
from risk.store.db.migrate import upgrade

PATIENCE = 120.0
_DOWN_SECONDS = 2.0


@dataclass
class Restored:
    """``lost``: assessments committed before the dump that are not in the new cluster (the RPO, in events).

    ``seconds``: from the loss of the old cluster until an event that was sent after it is scored (the RTO).
    ``reread``: committed after the dump, and scored again from the stream.
    """

    committed: int = 0
    lost: int = 0
    reread: int = 0
    seconds: float = 0.0
    audit: str = ""
    events: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, duplicated or computed differently, and the audit log verifies."""
        return not self.faults and not self.lost


def rehearse(rig: Rig, seconds: float, seed: int, tell: Callable[[str], None] = lambda _: None) -> Restored:
    """Score a steady load for ``seconds``, dump, lose the cluster, restore, continue, and compare."""
    found = Restored()
    engine, ledger = rig.engine(), Ledger(rig.kinesis(), rig.events, seed)
    dump, note = rig.folder / "risk.dump", rig.folder / "audit.checkpoint"
    try:
        engine.start()
        engine.wait_until_healthy()
        ledger.start()
        time.sleep(seconds)
        tell("signing the audit log, then dumping under load")
        _risk("audit", "checkpoint", "--out", note, "--key", rig.folder / "audit.pem", "--database-url", rig.url)
        before = _assessed(rig)
        _postgres("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={rig.url}")
        time.sleep(_DOWN_SECONDS)
        engine.stop()
        at_loss = _assessed(rig)
        rig.children.stop(rig.database.child)
        lost_at = time.monotonic()
        tell("the old cluster is gone; restoring into another")
        second = replace(rig, database=_restored(rig, dump))
        after_restore = _assessed(second)
        found.committed, found.lost = len(before), len(before - after_restore)
        found.reread = len(at_loss - after_restore)
        engine = second.engine("engine-restored")
        engine.start()
        engine.wait_until_healthy()
        auditor = Auditor(second.pool(), ledger)
        newest = next(reversed(ledger.sent))
        while not auditor.stored(newest):
            if time.monotonic() - lost_at > PATIENCE:
                found.faults.append(f"nothing was scored within {PATIENCE:.0f} s of the loss")
                return found
            time.sleep(0.05)
        found.seconds = time.monotonic() - lost_at
        ledger.stop()
        if not auditor.settle(PATIENCE):
            found.faults.append("not everything that was sent is stored")
        found.faults += auditor.faults() + auditor.missing()
        found.events = len(ledger.sent)
        auditor.database.dispose()
        found.audit = _risk("audit", "verify", "--checkpoint", note, "--database-url", second.url).splitlines()[-1]
    finally:
        ledger.stop()
        engine.stop()
    return found


def _restored(rig: Rig, dump: Path) -> postgres.Postgres:
    """Another cluster with the restored dump. Migrations create its roles, which dumps do not contain."""
    second = postgres.start(rig.children, rig.folder / "postgres-restored")
    upgrade(second.url(), passwords=second.passwords)
    with psycopg.connect(second.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(rig.name)))
    _postgres("pg_restore", "--exit-on-error", f"--dbname={second.url(rig.name)}", str(dump))
    return second


def _assessed(rig: Rig) -> set[object]:
    pool = rig.pool()
    with pool.connect() as connection:
        ids: set[object] = set(connection.scalars(text("SELECT event_id FROM assessments")))
    pool.dispose()
    return ids


def _postgres(program: str, *arguments: str) -> None:
    ended = subprocess.run([postgres.binaries() / program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        raise LocalError(f"{program} ended with {ended.returncode}: {ended.stderr.strip()[-2_000:]}")


def _risk(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "infra.cli", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)  # noqa: S603
    if ended.returncode:
        raise LocalError(f"risk {arguments[0]} {arguments[1]}: {ended.stdout[-1_000:]}{ended.stderr[-1_000:]}")
    return ended.stdout.strip()
