"""Counts over sliding windows of event time, in bounded memory.

User-defined features choose theirs in ``risk.features.definitions.definition`` (``Plan``).

Time is whole seconds since 1970, cut into buckets of a grain; ``key`` is a bucket's number. Several windows
share one sorted list of keys, and several columns of counts stand beside it: plain lists, so that a profile
is read from its dump without making an object for each window. What comes late is put into the bucket of
its own time, and a window asked at an earlier time does not see what came later. Buckets are kept somewhat
longer than the widest window, so that it can be asked about the recent past; asked about an older time,
it does not guess.
"""

from __future__ import annotations

import math
from bisect import bisect_right

MINUTE = 60
HOUR = 3_600
DAY = 86_400

MOST = 1 << 53
"""Sums stop here: beyond it neither floats nor JSON readers are exact."""


def window(keys: list[int], key: int, width: int, keep: int) -> tuple[int, int] | None:
    """Where in ``keys`` the ``width`` buckets up to ``key`` lie, or None if ``key`` is too old to know."""
    if not keys:
        return 0, 0
    newest = keys[-1]
    if key >= newest:
        return bisect_right(keys, key - width), len(keys)
    if key - width < newest - keep:
        return None
    return bisect_right(keys, key - width), bisect_right(keys, key)


def count(keys: list[int], counts: list[int], key: int, width: int, keep: int) -> float:
    """Sum of ``counts`` in the ``width`` buckets up to ``key``; NaN if ``key`` is too old to know."""
    if keys and key < keys[-1]:
        span = window(keys, key, width, keep)
        return math.nan if span is None else float(sum(counts[span[0] : span[1]]))
    oldest = key - width
    if keys and keys[0] > oldest:
        return float(sum(counts))
    return float(sum(counts[bisect_right(keys, oldest) :]))


def tally(keys: list[int], counts: list[int], key: int, width: int, keep: int) -> float:
    """What ``count`` says; then count one more in the bucket of ``key``."""
    if keys and key < keys[-1]:
        before = count(keys, counts, key, width, keep)
        place = bucket(keys, (counts,), key, keep)
        if place >= 0:
            counts[place] += 1
        return before
    oldest = key - width
    total = sum(counts[bisect_right(keys, oldest) :]) if keys and keys[0] <= oldest else sum(counts)
    if keys and key == keys[-1]:
        counts[-1] += 1
    else:
        keys.append(key)
        counts.append(1)
        if keys[0] <= key - keep:
            gone = bisect_right(keys, key - keep)
            del keys[:gone], counts[:gone]
    return float(total)


def bucket(keys: list[int], columns: tuple[list[int], ...], key: int, keep: int) -> int:
    """The place of the bucket of ``key``, made if it is not there; -1 if it is older than what is kept.

    Buckets ``keep`` or more behind the newest are dropped.
    """
    if not keys or key > keys[-1]:
        keys.append(key)
        for column in columns:
            column.append(0)
        if keys[0] <= key - keep:
            gone = bisect_right(keys, key - keep)
            del keys[:gone]
            for column in columns:
                del column[:gone]
        return len(keys) - 1
    if key == keys[-1]:
        return len(keys) - 1
    if key <= keys[-1] - keep:
        return -1
    place = bisect_right(keys, key)
    if place and keys[place - 1] == key:
        return place - 1
    keys.insert(place, key)
    for column in columns:
        column.insert(place, 0)
    return place


def remember(times: list[int], at: int, most: int) -> None:
    """Put ``at`` into sorted ``times``, of which the latest ``most`` are kept."""
    if not times or at >= times[-1]:
        times.append(at)
    else:
        times.insert(bisect_right(times, at), at)
    if len(times) > most:
        del times[0]


def forget(times: list[int], at: int) -> None:
    """Take one ``at`` out of sorted ``times``, if it is there: what ``remember`` put in."""
    place = bisect_right(times, at) - 1
    if place >= 0 and times[place] == at:
        del times[place]


def within(times: list[int], at: int, width: int) -> float:
    """How many of sorted ``times`` lie in the ``width`` seconds up to ``at``."""
    if not times:
        return 0.0
    return float(bisect_right(times, at) - bisect_right(times, at - width))
