"""Numbers, money, times and lists formatted as text, alike in every explanation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from risk.domain.currencies import minor_unit
from risk.features.sliding_windows import DAY, HOUR, MINUTE


def money(amount: Decimal | float, currency: str | None) -> str:
    """``1,840.00 EUR``, ``41,290 JPY``: an amount, and its currency if there is one."""
    text = amount_text(amount, currency)
    return f"{text} {currency}" if currency else text


def amount_text(amount: Decimal | float, currency: str | None) -> str:
    """``1,840.00``, ``41,290`` of JPY, ``12.500`` of KWD: as many decimals as the
    currency has, more only where the amount has them.

    A ``float`` is a mean or a ratio of amounts: it gets no decimals of its own, unless these would make it nothing.
    """
    places = minor_unit(currency)
    text = f"{amount:,.{places}f}"
    if isinstance(amount, Decimal) and amount != Decimal(text.replace(",", "")):
        text = f"{amount.normalize():,f}"
    elif amount and not Decimal(text.replace(",", "")):
        text = f"{Decimal(f'{amount:.2g}'):f}"
    return text


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
    return f"{f'{whole:,}' if whole else 'no'} {many or many_of(noun)}"


def article(noun: str) -> str:
    """``a`` or ``an``."""
    return "an" if noun[:1].lower() in "aeiou" else "a"


def many_of(noun: str) -> str:
    """The plural of ``noun`` by the regular rules of spelling: ``entries``, ``purchases``, ``passes``."""
    if len(noun) > 1 and noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def ordinal(count: float) -> str:
    """``4th``, ``21st``."""
    whole = round(count)
    ending = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole:,}{ending}"


def number(value: float) -> str:
    """``6.1``, ``12``, ``1,200``: one decimal where it tells something, none where it does not."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}".removesuffix(".0")


def times(ratio: float) -> str:
    """``6.1 times``, ``120 times``."""
    return f"{number(ratio)} times"


def share(value: float) -> str:
    """``12%``; what this would make nothing or everything is told by its bound."""
    if 0 < value < 0.01:
        return "less than 1%"
    return "more than 99%" if 0.99 < value < 1 else f"{value:.0%}"


def often(count: int) -> str:
    """``once``, ``twice``, ``12 times``; none is ``never``."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


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
    """``text`` with a full stop and a capital first letter, unless it begins with a name such as ``shop-7``."""
    text = text.strip()
    first = text.split(maxsplit=1)[0] if text else ""
    opened = text[:1].upper() + text[1:] if first.strip("'’,.:;").replace("'", "").isalpha() else text
    return opened + ("" if text.endswith((".", "!", "?", "…")) else ".")


def score(value: float) -> str:
    """A score with two decimals; one that these would make 0 or 1 is told by its bound."""
    if value < 0.005:
        return "below 0.01"
    return "above 0.99" if value >= 0.995 else f"{value:.2f}"


def odds(contribution: float) -> str:
    """What log-odds multiply the odds by, as surely as a model can say it: ``about 3.3 times``, ``about 870 times``."""
    factor = math.exp(min(contribution, 12.0))
    if factor >= 1_000:
        return "more than 1,000 times"
    return f"about {times(float(f'{factor:.2g}'))}"
