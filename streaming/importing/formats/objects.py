"""JSON: lines of objects, an array of objects, or one object that holds a list of them (Stripe's ``data``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

from risk.domain.errors import InvalidInput
from streaming.importing.formats.tables import BadRow, Row, Table

MAX_WHOLE = 256 << 20
_SAMPLED = 100


def read(stream: IO[bytes], name: str) -> Table:
    """The objects of a JSON file, nested ones flattened to ``outer.inner``."""
    first = stream.readline()
    rows: Iterator[Row | BadRow]
    try:
        begins = json.loads(first.decode("utf-8-sig"))
    except (ValueError, UnicodeDecodeError):
        begins = None
    if isinstance(begins, dict) and not _holds_rows(begins):
        rows = _lines(first, stream)
    else:
        rows = _whole(first + stream.read(MAX_WHOLE + 1), name)
    sampled = list(islice(rows, _SAMPLED))
    columns = dict.fromkeys(key for row in sampled if isinstance(row, Row) for key in row.values)
    if not columns:
        raise InvalidInput(f"{name} holds no objects{_why(sampled)}", field="file")
    return Table(name, tuple(columns), chain(sampled, rows))


def _holds_rows(found: dict[str, Any]) -> bool:
    """Whether an object is not a row but holds a list of rows."""
    lists = [value for value in found.values() if isinstance(value, list)]
    return len(lists) == 1 and bool(lists[0]) and all(isinstance(one, dict) for one in lists[0])


def _why(sampled: list[Row | BadRow]) -> str:
    return f": {sampled[0].detail}" if sampled and isinstance(sampled[0], BadRow) else ""


def _lines(first: bytes, stream: IO[bytes]) -> Iterator[Row | BadRow]:
    line, number = first, 1
    while line:
        if line.strip():
            yield _object(line, number)
        line, number = stream.readline(), number + 1


def _object(line: bytes, number: int) -> Row | BadRow:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        return BadRow(number, f"is no JSON: {error}")
    return Row(number, flat(found)) if isinstance(found, dict) else BadRow(number, "is no JSON object")


def _whole(text: bytes, name: str) -> Iterator[Row | BadRow]:
    if len(text) > MAX_WHOLE:
        raise InvalidInput(f"{name} is one JSON value of more than 256 MB; write an object a line", field="file")
    try:
        found: Any = json.loads(text.decode("utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{name} is no JSON: {error}", field="file") from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if _holds_rows(found) or (len(lists) == 1 and not lists[0]) else [found]
    for number, one in enumerate(found, start=1):
        yield Row(number, flat(one)) if isinstance(one, dict) else BadRow(number, "is no JSON object")


def flat(found: dict[str, Any], before: str = "") -> dict[str, Any]:
    """``{"a": {"b": 1}}`` as ``{"a.b": 1}``; lists become text."""
    told: dict[str, Any] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            told |= flat(value, f"{before}{key}.")
        else:
            told[f"{before}{key}"] = json.dumps(value) if isinstance(value, list) else value
    return told
