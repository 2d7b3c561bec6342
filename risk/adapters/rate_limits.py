"""Rate limits counted in Valkey. Counters expire; losing them lets everyone pass."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import redis


@dataclass(frozen=True)
class Quota:
    """A limit of requests in each window of seconds."""

    name: str
    limit: int
    seconds: int = 60


@dataclass(frozen=True)
class Standing:
    """A caller's standing with a quota; ``resets_in`` is in seconds."""

    quota: Quota
    used: int
    resets_in: int

    @property
    def remaining(self) -> int:
        """How many more requests are allowed in this window."""
        return max(0, self.quota.limit - self.used)

    @property
    def exceeded(self) -> bool:
        """Whether the request just counted exceeds the quota."""
        return self.used > self.quota.limit


@dataclass(frozen=True)
class Throttle:
    """``free`` failures, then a wait that doubles with each further one, from 1 to ``longest`` seconds.

    After ``window`` seconds without a failure the count starts again.
    """

    name: str
    free: int
    longest: int
    window: int = 3600


def _hidden(who: str) -> str:
    # Not addresses themselves: whoever can read the counters need not learn who signs in.
    return hashlib.sha256(who.encode()).hexdigest()[:32]


# Scripts, so that nothing comes between a counter and its expiry: one without counts for ever.
_COUNT = """
local used = redis.call('INCR', KEYS[1])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {used, redis.call('TTL', KEYS[1])}
"""
_FORGIVE_ONE = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end return 0"


def count(client: redis.Redis, uses: Sequence[tuple[Quota, str]]) -> list[Standing]:
    """Count one request of each (quota, caller), and return their standings."""
    pipe = client.pipeline(transaction=False)
    for quota, who in uses:
        pipe.eval(_COUNT, 1, f"limit:{quota.name}:{_hidden(who)}", quota.seconds)
    found: list[tuple[int, int]] = pipe.execute()
    return [Standing(quota, used, max(1, ttl)) for (quota, _), (used, ttl) in zip(uses, found, strict=True)]


# One script, so that concurrent attempts are all counted before any is allowed.
_ATTEMPT = """
local wait = redis.call('PTTL', KEYS[2])
if wait > 0 then return wait end
local failures = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if failures >= tonumber(ARGV[1]) then
  local pause = math.min(tonumber(ARGV[2]), 1000 * 2 ^ math.min(failures - tonumber(ARGV[1]), 30))
  redis.call('SET', KEYS[2], 1, 'PX', math.floor(pause))
end
return 0
"""


def _keys(throttle: Throttle, who: str) -> tuple[str, str]:
    name = f"limit:{throttle.name}:{{{_hidden(who)}}}"
    return f"{name}:failures", f"{name}:wait"


def attempt(client: redis.Redis, throttle: Throttle, who: str) -> float:
    """Seconds to wait before the next attempt; 0 allows this one and counts it as a failure until forgiven."""
    milliseconds = client.eval(
        _ATTEMPT, 2, *_keys(throttle, who), throttle.free, throttle.longest * 1000, throttle.window * 1000
    )
    return cast(int, milliseconds) / 1000


def forgive(client: redis.Redis, throttle: Throttle, who: str) -> None:
    """Clear the failures: the attempt succeeded."""
    client.delete(*_keys(throttle, who))


def forgive_one(client: redis.Redis, throttle: Throttle, who: str) -> None:
    """Uncount this attempt."""
    client.eval(_FORGIVE_ONE, 1, _keys(throttle, who)[0])
