"""Decides whether the model may be called: budget left, and circuit closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import redis

from functions.api.explanations.language_model.budget import Budget, Spent
from functions.api.explanations.language_model.circuit_breaker import Breaker
from functions.api.http.logs import logger

OVER_BUDGET = "the day's budget is spent"
RESTING = "it has failed too often, and is left alone for a while"
UNCOUNTED = "its budget cannot be counted now"


@dataclass
class Gate:
    """The gate of one model. ``budget`` may be shared; ``breaker`` is its own."""

    budget: Budget
    breaker: Breaker

    def enter(self, most: Spent, now: datetime) -> str | None:
        """Reserve ``most`` for a request, or return why it may not be sent. Whoever enters must ``leave``."""
        try:
            if not self.breaker.allows():
                return RESTING
            return None if self.budget.reserve(most, now) else OVER_BUDGET
        except redis.RedisError as error:
            logger.warning("a model is not asked: the live store is silent", extra={"error": type(error).__name__})
            return UNCOUNTED

    def leave(self, reserved: Spent, spent: Spent, now: datetime, *, well: bool) -> None:
        """Report the actual cost and whether the request succeeded."""
        try:
            self.budget.settle(reserved, spent, now)
            (self.breaker.succeeded if well else self.breaker.failed)()
        except redis.RedisError as error:
            logger.warning("what a model cost is not counted", extra={"error": type(error).__name__})
