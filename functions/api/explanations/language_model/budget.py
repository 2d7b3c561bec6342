"""The daily budget for language models, shared through Valkey and reserved before each request.

Losing the counters starts the day again; while Valkey is down nothing is spent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis

_KEPT_SECONDS = 3 * 24 * 3600
_MILLION = 1_000_000

# One script, so that two Lambdas cannot both spend what is left. 0 means no limit.
_RESERVE = """
local tokens = tonumber(redis.call('HGET', KEYS[1], 'tokens') or 0) + tonumber(ARGV[1])
local micros = tonumber(redis.call('HGET', KEYS[1], 'micros') or 0) + tonumber(ARGV[2])
local most_tokens, most_micros = tonumber(ARGV[3]), tonumber(ARGV[4])
if (most_tokens > 0 and tokens > most_tokens) or (most_micros > 0 and micros > most_micros) then return 0 end
redis.call('HINCRBY', KEYS[1], 'tokens', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'micros', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""


@dataclass(frozen=True)
class Prices:
    """US dollars for a million tokens: input, output and embeddings."""

    read: float
    written: float
    embedded: float

    def micros(self, read: int, written: int, embedded: int) -> int:
        """The cost of so many tokens, in millionths of a dollar, rounded up."""
        return math.ceil(round(read * self.read + written * self.written + embedded * self.embedded, 6))


@dataclass(frozen=True)
class Spent:
    """The cost of a request, actual or reserved: tokens, and millionths of a dollar."""

    tokens: int
    micros: int


NOTHING = Spent(0, 0)


class Budget:
    """The budget of a day (UTC) in tokens and dollars; 0 means no limit."""

    def __init__(self, client: redis.Redis, prices: Prices, *, tokens: int, dollars: float) -> None:
        self._client = client
        self.prices = prices
        self._tokens = tokens
        self._micros = round(dollars * _MILLION)

    def _key(self, now: datetime) -> str:
        return f"explain:spent:{now:%Y-%m-%d}"

    def of(self, read: int = 0, written: int = 0, embedded: int = 0) -> Spent:
        """What so many tokens are."""
        return Spent(read + written + embedded, self.prices.micros(read, written, embedded))

    def reserve(self, most: Spent, now: datetime) -> bool:
        """Reserve ``most`` for a request; False if the budget does not allow it."""
        limits = (self._tokens, self._micros, _KEPT_SECONDS)
        return bool(self._client.eval(_RESERVE, 1, self._key(now), most.tokens, most.micros, *limits))

    def settle(self, reserved: Spent, actual: Spent, now: datetime) -> None:
        """Replace a reservation by the actual cost."""
        pipe = self._client.pipeline(transaction=True)
        pipe.hincrby(self._key(now), "tokens", actual.tokens - reserved.tokens)
        pipe.hincrby(self._key(now), "micros", actual.micros - reserved.micros)
        pipe.execute()

    def spent(self, now: datetime) -> Spent:
        """The cost of the day so far."""
        found = cast(dict[bytes, bytes], self._client.hgetall(self._key(now)))
        return Spent(int(found.get(b"tokens", 0)), int(found.get(b"micros", 0)))
