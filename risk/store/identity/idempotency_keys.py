"""Requests made with an ``Idempotency-Key`` and their responses, kept for 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from risk.store.db.tables import idempotency_keys

KEPT = timedelta(hours=24)
_SWEPT_AT_ONCE = 100


@dataclass(frozen=True)
class Claimed:
    """The request of a key; ``answer`` is None if the response is unknown."""

    request_hash: bytes
    answer: bytes | None


def lock(connection: Connection, caller: UUID, key_hash: bytes) -> bool:
    """Lock the key until this transaction ends; False if another holds it."""
    number = int.from_bytes(caller.bytes[:8], "big", signed=True) ^ int.from_bytes(key_hash[:8], "big", signed=True)
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(number))))


def find(connection: Connection, caller: UUID, key_hash: bytes, *, now: datetime) -> Claimed | None:
    """The key's request of the last 24 hours; older ones are deleted a few at a time."""
    c = idempotency_keys.c
    old = select(c.caller, c.key_hash).where(c.created_at < now - KEPT).limit(_SWEPT_AT_ONCE)
    connection.execute(delete(idempotency_keys).where(tuple_(c.caller, c.key_hash).in_(old)))
    row = connection.execute(
        select(c.request_hash, c.answer).where(c.caller == caller, c.key_hash == key_hash, c.created_at >= now - KEPT)
    ).one_or_none()
    return None if row is None else Claimed(row.request_hash, row.answer)


def claim(connection: Connection, caller: UUID, key_hash: bytes, request_hash: bytes, *, now: datetime) -> None:
    """Record the use of the key, in the transaction of the request."""
    connection.execute(
        insert(idempotency_keys).values(caller=caller, key_hash=key_hash, request_hash=request_hash, created_at=now)
    )


def keep_answer(connection: Connection, caller: UUID, key_hash: bytes, answer: bytes) -> None:
    """Store the response. A failed request has left no claim, and nothing is stored."""
    c = idempotency_keys.c
    connection.execute(update(idempotency_keys).where(c.caller == caller, c.key_hash == key_hash).values(answer=answer))
