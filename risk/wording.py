"""Numbers, money, times and lists in words, the same wherever an explanation speaks of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from risk.windows import DAY, HOUR, MINUTE


def money(amount: Decimal | float, currency: str | None) -> str:
    """``1,840.00 EUR``: two decimals, more only where the amount has them."""
    text = f"{amount:,.2f}"
    if isinstance(amount, Decimal) and amount != Decimal(text.replace(",", "")):
        text = f"{amount.normalize():,f}"
    return f"{text} {currency}" if currency else text


def moment(at: datetime) -> str:
    """``2026-01-31 09:30 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """``2026-01-31``."""
    return f"{at:%Y-%m-%d}"


def plural(count: float, noun: str, many: str | None = None) -> str:
    """``1 payment``, ``12 payments``, ``1,204 payments``; none is ``no payments``."""
    whole = round(count)
    if whole == 1:
        return f"1 {noun}"
    return f"{f'{whole:,}' if whole else 'no'} {many or noun + 's'}"


def ordinal(count: float) -> str:
    """``4th``, ``21st``."""
    whole = round(count)
    ending = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole:,}{ending}"


def times(ratio: float) -> str:
    """``6.1 times``, ``120 times``."""
    return f"{ratio:,.0f} times" if ratio >= 20 else f"{ratio:.1f} times"


def duration(seconds: float) -> str:
    """``12 seconds``, ``45 minutes``, ``3 hours``, ``12 days``, rounded to the unit that fits."""
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= 1.5 * size or (size == DAY and seconds >= size):
            return plural(seconds / size, name)
    whole = round(seconds)
    return f"{whole} second" if whole == 1 else f"{whole} seconds"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """``text`` with a capital first letter and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def score(value: float) -> str:
    """A score with two decimals; one that these would make 0 or 1 is told by its bound."""
    if value < 0.005:
        return "below 0.01"
    return "above 0.99" if value >= 0.995 else f"{value:.2f}"


def odds(contribution: float) -> str:
    """What log-odds multiply the odds by, in words an analyst can weigh: ``about 3.3``."""
    return f"about {times(math.exp(min(contribution, 12.0))).removesuffix(' times')}"
