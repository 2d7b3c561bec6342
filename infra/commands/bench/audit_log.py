"""What ``risk bench audit`` measures."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from infra.local.measure.scratch import scratch
from infra.local.services import postgres
from risk.adapters.checkpoint_signers import FileSigner
from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, proof_text
from risk.audit.record import Entry, Sealed, seal
from risk.audit.verification import LogCheck
from risk.store.audit import audit_log, checkpoints
from risk.store.db.engine import create_pool
from risk.store.db.migrate import upgrade

_AT = datetime(2026, 1, 31, tzinfo=UTC)
_ORIGIN = "realtime-risk/bench/audit"
_VARIETY = 500
_COLUMNS = "at, actor, action, subject, outcome, request_id, record, personal"
_INTO = f"({_COLUMNS}) VALUES ({', '.join(['%s'] * 8)})"


class Figures(NamedTuple):
    """Records a second where not said otherwise; ``checkpoint`` and ``proof`` in seconds."""

    append: float
    insert: float
    checkpoint: float
    next_checkpoint: float
    proof: float
    proof_bytes: int
    verify: float
    seconds: float
    hash: float
    ok: bool


def measure(
    records: int, writers: int, appends: int, *, advance: Callable[[int], None], tell: Callable[[str], None]
) -> Figures:
    """Start a PostgreSQL, measure on it, and clean up."""
    with scratch() as (folder, children):
        server = postgres.start(children, folder / "postgres")
        upgrade(server.url())
        engine = create_pool(server.url(), application="bench", size=4, statement_seconds=3600.0)
        try:
            tell(f"{writers} writers append")
            append, insert = _appending(server.url(), writers, appends)
            tell(f"a log of {records:,} records is made")
            _fill(server.url(), records)
            return _verifying(engine, FileSigner.ensure(folder / "key.pem"), append, insert, advance, tell)
        finally:
            engine.dispose()


def _entry(number: int) -> Sealed:
    """A record like that of a person's change."""
    return seal(
        Entry(
            at=_AT + timedelta(milliseconds=number),
            actor=f"user:{UUID(int=number % 40)}",
            action="resolve_alert",
            subject=f"alert:{UUID(int=number)}",
            request_id=f"JKJaXmPLv{number:07d}",
            details={"disposition": "false_positive", "version": number % 9},
            personal={"address": f"10.0.{number % 200}.{number % 250}"},
        )
    )


def _values(sealed: Sealed) -> tuple[Any, ...]:
    one = sealed.entry
    kept = json.dumps({name: {"salt": salt.hex(), "value": value} for name, (salt, value) in sealed.personal.items()})
    return one.at, one.actor, one.action, one.subject, one.outcome.value, one.request_id, sealed.record, kept


def _appending(url: str, writers: int, appends: int) -> tuple[float, float]:
    """Records per second into the log, and into a plain table, half before and half after it."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE plain AS SELECT * FROM audit_inbox")
        connection.execute("ALTER TABLE plain DROP COLUMN id")
    half = max(1, appends // 2)
    before = _together(url, f"INSERT INTO plain {_INTO}", writers, half)
    append = _together(url, f"INSERT INTO audit_inbox {_INTO}", writers, appends)
    after = _together(url, f"INSERT INTO plain {_INTO}", writers, half)
    with psycopg.connect(url) as connection:
        dense = connection.execute("SELECT count(*) = max(seq) AND count(*) = %s FROM audit_log", (writers * appends,))
        assert dense.fetchone() == (True,)
    return append, 2 / (1 / before + 1 / after)


def _together(url: str, statement: str, writers: int, each: int) -> float:
    rows = [[_values(_entry(writer * each + number)) for number in range(each)] for writer in range(writers)]
    start = threading.Barrier(writers + 1)
    failures: list[Exception] = []

    def write(mine: Sequence[tuple[Any, ...]]) -> None:
        try:
            with psycopg.connect(url) as connection:
                start.wait()
                for row in mine:
                    connection.execute(cast(Any, statement), row)
                    connection.commit()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(mine,)) for mine in rows]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return writers * each / (time.perf_counter() - began)


def _fill(url: str, records: int) -> None:
    """Fill the log with ``records`` records directly, bypassing the inbox, as restoring a backup does."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(max(seq), 0) FROM audit_log").fetchone()
        first = (row[0] if row else 0) + 1
        copy = f"COPY audit_log (seq, {_COLUMNS.removesuffix(', personal')}, leaf_hash) FROM STDIN"
        some = [_entry(number) for number in range(_VARIETY)]
        with connection.cursor() as cursor:
            with cursor.copy(cast(Any, copy)) as into:
                for seq, record, sealed in _many(some, first, records):
                    columns = _values(sealed)[:6]
                    into.write_row((seq, *columns, record, merkle.leaf_hash(record)))
            with cursor.copy("COPY audit_personal (seq, field, salt, value) FROM STDIN") as into:
                for seq, _, sealed in _many(some, first, records):
                    for name, (salt, value) in sealed.personal.items():
                        into.write_row((seq, name, salt, value))
        connection.execute("SELECT setval('audit_log_seq', %s)", (records,))
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE audit_log, audit_personal")


def _many(some: list[Sealed], first: int, last: int) -> Iterator[tuple[int, bytes, Sealed]]:
    """Records that differ only in their ids; building each from scratch would take longer than the measurement."""
    for seq in range(first, last + 1):
        sealed = some[seq % _VARIETY]
        own = json.loads(sealed.record)["id"].encode()
        yield seq, sealed.record.replace(own, str(UUID(int=seq)).encode()), sealed


def _verifying(
    engine: Engine,
    signer: FileSigner,
    append: float,
    insert: float,
    advance: Callable[[int], None],
    tell: Callable[[str], None],
) -> Figures:
    tell("it is signed")
    began = time.perf_counter()
    note, _ = checkpoints.take(engine, signer, _ORIGIN, at=_AT)
    checkpoint = time.perf_counter() - began
    found = Checkpoint.parse(Note.parse(note).text)
    began = time.perf_counter()
    with engine.connect() as connection:
        path = merkle.inclusion_proof(audit_log.reader(connection), found.size // 3, found.size)
    proof = time.perf_counter() - began
    with engine.begin() as connection:
        audit_log.append(connection, [_entry(0).entry])
    began = time.perf_counter()
    checkpoints.take(engine, signer, _ORIGIN, at=_AT)
    following = time.perf_counter() - began
    tell("it is verified")
    began, log = time.perf_counter(), LogCheck()
    with engine.connect() as connection:
        for chunk in audit_log.rows(connection):
            log.meet(chunk)
            advance(len(chunk.rows))
    report = log.judge(found)
    seconds = time.perf_counter() - began
    hashed = _hashing(engine, found.size)
    size = len(proof_text(found.size // 3, path, note).encode())
    speed = report.records / seconds
    return Figures(append, insert, checkpoint, following, proof, size, speed, seconds, hashed, report.ok)


def _hashing(engine: Engine, size: int) -> float:
    """Records per second through SHA-256 in a plain loop, in memory."""
    with engine.connect() as connection:
        some = [row[1] for chunk in audit_log.rows(connection, 1, min(size, 100_000)) for row in chunk.rows]
    began = time.perf_counter()
    for record in some:
        hashlib.sha256(record).digest()
    return len(some) / (time.perf_counter() - began)
