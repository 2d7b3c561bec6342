"""Converts cells to moments, by the mapping's format."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from risk.domain.errors import InvalidInput

UNITS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "months": 30 * 86_400}
SINCE = tuple(f"{unit}_since" for unit in UNITS)
EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000, "epoch_ns": 1_000_000_000}
EXCEL_BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001  (its zone comes with the mapping)
NAMED = ("iso", *EPOCHS, "excel", *SINCE)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE]\+?\d+)?")
_LATEST = 253_402_300_000


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of that name; ``InvalidInput`` if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(f"{name!r} is no time zone, such as Europe/Berlin or UTC", field="zone") from error


def reader(format: str, zone_name: str, start: datetime | None) -> Callable[[object], datetime]:  # noqa: A002
    """A function from a cell to a moment in UTC. Both raise ``InvalidInput``.

    ``format`` is ``iso``, ``epoch_s`` (``_ms``, ``_us``, ``_ns``), ``excel`` (a spreadsheet's day number),
    ``hours_since`` (or another unit) the ``start``, or a pattern of ``strptime`` such as ``%d/%m/%Y %H:%M``. A time
    without a zone is of ``zone_name``.
    """
    local = zone(zone_name)
    if format in SINCE:
        if start is None:
            raise InvalidInput(f"{format} needs its start, such as 2026-01-01T00:00:00Z", field="start")
        begin = start if start.tzinfo else start.replace(tzinfo=local)
        return lambda value: _since(value, begin, UNITS[format.removesuffix("_since")])
    if format in EPOCHS:
        return lambda value: _epoch(value, EPOCHS[format])
    if format == "excel":
        return lambda value: value if isinstance(value, datetime) else _excel(value, local)
    if format != "iso" and "%" not in format:
        raise InvalidInput(f"{format!r} is no time format; {', '.join(NAMED)}, or such as %d/%m/%Y", field="format")
    return lambda value: _local(value, format, local)


def _number(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    raise InvalidInput(f"{str(value)[:40]!r} is no number", field="occurred_at")


def _since(value: object, begin: datetime, unit: int) -> datetime:
    try:
        return (begin + timedelta(seconds=_number(value) * unit)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise InvalidInput(f"{str(value)[:40]!r} is out of reach", field="occurred_at") from error


def _epoch(value: object, per_second: int) -> datetime:
    seconds = round(_number(value) / per_second, 6)
    if not 0 <= seconds < _LATEST:
        raise InvalidInput(
            f"{str(value)[:40]!r} is no moment in {_SPELLED[per_second]} since 1970",
            field="occurred_at",
        )
    return datetime.fromtimestamp(seconds, UTC)


_SPELLED = {1: "seconds", 1_000: "milliseconds", 1_000_000: "microseconds", 1_000_000_000: "nanoseconds"}


def _excel(value: object, local: ZoneInfo) -> datetime:
    """A spreadsheet's day number, its fraction the time of day to the millisecond, which is what doubles keep."""
    try:
        moment = EXCEL_BEGIN + timedelta(milliseconds=round(_number(value) * 86_400_000))
    except OverflowError as error:
        raise InvalidInput(f"{str(value)[:40]!r} is out of reach", field="occurred_at") from error
    return moment.replace(tzinfo=local).astimezone(UTC)


def _local(value: object, format: str, local: ZoneInfo) -> datetime:  # noqa: A002
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001  (its zone comes below)
    elif isinstance(value, str):
        moment = _parsed(value.strip(), format)
    else:
        raise InvalidInput(
            f"{str(value)[:40]!r} is a number, and may be seconds or hours: say format: epoch_s, epoch_ms or "
            "hours_since in the mapping",
            field="occurred_at",
        )
    return moment.replace(tzinfo=local).astimezone(UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _parsed(value: str, format: str) -> datetime:  # noqa: A002
    try:
        if format != "iso":
            return datetime.strptime(value, format)  # noqa: DTZ007  (its zone comes with the mapping)
        if _NUMBER.fullmatch(value):
            raise InvalidInput(
                f"{value[:40]!r} is a number, and may be a date, seconds or hours: say format: in the mapping",
                field="occurred_at",
            )
        return datetime.fromisoformat(value.removesuffix(" UTC"))
    except ValueError as error:
        wanted = "an ISO 8601 time, such as 2026-01-31T09:30:00Z" if format == "iso" else f"of the format {format}"
        raise InvalidInput(f"{value[:40]!r} is not {wanted}", field="occurred_at") from error
