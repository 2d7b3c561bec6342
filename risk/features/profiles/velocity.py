"""Velocity: how many events of a type an account had in the last hour, day, 7 and 30 days."""

from __future__ import annotations

from risk.features.lazy_parts import Parts, read
from risk.features.profiles.amount_stats import DAYS
from risk.features.sliding_windows import DAY, HOUR, MINUTE, count, tally

MINUTES, HOURS = 6 * 60, 9 * 24
"""How long minutes and hours are kept, for windows of an hour and of 7 days."""
TYPES = 12
"""Types of event that are counted for an account, the latest: senders may make up any number of them."""


def observe_velocity(velocity: Parts, event_type: str, at: int) -> tuple[float, ...]:
    """Events of this type before ``at`` in the last hour, day, 7 days and 30 days; then count this one."""
    state = velocity[event_type] = read(velocity.pop(event_type, None)) or [[], [], [], [], [], []]
    if len(velocity) > TYPES:
        del velocity[next(iter(velocity))]
    minutes, in_minutes, hours, in_hours, days, in_days = state
    return (
        tally(minutes, in_minutes, at // MINUTE, 60, MINUTES),
        count(hours, in_hours, at // HOUR, 24, HOURS),
        tally(hours, in_hours, at // HOUR, 7 * 24, HOURS),
        tally(days, in_days, at // DAY, 30, DAYS),
    )
