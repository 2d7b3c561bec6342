"""User accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.errors import Conflict, NotFound
from risk.domain.permissions import Permission, Role, allows
from risk.store.db.tables import users


@dataclass(frozen=True)
class User:
    """One person. ``password_hash`` never leaves the API, and is None until a first password is set.

    ``version`` rises with every edit; ``subject`` is who the identity provider says this is.
    """

    id: UUID
    email: str
    password_hash: str | None
    role: Role
    disabled: bool
    created_at: datetime
    version: int
    subject: str | None
    reset_requested_at: datetime | None


def user_of_row(row: Row[tuple[object, ...]]) -> User:
    """The user in a row of all columns of the table."""
    values = row._asdict()
    return User(**{**values, "role": Role(values["role"])})


def create_user(
    connection: Connection, email: str, password_hash: str | None, role: Role, *, subject: str | None = None
) -> User:
    """Add a user, or raise ``Conflict`` if the address (in any case) is taken."""
    row = connection.execute(
        upsert(users)
        .values(id=uuid4(), email=email.lower(), password_hash=password_hash, role=role, subject=subject)
        .on_conflict_do_nothing()
        .returning(users)
    ).one_or_none()
    if row is None:
        raise Conflict(f"{email} is registered already; sign in instead")
    return user_of_row(row)


def find_or_create(connection: Connection, email: str, role: Role) -> tuple[User, bool]:
    """The user with this address, or a new one without a password; and whether it is new."""
    row = connection.execute(
        upsert(users)
        .values(id=uuid4(), email=email.lower(), role=role)
        .on_conflict_do_nothing(index_elements=[users.c.email])
        .returning(users)
    ).one_or_none()
    if row is not None:
        return user_of_row(row), True
    return user_of_row(connection.execute(select(users).where(users.c.email == email.lower())).one()), False


def upsert_user(connection: Connection, email: str, password_hash: str, role: Role) -> User:
    """Add a user, or give the one with this address this password and role."""
    return user_of_row(
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
    return None if row is None else user_of_row(row)


def find_by_id(connection: Connection, user_id: UUID) -> User | None:
    """The user with this id."""
    row = connection.execute(select(users).where(users.c.id == user_id)).one_or_none()
    return None if row is None else user_of_row(row)


def find_by_subject(connection: Connection, subject: str) -> User | None:
    """The user with this subject at the identity provider."""
    row = connection.execute(select(users).where(users.c.subject == subject)).one_or_none()
    return None if row is None else user_of_row(row)


def link_subject(connection: Connection, user_id: UUID, subject: str) -> User:
    """Link a user to a subject of the identity provider; their password becomes invalid."""
    values = {"subject": subject, "password_hash": None, "reset_requested_at": None}
    return user_of_row(
        connection.execute(update(users).where(users.c.id == user_id).values(values).returning(users)).one()
    )


def all_users(connection: Connection) -> list[User]:
    """Everyone, by address."""
    return [user_of_row(row) for row in connection.execute(select(users).order_by(users.c.email))]


def who_may(connection: Connection, permission: Permission) -> list[User]:
    """Everyone whose role has ``permission`` and who can sign in, ordered by address."""
    c = users.c
    able = ~c.disabled & (c.password_hash.is_not(None) | c.subject.is_not(None))
    roles = [role for role in Role if allows(role, permission)]
    query = select(users).where(c.role.in_(roles), able).order_by(c.email)
    return [user_of_row(row) for row in connection.execute(query)]


def page(connection: Connection, *, limit: int, after: str = "") -> list[User]:
    """At most ``limit`` users in order of address, from those after the address ``after``."""
    query = select(users).where(users.c.email > after).order_by(users.c.email).limit(limit)
    return [user_of_row(row) for row in connection.execute(query)]


def find_to_change(connection: Connection, user_id: UUID) -> User:
    """The user with this id, kept from others until the transaction ends; or ``NotFound``."""
    row = connection.execute(select(users).where(users.c.id == user_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"user {user_id} not found")
    return user_of_row(row)


def change(connection: Connection, user: User, *, role: Role, disabled: bool) -> User:
    """Give a user this role and state; ``Conflict`` if no administrator who can sign in would be left."""
    c = users.c
    # Of two administrators who demote each other at once, the second waits here and sees the first change.
    connection.execute(select(c.id).where(c.role == Role.ADMIN).order_by(c.id).with_for_update())
    changed = connection.execute(
        update(users)
        .where(c.id == user.id)
        .values(role=role, disabled=disabled, version=c.version + 1)
        .returning(users)
    ).one()
    if user.role is Role.ADMIN and not connection.scalar(
        select(func.count()).where(
            c.role == Role.ADMIN, ~c.disabled, c.password_hash.is_not(None) | c.subject.is_not(None)
        )
    ):
        raise Conflict(f"{user.email} is the last administrator who can sign in; make someone else one first")
    return user_of_row(changed)


def _may_have_password() -> ColumnElement[bool]:
    """Active accounts whose owner does not sign in through the identity provider."""
    return ~users.c.disabled & users.c.subject.is_(None)


def set_password(connection: Connection, user_id: UUID, password_hash: str | None) -> bool:
    """Set or clear a user's password; False for closed accounts and those of the identity provider."""
    query = update(users).where(users.c.id == user_id, _may_have_password())
    return connection.execute(query.values(password_hash=password_hash, reset_requested_at=None)).rowcount == 1


def note_reset_request(connection: Connection, email: str, *, at: datetime) -> User | None:
    """Note a password reset request for this address; returns the user, if a reset is allowed."""
    row = connection.execute(
        update(users)
        .where(users.c.email == email.lower(), _may_have_password())
        .values(reset_requested_at=at)
        .returning(users)
    ).one_or_none()
    return None if row is None else user_of_row(row)
