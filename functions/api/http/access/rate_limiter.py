"""Rate limiting in Valkey. While Valkey is unavailable nothing is limited, and that is counted.

The middleware that answers 429 is ``functions.api.http.middleware.RateLimit``; its quotas are those of ``callers``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import redis

from functions.api.http.logs import SERVICE, logger
from risk.adapters import metrics, rate_limits, valkey_live
from risk.adapters.rate_limits import Quota, Standing, Throttle
from risk.domain.errors import TooMany

Result = TypeVar("Result")

SILENT_SECONDS = 5.0
# Otherwise each request would wait for a hanging store.
TIMEOUT_SECONDS = 0.25

PER_ACCOUNT = Throttle("sign-in:account", free=5, longest=300)
PER_ADDRESS = Throttle("sign-in:address", free=50, longest=900)
UNKNOWN_CALLERS = Quota("unknown-callers", limit=30, seconds=600)
"""Registrations and requests for new passwords, by address: each costs a hash or a mail."""


class Limiter:
    """Counters in Valkey, left alone for a few seconds after a failure."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self._silent_until = 0.0

    def _ask(self, question: Callable[[redis.Redis], Result], otherwise: Result) -> Result:
        if time.monotonic() >= self._silent_until:
            try:
                return question(self.client)
            except redis.RedisError as error:
                self._silent_until = time.monotonic() + SILENT_SECONDS
                logger.warning("limits are not kept: the live store is silent", extra={"error": type(error).__name__})
        metrics.count(SERVICE, "UnlimitedRequests")
        return otherwise

    def count(self, uses: Sequence[tuple[Quota, str]]) -> list[Standing]:
        """Count one request of each (quota, caller); empty while the counters are unavailable."""
        return self._ask(lambda client: rate_limits.count(client, uses), []) if uses else []

    def engine_behind(self) -> float:
        """How many seconds the engine is behind the stream; 0 while nobody knows."""
        return self._ask(valkey_live.behind, 0.0)

    def check(self, quota: Quota, who: str) -> None:
        """Count one request, or raise ``TooMany``."""
        for standing in self.count([(quota, who)]):
            if standing.exceeded:
                raise TooMany(
                    f"too many of these requests from your address; try again in {standing.resets_in} seconds",
                    retry_after=standing.resets_in,
                )

    def attempt_sign_in(self, account: str, address: str) -> None:
        """Count a sign-in attempt, or raise ``TooMany``; it does not matter whether the account exists."""
        for throttle, who in ((PER_ADDRESS, address), (PER_ACCOUNT, account.lower())):
            wait = self._ask(partial(rate_limits.attempt, throttle=throttle, who=who), 0.0)
            if wait > 0:
                seconds = max(1, round(wait + 0.5))
                raise TooMany(f"too many failed attempts; try again in {seconds} seconds", retry_after=seconds)

    def signed_in(self, account: str, address: str) -> None:
        """Uncount the last attempt: it succeeded."""

        def forget(client: redis.Redis) -> None:
            rate_limits.forgive(client, PER_ACCOUNT, account.lower())
            rate_limits.forgive_one(client, PER_ADDRESS, address)

        self._ask(forget, None)
