"""Parquet and Excel: tables with typed values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from risk.domain.errors import InvalidInput
from streaming.importing.formats.tables import BadRow, Row, Table, distinct
from streaming.importing.values import Inexact

BATCH_ROWS = 4_096
_EXACT_SINGLE = float(2**24)
_EXACT_HALF = float(2**11)
_EXACT_CELL = 1e15
"""A spreadsheet keeps fifteen digits."""


def parquet(file: Path | IO[bytes], name: str) -> Table:
    """The rows of a parquet file."""
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    try:
        opened = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"{name} is not a parquet file: {error}", field="file") from error
    return Table(name, tuple(opened.schema_arrow.names), _parquet_rows(opened, name))


def _parquet_rows(opened: Any, name: str) -> Iterator[Row | BadRow]:
    import pyarrow as pa

    number = 0
    try:
        for batch in opened.iter_batches(BATCH_ROWS):
            columns = [_values(batch.column(place)) for place in range(batch.num_columns)]
            for row in zip(*columns, strict=True):
                number += 1
                yield Row(number, dict(zip(batch.schema.names, row, strict=True)))
    except pa.ArrowException as error:
        raise InvalidInput(f"{name} cannot be read to its end: {error}", field="file") from error


def _values(array: Any) -> list[Any]:
    import pyarrow as pa

    # Python's datetime has microseconds; finer times are truncated rather than refused.
    if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
        array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    values: list[Any] = array.to_pylist()
    if pa.types.is_float32(array.type) or pa.types.is_float16(array.type):
        limit = _EXACT_SINGLE if pa.types.is_float32(array.type) else _EXACT_HALF
        # The shortest text of a single-precision number is what was meant: 57.16, not 57.15999984741211.
        shortest = array.cast(pa.string()).to_pylist() if pa.types.is_float32(array.type) else values
        return [None if one is None else Inexact(float(one), limit) for one in shortest]
    return values


def excel(stream: IO[bytes], name: str) -> Table:
    """The rows of the first sheet; its first row names the columns. It is held in memory."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(stream)
        sheet = book.get_sheet_by_index(0)
        rows = sheet.iter_rows()
        header = next(iter(rows), [])
    except (calamine.CalamineError, OSError) as error:
        raise InvalidInput(f"{name} cannot be read as a spreadsheet: {error}", field="file") from error
    columns = distinct([str(cell) for cell in header])
    if not header:
        raise InvalidInput(f"{name} has nothing in its first sheet", field="file")
    others = len(book.sheet_names) - 1
    notes = [f"only the first sheet is read, {sheet.name!r}; there are {others} more"] if others else []
    return Table(name, columns, _excel_rows(rows, columns, (sheet.start or (0, 0))[0]), notes)


def _excel_rows(rows: Iterator[list[Any]], columns: tuple[str, ...], first: int) -> Iterator[Row | BadRow]:
    for number, row in enumerate(rows, start=first + 2):
        if any(cell != "" for cell in row):
            yield Row(number, {name: _cell(cell) for name, cell in zip(columns, row, strict=False)})


def _cell(value: Any) -> Any:
    return Inexact(value, _EXACT_CELL) if isinstance(value, float) else value
