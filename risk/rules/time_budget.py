"""The time that a rule may take of one batch: who takes more is suspended, and the batch is scored without it.

Rules are timed in blocks, by a clock that costs next to nothing. A block or a rule that takes too long by that clock is
watched: from there on each of its rules is timed alone, by what it uses of the processor, and suspended only by that.
So a machine that stalls suspends nobody.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from time import perf_counter, thread_time
from typing import NamedTuple
from uuid import UUID

RULE_SECONDS = 0.25
"""Of one rule in a batch of a thousand events: a hundred times what is usual. A fifth of it for the smallest batch."""
_FULL_BATCH = 1_000
_SMALLEST = 0.2

Version = tuple[UUID, int]
"""A rule's id and the number of its version."""


class Overrun(NamedTuple):
    """A version that took ``seconds`` of the processor for a batch of ``events``; it may take ``budget``."""

    rule_id: UUID
    version: int
    seconds: float
    budget: float
    events: int

    @property
    def reason(self) -> str:
        """Why the version is suspended, for whoever looks after the rule."""
        return (
            f"version {self.version} was suspended: it took {self.seconds:.3f} s of processor time for a batch of "
            f"{self.events} events, and may take {self.budget:.3f} s"
        )


class TimeBudget:
    """What blocks and rules take of the batch at hand, in seconds. Of one thread; without bounds until one begins."""

    def __init__(self, seconds: float) -> None:
        self.suspended: set[Version] = set()
        self._seconds = seconds
        self._limit = math.inf
        self._events = 0
        self._watched: set[Hashable] = set()
        self._spent: defaultdict[Hashable, float] = defaultdict(float)
        self._overruns: list[Overrun] = []
        self._is_news = False

    def begin(self, events: int) -> None:
        """Begin to judge a batch of ``events``, for the first time or once more."""
        self._limit = self._seconds * (_SMALLEST + (1 - _SMALLEST) * events / _FULL_BATCH)
        self._events = events
        self._spent.clear()
        self._overruns = []
        self._is_news = False

    def end(self) -> tuple[bool, list[Overrun]]:
        """Whether the batch is to be judged once more, and the versions that were suspended over it."""
        if not self._is_news:
            self._watched.clear()
        return self._is_news, self._overruns

    def is_watched(self, key: Hashable) -> bool:
        """Whether a block's rules, or a rule, are timed by the processor."""
        return key in self._watched

    def clock(self, version: Version) -> float:
        """The time by which this rule is timed."""
        return thread_time() if version in self._watched else perf_counter()

    def charge_block(self, block: int, versions: Iterable[Version], seconds: float) -> bool:
        """Count what a block took; true once that is too much and its rules are watched."""
        self._spent[block] += seconds
        if self._spent[block] <= self._limit:
            return False
        self._watch(block, *versions)
        return True

    def charge(self, version: Version, seconds: float) -> None:
        """Count what one rule took."""
        self._spent[version] += seconds
        if self._spent[version] <= self._limit:
            return
        if version not in self._watched:
            self._watch(version)
            return
        self.suspended.add(version)
        self._overruns.append(Overrun(*version, self._spent[version], self._limit, self._events))
        self._is_news = True

    def _watch(self, *keys: Hashable) -> None:
        self._watched.update(keys)
        for key in keys:
            self._spent[key] = 0.0
        self._is_news = True
