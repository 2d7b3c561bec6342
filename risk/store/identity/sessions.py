"""User sessions: families of single-use refresh tokens. Only hashes are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, func, insert, select, update

from risk.store.db.tables import refresh_tokens, sessions, users
from risk.store.identity.users import User, user_of_row

_LONG_GONE = timedelta(days=7)


class Use(NamedTuple):
    """The result of using a refresh token: the continued session, or the user whose session reuse revoked."""

    session_id: UUID | None
    ended_for: UUID | None = None


class OpenSession(NamedTuple):
    """An active session until ``expires_at``, extended by use; ``used_at`` is the last renewal of its tokens."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


def open_session(connection: Connection, user_id: UUID, *, now: datetime, expires_at: datetime) -> UUID:
    """Open a session that ends at ``expires_at`` at the latest; the person's old ones are deleted."""
    gone = select(sessions.c.id).where(sessions.c.user_id == user_id, sessions.c.expires_at < now - _LONG_GONE)
    connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(gone)))
    connection.execute(delete(sessions).where(sessions.c.id.in_(gone)))
    session_id = uuid4()
    connection.execute(insert(sessions).values(id=session_id, user_id=user_id, created_at=now, expires_at=expires_at))
    return session_id


def add_token(
    connection: Connection, session_id: UUID, token_hash: bytes, *, now: datetime, expires_at: datetime
) -> datetime:
    """Add the next refresh token of a session; returns its expiry, not after the session's."""
    ends = connection.scalars(select(sessions.c.expires_at).where(sessions.c.id == session_id)).one()
    expires_at = min(expires_at, ends)
    connection.execute(
        insert(refresh_tokens).values(
            token_hash=token_hash, session_id=session_id, issued_at=now, expires_at=expires_at
        )
    )
    return expires_at


def use_token(connection: Connection, token_hash: bytes, *, now: datetime) -> Use:
    """Redeem a refresh token; returns its session, or None if it is invalid.

    A reused token was stolen by one of its two users: its session is
    revoked, so the caller must commit without a session, too.
    """
    c = refresh_tokens.c
    fresh = connection.execute(
        update(refresh_tokens)
        .where(c.token_hash == token_hash, c.used_at.is_(None))
        .values(used_at=now)
        .returning(c.session_id, c.expires_at)
    ).one_or_none()
    if fresh is None:
        return Use(None, revoke_of_token(connection, token_hash, now=now))
    return Use(fresh.session_id if fresh.expires_at > now else None)


def user_of_session(connection: Connection, session_id: UUID) -> User | None:
    """The user of this session, unless it has ended."""
    row = connection.execute(
        select(users)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
    ).one_or_none()
    return None if row is None else user_of_row(row)


def revoke_of_token(connection: Connection, token_hash: bytes, *, now: datetime) -> UUID | None:
    """End the session of a refresh token; returns its user, or None for an unknown token."""
    session = select(refresh_tokens.c.session_id).where(refresh_tokens.c.token_hash == token_hash)
    connection.execute(
        update(sessions)
        .where(sessions.c.id == session.scalar_subquery(), sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return connection.scalar(select(sessions.c.user_id).where(sessions.c.id == session.scalar_subquery()))


def open_of_user(connection: Connection, user_id: UUID, *, now: datetime, limit: int) -> list[OpenSession]:
    """At most ``limit`` sessions of a person that have not ended, those used last first."""
    last_used_at = func.max(refresh_tokens.c.issued_at).label("last_used_at")
    expires_at = func.max(refresh_tokens.c.expires_at).label("expires_at")
    query = (
        select(sessions.c.id, sessions.c.created_at, last_used_at, expires_at)
        .join(refresh_tokens, refresh_tokens.c.session_id == sessions.c.id)
        .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
        .group_by(sessions.c.id)
        .having(expires_at > now)
        .order_by(last_used_at.desc(), sessions.c.id)
        .limit(limit)
    )
    return [OpenSession(*row) for row in connection.execute(query)]


def revoke(connection: Connection, user_id: UUID, session_id: UUID, *, now: datetime) -> bool:
    """End one session of a person; whether they had it."""
    c = sessions.c
    query = update(sessions).where(c.id == session_id, c.user_id == user_id, c.revoked_at.is_(None))
    return connection.execute(query.values(revoked_at=now)).rowcount == 1


def revoke_of_user(connection: Connection, user_id: UUID, *, now: datetime, but: UUID | None = None) -> None:
    """End every session of a person, except ``but``."""
    query = update(sessions).where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
    if but is not None:
        query = query.where(sessions.c.id != but)
    connection.execute(query.values(revoked_at=now))
