"""Files of any kind, opened as rows: CSV and its kin, Excel, Parquet, JSON, ISO 20022 XML; also gzipped or zipped."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from risk.domain.errors import InvalidInput

HEAD_BYTES = 1 << 20
_FEW = 8
_UNPACK, _EXPORT = "unpack it first", "export its tables as CSV or Parquet"
_DOCUMENTS = (
    (b"%PDF", "a PDF", "export the data as CSV or Excel"),
    (b"BZh", "compressed by bzip2", f"{_UNPACK} (or use gzip)"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard", f"{_UNPACK} (or use gzip)"),
    (b"\xfd7zXZ", "compressed by xz", f"{_UNPACK} (or use gzip)"),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"SQLite format 3", "a SQLite database", _EXPORT),
    (b"ARROW1", "a Feather file", "write it as Parquet"),
    (b"Obj\x01", "an Avro file", "write it as Parquet"),
    (b"ORC", "an ORC file", "write it as Parquet"),
    (b"\x89HDF", "an HDF5 file", "write it as Parquet"),
    (b"\x89PNG", "a picture", "give the file with the data"),
    (b"\xff\xd8\xff", "a picture", "give the file with the data"),
)
"""Magic bytes, the format they identify, and the advice."""


class Row(NamedTuple):
    """A row by column, and the number of its first line (of its row, where there are no lines), from 1."""

    number: int
    values: dict[str, Any]


class BadRow(NamedTuple):
    """An unreadable row: its number, and the reason."""

    number: int
    detail: str


@dataclass
class Table:
    """An open file: its columns, its rows (readable once), what was assumed, and the progress."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row | BadRow]
    notes: list[str] = field(default_factory=list)
    size: int = 0
    raw: IO[bytes] | None = None

    def position(self) -> int:
        """Bytes read so far, of ``size``."""
        return 0 if self.raw is None or self.raw.closed else self.raw.tell()


@contextmanager
def open_table(path: Path, *, encoding: str | None = None, root: str = "") -> Iterator[Table]:
    """The file at ``path`` as a table. Raises ``InvalidInput`` that says what to do, here or while rows are read."""
    from streaming.importing.formats import delimited, markup, objects, sheets

    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        size = path.stat().st_size
        if not size:
            raise InvalidInput(f"{path.name} is empty; export it again", field="file")
        stream, name = _unpacked(stack, raw, path)
        head = _peek(stream, path)
        kind = _kind(name, head)
        if kind == "parquet":
            table = sheets.parquet(path if stream is raw else stream, name)
        elif kind == "excel":
            table = sheets.excel(stream, name)
        elif kind == "json":
            table = objects.read(stream, name)
        elif kind == "xml":
            table = markup.read(stream, name, root)
        else:
            table = delimited.read(stack, stream, name, head, encoding)
        table.raw, table.size = raw, size
        table.rows = _whole(table.rows, name)
        yield table


def _unpacked(stack: ExitStack, raw: IO[bytes], path: Path) -> tuple[IO[bytes], str]:
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return stack.enter_context(cast(IO[bytes], gzip.GzipFile(fileobj=raw))), path.name.removesuffix(".gz")
    if magic == b"PK\x03\x04" and path.suffix.lower() == ".zip":
        archive = stack.enter_context(zipfile.ZipFile(raw))
        names = [one for one in archive.namelist() if not one.endswith("/") and not one.startswith("__MACOSX")]
        if len(names) != 1:
            raise InvalidInput(
                f"{path.name} holds {len(names)} files ({', '.join(names[:5])}); unpack it and give one, or the folder",
                field="file",
            )
        return stack.enter_context(archive.open(names[0])), names[0]
    return raw, path.name


def _peek(stream: IO[bytes], path: Path) -> bytes:
    try:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        raise _broken(path.name, error) from error
    return head


def _kind(name: str, head: bytes) -> str:
    suffix = Path(name).suffix.lower()
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
            return "excel"
        raise InvalidInput(
            f"{name} is an archive or a document; give it its ending, such as .xlsx or .zip", field="file"
        )
    if suffix in (".xlsx", ".xls", ".parquet"):
        raise InvalidInput(f"{name} is not a {suffix.removeprefix('.')} file, whatever its name says", field="file")
    _refuse_documents(name, head)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise InvalidInput(
            f"{name} is a web page, perhaps of a sign-in that ran out; download the data again", field="file"
        )
    if text.startswith(b"<") and suffix != ".csv":
        return "xml"
    if text.startswith((b"{", b"[")) and suffix not in (".csv", ".tsv"):
        return "json"
    if utf16(head) is None and b"\0" in head[:8_192]:
        raise InvalidInput(
            f"{name} is binary, and none of the kinds that are read: CSV, TSV, Excel, Parquet, JSON lines, JSON, XML; "
            "export it as one of these (a CSV must not hold NUL characters)",
            field="file",
        )
    return "delimited"


def _refuse_documents(name: str, head: bytes) -> None:
    """Raise ``InvalidInput`` for known file types that hold no readable table."""
    for magic, what, advice in _DOCUMENTS:
        if head.startswith(magic):
            raise InvalidInput(f"{name} is {what}; {advice}", field="file")


def utf16(head: bytes) -> str | None:
    """The UTF-16 variant of a text, by its byte order mark or its zero bytes; None for other encodings."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = head[: min(len(head), 4_096) // 2 * 2]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2], sample[1 - first :: 2]
        if len(zeros) >= _FEW and zeros.count(0) > 0.8 * len(zeros) and 0 not in others:
            return encoding
    return None


def _whole(rows: Iterator[Row | BadRow], name: str) -> Iterator[Row | BadRow]:
    try:
        yield from rows
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> InvalidInput:
    return InvalidInput(f"{name} cannot be read to its end ({error}); is it complete?", field="file")


def distinct(names: list[str]) -> tuple[str, ...]:
    """Column names, trimmed; a repeated one gets a number (``Account``, ``Account.1``), an empty one its place."""
    seen: dict[str, int] = {}
    found = []
    for place, given in enumerate(names):
        name = given.strip() or f"column_{place + 1}"
        times = seen.get(name, 0)
        seen[name] = times + 1
        found.append(f"{name}.{times}" if times else name)
    return tuple(found)
