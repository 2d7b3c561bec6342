"""Valkey users and their permissions, as access strings: keys, then commands.

ElastiCache and a local Valkey read the same strings. Only key patterns that both support are used.
"""

from __future__ import annotations

from collections.abc import Mapping

_SESSION = "-@all +auth +hello +ping +select +client|setinfo +client|setname"
_TRANSACTION = "+multi +exec +discard +watch +unwatch"

ACCESS: Mapping[str, str] = {
    "engine": (
        f"on ~live:assessments ~live:counts:* ~live:behind {_SESSION} {_TRANSACTION} "
        "+zadd +zremrangebyrank +zcard +hset +set +expire +del"
    ),
    "api": (
        "on ~live:* ~limit:* ~idempotency:* ~explain:* ~embed:* "
        f"{_SESSION} {_TRANSACTION} "
        "+get +mget +set +del +expire +ttl +pttl +pexpire +incr +incrby +decr +decrby +exists +eval "
        "+zrevrange +zrem +hget +hgetall +hdel +hincrby"
    ),
    "websocket": (
        f"on ~live:ticket:* ~live:access:* ~live:connections {_SESSION} {_TRANSACTION} +get +getdel +hsetex +hget +hdel"
    ),
    "broadcast": f"on ~live:connections {_SESSION} +hgetall +hdel",
}
"""By user."""

DISABLED = "off ~* -@all"
"""Permissions of unauthenticated clients."""
