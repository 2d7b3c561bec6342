"""Shared by commands that read files: options, the description of a file, and refused rows."""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import progress
from risk.domain.errors import InvalidInput, Unavailable

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.importing.source import Options, Plan, Records, Refused

KINDS = "CSV, TSV, Excel, Parquet, JSON (lines), ISO 20022 XML; also gzipped or zipped"
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=f"{KINDS}.")]
MapFile = Annotated[
    Path | None,
    typer.Option("--map", exists=True, dir_okay=False, help="How columns become fields (YAML); see docs/import.md."),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="field=COLUMN, for a table whose columns are named otherwise; field= for none. Repeatable."
    ),
]
Currency = Annotated[str, typer.Option(help="Currency of a table's amounts, where no column says.")]
SourceName = Annotated[
    str | None,
    typer.Option(
        "--source", help="Whose ids these are: the same source and id are the same event. Default: the file's name."
    ),
]
Encoding = Annotated[str | None, typer.Option(help="The encoding of a text file. Default: UTF-8, else Windows-1252.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")]
# This many refused rows are described one by one; the rest are only counted.
DESCRIBED = 20


def options(
    map_file: Path | None,
    column: Sequence[str] | None,
    currency: str,
    source: str | None,
    encoding: str | None,
    limit: int | None,
    *,
    labels: bool,
) -> Options:
    """The options in the reader's form."""
    from streaming.importing.mapping import load
    from streaming.importing.source import Options

    mapping = None if map_file is None else load(map_file)
    return Options(mapping, tuple(column or ()), source, currency.strip().upper(), labels, encoding, limit)


def plan_files(paths: Sequence[Path], chosen: Options, say: Callable[[str], None]) -> list[Plan]:
    """How each file is read; what was recognized, taken for granted or doubtful is said once."""
    from streaming.importing.source import plan, source_named

    if len(paths) > 1 and chosen.source is None:
        chosen = replace(chosen, source=source_named(paths[0].parent.resolve().name))
    plans = [plan(path, chosen) for path in paths]
    if len(plans) > 1:
        plans = [replace(one, rows_of=f"{one.path.name[-48:]}:") for one in plans]
    said: set[str] = set()
    for one in plans:
        for line in describe(one):
            if line not in said:
                said.add(line)
                say(line)
    return plans


def describe(plan: Plan) -> Iterator[str]:
    """The description of a file, as lines."""
    if plan.labels is not None:
        yield f"{plan.path.name}: labels alone, of the source {plan.source!r} (--source says another)"
        yield from (f"  note: {note}" for note in plan.doubts)
        return
    if plan.mapping is None:
        yield f"{plan.path.name}: the stream's own records"
        return
    known = plan.mapping.about or f"read by the mapping {plan.mapping.name!r}"
    yield f"{plan.path.name}: {'columns taken for what they are called' if plan.examples else known}"
    yield f"  ids are of the source {plan.source!r} (--source says another)"
    for field, example in plan.examples.items():
        yield f"  {field}: {example}"
    for note in (*plan.notes, *plan.doubts):
        yield f"  note: {note}"


class RefusedRows:
    """Describes the first rows that are refused, and writes all of them to ``path`` once there is one."""

    def __init__(self, say: Callable[[str], None], verb: str, path: Path | None = None) -> None:
        from streaming.importing.refused_rows import RefusedFile

        self._say, self._verb, self.path = say, verb, path
        self._file = None if path is None else RefusedFile(path)
        self.count = 0

    def __call__(self, plan: Plan, row: Refused) -> None:
        """Add a refused row."""
        self.count += 1
        if self.count <= DESCRIBED:
            self._say(f"{self._verb}: {row}")
        if self._file is not None:
            self._file(plan, row)

    def close(self) -> None:
        """Write what is buffered."""
        if self._file is not None:
            self._file.close()


@contextmanager
def reading(
    plans: Sequence[Plan], now: datetime, chosen: Options, refused: Callable[[Plan, Refused], None]
) -> Iterator[Records]:
    """The records of ``plans``; a bar shows how much of a table is read, in bytes."""
    from streaming.importing.source import records

    with progress("reading", sum(one.path.stat().st_size for one in plans) or None) as (advance, _):
        seen: dict[str, int] = {"at": 0}

        def at(position: int, size: int) -> None:
            seen["at"] = 0 if position < seen["at"] else seen["at"]
            advance(position - seen["at"])
            seen["at"] = 0 if position == size else position

        with records(plans, now, chosen, refuse=refused, at=at) as found:
            yield found


@contextmanager
def local_files(names: Sequence[str]) -> Iterator[list[Path]]:
    """The files that ``names`` mean: files, folders, patterns, ``s3://bucket/key`` (fetched)."""
    with tempfile.TemporaryDirectory(prefix="risk-fetch-") as folder:
        found: list[Path] = []
        for name in names:
            found += [_fetched(name, Path(folder))] if name.startswith("s3://") else _local(name)
        yield found


ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".jsonl", ".ndjson", ".json",
           ".xml", ".gz", ".zip")  # fmt: skip


def _may_hold_rows(path: Path, folder: Path) -> bool:
    """Whether a file of a folder is one to import: by its ending, and neither hidden nor a list of refused rows."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
    about = path.stem.upper() in ("README", "LICENSE", "CHANGELOG")
    return not hidden and not about and path.name.lower().endswith(ENDINGS) and not path.name.endswith(".refused.csv")


def _local(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and _may_hold_rows(one, path))
        if not files:
            raise InvalidInput(f"{name}: no file in it has the ending of a table ({', '.join(ENDINGS)})", field="file")
    else:
        files = [path] if path.is_file() else sorted(Path(one) for one in glob.glob(name))  # noqa: PTH207  (a pattern)
    if not files:
        raise InvalidInput(f"{name}: no file is there", field="file")
    return files


def _fetched(url: str, folder: Path) -> Path:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not key:
        raise InvalidInput(f"{url} names no object: s3://BUCKET/KEY", field="file")
    path = folder / Path(key).name
    try:
        boto3.client("s3").download_file(bucket, key, str(path))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"{url} cannot be fetched: {error}") from error
    return path
