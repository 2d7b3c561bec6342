"""Checkpoints of the audit log: signs only a log that continues the previous checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, text

from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, Signer, VerifierKey, open_checkpoint
from risk.audit.diff import Finding, FindingKind
from risk.audit.record import SYSTEM, Entry, moment, seal
from risk.audit.verification import LogCheck
from risk.domain.errors import InvalidInput, Tampered
from risk.store.audit import guards as log_guards
from risk.store.audit.audit_log import reader, rows, settled, size
from risk.store.db.tables import audit_checkpoints, audit_nodes

_LOCK = 7_215_003
_TILES = 400
"""Roots over 256 records computed per read."""

_GAPS = text(
    """
    SELECT before + 1 AS first, seq - 1 AS last
    FROM (SELECT seq, lag(seq, 1, :known) OVER (ORDER BY seq) AS before FROM audit_log WHERE seq > :known) AS pairs
    WHERE seq > before + 1 ORDER BY seq
    """
)
_WRONG = text(r"SELECT min(seq) FROM audit_log WHERE seq > :known AND leaf_hash <> sha256('\x00'::bytea || record)")
_CLOSE = text(
    r"""
    INSERT INTO audit_log (seq, at, actor, action, subject, outcome, record, leaf_hash)
    VALUES (:seq, :at, :actor, :action, :subject, :outcome, :record, sha256('\x00'::bytea || :record))
    """
)


def newest(connection: Connection) -> str | None:
    """The signed note of the newest checkpoint, or None before the first."""
    c = audit_checkpoints.c
    return connection.scalar(select(c.note).order_by(c.size.desc()).limit(1))


def signed_at(connection: Connection, size: int) -> datetime:
    """When the checkpoint over ``size`` records was signed."""
    c = audit_checkpoints.c
    at: datetime = connection.execute(select(c.at).where(c.size == size)).scalar_one()
    return at


def earlier(connection: Connection, key: VerifierKey, below: int) -> Iterator[Checkpoint]:
    """The stored checkpoints of fewer records than ``below`` that ``key`` signed, smallest first."""
    c = audit_checkpoints.c
    for note in connection.scalars(select(c.note).where(c.size < below).order_by(c.size)):
        try:
            yield open_checkpoint(note, key)
        except InvalidInput:
            continue  # signed with another key, or forged: proves nothing


def nodes(connection: Connection) -> list[bytes]:
    """The stored roots over 256 records each, in order."""
    c = audit_nodes.c
    return [*connection.scalars(select(c.hash).where(c.level == merkle.TILE_LEVELS).order_by(c.index))]


def take(
    engine: Engine,
    signer: Signer,
    origin: str,
    *,
    at: datetime,
    kept: str | None = None,
    earlier_keys: Sequence[VerifierKey] = (),
    accept_guards: str = "",
) -> tuple[str, bool]:
    """Sign the current log; returns the checkpoint, and whether it is new.

    ``kept`` is the newest checkpoint known elsewhere. ``Tampered`` unless the log continues that and its own newest,
    both signed by this key or one of ``earlier_keys``, and is guarded as it was then: nothing is signed otherwise.
    """
    with settled(engine) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        keys = (VerifierKey(origin, signer.public_key()), *earlier_keys)
        notes = {_signed(note, keys): note for note in (newest(connection), kept) if note}
        known = max((one.size for one in notes), default=0)
        last = max(notes, key=lambda one: one.size, default=None)
        close_gaps(connection, known, at=at)
        now = size(connection)
        if now < known:
            raise Tampered(f"records {now + 1} to {known} were signed and are gone")
        wrong = connection.scalar(_WRONG, {"known": known})
        if wrong:
            raise Tampered(f"record {wrong} was changed before it was signed: it does not have its hash")
        _extend_nodes(connection, now)
        read = reader(connection)
        found = Checkpoint(origin, now, merkle.root(read, now))
        for one in notes:
            _check_continues(read, one, found)
        guards = log_guards.check(connection, last, accept=accept_guards)
        if now == known and notes:
            return next(note for last, note in notes.items() if last.size == now), False
        note = str(replace(found, extensions=(guards.line(),)).sign(signer))
        connection.execute(insert(audit_checkpoints).values(size=now, at=at, note=note))
        return note, True


def _check_continues(read: merkle.Read, last: Checkpoint, found: Checkpoint) -> None:
    if merkle.root(read, last.size) != last.root:
        raise Tampered(f"the first {last.size} records are not those that were signed; `risk audit verify` says more")
    proof = merkle.consistency_proof(read, last.size, found.size)
    if not merkle.verify_consistency(last.size, last.root, found.size, found.root, proof):
        raise Tampered(f"{found.size} records do not continue the {last.size} that were signed")


def _signed(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The content of ``note``; ``Tampered`` unless one of ``keys`` signed it."""
    try:
        parsed = Note.parse(note)
        named = next((key for key in keys if parsed.names(key)), keys[0])
        return open_checkpoint(note, named)
    except InvalidInput as error:
        raise Tampered(f"the newest checkpoint was changed: {error.detail}") from error


def check_history(connection: Connection, kept: Iterable[Checkpoint]) -> int:
    """Check every record against itself, and the log against each of ``kept``; how many records there are.

    ``Tampered`` names the first record that is wrong, or the stretch after the last checkpoint that agrees.
    """
    log = LogCheck()
    for chunk in rows(connection):
        log.meet(chunk)
    wrong = log.first_wrong()
    if wrong is not None:
        raise Tampered(str(wrong))
    hashes, frontier, agreed = log.leaf_hashes(), merkle.Frontier(), 0
    for one in sorted(kept, key=lambda one: one.size):
        if one.size > log.records:
            raise Tampered(f"records {log.records + 1} to {one.size} were signed and are gone")
        frontier.extend(
            hashes[at : at + merkle.HASH_BYTES]
            for at in range(frontier.size * merkle.HASH_BYTES, one.size * merkle.HASH_BYTES, merkle.HASH_BYTES)
        )
        if frontier.root() != one.root:
            raise Tampered(f"records {agreed + 1} to {one.size} are not those that were signed")
        agreed = one.size
    return log.records


def close_gaps(connection: Connection, known: int, *, at: datetime) -> int:
    """Insert a void record for each number after ``known`` lost by a crash; returns how many.

    Only in a settled transaction: there, a number that is not stored will never be.
    """
    closed = 0
    for first, last in connection.execute(_GAPS, {"known": known}).all():
        for seq in range(first, last + 1):
            entry = Entry(at, SYSTEM, "void", "audit", details={"reason": "a commit that drew this number was lost"})
            connection.execute(
                _CLOSE,
                {
                    "seq": seq,
                    "at": datetime.fromisoformat(moment(at)),
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject": entry.subject,
                    "outcome": entry.outcome.value,
                    "record": seal(entry).record,
                },
            )
            closed += 1
    return closed


def _extend_nodes(connection: Connection, size: int) -> None:
    """Store the roots of complete subtrees: over 256 records, over 256 of those, and so on."""
    read, below = reader(connection), 0
    while size >> (below + merkle.TILE_LEVELS):
        level = below + merkle.TILE_LEVELS
        c = audit_nodes.c
        done = connection.scalar(select(c.index + 1).where(c.level == level).order_by(c.index.desc()).limit(1)) or 0
        for start in range(done, size >> level, _TILES):
            count = min(_TILES, (size >> level) - start)
            made = merkle.tiles(read(below, start * merkle.TILE, count * merkle.TILE))
            values = [{"level": level, "index": start + place, "hash": node} for place, node in enumerate(made)]
            connection.execute(insert(audit_nodes), values)
        below = level


def verify_part(connection: Connection, checkpoint: Checkpoint, first: int, last: int) -> tuple[int, list[Finding]]:
    """Check the records from ``first`` to ``last``, and those that share a stored node with them, against a checkpoint.

    Their hashes are recomputed from their content; the rest of the tree is taken from stored nodes. Returns the
    last record checked, and what was found.
    """
    start = (first - 1) // merkle.TILE * merkle.TILE
    end = min(-(-last // merkle.TILE) * merkle.TILE, checkpoint.size)
    log = LogCheck(after=start)
    for chunk in rows(connection, start + 1, end):
        log.meet(chunk)
    found = log.own_findings(end)
    if found:
        return end, found
    hashes = log.leaf_hashes()
    leaves = [hashes[at : at + merkle.HASH_BYTES] for at in range(0, len(hashes), merkle.HASH_BYTES)]
    read = reader(connection)
    made = merkle.tiles(leaves)
    for place, (mine, stored) in enumerate(zip(made, read(merkle.TILE_LEVELS, start >> 8, len(made)), strict=True)):
        if mine != stored:
            begin = start + place * merkle.TILE
            detail = (
                "this stretch is not what was signed; `risk audit verify` with a .leaves file tells the very record"
            )
            return end, [Finding(FindingKind.CHANGED, begin + 1, begin + merkle.TILE, detail)]
    if merkle.root(read, checkpoint.size) != checkpoint.root:
        detail = "the hashes stored of all records do not give the root that was signed"
        return end, [Finding(FindingKind.CHANGED, 1, checkpoint.size, detail)]
    return end, []
