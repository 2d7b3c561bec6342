"""Authenticates callers: a person with an access token, or a machine with an API key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import redis
from pydantic import TypeAdapter
from sqlalchemy import Connection
from starlette.datastructures import Headers

from functions.api.http.access import tokens
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.adapters.rate_limits import Quota
from risk.domain.errors import NotAuthenticated, Unavailable
from risk.domain.event_ids import STREAM
from risk.domain.permissions import ROLE_PERMISSIONS, Permission
from risk.store.identity import api_keys, sessions
from risk.store.identity.api_keys import ApiKey
from risk.store.identity.users import User

API_KEY_HEADER = "X-API-Key"
_HOW = (
    "send the header `Authorization: Bearer <token>`; POST /api/v1/auth/login gives a token, "
    "and an administrator gives API keys"
)


@dataclass(frozen=True)
class PresentedKey:
    """An API key as sent; only its hash is stored."""

    key_hash: bytes


Credential = tokens.Identity | PresentedKey


@dataclass(frozen=True)
class Caller:
    """The caller. ``email`` is the name in records of what they do; a machine's is the name of its key.

    The ids of the events that they send are of ``event_source``: a person's are of the stream's own.
    """

    id: UUID
    email: str
    permissions: frozenset[Permission]
    user: User | None = None
    event_source: str = STREAM


_CALLERS: TypeAdapter[Caller] = TypeAdapter(Caller)


def credential(services: Services, headers: Headers) -> Credential:
    """The credential of a request; ``NotAuthenticated`` unless it is an API key or a valid access token."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    presented = headers.get(API_KEY_HEADER) or (bearer.strip() if scheme.lower() == "bearer" else "")
    if API_KEY_HEADER in headers and "authorization" in headers:
        # With two credentials it is unclear which was meant, and an invalid one must not pass because of the other.
        raise NotAuthenticated(f"send either `Authorization` or `{API_KEY_HEADER}`, not both")
    if not presented:
        raise NotAuthenticated(_HOW)
    if presented.startswith(tokens.API_KEY_PREFIX):
        return PresentedKey(tokens.secret_hash(presented))
    return tokens.verify(services.signing_key, presented)


def identify(connection: Connection, services: Services, found: Credential, now: datetime) -> Caller:
    """The caller according to the database; ``NotAuthenticated`` if access has ended."""
    if isinstance(found, PresentedKey):
        return _machine(connection, services, found, now)
    user = sessions.user_of_session(connection, found.session_id)
    if user is None or user.id != found.user_id or user.disabled:
        raise NotAuthenticated("this session has ended, or the account is closed; sign in again")
    # Not the token's role: a changed role takes effect at once.
    return Caller(user.id, user.email, ROLE_PERMISSIONS[user.role], user)


def _machine(connection: Connection, services: Services, found: PresentedKey, now: datetime) -> Caller:
    key = api_keys.find_by_hash(connection, found.key_hash)
    if key is None or not key.valid(now):
        raise NotAuthenticated("this API key is unknown, revoked or expired; ask an administrator for another")
    caller = Caller(key.id, f"key:{key.name}", key.scopes, event_source=key.event_source)
    if api_keys.note_use(connection, key, now):
        _remember(services, found, key, caller, now)
    return caller


def _remember(services: Services, found: PresentedKey, key: ApiKey, caller: Caller, now: datetime) -> None:
    left = valkey_live.API_KEY_SECONDS if key.expires_at is None else (key.expires_at - now).total_seconds()
    try:
        valkey_live.remember_api_key(services.limiter.client, found.key_hash, _CALLERS.dump_json(caller), seconds=left)
    except redis.RedisError as error:
        logger.warning("an API key was not kept for an outage", extra={"error": type(error).__name__})


def from_memory(services: Services, found: Credential) -> Caller:
    """The caller without the database: from the token itself, or from what Valkey cached of a recent key."""
    if isinstance(found, tokens.Identity):
        return Caller(found.user_id, str(found.user_id), ROLE_PERMISSIONS[found.role])
    try:
        known = valkey_live.recall_api_key(services.live, found.key_hash)
    except redis.RedisError:
        known = None
    if known is None:
        raise Unavailable("the database does not answer, and this API key was not used lately; try again in a moment")
    return _CALLERS.validate_json(known)


def forget(services: Services, key_hash: bytes) -> None:
    """Make sure that a revoked key opens nothing during a database outage either."""
    try:
        valkey_live.forget_api_key(services.live, key_hash)
    except redis.RedisError as error:
        logger.warning("a revoked API key is kept for 15 minutes at most", extra={"error": type(error).__name__})


def quotas(services: Services, headers: Headers, address: str) -> list[tuple[Quota, str]]:
    """The quotas that a request counts against: its caller's and its address's. Nothing is looked up."""
    settings = services.settings
    uses = [(Quota("address", settings.rate_limit_address), address)]
    try:
        found = credential(services, headers)
    except NotAuthenticated:
        pass
    else:
        if isinstance(found, PresentedKey):
            uses.insert(0, (Quota("key", settings.rate_limit_key), found.key_hash.hex()))
        else:
            uses.insert(0, (Quota("user", settings.rate_limit_user), str(found.user_id)))
    return [(quota, who) for quota, who in uses if quota.limit]
