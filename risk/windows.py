"""Counts and sums over sliding windows of event time, in bounded memory.

Time is whole seconds since 1970. A window is a sorted list of buckets; an event that comes late is put
into the bucket of its own time, and a window asked at an earlier time does not see what came later.
Buckets are kept somewhat longer than the window is wide, so that it can be asked about the recent past;
asked about an older time, it does not guess.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

HOUR = 3_600
DAY = 86_400


class Shape(NamedTuple):
    """Length of a window, of one of its buckets, and for how long buckets are kept, in seconds."""

    width: int
    grain: int
    keep: int


class CountWindow:
    """How many events fell into the last ``width`` seconds, to the precision of a bucket."""

    __slots__ = ("_counts", "_keys", "_shape")

    def __init__(self, shape: Shape, keys: list[int] | None = None, counts: list[int] | None = None) -> None:
        self._shape = shape
        self._keys = keys if keys is not None else []
        self._counts = counts if counts is not None else []

    def count(self, at: int) -> int | None:
        """Events in the ``width`` seconds up to ``at``, or None if ``at`` lies too far back to know."""
        keys = self._keys
        if not keys:
            return 0
        width, grain, keep = self._shape
        oldest = (at - width) // grain
        if oldest < keys[-1] - keep // grain:
            return None
        return sum(self._counts[bisect_right(keys, oldest) : bisect_right(keys, at // grain)])

    def add(self, at: int, amount: int = 1) -> None:
        """Count an event at ``at``; one older than what is kept is left out."""
        grain, keep = self._shape.grain, self._shape.keep // self._shape.grain
        keys, key = self._keys, at // grain
        if keys and key < keys[-1]:
            if key <= keys[-1] - keep:
                return
            place = bisect_right(keys, key)
            if place and keys[place - 1] == key:
                self._counts[place - 1] += amount
            else:
                keys.insert(place, key)
                self._counts.insert(place, amount)
        elif keys and key == keys[-1]:
            self._counts[-1] += amount
        else:
            keys.append(key)
            self._counts.append(amount)
            gone = bisect_right(keys, key - keep)
            if gone:
                del keys[:gone], self._counts[:gone]

    def state(self) -> list[list[int]]:
        """What ``CountWindow(shape, *state)`` is made from again."""
        return [self._keys, self._counts]


class SumWindow:
    """How many amounts, and how much in all, fell into the last ``width`` seconds."""

    __slots__ = ("_cents", "_counts")

    def __init__(self, shape: Shape, counts: list[list[int]] | None = None, cents: list[list[int]] | None = None):
        self._counts = CountWindow(shape, *(counts or []))
        self._cents = CountWindow(shape, *(cents or []))

    def mean(self, at: int) -> float | None:
        """Mean amount in the window up to ``at``, or None if it holds none or lies too far back."""
        count, cents = self._counts.count(at), self._cents.count(at)
        return cents / count / 100 if count and cents is not None else None

    def add(self, at: int, amount: float) -> None:
        """Add an amount, kept in hundredths: sums of whole numbers do not depend on their order."""
        self._counts.add(at)
        self._cents.add(at, round(amount * 100))

    def state(self) -> list[list[list[int]]]:
        """What ``SumWindow(shape, *state)`` is made from again."""
        return [self._counts.state(), self._cents.state()]
