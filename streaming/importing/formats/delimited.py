"""CSV and similar: the delimiter and the encoding are detected and reported."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import IO

from risk.domain.errors import InvalidInput
from streaming.importing.formats.tables import BadRow, Row, Table, distinct, utf16

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MAX_COLUMNS = 5_000
_SAMPLED = 50
csv.field_size_limit(1 << 20)


def read(stack: ExitStack, stream: IO[bytes], name: str, head: bytes, encoding: str | None) -> Table:
    """The rows of delimited text, each value as text; the first line names the columns."""
    found, notes = (encoding, []) if encoding else _encoding(name, head)
    try:
        sample = head.decode(found, "replace")
        text = stack.enter_context(io.TextIOWrapper(stream, encoding=found, errors="surrogateescape", newline=""))
    except LookupError as error:
        raise InvalidInput(f"{found!r} is no encoding, such as utf-8 or windows-1252", field="encoding") from error
    if not sample.strip("\ufeff \r\n\t"):
        raise InvalidInput(f"{name} holds blanks only; export it again", field="file")
    delimiter = _delimiter(sample)
    if delimiter != ",":
        notes.append(f"columns are parted by a {DELIMITERS[delimiter]}")
    lines = csv.reader(_begin(text), delimiter=delimiter)
    header = _header(lines, name, _width(sample, delimiter))
    if lines.line_num > 1 and (passed := lines.line_num - 1 - _blank_lines(sample)) > 0:
        notes.append(f"{passed} lines above the header, on line {lines.line_num}, are passed over")
    notes += _said_twice(header)
    return Table(name, header, _rows(lines, header, name), notes)


def _blank_lines(sample: str) -> int:
    """The number of leading lines that are blank or a spreadsheet's ``sep=``."""
    found = 0
    for line in sample.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.lower().startswith("sep="):
            break
        found += 1
    return found


def _said_twice(header: tuple[str, ...]) -> list[str]:
    there = set(header)
    again = [name for name in header if (parts := name.rpartition("."))[2].isdigit() and parts[0] in there]
    return [f"columns of the same name were given a number: {', '.join(again)}"] if again else []


def _begin(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of ``text`` without a byte order mark or a spreadsheet's ``sep=``."""
    for place, line in enumerate(text):
        if place == 0:
            first = line.removeprefix("\ufeff")
            yield "\n" if first.lower().startswith("sep=") else first
        else:
            yield line


def _encoding(name: str, head: bytes) -> tuple[str, list[str]]:
    if (wide := utf16(head)) is not None:
        return wide, ["its encoding is UTF-16"]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4:
            return "cp1252", [f"{name} is not UTF-8 and was read as Windows-1252; say --encoding if letters are wrong"]
    return "utf-8", []


def _delimiter(sample: str) -> str:
    """The delimiter that splits the first lines into the most columns, equally many in each."""

    def score(delimiter: str) -> tuple[float, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLED))
        except csv.Error:
            return 0.0, 0
        rows = [row for row in rows if row and not (len(row) == 1 and row[0].lower().startswith("sep="))]
        width = _usual_width(rows)
        same = sum(len(row) == width for row in rows)
        return (same / len(rows), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=score)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The width of the first row, unless it stands alone with fewer cells than nearly all others have."""
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0
    first, (usual, times) = len(rows[0]), widths.most_common(1)[0]
    title = first < usual and times > 1 and (first == 1 or not all(cell.strip() for cell in rows[0]))
    return usual if title else first


def _width(sample: str, delimiter: str) -> int:
    """The width of the header."""
    try:
        rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLED))
    except csv.Error:
        return 0
    return _usual_width([row for row in rows if any(cell.strip() for cell in row)])


def _header(lines: Iterator[list[str]], name: str, width: int) -> tuple[str, ...]:
    """The first row as wide as the table; rows above it are a title."""
    try:
        header = next((row for row in lines if any(cell.strip() for cell in row) and len(row) >= width), [])
    except csv.Error as error:
        raise _malformed(name, 1, error) from error
    if len(header) > MAX_COLUMNS:
        raise InvalidInput(f"{name} has {len(header):,} columns; at most {MAX_COLUMNS:,} are read", field="file")
    return distinct(header)


def _rows(lines: csv._reader, header: tuple[str, ...], name: str) -> Iterator[Row | BadRow]:  # type: ignore[name-defined]
    last = lines.line_num
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise _malformed(name, last + 1, error) from error
        number, last = last + 1, lines.line_num
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if len(row) != len(header):
            yield BadRow(number, f"has {len(row)} columns where the first line names {len(header)}")
        elif any("\udc80" <= mark <= "\udcff" for cell in row if not cell.isascii() for mark in cell):
            yield BadRow(number, "holds bytes that are not of the file's encoding; say which with --encoding")
        else:
            yield Row(number, dict(zip(header, row, strict=True)))


def _malformed(name: str, line: int, error: csv.Error) -> InvalidInput:
    return InvalidInput(
        f"{name} cannot be parted into columns from line {line} on ({error}); is a quotation mark never closed there?",
        field="file",
    )
