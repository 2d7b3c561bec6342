"""Task ``first-admin``: creates the first administrator."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from risk.audit.record import Entry
from risk.domain.errors import Conflict, InvalidInput
from risk.domain.permissions import Role
from risk.store.audit import audit_log
from risk.store.identity import password_links, sessions, users

LASTS = timedelta(hours=1)
PATH = "/set-password#token="


def run(database: Engine, email: object, site_url: str, now: datetime) -> str:
    """Make ``email`` an Admin and return a link to set a password, valid once and for an hour.

    ``Conflict`` once there is an Admin who can sign in: from then on Admins invite each other.
    """
    if not isinstance(email, str) or "@" not in email.strip("@"):
        raise InvalidInput("say who: an address, such as ada@example.com", field="email")
    with database.begin() as connection:
        if any(_can_sign_in(user) for user in users.all_users(connection)):
            raise Conflict("there is an administrator who can sign in; ask them")
        user = _admin(connection, email)
        # The account may have belonged to somebody else.
        users.set_password(connection, user.id, None)
        sessions.revoke_of_user(connection, user.id, now=now)
        token = secrets.token_urlsafe(32)
        digest = hashlib.sha256(token.encode()).digest()
        password_links.create(connection, user.id, digest, now=now, expires_at=now + LASTS)
        entry = Entry(now, "system", "create_user", f"user:{user.id}", personal={"email": user.email})
        audit_log.append(connection, [entry])
    return f"{site_url.rstrip('/')}{PATH}{token}"


def _can_sign_in(user: users.User) -> bool:
    able = user.password_hash is not None or user.subject is not None
    return user.role is Role.ADMIN and not user.disabled and able


def _admin(connection: Connection, email: str) -> users.User:
    user = users.find_by_email(connection, email)
    if user is None:
        return users.create_user(connection, email, None, Role.ADMIN)
    if user.disabled:
        raise Conflict(f"{email} was disabled; give another address")
    if user.role is Role.ADMIN:
        return user  # the previous link was lost
    return users.change(connection, user, role=Role.ADMIN, disabled=False)
