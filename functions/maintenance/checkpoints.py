"""Checkpoints of the audit log: signed, stored beside the log, and kept in a bucket where nobody can change them.

The bucket, and not the database, says what was signed last: who has every right on the database has none there.
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
    """Sign the log, keep the checkpoint in ``bucket`` (none, if empty), and say its size and whether it is new.

    ``Tampered`` if the log does not continue what was signed, in the database or in the bucket, or if its guards are
    not those of then. ``accept_guards`` vouches for guards that were replaced, and is on record.
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
        # Also when it is not new: the last time it may have been stored, and not been kept.
        keep(client, bucket, size, note)
    return size, new


def check(
    engine: Engine, signer: Signer, origin: str, bucket: str, *, earlier_keys: Sequence[VerifierKey] = ()
) -> tuple[int, int]:
    """Check the whole log against the newest kept checkpoints; how many records, and how many checkpoints.

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
