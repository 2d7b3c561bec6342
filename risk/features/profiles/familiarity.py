"""What an account has used or dealt with before: since when, and how often.

Three lists side by side, the latest used last: what it is (a number), when it was first used, how often so far.
"""

from __future__ import annotations

MOST_OFTEN = 999
"""Uses are counted up to here; what is used more often than that is known."""

COLUMNS = 3
Used = list[list[int]]


def use(used: Used, what: int, when: int, most: int) -> tuple[int, int]:
    """How often ``what`` was used before, and since when; then count one more use at ``when``.

    What is new is used since ``when``. The ``most`` latest are kept; one that was forgotten is new again.
    """
    names, since, times = used
    if names and names[-1] == what:
        before, first = times[-1], since[-1]
        times[-1] = min(MOST_OFTEN, before + 1)
        if when < first:
            since[-1] = when
        return before, min(first, when)
    if what in names:
        place = names.index(what)
        before, first = times.pop(place), min(since.pop(place), when)
        del names[place]
    else:
        before, first = 0, when
        if len(names) >= most:
            del names[0], since[0], times[0]
    names.append(what)
    since.append(first)
    times.append(min(MOST_OFTEN, before + 1))
    return before, first


def most_used(used: Used) -> int | None:
    """What was used most often, of several the latest; None if nothing was."""
    names, _, times = used
    if len(names) < 2:
        return names[0] if names else None
    return max(zip(times, range(len(names)), names, strict=True))[2]
