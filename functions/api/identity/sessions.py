"""Sessions: issues short-lived access tokens and rotates refresh tokens.

Both are in the response body only, for browsers as for programs: without a cookie, no other site can make a request
on somebody's behalf.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import redis
from sqlalchemy import Connection

from functions.api.http.access import tokens
from functions.api.http.logs import logger
from functions.api.http.services import Services
from functions.api.identity.schemas import AccessToken, Session, Sessions
from risk.adapters import valkey_live
from risk.store.identity import sessions
from risk.store.identity.users import User

SHOWN = 100
_PREFIX = "rt_"


def start(connection: Connection, services: Services, user: User, now: datetime) -> AccessToken:
    """Start a session of ``user``."""
    ends = now + timedelta(days=services.settings.session_days)
    session_id = sessions.open_session(connection, user.id, now=now, expires_at=ends)
    return proceed(connection, services, user, session_id, now)


def proceed(connection: Connection, services: Services, user: User, session_id: UUID, now: datetime) -> AccessToken:
    """Issue the next tokens of a session."""
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
    """A person's sessions."""
    found = sessions.open_of_user(connection, user_id, now=now, limit=SHOWN)
    return Sessions(items=[Session(**each._asdict(), current=each.id == current) for each in found])


def cut_off(services: Services, user_id: UUID) -> None:
    """Close a person's tickets and WebSockets after their sessions or role changed; those still allowed reconnect."""
    try:
        valkey_live.end_access(services.live, str(user_id))
    except redis.RedisError as error:
        logger.warning("live connections stay until they end", extra={"error": type(error).__name__})
