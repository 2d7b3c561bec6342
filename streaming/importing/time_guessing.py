"""Detects the time format of an unknown column, or explains why it is ambiguous."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from risk.domain.errors import InvalidInput
from streaming.importing import times

_SHORT = 40
_CLOCK_NAMES = ("time", "timeofday", "transactiontime", "txtime", "transtime", "uhrzeit", "hora", "heure")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8}")
_YEAR_2000 = 946_684_800
_MIN_DAY, _MAX_DAY = 30_000, 70_000
"""Numbers of days, from 1982 to 2091, in a spreadsheet."""
_DAYS = tuple(
    (f"%d{mark}%m{mark}{year}", f"%m{mark}%d{mark}{year}") for year in ("%Y", "%y") for mark in ("/", ".", "-")
)
_CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    "T%H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %I:%M:%S %p",
    ", %H:%M:%S",
)
_ORDERED = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y",
            "%d-%b-%y")  # fmt: skip


def plain_time(cells: Sequence[Any], doubts: list[str]) -> dict[str, str]:
    """The ``format`` of these cells for a mapping; ``InvalidInput`` where it may be one or another."""
    if not cells:
        return {}
    if reads(times.reader("iso", "UTC", None), cells):
        text = str(cells[0])
        if not (text.endswith("Z") or re.search(r"[+-]\d\d:?\d\d$", text) or getattr(cells[0], "tzinfo", None)):
            doubts.append("times have no zone: taken for UTC; say zone: Europe/Berlin in the mapping otherwise")
        return {}
    numbers = [as_number(cell) for cell in cells]
    if all(number is not None for number in numbers):
        return _numeric_time([number for number in numbers if number is not None])
    both: list[str] = []
    for day_first, month_first in _DAYS:
        for clock in _CLOCKS:
            fits = [one + clock for one in (day_first, month_first) if _fits(one + clock, cells)]
            if len(fits) == 1:
                return {"format": fits[0]}
            both = both or fits
        if both:
            break
    for ordered in _ORDERED:
        for clock in _CLOCKS:
            if _fits(ordered + clock, cells):
                return {"format": ordered + clock}
    if both:
        raise InvalidInput(
            f"{str(cells[0])!r} may be {both[0]} or {both[1]}; say which: "
            f"occurred_at: {{column: …, format: '{both[0]}'}}",
            field="occurred_at",
        )
    first = str(cells[0])[:_SHORT]
    other = next((str(cell)[:_SHORT] for cell in cells if _shape(cell) != _shape(cells[0])), None)
    several = "" if other is None else f", or {other!r} is of another one: each column needs one format"
    raise InvalidInput(
        f"{first!r} is of no known time format{several}; say it in the mapping, such as format: '%d/%m/%Y %H:%M'",
        field="occurred_at",
    )


def _shape(cell: object) -> str:
    """The pattern of a cell, digits replaced."""
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "0", str(cell)))


def _fits(pattern: str, cells: Sequence[Any]) -> bool:
    return reads(times.reader(pattern, "UTC", None), cells)


def reads(read: Callable[[object], object], cells: Sequence[Any]) -> bool:
    """Whether ``read`` accepts every cell."""
    try:
        for cell in cells:
            read(cell)
    except InvalidInput:
        return False
    return True


def as_number(cell: object) -> float | None:
    """A cell as a number, or None."""
    try:
        return float(str(cell))
    except ValueError:
        return None


def _numeric_time(numbers: Sequence[float]) -> dict[str, str]:
    least, most = min(numbers), max(numbers)
    now = datetime.now().astimezone().timestamp()
    for name, per_second in times.EPOCHS.items():
        if least >= _YEAR_2000 * per_second and most <= (now + 86_400) * per_second:
            return {"format": name}
    raise InvalidInput(
        f"{numbers[0]:.15g} is a number: seconds, hours or days since when? Say it in the mapping: "
        "occurred_at: {column: …, format: hours_since, start: 2026-01-01T00:00:00Z}"
        + (" (or format: excel, if it is a spreadsheet's day number)" if _MIN_DAY < least <= most < _MAX_DAY else ""),
        field="occurred_at",
    )


def time_of_day(plain: Mapping[str, str]) -> str | None:
    """The column named like a time of day, by normalized column names."""
    return next((plain[name] for name in _CLOCK_NAMES if name in plain), None)


def joined_time(days: Sequence[Any], clocks: Sequence[Any]) -> str | None:
    """The format of a date and a time of day joined by a blank; None if the cells are not such a pair."""
    hours = [str(cell) for cell in clocks]
    if not days or not hours or not all(_DAY.fullmatch(str(day)) for day in days):
        return None
    clock = next((one for one in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f") if _fits(one, hours)), None)
    return None if clock is None else f"{plain_time(days, []).get('format', '%Y-%m-%d')} {clock}"
