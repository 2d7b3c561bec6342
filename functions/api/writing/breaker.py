"""A circuit breaker over all Lambdas, in Valkey: a model that keeps failing is left alone for a while."""

from __future__ import annotations

from typing import cast

import redis

FAILURES = 5
"""So many in a row open it."""
OPEN_SECONDS = 30
_FORGET_SECONDS = 600

_FAILURES, _OPEN, _PROBE = "explain:breaker:failures", "explain:breaker:open", "explain:breaker:probe"


class Breaker:
    """Closed while requests succeed; open after failures in a row; then one request tries, before others may."""

    def __init__(self, client: redis.Redis, *, open_seconds: float = OPEN_SECONDS) -> None:
        self._client = client
        self._open_ms = int(open_seconds * 1000)

    def allows(self) -> bool:
        """Whether to ask at all. Who is let through says ``succeeded`` or ``failed``."""
        failures, is_open = self._client.mget(_FAILURES, _OPEN)
        if int(failures or 0) < FAILURES:
            return True
        if is_open:
            return False
        return bool(self._client.set(_PROBE, 1, px=self._open_ms, nx=True))

    def succeeded(self) -> None:
        """Close it."""
        self._client.delete(_FAILURES, _OPEN, _PROBE)

    def failed(self) -> None:
        """Count a failure; enough of them open it."""
        pipe = self._client.pipeline(transaction=True)
        pipe.incr(_FAILURES)
        pipe.expire(_FAILURES, _FORGET_SECONDS)
        pipe.delete(_PROBE)
        if cast(int, pipe.execute()[0]) >= FAILURES:
            self._client.set(_OPEN, 1, px=self._open_ms)
