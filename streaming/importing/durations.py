"""Human-readable durations."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """``7d``, ``36h``, ``90m``; ValueError for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip())
    if not found:
        raise ValueError(f"{text!r} is no duration such as 7d, 36h or 90m")
    return timedelta(**{_UNITS[found[2]]: float(found[1])})
