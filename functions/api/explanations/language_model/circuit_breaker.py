"""A circuit breaker shared by all Lambdas through Valkey."""

from __future__ import annotations

from typing import cast

import redis

FAILURES = 5
"""So many in a row open it."""
OPEN_SECONDS = 30
_FORGET_SECONDS = 600


class Breaker:
    """Closed while requests succeed, open after consecutive failures, then half-open for one request.

    ``what`` names the model that it protects.
    """

    def __init__(self, client: redis.Redis, what: str, *, open_seconds: float = OPEN_SECONDS) -> None:
        self._client = client
        self._failures, self._open, self._probe = (f"{what}:breaker:{one}" for one in ("failures", "open", "probe"))
        self._open_ms = int(open_seconds * 1000)

    def allows(self) -> bool:
        """Whether a request may be sent. Each allowed request must report ``succeeded`` or ``failed``."""
        failures, is_open = self._client.mget(self._failures, self._open)
        if int(failures or 0) < FAILURES:
            return True
        if is_open:
            return False
        return bool(self._client.set(self._probe, 1, px=self._open_ms, nx=True))

    def succeeded(self) -> None:
        """Close the circuit."""
        self._client.delete(self._failures, self._open, self._probe)

    def failed(self) -> None:
        """Count a failure; enough of them open the circuit."""
        pipe = self._client.pipeline(transaction=True)
        pipe.incr(self._failures)
        pipe.expire(self._failures, _FORGET_SECONDS)
        pipe.delete(self._probe)
        if cast(int, pipe.execute()[0]) >= FAILURES:
            self._client.set(self._open, 1, px=self._open_ms)
