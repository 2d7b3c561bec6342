"""Sessions: issues short-lived access tokens and rotates refresh tokens.

Both are in the body of the answer and nowhere else, for browsers as for programs: no cookie means no request
that another site can make for somebody, and a session of each tab, as the dashboard keeps them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import redis
from sqlalchemy import Connection

from functions.api.http import tokens
from functions.api.http.logs import logger
from functions.api.http.services import Services
from functions.api.identity.schemas import AccessToken, Session, Sessions
from risk.adapters import valkey_live
from risk.store.identity import sessions
from risk.store.identity.users import User

SHOWN = 100
_PREFIX = "rt_"


def start(connection: Connection, services: Services, user: User, now: datetime) -> AccessToken:
    """Begin a session of ``user``."""
    ends = now + timedelta(days=services.settings.session_days)
    session_id = sessions.open_session(connection, user.id, now=now, expires_at=ends)
    return proceed(connection, services, user, session_id, now)


def proceed(connection: Connection, services: Services, user: User, session_id: UUID, now: datetime) -> AccessToken:
    """Give the next tokens of a session."""
    settings = services.settings
    refresh_token = tokens.new_secret(_PREFIX)
    expires_at = sessions.add_token(
        connection,
        session_id,
        tokens.secret_hash(refresh_token),
        now=now,
        expires_at=now + timedelta(days=settings.refresh_token_days),
    )
    minutes = settings.access_token_minutes
    return AccessToken(
        access_token=tokens.issue(services.signing_key, user.id, user.role, session_id, now=now, minutes=minutes),
        expires_in=minutes * 60,
        refresh_token=refresh_token,
        refresh_expires_in=int((expires_at - now).total_seconds()),
    )


def sessions_of(connection: Connection, user_id: UUID, now: datetime, current: UUID | None = None) -> Sessions:
    """Where a person is signed in."""
    found = sessions.open_of_user(connection, user_id, now=now, limit=SHOWN)
    return Sessions(items=[Session(**each._asdict(), current=each.id == current) for each in found])


def cut_off(services: Services, user_id: UUID) -> None:
    """End a person's tickets and live updates once their sessions or role have changed: who still may, comes back."""
    try:
        valkey_live.end_access(services.live, str(user_id))
    except redis.RedisError as error:
        logger.warning("live connections stay until they end", extra={"error": type(error).__name__})
