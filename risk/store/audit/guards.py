"""The protection of the audit log inside the database: its triggers, functions and tables.

A superuser can disable a trigger, make changes, and enable it again. The system catalog shows it:
a change updates the row's transaction id. Each checkpoint hashes these rows, so that the next one detects it.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import Connection, text

from risk.audit.checkpoint import Checkpoint
from risk.domain.errors import Tampered

_WORD = "guards"

_TABLES = text(
    """
    SELECT c.oid::text AS identity,
           format('table %s kind=%s persistence=%s row_security=%s rules=%s policies=%s relatives=%s read=%s',
                  c.relname, c.relkind, c.relpersistence, c.relrowsecurity,
                  (SELECT count(*) FROM pg_rewrite WHERE ev_class = c.oid),
                  (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid),
                  (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid OR inhrelid = c.oid),
                  to_regclass(c.relname::text) IS NOT DISTINCT FROM c.oid::regclass) AS shape
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(:names)
    """
)
_TRIGGERS = text(
    """
    SELECT format('%s %s', t.oid, t.xmin) AS identity,
           format('trigger %s.%s enabled=%s type=%s deferred=%s condition=%s calls=%s', c.relname, t.tgname,
                  t.tgenabled, t.tgtype, t.tginitdeferred, t.tgqual IS NOT NULL,
                  (SELECT format('%s.%s', p.pronamespace::regnamespace, p.proname) FROM pg_proc p
                   WHERE p.oid = t.tgfoid)) AS shape
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(:names)
    """
)
_FUNCTIONS = text(
    """
    SELECT format('%s %s', p.oid, p.xmin) AS identity,
           format('function %s body=%s definer=%s settings=%s', p.proname,
                  left(encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'), 32),
                  p.prosecdef, array_to_string(p.proconfig, ',')) AS shape
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = ANY(:names)
    """
)

TABLES = ["audit_inbox", "audit_log", "audit_personal", "audit_nodes", "audit_checkpoints"]
FUNCTIONS = ["audit_append", "audit_refuse"]
EXPECTED = frozenset(
    {
        "function audit_append body=f5f0ac90e4f139468c01e8b9272a24ce definer=t settings=search_path=public, pg_temp",
        "function audit_refuse body=39a81e27a45b0107722715a04290eb29 definer=f settings=",
        "table audit_checkpoints kind=r persistence=p row_security=f rules=0 policies=0 relatives=0 read=t",
        "table audit_inbox kind=r persistence=u row_security=f rules=0 policies=0 relatives=0 read=t",
        "table audit_log kind=r persistence=p row_security=f rules=0 policies=0 relatives=0 read=t",
        "table audit_nodes kind=r persistence=p row_security=f rules=0 policies=0 relatives=0 read=t",
        "table audit_personal kind=r persistence=p row_security=f rules=0 policies=0 relatives=0 read=t",
        "trigger audit_checkpoints.audit_refuse enabled=A type=58 deferred=f condition=f calls=public.audit_refuse",
        "trigger audit_inbox.audit_append enabled=A type=5 deferred=t condition=f calls=public.audit_append",
        "trigger audit_log.audit_refuse enabled=A type=58 deferred=f condition=f calls=public.audit_refuse",
        "trigger audit_nodes.audit_refuse enabled=A type=58 deferred=f condition=f calls=public.audit_refuse",
    }
)
"""The triggers and functions created by migrations."""


class Guards(NamedTuple):
    """Hashes of the protection: of its definition, and of its catalog rows."""

    shape: str
    identity: str

    def line(self) -> str:
        """The line in a checkpoint."""
        return f"{_WORD} {self.shape} {self.identity}"

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Guards | None:
        """The hashes in a checkpoint; None for one made before they were included."""
        for line in checkpoint.extensions:
            word, *rest = line.split(" ")
            if word == _WORD and len(rest) == 2:
                return cls(*rest)
        return None


def _hash(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


def read(connection: Connection) -> tuple[frozenset[str], Guards]:
    """The current protection, as text and hashes."""
    found = [
        row
        for query, names in ((_TABLES, TABLES), (_TRIGGERS, TABLES), (_FUNCTIONS, FUNCTIONS))
        for row in connection.execute(query, {"names": names})
    ]
    shape = [str(row.shape) for row in found]
    return frozenset(shape), Guards(_hash(shape), _hash([f"{row.shape} {row.identity}" for row in found]))


def check(connection: Connection, last: Checkpoint | None, *, accept: str = "") -> Guards:
    """Check the protection; ``Tampered`` unless it is as migrated, and unchanged since ``last``.

    ``accept`` is an identity confirmed by an operator, after the database was moved or restored.
    """
    found, guards = read(connection)
    if found - EXPECTED:
        raise Tampered(f"what guards the audit log was changed: there is {min(found - EXPECTED)}")
    if EXPECTED - found:
        raise Tampered(f"what guards the audit log was taken away: there is no {min(EXPECTED - found)}")
    waiting = connection.scalar(text("SELECT count(*) FROM public.audit_inbox"))
    if waiting:
        raise Tampered(f"{waiting} entries were committed past the trigger that logs them: they wait in audit_inbox")
    before = None if last is None else Guards.of(last)
    # A different definition belongs to another version of this program, whose migrations replaced it.
    replaced = before is not None and before.shape == guards.shape and before.identity != guards.identity
    if replaced and accept != guards.identity:
        raise Tampered(
            "a guard of the audit log was switched off or replaced since the last checkpoint, and put back; "
            f'if that was you (a restored database, say), call it with "accept_guards": "{guards.identity}"'
        )
    return guards
