"""How long to wait before trying again what a lost service did not take."""

from __future__ import annotations

MAX_WAIT = 5.0
_DOUBLINGS = 6
"""By then it is ``MAX_WAIT``; no outage is long enough for the power to overflow."""


def wait_after(failures: int) -> float:
    """Seconds to wait after ``failures`` in a row: 0.2 after the first, doubling, at most five."""
    return min(MAX_WAIT, 0.1 * 2.0 ** min(failures, _DOUBLINGS))
