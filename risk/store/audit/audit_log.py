"""The audit log: appends entries, reads pages and proofs.

An entry is put into an inbox in the transaction of the action, and the database moves it into the log when that
commits. Checkpoints are made in ``risk.store.audit.checkpoints``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Engine,
    Row,
    Select,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)

from risk.alerts.alert import Alert
from risk.alerts.grouping import Grouped
from risk.audit import merkle
from risk.audit.record import ENGINE, Entry, Outcome, seal
from risk.domain.errors import NotFound, Tampered
from risk.store.db.chunks import chunks
from risk.store.db.engine import driver
from risk.store.db.tables import audit_inbox, audit_log, audit_nodes, audit_personal

if TYPE_CHECKING:
    from risk.audit.verification import Chunk

APPENDING = 7_215_002
"""The advisory lock that commits of entries share; the trigger in migration 0005 takes it."""
_LOCK_SECONDS = 5
_CHUNK = 5_000


class Personal(NamedTuple):
    """A personal value of a record: its commitment, and the value, None once erased."""

    commitment: str
    value: str | None


@dataclass(frozen=True)
class Stored:
    """A record of the log."""

    seq: int
    record: bytes
    leaf_hash: bytes
    kept: Mapping[str, str]
    """The personal values not erased."""


@dataclass(frozen=True)
class Filter:
    """Which records to list."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


def append(connection: Connection, entries: Iterable[Entry]) -> None:
    """Log ``entries`` when the caller's transaction commits; if they cannot be logged, it does not commit."""
    rows = [_row(entry) for entry in entries]
    if rows:
        connection.execute(insert(audit_inbox), rows)


def _row(entry: Entry) -> dict[str, Any]:
    sealed = seal(entry)
    personal = {name: {"salt": salt.hex(), "value": value} for name, (salt, value) in sealed.personal.items()}
    return {
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "outcome": entry.outcome.value,
        "request_id": entry.request_id,
        "record": sealed.record,
        "personal": personal or None,
    }


def append_alerts(connection: Connection, grouped: Grouped) -> None:
    """Log the engine's decisions of one batch: the alerts it raised, grew, merged or suppressed, by which events.

    Events are told by their keys: a sender's id may tell of a customer, and what is logged cannot be erased.
    """
    events: dict[UUID, list[str]] = {}
    for event_id, alert_id in grouped.members:
        events.setdefault(alert_id, []).append(str(UUID(int=event_id.int)))
    append(
        connection,
        (_alert_entry(alert, events[alert.id], opened=alert.id in grouped.opened) for alert in grouped.changed),
    )
    append(
        connection,
        (
            Entry(
                at=alert.updated_at,
                actor=ENGINE,
                action="merge_alert",
                subject=f"alert:{alert.id}",
                details={"merged_into": str(alert.merged_into), "version": alert.version},
            )
            for alert in grouped.merged
        ),
    )


def _alert_entry(alert: Alert, events: list[str], *, opened: bool) -> Entry:
    return Entry(
        at=alert.updated_at,
        actor=ENGINE,
        action="raise_alert" if opened else "grow_alert",
        subject=f"alert:{alert.id}",
        details={
            "events": [*events],
            "event_count": alert.event_count,
            "account_count": alert.account_count,
            "level": alert.level.value,
            "reason_code": alert.reason_code,
            "top_event_id": str(alert.top_event_id.key),
            "top_score": alert.top_score,
            "version": alert.version,
        },
    )


@contextmanager
def settled(engine: Engine) -> Iterator[Connection]:
    """A transaction on one snapshot of the log in which every drawn number is stored or lost for good.

    It waits for commits in progress.
    """
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"SET lock_timeout = '{_LOCK_SECONDS}s'"))
        connection.execute(select(func.pg_advisory_lock(APPENDING)))
        connection.commit()
        try:
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                size(connection)  # takes the snapshot
                connection.execute(select(func.pg_advisory_unlock(APPENDING)))
                yield connection
        finally:
            # A session lock outlives its transaction, in case that ended before the release.
            connection.invalidate()


def size(connection: Connection) -> int:
    """The newest number, 0 in an empty log."""
    return connection.scalar(select(func.max(audit_log.c.seq))) or 0


def page(connection: Connection, wanted: Filter, *, limit: int, before: int | None = None) -> list[Stored]:
    """At most ``limit`` records, newest first, from those with a number below ``before``."""
    c = audit_log.c
    query = _wanted(wanted).order_by(c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(c.seq < before)
    return _stored(connection, connection.execute(query).all())


def stream(connection: Connection, wanted: Filter) -> Generator[Stored]:
    """Every record wanted, newest first, read in chunks; to be closed before its transaction ends."""
    for chunk in chunks(connection, _wanted(wanted), [audit_log.c.seq], _CHUNK):
        yield from _stored(connection, chunk)


def _wanted(wanted: Filter) -> Select[Any]:
    c = audit_log.c
    query = select(c.seq, c.record, c.leaf_hash)
    for column, value in (
        (c.actor, wanted.actor),
        (c.action, wanted.action),
        (c.subject, wanted.subject),
        (c.outcome, wanted.outcome),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(c.at < wanted.until)
    return query


def _stored(connection: Connection, found: Sequence[Row[Any]]) -> list[Stored]:
    kept = _kept(connection, [row.seq for row in found])
    return [Stored(row.seq, row.record, row.leaf_hash, kept.get(row.seq, {})) for row in found]


def find(connection: Connection, seq: int) -> Stored:
    """The record with this number, or ``NotFound``."""
    found = page(connection, Filter(), limit=1, before=seq + 1)
    if not found or found[0].seq != seq:
        raise NotFound(f"record {seq} not found; the newest is {size(connection)}")
    return found[0]


def _kept(connection: Connection, seqs: Sequence[int]) -> dict[int, dict[str, str]]:
    c = audit_personal.c
    kept: dict[int, dict[str, str]] = {}
    # One array parameter: RDS Proxy pins the connection for statements above 16 KB.
    array = literal([*seqs], ARRAY(BigInteger))
    for row in connection.execute(select(c.seq, c.field, c.value).where(c.seq == any_(array))):
        kept.setdefault(row.seq, {})[row.field] = row.value
    return kept


def erase(connection: Connection, value: str) -> int:
    """Erase a personal value everywhere; returns from how many records. Their proofs stay valid."""
    return connection.execute(delete(audit_personal).where(audit_personal.c.value == value)).rowcount


def reader(connection: Connection) -> merkle.Read:
    """A reader of tree hashes: leaves from the log, complete subtrees as stored by checkpoints.

    Raises ``Tampered`` if one is missing.
    """

    def read(level: int, first: int, count: int) -> Sequence[bytes]:
        if level == 0:
            leaves = audit_log.c
            query = select(leaves.leaf_hash).where(leaves.seq.between(first + 1, first + count)).order_by(leaves.seq)
        else:
            nodes = audit_nodes.c
            query = (
                select(nodes.hash)
                .where(nodes.level == level, nodes.index.between(first, first + count - 1))
                .order_by(nodes.index)
            )
        found = connection.scalars(query).all()
        if len(found) != count:
            records = f"records {(first << level) + 1} to {(first + count) << level}"
            raise Tampered(f"of {records} {count - len(found)} {'nodes of the tree' if level else 'records'} are gone")
        return found

    return read


_RECORDS = """
    SELECT seq, record, leaf_hash, at, actor, action, subject, outcome, request_id
    FROM audit_log WHERE seq BETWEEN %s AND %s ORDER BY seq LIMIT %s
"""
_KEPT = "SELECT seq, field, salt, value FROM audit_personal WHERE seq BETWEEN %s AND %s ORDER BY seq"


def rows(connection: Connection, first: int = 1, last: int | None = None) -> Iterator[Chunk]:
    """The records from ``first`` to ``last`` (or to the end) with what is kept beside them, some thousands a time."""
    from risk.audit.verification import Chunk  # verification never shares a transaction with writes

    raw = driver(connection)
    end = last if last is not None else 2**62
    with raw.cursor(binary=True) as records, raw.cursor(binary=True) as beside:
        while found := records.execute(_RECORDS, (first, end, _CHUNK)).fetchall():
            kept: dict[int, dict[str, tuple[bytes, str]]] = {}
            for seq, field, salt, value in beside.execute(_KEPT, (found[0][0], found[-1][0])):
                kept.setdefault(seq, {})[field] = (salt, value)
            yield Chunk(found, kept)
            first = found[-1][0] + 1
