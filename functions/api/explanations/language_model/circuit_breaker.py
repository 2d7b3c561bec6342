"""A circuit breaker shared by all Lambdas through Valkey: a failing model is left alone for a while."""

from __future__ import annotations

from typing import cast

import redis

FAILURES = 5
"""So many in a row open it."""
OPEN_SECONDS = 30
_FORGET_SECONDS = 600


class Breaker:
    """Closed while requests succeed; open after failures in a row; then one request tries, before others may.

    ``what`` tells the breakers of several models apart.
    """

    def __init__(self, client: redis.Redis, what: str, *, open_seconds: float = OPEN_SECONDS) -> None:
        self._client = client
        self._failures, self._open, self._probe = (f"{what}:breaker:{one}" for one in ("failures", "open", "probe"))
        self._open_ms = int(open_seconds * 1000)

    def allows(self) -> bool:
        """Whether to ask at all. Who is let through says ``succeeded`` or ``failed``."""
        failures, is_open = self._client.mget(self._failures, self._open)
        if int(failures or 0) < FAILURES:
            return True
        if is_open:
            return False
        return bool(self._client.set(self._probe, 1, px=self._open_ms, nx=True))

    def succeeded(self) -> None:
        """Close it."""
        self._client.delete(self._failures, self._open, self._probe)

    def failed(self) -> None:
        """Count a failure; enough of them open it."""
        pipe = self._client.pipeline(transaction=True)
        pipe.incr(self._failures)
        pipe.expire(self._failures, _FORGET_SECONDS)
        pipe.delete(self._probe)
        if cast(int, pipe.execute()[0]) >= FAILURES:
            self._client.set(self._open, 1, px=self._open_ms)
