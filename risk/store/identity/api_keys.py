"""API keys. Only hashes are stored; a revoked key stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, insert, select, tuple_, update

from risk.domain.errors import NotFound
from risk.domain.permissions import Permission
from risk.store.db.tables import api_keys

USED_EVERY = timedelta(minutes=1)
"""The granularity of ``last_used_at``, so that not every request is a write."""


@dataclass(frozen=True)
class ApiKey:
    """One key, without the secret; ``prefix`` is its beginning, for recognition."""

    id: UUID
    name: str
    prefix: str
    scopes: frozenset[Permission]
    event_source: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None

    def valid(self, now: datetime) -> bool:
        """Whether it is neither expired nor revoked."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


_COLUMNS = [column for column in api_keys.c if column.name != "key_hash"]


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    values = row._asdict()
    return ApiKey(**{**values, "scopes": frozenset(Permission(scope) for scope in values["scopes"])})


def create(
    connection: Connection,
    name: str,
    prefix: str,
    key_hash: bytes,
    scopes: frozenset[Permission],
    *,
    by: str,
    at: datetime,
    expires_at: datetime | None,
    event_source: str | None = None,
) -> ApiKey:
    """Add a key. The ids of its events are of ``event_source``: ``key:`` and its name, if left out."""
    row = connection.execute(
        insert(api_keys)
        .values(
            id=uuid4(),
            name=name,
            prefix=prefix,
            key_hash=key_hash,
            scopes=sorted(scopes),
            event_source=event_source or f"key:{name}",
            created_at=at,
            created_by=by,
            expires_at=expires_at,
        )
        .returning(*_COLUMNS)
    ).one()
    return _key(row)


def find_by_hash(connection: Connection, key_hash: bytes) -> ApiKey | None:
    """The key with this hash, valid or not."""
    row = connection.execute(select(*_COLUMNS).where(api_keys.c.key_hash == key_hash)).one_or_none()
    return None if row is None else _key(row)


def find(connection: Connection, key_id: UUID) -> ApiKey:
    """One key, or ``NotFound``."""
    row = connection.execute(select(*_COLUMNS).where(api_keys.c.id == key_id)).one_or_none()
    if row is None:
        raise NotFound(f"API key {key_id} not found")
    return _key(row)


def page(connection: Connection, *, limit: int, before: tuple[datetime, UUID] | None = None) -> list[ApiKey]:
    """At most ``limit`` keys, newest first, from those before the moment and id ``before``."""
    c = api_keys.c
    query = select(*_COLUMNS).order_by(c.created_at.desc(), c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(c.created_at, c.id) < before)
    return [_key(row) for row in connection.execute(query)]


def revoke(connection: Connection, key_id: UUID, *, by: str, at: datetime) -> tuple[ApiKey, bytes]:
    """Revoke a key, if it is not already; returns it and its hash."""
    c = api_keys.c
    connection.execute(
        update(api_keys).where(c.id == key_id, c.revoked_at.is_(None)).values(revoked_at=at, revoked_by=by)
    )
    found = find(connection, key_id)
    return found, connection.scalars(select(c.key_hash).where(c.id == key_id)).one()


def note_use(connection: Connection, key: ApiKey, now: datetime) -> bool:
    """Note the use of a key, at most once a minute, without waiting for a lock; returns whether it did."""
    if key.last_used_at is not None and now - key.last_used_at < USED_EVERY:
        return False
    c = api_keys.c
    free = select(c.id).where(c.id == key.id).with_for_update(skip_locked=True).scalar_subquery()
    return connection.execute(update(api_keys).where(c.id == free).values(last_used_at=now)).rowcount == 1
