# ruff: noqa: D102  (what each method does is said once, of State)
"""What is kept of a key for each aggregate, in bounded memory.

``observe`` gives the value at a time, of what was counted before; then it counts ``value``, unless that is None.
Times are whole seconds since 1970, and may come in any order: a value at an earlier time does not see what lies
later. At a time that is too old to be sure of, it is NaN.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from risk.features.definitions import hyperloglog
from risk.features.definitions.definition import Aggregate, Plan
from risk.features.sliding_windows import bucket, count, tally, window

EXACT = 256
"""Different values are counted exactly as long as no more are kept, a step at a time; beyond, by HyperLogLog."""
KEPT = 16
"""Latest events that ``last`` and ``seconds_since_last`` keep, for what comes late."""
_NAN = math.nan


class State(Protocol):
    """The state of one definition for one key."""

    def observe(self, plan: Plan, at: int, value: Any) -> float:
        """The value at ``at``; then count ``value`` there, unless it is None."""

    def dump(self) -> list[Any]:
        """The state as plain values."""

    def load(self, dumped: list[Any]) -> None:
        """Restore what ``dump`` returned."""


class Count(State):
    """How many events; ``value`` is anything but None for one that counts."""

    __slots__ = ("_counts", "_keys")

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._counts: list[int] = []

    def observe(self, plan: Plan, at: int, value: Any) -> float:
        grain, width, keep = plan
        if value is None:
            return count(self._keys, self._counts, at // grain, width, keep)
        return tally(self._keys, self._counts, at // grain, width, keep)

    def dump(self) -> list[Any]:
        return [self._keys, self._counts]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._counts = dumped


class Sum(State):
    """The sum of ``value``."""

    __slots__ = ("_keys", "_sums")

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._sums: list[Any] = []

    def observe(self, plan: Plan, at: int, value: float | None) -> float:
        grain, width, keep = plan
        key = at // grain
        found = count(self._keys, self._sums, key, width, keep)
        if value is not None:
            place = bucket(self._keys, (self._sums,), key, keep)
            if place >= 0:
                self._sums[place] += value
        return found

    def dump(self) -> list[Any]:
        return [self._keys, self._sums]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._sums = dumped


class Mean(State):
    """The mean of ``value``."""

    __slots__ = ("_counts", "_keys", "_sums")

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._counts: list[int] = []
        self._sums: list[Any] = []

    def observe(self, plan: Plan, at: int, value: float | None) -> float:
        grain, width, keep = plan
        key = at // grain
        events = count(self._keys, self._counts, key, width, keep)
        found = count(self._keys, self._sums, key, width, keep) / events if events else _NAN
        if value is not None:
            place = bucket(self._keys, (self._counts, self._sums), key, keep)
            if place >= 0:
                self._counts[place] += 1
                self._sums[place] += value
        return found

    def dump(self) -> list[Any]:
        return [self._keys, self._counts, self._sums]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._counts, self._sums = dumped


class Ratio(Mean):
    """``value`` over the mean before it; ``value`` is (the event's own, whether it counts), or None."""

    __slots__ = ()

    def observe(self, plan: Plan, at: int, value: Any) -> float:
        own, counts = (None, False) if value is None else value
        mean = super().observe(plan, at, own if counts else None)
        return own / mean if own is not None and mean else _NAN


class Deviation(State):
    """The sample standard deviation of ``value``; of fewer than two there is none.

    A step keeps count, mean, and sum of squared deviations from it, which are merged exactly (Chan, Golub and LeVeque,
    1983): sums of squares would lose the small deviations of large values.
    """

    __slots__ = ("_counts", "_keys", "_means", "_squares")

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._counts: list[int] = []
        self._means: list[Any] = []
        self._squares: list[Any] = []

    def observe(self, plan: Plan, at: int, value: Any) -> float:
        found = self._moments(plan, at // plan.grain)[1]
        self._add(plan, at // plan.grain, value)
        return found

    def _moments(self, plan: Plan, key: int) -> tuple[float, float]:
        """Mean and standard deviation of what counts at the step ``key``."""
        span = window(self._keys, key, plan.width, plan.keep)
        if span is None:
            return _NAN, _NAN
        events, mean, squares = 0, 0.0, 0.0
        for place in range(*span):
            more = self._counts[place]
            apart = self._means[place] - mean
            squares += self._squares[place] + apart * apart * events * more / (events + more)
            events += more
            mean += apart * more / events
        return (mean, math.sqrt(squares / (events - 1))) if events > 1 else (mean if events else _NAN, _NAN)

    def _add(self, plan: Plan, key: int, value: float | None) -> None:
        if value is None:
            return
        place = bucket(self._keys, (self._counts, self._means, self._squares), key, plan.keep)
        if place >= 0:
            self._counts[place] += 1
            apart = value - self._means[place]
            self._means[place] += apart / self._counts[place]
            self._squares[place] += apart * (value - self._means[place])

    def dump(self) -> list[Any]:
        return [self._keys, self._counts, self._means, self._squares]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._counts, self._means, self._squares = dumped


class Standardized(Deviation):
    """``value`` less the mean before it, in standard deviations; ``value`` is as that of ``Ratio``."""

    __slots__ = ()

    def observe(self, plan: Plan, at: int, value: Any) -> float:
        own, counts = (None, False) if value is None else value
        mean, deviation = self._moments(plan, at // plan.grain)
        self._add(plan, at // plan.grain, own if counts else None)
        return (own - mean) / deviation if own is not None and deviation > 0 else _NAN


class Extreme(State):
    """The least or the largest ``value``."""

    __slots__ = ("_extremes", "_keys", "_largest")

    def __init__(self, *, largest: bool) -> None:
        self._largest = largest
        self._keys: list[int] = []
        self._extremes: list[Any] = []

    def observe(self, plan: Plan, at: int, value: float | None) -> float:
        grain, width, keep = plan
        keys, extremes, key = self._keys, self._extremes, at // grain
        span = window(keys, key, width, keep)
        choose = max if self._largest else min
        found = _NAN if span is None else choose(extremes[span[0] : span[1]], default=_NAN)
        if value is not None:
            present = _holds(keys, key)
            place = bucket(keys, (extremes,), key, keep)
            if place >= 0:
                extremes[place] = choose(extremes[place], value) if present else value
        return float(found)

    def dump(self) -> list[Any]:
        return [self._keys, self._extremes]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._extremes = dumped


class Distinct(State):
    """The number of distinct values; each is given as its ``hyperloglog.digest``."""

    __slots__ = ("_cells", "_ends", "_keys", "_met", "_sketched", "_value")

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._cells: list[Any] = []
        self._sketched = False
        # The values in the window that ends with one step: asked again and again while that step lasts.
        self._ends: int | None = None
        self._met: Any = None
        self._value = 0.0

    def observe(self, plan: Plan, at: int, value: int | None) -> float:
        grain, width, keep = plan
        keys, key = self._keys, at // grain
        if keys and key < keys[-1]:
            span = window(keys, key, width, keep)
            found = _NAN if span is None else self._count(self._union(*span))
        else:
            if key != self._ends:
                self._ends, self._met = key, self._union(bisect_right(keys, key - width), len(keys))
                self._value = self._count(self._met)
            found = self._value
        if value is not None:
            self._add(key, width, keep, value)
        return found

    def _add(self, key: int, width: int, keep: int, value: int) -> None:
        cells, present = self._cells, _holds(self._keys, key)
        place = bucket(self._keys, (cells,), key, keep)
        if place < 0:
            return
        if not present:
            if len(cells) == 1 and self._sketched:
                self._sketched, self._ends = False, None
            cells[place] = hyperloglog.empty() if self._sketched else []
        cell = cells[place]
        if self._sketched:
            hyperloglog.add(cell, value)
        elif value not in cell:
            cell.append(value)
            if sum(map(len, cells)) > EXACT:
                self._cells = [_sketch(cell) for cell in cells]
                self._sketched, self._ends = True, None
        if self._ends is not None and self._ends - width < key <= self._ends:
            self._meet(value)

    def _meet(self, value: int) -> None:
        if not self._sketched:
            self._met.add(value)
            self._value = float(len(self._met))
            return
        before = bytes(self._met)
        hyperloglog.add(self._met, value)
        if before != self._met:
            self._value = hyperloglog.estimate(self._met)

    def _union(self, first: int, end: int) -> Any:
        cells = self._cells[first:end]
        return hyperloglog.union(cells) if self._sketched else set().union(*cells)

    def _count(self, met: Any) -> float:
        return hyperloglog.estimate(met) if self._sketched else float(len(met))

    def dump(self) -> list[Any]:
        return [self._keys, self._cells, self._sketched]

    def load(self, dumped: list[Any]) -> None:
        self._keys, self._cells, self._sketched = dumped
        if self._sketched:
            self._cells = [bytearray(cell) for cell in self._cells]


class Last(State):
    """The latest ``value``, or the seconds since it."""

    __slots__ = ("_elapsed", "_times", "_values")

    def __init__(self, *, elapsed: bool) -> None:
        self._elapsed = elapsed
        self._times: list[int] = []
        self._values: list[Any] = []

    def observe(self, plan: Plan, at: int, value: float | None) -> float:
        times, place = self._times, bisect_right(self._times, at)
        found = _NAN
        if place and times[place - 1] > at - plan.grain * plan.width:
            found = float(at - times[place - 1]) if self._elapsed else self._values[place - 1]
        if value is not None:
            times.insert(place, at)
            self._values.insert(place, value)
            if len(times) > KEPT:
                del times[0], self._values[0]
        return found

    def dump(self) -> list[Any]:
        return [self._times, self._values]

    def load(self, dumped: list[Any]) -> None:
        self._times, self._values = dumped


def _holds(keys: list[int], key: int) -> bool:
    place = bisect_left(keys, key)
    return place < len(keys) and keys[place] == key


def _sketch(values: list[int]) -> bytearray:
    registers = hyperloglog.empty()
    for value in values:
        hyperloglog.add(registers, value)
    return registers


STATES: dict[Aggregate, Callable[[], State]] = {
    Aggregate.COUNT: Count,
    Aggregate.SUM: Sum,
    Aggregate.MEAN: Mean,
    Aggregate.MIN: partial(Extreme, largest=False),
    Aggregate.MAX: partial(Extreme, largest=True),
    Aggregate.DISTINCT: Distinct,
    Aggregate.LAST: partial(Last, elapsed=False),
    Aggregate.SECONDS_SINCE_LAST: partial(Last, elapsed=True),
    Aggregate.RATIO: Ratio,
    Aggregate.STDDEV: Deviation,
    Aggregate.ZSCORE: Standardized,
}
"""What makes the state of a key that nothing is known of."""
