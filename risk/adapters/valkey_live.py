"""Valkey: the live view of dashboards, and WebSocket connections.

The live view can be rebuilt from Postgres at any time and is never the source of truth: writes are idempotent.
Tickets and connections exist only here; losing them makes browsers reconnect.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex, token_urlsafe
from typing import cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from risk.config import secrets
from risk.config.settings import LiveSettings
from risk.domain.assessment import RiskLevel
from risk.domain.permissions import Role

NEWEST = 1_000
COUNTS_SECONDS = 26 * 3600
TICKET_SECONDS = 30
# As long as an access token is trusted without the database.
API_KEY_SECONDS = 15 * 60
# API Gateway closes a WebSocket after two hours; older entries are leftovers.
CONNECTION_SECONDS = 2 * 3600 + 600
# Longer than any ticket lives: an old generation must not become current again.
_GENERATION_SECONDS = 3600

_ASSESSMENTS = "live:assessments"
_CONNECTIONS = "live:connections"
_BEHIND = "live:behind"
BEHIND_SECONDS = 10
"""How long what the engine said of its lag holds: an engine that is gone says nothing."""


def connect(
    host: str, port: int, *, tls: bool = False, login: tuple[str, str] | None = None, seconds: float = 2.0
) -> redis.Redis:
    """A client whose every call answers or fails within ``seconds``; ``login`` is a user and a password."""
    user, password = login or (None, None)
    return redis.Redis(
        host=host,
        port=port,
        ssl=tls,
        username=user,
        password=password,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        # One immediate retry, for a connection closed while idle; the default waits for seconds.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        decode_responses=False,
    )


def client_of(settings: LiveSettings, *, seconds: float = 2.0) -> redis.Redis:
    """A client of the Valkey that ``settings`` name, signed in as they say."""
    return connect(
        settings.redis_host,
        settings.redis_port,
        tls=settings.redis_tls,
        login=secrets.valkey_login(settings),
        seconds=seconds,
    )


@dataclass(frozen=True)
class Connection:
    """An open WebSocket: its owner, and the minimum level of the assessments it wants."""

    id: str
    user_id: str
    role: Role
    min_level: RiskLevel = RiskLevel.LOW


def _counts_key(minute: datetime) -> str:
    return f"live:counts:{int(minute.timestamp())}"


def show(
    client: redis.Redis,
    items: Iterable[tuple[int, bytes]],
    counts: Mapping[datetime, Mapping[RiskLevel, int]],
) -> int:
    """Add newly scored assessments to the live view; returns its size.

    ``items`` are (sequence, JSON of an AssessmentSummary); the newest 1,000 stay. ``counts`` are the totals of their
    minutes so far, not increments, so that repeated writes are harmless.
    """
    pipe = client.pipeline(transaction=True)
    members = {data: sequence for sequence, data in items}
    if members:
        pipe.zadd(_ASSESSMENTS, members)
        pipe.zremrangebyrank(_ASSESSMENTS, 0, -NEWEST - 1)
    for minute, by_level in counts.items():
        key = _counts_key(minute)
        pipe.hset(key, mapping={level.value: count for level, count in by_level.items()})
        pipe.expire(key, COUNTS_SECONDS)
    pipe.zcard(_ASSESSMENTS)
    return int(pipe.execute()[-1])


def say_behind(client: redis.Redis, seconds: float) -> None:
    """Say how far the engine is behind the stream."""
    client.set(_BEHIND, f"{seconds:.1f}", ex=BEHIND_SECONDS)


def behind(client: redis.Redis) -> float:
    """How many seconds the engine is behind the stream; 0 if none has said so lately."""
    return float(cast(bytes | None, client.get(_BEHIND)) or 0)


def clear(client: redis.Redis) -> None:
    """Empty the live view before it is rebuilt."""
    client.delete(_ASSESSMENTS)


def hide(client: redis.Redis, who: str) -> int:
    """Take the assessments of an account or counterparty off the view; returns how many."""
    shown = cast(list[bytes], client.zrevrange(_ASSESSMENTS, 0, -1))
    parties = [(data, json.loads(data)) for data in shown]
    of_them = [data for data, one in parties if who in {one.get("account_id"), one.get("counterparty_id")}]
    return client.zrem(_ASSESSMENTS, *of_them) if of_them else 0


def newest(client: redis.Redis, limit: int) -> list[bytes]:
    """The newest assessments in the live view, as JSON, newest first."""
    return cast(list[bytes], client.zrevrange(_ASSESSMENTS, 0, limit - 1))


def counts(client: redis.Redis, minutes: Sequence[datetime]) -> list[dict[RiskLevel, int]]:
    """Assessments by level in each of ``minutes``, in that order."""
    pipe = client.pipeline(transaction=False)
    for minute in minutes:
        pipe.hgetall(_counts_key(minute))
    found: list[dict[bytes, bytes]] = pipe.execute()
    return [{level: int(row.get(level.value.encode(), 0)) for level in RiskLevel} for row in found]


def _api_key(key_hash: bytes) -> str:
    return f"live:api-key:{key_hash.hex()}"


def remember_api_key(client: redis.Redis, key_hash: bytes, data: bytes, *, seconds: float = API_KEY_SECONDS) -> None:
    """Cache a valid API key for database outages: 15 minutes at most."""
    client.set(_api_key(key_hash), data, px=max(1, int(min(seconds, API_KEY_SECONDS) * 1000)))


def recall_api_key(client: redis.Redis, key_hash: bytes) -> bytes | None:
    """The cached data of a recently used API key."""
    return cast(bytes | None, client.get(_api_key(key_hash)))


def forget_api_key(client: redis.Redis, key_hash: bytes) -> None:
    """Remove a revoked API key from the cache."""
    client.delete(_api_key(key_hash))


@dataclass(frozen=True)
class Ticket:
    """The owner of a ticket, and the access generation in which it was issued."""

    user_id: str
    role: Role
    generation: str


def _generation_key(user_id: str) -> str:
    return f"live:access:{user_id}"


def access_generation(client: redis.Redis, user_id: str) -> str:
    """The generation of a person's access, which changes with each ``end_access``.

    Read it before the person's rights in the database: a ticket of an earlier generation opens nothing.
    """
    return cast(bytes, client.get(_generation_key(user_id)) or b"").decode()


def end_access(client: redis.Redis, user_id: str) -> None:
    """Invalidate a person's tickets and live connections. Those still allowed reconnect with a new ticket."""
    # The generation first: connections opened in between are refused, earlier ones are listed.
    client.set(_generation_key(user_id), token_hex(8), ex=_GENERATION_SECONDS)
    remove_connections(client, [one.id for one in connections(client) if one.user_id == user_id])


def issue_ticket(client: redis.Redis, user_id: str, role: Role, generation: str = "") -> str:
    """Create a single-use ticket for one WebSocket within 30 seconds, in this access generation."""
    ticket = token_urlsafe(32)
    value = {"user_id": user_id, "role": role, "generation": generation}
    client.set(f"live:ticket:{ticket}", json.dumps(value), ex=TICKET_SECONDS)
    return ticket


def redeem_ticket(client: redis.Redis, ticket: str) -> Ticket | None:
    """Redeem a ticket: its owner, or None if it is unknown, used or expired."""
    data = client.getdel(f"live:ticket:{ticket}") if ticket.isascii() else None
    if data is None:
        return None
    found = json.loads(data)
    return Ticket(found["user_id"], Role(found["role"]), found["generation"])


def _value(connection: Connection) -> str:
    return json.dumps({"user_id": connection.user_id, "role": connection.role, "min_level": connection.min_level})


def add_connection(client: redis.Redis, connection: Connection, generation: str = "") -> bool:
    """Store an open WebSocket unless its owner's access ended since ``generation``; whether it may stay open."""
    key = _generation_key(connection.user_id)
    with client.pipeline(transaction=True) as pipe:
        pipe.watch(key)  # type: ignore[no-untyped-call]
        if cast(bytes, pipe.get(key) or b"").decode() != generation:
            return False
        pipe.multi()
        # Field expiry (Valkey 9): a connection whose $disconnect never came expires by itself.
        pipe.hsetex(_CONNECTIONS, connection.id, _value(connection), ex=CONNECTION_SECONDS)
        try:
            pipe.execute()
        except redis.WatchError:
            return False
    return True


def change_connection(client: redis.Redis, connection: Connection) -> bool:
    """Update the subscription of an open WebSocket; False if it was removed."""
    return bool(
        client.hsetex(
            _CONNECTIONS,
            connection.id,
            _value(connection),
            keepttl=True,
            data_persist_option=redis.commands.core.HashDataPersistOptions.FXX,
        )
    )


def _connection(connection_id: str, data: bytes) -> Connection:
    value = json.loads(data)
    return Connection(connection_id, value["user_id"], Role(value["role"]), RiskLevel(value["min_level"]))


def find_connection(client: redis.Redis, connection_id: str) -> Connection | None:
    """The open WebSocket with this id, if known."""
    data = cast(bytes | None, client.hget(_CONNECTIONS, connection_id))
    return None if data is None else _connection(connection_id, data)


def remove_connections(client: redis.Redis, ids: Sequence[str]) -> None:
    """Remove closed WebSockets."""
    if ids:
        client.hdel(_CONNECTIONS, *ids)


def connections(client: redis.Redis) -> list[Connection]:
    """All open WebSockets."""
    found = cast(dict[bytes, bytes], client.hgetall(_CONNECTIONS))
    return [_connection(key.decode(), data) for key, data in found.items()]
