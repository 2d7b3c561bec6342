"""Single-use links for setting a password. Only hashes are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, update

from risk.store.db.tables import password_links


def create(connection: Connection, user_id: UUID, token_hash: bytes, *, now: datetime, expires_at: datetime) -> None:
    """Add a link; the person's earlier links become invalid."""
    connection.execute(delete(password_links).where(password_links.c.user_id == user_id))
    connection.execute(
        insert(password_links).values(token_hash=token_hash, user_id=user_id, created_at=now, expires_at=expires_at)
    )


def use(connection: Connection, token_hash: bytes, *, now: datetime) -> UUID | None:
    """Redeem a link; returns its user, or None if it is unknown, used or expired."""
    c = password_links.c
    return connection.scalars(
        update(password_links)
        .where(c.token_hash == token_hash, c.used_at.is_(None), c.expires_at > now)
        .values(used_at=now)
        .returning(c.user_id)
    ).one_or_none()


def revoke(connection: Connection, user_id: UUID) -> None:
    """Invalidate a person's links."""
    connection.execute(delete(password_links).where(password_links.c.user_id == user_id))
