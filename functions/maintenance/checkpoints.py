"""Audit log checkpoints: signed, stored beside the log, and kept in an immutable bucket.

The bucket, not the database, decides what was signed last: whoever controls the database has no rights there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from risk.adapters.checkpoint_bucket import bucket_client, keep, kept, newest_kept
from risk.audit.checkpoint import Checkpoint, Note, Signer, VerifierKey, open_checkpoint
from risk.audit.record import SYSTEM, Entry
from risk.domain.errors import InvalidInput, Tampered
from risk.store.audit import audit_log, checkpoints

CHECKED = 3_000
"""How many of the newest kept checkpoints the whole log is compared with: those of two days, at one a minute."""


def take(
    engine: Engine,
    signer: Signer,
    origin: str,
    bucket: str,
    *,
    at: datetime,
    earlier_keys: Sequence[VerifierKey] = (),
    accept_guards: str = "",
) -> tuple[int, bool]:
    """Sign the log and keep the checkpoint in ``bucket`` (if any); returns its size and whether it is new.

    ``Tampered`` if the log does not continue the signed one, in the database or in the bucket, or if its triggers
    changed. ``accept_guards`` accepts replaced triggers, and is recorded.
    """
    client = bucket_client() if bucket else None
    last = newest_kept(client, bucket) if client else None
    if accept_guards:
        entry = Entry(at, SYSTEM, "accept_audit_guards", "audit", details={"guards": accept_guards})
        with engine.begin() as connection:
            audit_log.append(connection, [entry])
    note, new = checkpoints.take(
        engine, signer, origin, at=at, kept=last, earlier_keys=earlier_keys, accept_guards=accept_guards
    )
    size = Checkpoint.parse(Note.parse(note).text).size
    if client and (new or last is None or Checkpoint.parse(Note.parse(last).text).size != size):
        # Also when it is not new: last time it may have been stored but not kept.
        keep(client, bucket, size, note)
    return size, new


def check(
    engine: Engine, signer: Signer, origin: str, bucket: str, *, earlier_keys: Sequence[VerifierKey] = ()
) -> tuple[int, int]:
    """Verify the whole log against the newest kept checkpoints; returns the numbers of records and checkpoints.

    ``Tampered`` names what is wrong.
    """
    keys = (VerifierKey(origin, signer.public_key()), *earlier_keys)
    found = [_opened(note, keys) for note in kept(bucket_client(), bucket, limit=CHECKED)] if bucket else []
    with audit_log.settled(engine) as connection:
        return checkpoints.check_history(connection, found), len(found)


def _opened(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        named = next((key for key in keys if Note.parse(note).names(key)), keys[0])
        return open_checkpoint(note, named)
    except InvalidInput as error:
        raise Tampered(f"a kept checkpoint is not signed by the log's key: {error.detail}") from error
