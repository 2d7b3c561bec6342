"""What guards the audit log inside of the database: its triggers, their functions, its tables.

Who has every right can switch a trigger off, do something, and switch it on again. The rows of the catalog tell:
changing one leaves another transaction's number in it. Each checkpoint has a hash over them, so that the next sees it.
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
"""What the migrations make."""


class Guards(NamedTuple):
    """Hashes of what guards the log: of what it is, and of the very rows of the catalog."""

    shape: str
    identity: str

    def line(self) -> str:
        """As a checkpoint has it, in a line of its own."""
        return f"{_WORD} {self.shape} {self.identity}"

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Guards | None:
        """What a checkpoint says of them; None for one from before they were part of it."""
        for line in checkpoint.extensions:
            word, *rest = line.split(" ")
            if word == _WORD and len(rest) == 2:
                return cls(*rest)
        return None


def _hash(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


def read(connection: Connection) -> tuple[frozenset[str], Guards]:
    """What guards the log now, in words and in hashes."""
    found = [
        row
        for query, names in ((_TABLES, TABLES), (_TRIGGERS, TABLES), (_FUNCTIONS, FUNCTIONS))
        for row in connection.execute(query, {"names": names})
    ]
    shape = [str(row.shape) for row in found]
    return frozenset(shape), Guards(_hash(shape), _hash([f"{row.shape} {row.identity}" for row in found]))


def check(connection: Connection, last: Checkpoint | None, *, accept: str = "") -> Guards:
    """What guards the log; ``Tampered`` unless it is what the migrations make, untouched since ``last``.

    ``accept`` is the identity that an operator vouches for, after the database was moved or restored.
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
    # Another shape was another version of this program: its migrations have replaced what there was.
    replaced = before is not None and before.shape == guards.shape and before.identity != guards.identity
    if replaced and accept != guards.identity:
        raise Tampered(
            "a guard of the audit log was switched off or replaced since the last checkpoint, and put back; "
            f'if that was you (a restored database, say), call it with "accept_guards": "{guards.identity}"'
        )
    return guards
