"""People who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.access import Role
from risk.errors import Conflict
from risk.store.tables import users


@dataclass(frozen=True)
class User:
    """One person. ``password_hash`` never leaves the API."""

    id: UUID
    email: str
    password_hash: str
    role: Role
    disabled: bool
    created_at: datetime


def _user(row: Row[tuple[object, ...]]) -> User:
    values = row._asdict()
    return User(**{**values, "role": Role(values["role"])})


def create_user(connection: Connection, email: str, password_hash: str, role: Role) -> User:
    """Add a user, or raise ``Conflict`` if the address (in any case) is taken."""
    row = connection.execute(
        upsert(users)
        .values(id=uuid4(), email=email.lower(), password_hash=password_hash, role=role)
        .on_conflict_do_nothing()
        .returning(users)
    ).one_or_none()
    if row is None:
        raise Conflict(f"{email} is registered already; sign in instead")
    return _user(row)


def upsert_user(connection: Connection, email: str, password_hash: str, role: Role) -> User:
    """Add a user, or give the one with this address this password and role."""
    return _user(
        connection.execute(
            upsert(users)
            .values(id=uuid4(), email=email.lower(), password_hash=password_hash, role=role)
            .on_conflict_do_update(
                index_elements=[users.c.email],
                set_={"password_hash": password_hash, "role": role, "disabled": False},
            )
            .returning(users)
        ).one()
    )


def find_by_email(connection: Connection, email: str) -> User | None:
    """The user with this address, in any case."""
    row = connection.execute(select(users).where(users.c.email == email.lower())).one_or_none()
    return None if row is None else _user(row)


def find_by_id(connection: Connection, user_id: UUID) -> User | None:
    """The user with this id."""
    row = connection.execute(select(users).where(users.c.id == user_id)).one_or_none()
    return None if row is None else _user(row)


def all_users(connection: Connection) -> list[User]:
    """Everyone, by address."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.email))]
