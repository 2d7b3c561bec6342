"""Sliding windows against the plain definition: how many events lie in the time before."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from risk.features.sliding_windows import bucket, count, remember, tally, within

WIDTH, KEEP = 60, 360
TIMES = st.lists(st.integers(0, 240), max_size=60)


def counted(times: list[int]) -> tuple[list[int], list[int]]:
    keys: list[int] = []
    counts: list[int] = []
    for time in times:
        tally(keys, counts, time, WIDTH, KEEP)
    return keys, counts


def expected(times: list[int], at: int) -> int:
    return sum(at - WIDTH < time <= at for time in times)


@given(TIMES, st.integers(0, 90))
def test_out_of_order_events_are_counted_in_their_own_time(times: list[int], later: int) -> None:
    at = max(times, default=0) + later
    assert count(*counted(times), at, WIDTH, KEEP) == expected(times, at)


@given(TIMES)
def test_a_tally_says_what_came_before_it_whatever_the_order(times: list[int]) -> None:
    keys: list[int] = []
    counts: list[int] = []
    for place, time in enumerate(times):
        assert tally(keys, counts, time, WIDTH, KEEP) == expected(times[:place], time)


@given(TIMES)
def test_an_earlier_time_does_not_see_what_came_later(times: list[int]) -> None:
    keys, counts = counted([time + 241 for time in times])
    assert count(keys, counts, 240, WIDTH, KEEP) == 0


def test_about_a_time_whose_buckets_are_gone_a_window_does_not_guess() -> None:
    keys, counts = counted([0, KEEP])
    assert count(keys, counts, WIDTH, WIDTH, KEEP) == 0
    assert math.isnan(count(keys, counts, WIDTH - 1, WIDTH, KEEP))
    assert bucket(keys, (counts,), 0, KEEP) == -1


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=300))
def test_a_window_never_holds_more_than_its_buckets(times: list[int]) -> None:
    keys, counts = counted(times)
    assert len(keys) == len(counts) <= KEEP
    assert keys == sorted(set(keys))


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(0, 120))
def test_the_latest_times_are_remembered_and_counted_exactly(times: list[int], at: int) -> None:
    kept: list[int] = []
    for time in times:
        remember(kept, time, 10)
    assert kept == sorted(times)[-10:]
    assert within(kept, at, 30) == sum(at - 30 < time <= at for time in kept)
