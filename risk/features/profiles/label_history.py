"""Label history of a counterparty: its latest labels, and how many became known when.

A label counts from the moment it is known: in the run of latest labels to the second, in the counts of a
window from the next full hour. A fraud whose amount was high for its account is counted, but is not in the run:
it tells of a stolen account, not of a bad counterparty.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import Any

from risk.features.profiles.amount_stats import HIGH_SHARE, RATIO_MOST
from risk.features.profiles.observation import Outcome
from risk.features.sliding_windows import DAY, HOUR, bucket, window

RECENT_LABELS = 32
WAITING = 32
"""So many of the latest events are remembered until their labels come, to know how high the amount of a fraud was."""
OF_ACCOUNT, NOT_FRAUD, UNKNOWN_AMOUNT = -1, 0, 1
"""Marks of labels; one above these is of a fraud whose amount was (mark - 2) hundredths of its account's usual.

A fraud whose amount was high for its account takes its place among the latest labels, so that nothing shows before
it is known, and is passed over."""
HOURS = 32 * 24
"""Hours are kept this long, for windows of 28 days."""
COLUMNS = 9

_NAN = math.nan
_NOTHING = (_NAN,) * 6


def share_of(ratio: float) -> int:
    """The ratio of an amount to its account's usual one in hundredths; -1 if it is NaN."""
    return -1 if math.isnan(ratio) else min(RATIO_MOST, round(ratio * 100))


def wait(state: list[Any], at: int, share: int) -> None:
    """Remember the event at ``at`` until its label comes; ``share`` is its amount over its account's usual one."""
    times, shares = state[6], state[7]
    place = len(times) if not times or at >= times[-1] else bisect_right(times, at)
    times.insert(place, at)
    shares.insert(place, share)
    if len(times) > WAITING:
        del times[0], shares[0]


def _waited(state: list[Any], at: int) -> int:
    times, shares = state[6], state[7]
    place = bisect_left(times, at)
    if place == len(times) or times[place] != at:
        return -1
    del times[place]
    return int(shares.pop(place))


def learn(state: list[Any], at: int, outcome: Outcome, share: int | None = None) -> None:
    """Remember the outcome of the event at ``at``, to count from when it is known (never before the event).

    ``share`` is that of the event if it waits no more, because another outcome of it was remembered before.
    """
    times, delays, marks, hours, known, known_frauds = state[:6]
    shares = state[8]
    seen = max(at, outcome.known_at)
    share = _waited(state, at) if share is None else share
    place = bisect_right(times, at)
    times.insert(place, at)
    delays.insert(place, seen - at)
    marks.insert(place, _mark(share) if outcome.fraud else NOT_FRAUD)
    shares.insert(place, share)
    if len(times) > RECENT_LABELS:
        del times[0], delays[0], marks[0], shares[0]
    place = bucket(hours, (known, known_frauds), -(-seen // HOUR), HOURS)
    if place >= 0:
        known[place] += 1
        known_frauds[place] += outcome.fraud


def unlearn(state: list[Any], at: int, outcome: Outcome) -> int | None:
    """Take back what ``learn`` made of an outcome, as far as it is remembered: the share of its event, if it is."""
    times, delays, marks, hours, known, known_frauds = state[:6]
    shares = state[8]
    seen, share = max(at, outcome.known_at), None
    for place in range(bisect_left(times, at), bisect_right(times, at)):
        if delays[place] == seen - at and (marks[place] != NOT_FRAUD) == outcome.fraud:
            share = int(shares.pop(place))
            del times[place], delays[place], marks[place]
            break
    hour = -(-seen // HOUR)
    place = bisect_left(hours, hour)
    if place < len(hours) and hours[place] == hour and known[place]:
        known[place] -= 1
        known_frauds[place] = max(0, known_frauds[place] - outcome.fraud)
        if not known[place]:
            del hours[place], known[place], known_frauds[place]
    return share


def _mark(share: int) -> int:
    return OF_ACCOUNT if share >= HIGH_SHARE else share + UNKNOWN_AMOUNT + 1


def latest(state: list[Any], at: int) -> tuple[int | None, tuple[float, ...]]:
    """Time of the latest event whose label is known at ``at``, and the six features from ``counterparty_last_label``.

    None and NaNs if there is none.
    """
    times, delays, marks = state[:3]
    if not times:
        return None, _NOTHING
    if times[-1] + max(delays) > at or OF_ACCOUNT in marks:
        visible = [
            place for place, time in enumerate(times) if time + delays[place] <= at and marks[place] != OF_ACCOUNT
        ]
        if not visible:
            return None, _NOTHING
        times, marks = [times[place] for place in visible], [marks[place] for place in visible]
    clean = len(times) - 1
    while clean >= 0 and marks[clean] != NOT_FRAUD:
        clean -= 1
    run = len(times) - 1 - clean
    newest, today = times[-1], at // DAY
    shares = [mark for mark in marks[clean + 1 :] if mark > UNKNOWN_AMOUNT]
    return newest, (
        float(marks[-1] != NOT_FRAUD),
        (at - newest) / DAY,
        float(run),
        float(today - times[clean + 1] // DAY) if run else _NAN,
        float(today - times[clean] // DAY) if clean >= 0 else _NAN,
        (min(shares) - UNKNOWN_AMOUNT - 1) / 100 if shares else _NAN,
    )


def counts(state: list[Any], at: int) -> tuple[float, ...]:
    """Frauds that became known in the 7 and 28 days before ``at``, then labels of either kind; NaN if too old."""
    hours, known, frauds = state[3], state[4], state[5]
    key = at // HOUR
    month = window(hours, key, 28 * 24, HOURS)
    if month is None:
        return (_NAN,) * 4
    first, last = month
    week = bisect_right(hours, key - 7 * 24, first, last)
    return (
        float(sum(frauds[week:last])), float(sum(frauds[first:last])),
        float(sum(known[week:last])), float(sum(known[first:last])),
    )  # fmt: skip
