"""Sliding windows against the plain definition: how many events lie in the time before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from risk.windows import DAY, HOUR, CountWindow, Shape, SumWindow

GRAIN = 60
KEPT = 6 * HOUR
SHAPE = Shape(HOUR, GRAIN, keep=KEPT)
TIMES = st.lists(st.integers(0, 4 * HOUR), max_size=60)


def expected(times: list[int], at: int) -> int:
    """By definition, to the precision of a bucket: buckets after (at - width), up to at's own."""
    return sum((at - HOUR) // GRAIN < time // GRAIN <= at // GRAIN for time in times)


@given(TIMES, st.integers(0, HOUR))
def test_in_order_a_window_counts_what_lies_in_it(times: list[int], later: int) -> None:
    window = CountWindow(SHAPE)
    for time in sorted(times):
        window.add(time)
    at = max(times, default=0) + later
    assert window.count(at) == expected(times, at)


@given(TIMES)
def test_out_of_order_events_are_counted_in_their_own_time(times: list[int]) -> None:
    window = CountWindow(SHAPE)
    for time in times:
        window.add(time)
    newest = max(times, default=0)
    assert window.count(newest) == expected(times, newest)


@given(TIMES)
def test_an_earlier_time_does_not_see_what_came_later(times: list[int]) -> None:
    window = CountWindow(SHAPE)
    for time in times:
        window.add(time + 9 * HOUR + GRAIN)
    assert window.count(9 * HOUR) == 0


def test_about_a_time_whose_buckets_are_gone_a_window_does_not_guess() -> None:
    window = CountWindow(SHAPE)
    window.add(0)
    window.add(KEPT)
    assert window.count(HOUR) == 0
    window.add(KEPT + GRAIN)
    assert window.count(HOUR - GRAIN) is None


@given(TIMES)
def test_a_window_comes_back_from_its_state_as_it_was(times: list[int]) -> None:
    window = CountWindow(SHAPE)
    for time in times:
        window.add(time)
    again = CountWindow(SHAPE, *window.state())
    assert [again.count(at) for at in range(0, 6 * HOUR, 500)] == [window.count(at) for at in range(0, 6 * HOUR, 500)]


@given(st.lists(st.integers(0, 10_000 * DAY), min_size=1, max_size=300))
def test_a_window_never_holds_more_than_its_buckets(times: list[int]) -> None:
    window = CountWindow(SHAPE)
    for time in times:
        window.add(time)
    assert len(window.state()[0]) <= KEPT // GRAIN


@given(st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=40), st.randoms())
def test_a_mean_does_not_depend_on_the_order_of_its_amounts(amounts: list[float], chance: object) -> None:
    one, other = SumWindow(SHAPE), SumWindow(SHAPE)
    for amount in amounts:
        one.add(HOUR, float(amount))
    for amount in reversed(amounts):
        other.add(HOUR, float(amount))
    assert one.mean(HOUR) == other.mean(HOUR)
    assert SumWindow(SHAPE).mean(0) is None
