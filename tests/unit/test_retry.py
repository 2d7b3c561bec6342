"""Waits grow, are bounded, and outlast any outage."""

from __future__ import annotations

from streaming.engine.retry import MAX_WAIT, wait_after


def test_waits_double_up_to_a_bound_and_never_overflow() -> None:
    assert [wait_after(failures) for failures in range(1, 8)] == [0.2, 0.4, 0.8, 1.6, 3.2, MAX_WAIT, MAX_WAIT]
    assert wait_after(10**6) == MAX_WAIT
