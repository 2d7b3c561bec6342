"""Statistics of an account's or counterparty's amounts, kept as plain lists of numbers."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Any

from risk.features.catalog import HIGH_NEEDS, HIGH_RATIO, RAISED_RATIO
from risk.features.lazy_parts import Parts, part_of, read
from risk.features.sliding_windows import DAY, MOST, bucket, window

CURRENCIES = 3
RECENT_AMOUNTS = 24
RAISED_AMOUNTS = 32
RATIO_MOST = 1_000_000
"""Hundredths; what is more is taken for this."""
HIGH_SHARE = round(HIGH_RATIO * 100)
DAYS = 33
"""Days are kept this long, for windows of 30."""

ACCOUNT_COLUMNS = 8
USUAL_MOST = 128
"""When what is usual weighs as much as so many amounts of today, those so far are made to weigh half."""
USUAL_HALF_LIFE = 90 * DAY
"""After so many seconds an amount weighs half in what is usual, whatever came after it."""
COUNTERPARTY_COLUMNS = 3


def amounts_in(currency: str | None, flow: str, by_currency: Parts, columns: int) -> list[Any]:
    """The statistics of amounts in ``currency``: ``columns`` lists; incoming amounts are kept apart from outgoing ones.

    The three most recent currencies are kept, counting incoming ones apart.
    """
    name = currency or ""
    if flow == "incoming":
        name = f"+{name}"
    if len(by_currency) == 1 and name in by_currency:
        found: list[Any] = part_of(by_currency, name)
        return found
    state: list[Any] | None = read(by_currency.pop(name, None))
    if state is None:
        state = [[] for _ in range(columns)]
    by_currency[name] = state
    if len(by_currency) > CURRENCIES:
        del by_currency[next(iter(by_currency))]
    return state


def ratio(value: float, base: float) -> float:
    """``value`` over ``base``; NaN if there is no base, or one too small to be money."""
    return value / base if base > 1e-9 else math.nan


def _median(values: list[float]) -> float:
    size = len(values)
    if not size:
        return math.nan
    ordered, half = sorted(values), size >> 1
    return ordered[half] if size & 1 else (ordered[half - 1] + ordered[half]) / 2


def _pay_in(counts: list[int], cents: list[int], place: int, amount: float) -> None:
    # In hundredths, because sums of integers do not depend on their order.
    counts[place] += 1
    cents[place] = min(MOST, cents[place] + round(amount * 100))


def meet_counterparty(state: list[Any], at: int, amount: float) -> float:
    """``amount`` over the mean of the 30 days before ``at``; then count it."""
    days, counts, cents = state
    span = window(days, at // DAY, 30, DAYS)
    mean = math.nan
    if span is not None and span[0] < span[1]:
        mean = sum(cents[span[0] : span[1]]) / sum(counts[span[0] : span[1]]) / 100
    place = bucket(days, (counts, cents), at // DAY, DAYS)
    if place >= 0:
        _pay_in(counts, cents, place, amount)
    return ratio(amount, mean)


def meet_account(state: list[Any], at: int, amount: float) -> tuple[float, ...]:
    """The eleven features, ``amount`` to ``highest_amount_7d``, before ``amount``; then count it."""
    days, counts, cents, times, recent, raised, shares, usual = state
    mean = math.nan
    span = window(days, at // DAY, 30, DAYS)
    if span is not None and span[0] < span[1]:
        first, last = span
        mean = sum(cents[first:last]) / sum(counts[first:last]) / 100
    ordinary = usual[2] / usual[1] / 100 if usual else math.nan
    to_usual = ratio(amount, ordinary)
    place = len(times) if not times or at >= times[-1] else bisect_right(times, at)
    middle = _median(recent[:place])
    features = (
        amount, mean, middle, ordinary, ratio(amount, mean), ratio(amount, middle), to_usual,
        *_raised(raised, shares, at),
    )  # fmt: skip
    times.insert(place, at)
    recent.insert(place, amount)
    if len(times) > RECENT_AMOUNTS:
        del times[0], recent[0]
    place = bucket(days, (counts, cents), at // DAY, DAYS)
    if place >= 0:
        _pay_in(counts, cents, place, amount)
    share = 0
    if usual and usual[0] >= HIGH_NEEDS and to_usual >= RAISED_RATIO:
        share = min(RATIO_MOST, round(to_usual * 100))
        _remember_raised(raised, shares, at, share)
    # An account whose level of spending has changed for good is not unusual for ever: its median follows.
    if share < HIGH_SHARE or amount < HIGH_RATIO * middle:
        _is_usual(usual, at, amount)
    return features


def _raised(raised: list[int], shares: list[int], at: int) -> tuple[float, float, float, float]:
    """How many high amounts there were in the 3, 7 and 14 days before ``at``, and the highest ratio in 7 days."""
    three = week = fortnight = highest = 0
    for place in range(len(raised) - 1, -1, -1):
        age = at - raised[place]
        if age >= 14 * DAY:
            break
        if age < 0:
            continue
        share = shares[place]
        high = share >= HIGH_SHARE
        fortnight += high
        if age < 7 * DAY:
            week += high
            three += high and age < 3 * DAY
            highest = max(highest, share)
    return float(three), float(week), float(fortnight), highest / 100


def _remember_raised(raised: list[int], shares: list[int], at: int, share: int) -> None:
    place = len(raised) if not raised or at >= raised[-1] else bisect_right(raised, at)
    raised.insert(place, at)
    shares.insert(place, share)
    if len(raised) > RAISED_AMOUNTS:
        del raised[0], shares[0]


def _is_usual(usual: list[float], at: int, amount: float) -> None:
    """Put ``amount`` into ``usual``: how many amounts, their weight, their weighted sum in hundredths, as of when."""
    cents = round(amount * 100)
    if not usual:
        usual[:] = 1, 1.0, float(cents), at
        return
    amounts, weight, total, newest = usual
    older = 0.5 ** (abs(at - newest) / USUAL_HALF_LIFE)
    if at >= newest:
        weight, total, newest, older = weight * older, total * older, at, 1.0
    if weight >= USUAL_MOST:
        weight, total = weight / 2, total / 2
    usual[:] = min(HIGH_NEEDS, amounts + 1), weight + older, min(float(MOST), total + older * cents), newest
