"""The amounts of one account or counterparty: what is remembered of them, as plain lists of numbers."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import Any

from risk.features import HIGH_NEEDS, HIGH_RATIO
from risk.windows import DAY, MOST, bucket, window, within

CURRENCIES = 3
RECENT_AMOUNTS = 24
HIGH_AMOUNTS = 32
DAYS = 33
"""Days are kept this long, for windows of 30."""

ByCurrency = dict[str, list[Any]]
ACCOUNT_COLUMNS = 7
COUNTERPARTY_COLUMNS = 3


def amounts_in(currency: str | None, by_currency: ByCurrency, columns: int) -> list[Any]:
    """What is remembered of amounts in ``currency``: ``columns`` lists. The latest three currencies are kept."""
    name = currency or ""
    if len(by_currency) == 1 and name in by_currency:
        return by_currency[name]
    state = by_currency.pop(name, None)
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
    # In hundredths, because sums of whole numbers do not depend on their order.
    counts[place] += 1
    cents[place] = min(MOST, cents[place] + round(amount * 100))


def meet_counterparty(state: list[Any], at: int, amount: float) -> float:
    """``amount`` over the mean of the 30 days before ``at``; then remember it."""
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
    """The ten features, ``amount`` to ``high_amounts_14d``, before ``amount``; then remember it."""
    days, counts, cents, times, recent, highs, high_cents = state
    mean = usual = math.nan
    span = window(days, at // DAY, 30, DAYS)
    if span is not None and span[0] < span[1]:
        first, last = span
        events, total = sum(counts[first:last]), sum(cents[first:last])
        mean = usual = total / events / 100
        if highs:
            start, end = bisect_left(highs, (at // DAY - 29) * DAY), bisect_left(highs, (at // DAY + 1) * DAY)
            ordinary = events - (end - start)
            usual = (total - sum(high_cents[start:end])) / ordinary / 100 if ordinary > 0 else math.nan
    place = len(times) if not times or at >= times[-1] else bisect_right(times, at)
    past = recent[:place]
    middle = _median(past)
    features = (
        amount, mean, middle, usual, ratio(amount, mean), ratio(amount, middle), ratio(amount, usual),
        within(highs, at, 3 * DAY), within(highs, at, 7 * DAY), within(highs, at, 14 * DAY),
    )  # fmt: skip
    times.insert(place, at)
    recent.insert(place, amount)
    if len(times) > RECENT_AMOUNTS:
        del times[0], recent[0]
    place = bucket(days, (counts, cents), at // DAY, DAYS)
    if place < 0:
        return features
    _pay_in(counts, cents, place, amount)
    if len(past) >= HIGH_NEEDS and amount >= HIGH_RATIO * middle > 0:
        place = bisect_right(highs, at)
        highs.insert(place, at)
        high_cents.insert(place, round(amount * 100))
        if len(highs) > HIGH_AMOUNTS:
            del highs[0], high_cents[0]
    return features
