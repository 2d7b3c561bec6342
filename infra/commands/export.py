"""``risk export``: assessments and labels as Parquet by day, in a folder or on S3."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import InvalidInput, RiskError, Unavailable

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.offline.export_days import Written

Day = Annotated[str | None, typer.Option(help="A day, such as 2026-11-29 (UTC). Default: yesterday.")]


def export(
    out: Annotated[str, typer.Option(help="A folder, or s3://bucket/prefix.")],
    since: Day = None,
    until: Day = None,
    database_url: Annotated[
        str | None, typer.Option(envvar="DATABASE_URL", help="Default: the running local stack's.")
    ] = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Write events and labels by day, as events/date=…/events.parquet and labels/date=…/labels.parquet.

    An event belongs to the day it was scored, a label to the day it came in. A day is written anew, whole, each time.

    For example: risk export --out s3://my-bucket/risk --since 2026-11-01 --until 2026-11-28
    """
    from infra.commands.shared.connection import read_stack
    from risk.store.db.engine import create_pool
    from streaming.offline.export_days import days, write_day

    try:
        first, last = _span(since, until)
        stack = read_stack(data_dir)
        url = database_url or (stack.database_url.get_secret_value() if stack else None)
        if url is None:
            raise InvalidInput("no local stack runs here: start one with `risk up`, or give --database-url")
        with ExitStack() as held, progress("exporting", None) as (advance, _):
            remote = out.startswith("s3://")
            folder = (
                Path(held.enter_context(tempfile.TemporaryDirectory(prefix="risk-export-"))) if remote else Path(out)
            )
            engine = create_pool(url, application="risk export", statement_seconds=3_600.0)
            held.callback(engine.dispose)
            written: list[Written] = []
            for day in days(first, last):
                for file in write_day(engine, day, folder, advance):
                    written.append(file)
                    if remote:
                        _upload(file.path, out, file.path.relative_to(folder))
                        file.path.unlink()
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    told = {
        "days": (last - first).days + 1,
        "events": sum(file.rows for file in written if file.path.name == "events.parquet"),
        "labels": sum(file.rows for file in written if file.path.name == "labels.parquet"),
        "out": out,
    }
    typer.echo(
        json.dumps(told)
        if as_json
        else f"{told['days']} days: {told['events']:,} events and {told['labels']:,} labels are in {out}"
    )


def _span(since: str | None, until: str | None) -> tuple[date, date]:
    today = datetime.now(UTC).date()
    try:
        first = date.fromisoformat(since) if since else today - timedelta(days=1)
        last = date.fromisoformat(until) if until else max(first, today - timedelta(days=1))
    except ValueError as error:
        raise InvalidInput(f"--since and --until are days, such as 2026-11-29: {error}") from error
    if last < first:
        raise InvalidInput(f"--until {last} is before --since {first}")
    return first, last


def _upload(path: Path, out: str, name: Path) -> None:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, prefix = out.removeprefix("s3://").partition("/")
    key = "/".join(part for part in (prefix.strip("/"), name.as_posix()) if part)
    if not bucket:
        raise InvalidInput(f"{out} names no bucket: s3://BUCKET/PREFIX", field="out")
    try:
        boto3.client("s3").upload_file(str(path), bucket, key)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"{key} cannot be written to {bucket}: {error}") from error
