"""``risk train``: labelled history becomes a model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import InvalidInput, RiskError

# The rest is imported when it runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.training.train import Examples, Trained


def train(
    out: Annotated[
        Path | None, typer.Option(help="The folder to write the model into: model.txt and manifest.json.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Store the model in Postgres, where it can be made the challenger.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Learn from this: .parquet (the Handbook's columns), .jsonl(.gz)."
        ),
    ] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Learn from the simulator, as the model shipped.")
    ] = False,
    clean_after_days: Annotated[
        float | None,
        typer.Option(
            min=0.01, help="Count what nobody labelled as not fraud after so many days. Default: leave it out."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides what is left to chance.")] = 7,
    database_url: Annotated[
        str | None, typer.Option(envvar="DATABASE_URL", help="PostgreSQL. Default: the running local stack's.")
    ] = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Train a model on what was assessed and labelled, in Postgres or in a file; keep it with --out or --publish.

    It is fitted on the earliest part of the period, calibrated on the next and judged on the latest. Refused, with
    the reason, when there is too little to learn from or when the data knows the future.

    The model shipped was made by: risk train --simulated --out risk/scoring/models/default
    """
    import json

    from streaming.training.lightgbm_fit import Settings
    from streaming.training.train import train as make
    from streaming.training.train import write

    if out is None and not publish:
        fail("Say where the model shall go: --out FOLDER, --publish, or both.")
    if file is not None and simulated:
        fail("Give either --file or --simulated.")
    clean_after = None if clean_after_days is None else round(clean_after_days * 86_400)
    settings, now = Settings(seed=seed), datetime.now(UTC)
    try:
        # Asked for first: training takes longer than finding that there is nowhere to publish to.
        url = _database(database_url, data_dir) if publish or not (simulated or file) else ""
        if simulated:
            source, examples = f"simulator, seed {seed}", _simulated(seed)
        elif file is not None:
            source, examples = file.name, _from_file(file, now, clean_after)
        else:
            source, examples = "assessments and labels", _from_database(url, clean_after)
        with progress("training", settings.rounds) as (advance, _):
            created = None if simulated else now
            trained = make(examples, settings, source=source, now=now, created_at=created, advance=advance)
        if out is not None:
            write(trained, out)
        added = _publish(url, trained, now) if publish else False
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    if as_json:
        typer.echo(json.dumps(trained.manifest | ({"published": added} if publish else {})))
        return
    _report(trained.manifest)
    version = trained.manifest["version"]
    if out is not None:
        typer.echo(f"{version} written to {out}")
    if publish:
        typer.echo(
            f"{version} {'is stored' if added else 'was stored before'}. To let it score in shadow, as an Admin:"
        )
        typer.echo(f'POST /api/v1/models/{version}/promote {{"as": "challenger", "reason": "..."}}')


def _simulated(seed: int) -> Examples:
    from streaming.training import default_model

    with progress("simulating", default_model.total_events()) as (advance, _):
        return default_model.examples(seed, advance)


def _from_file(file: Path, now: datetime, clean_after: int | None) -> Examples:
    from streaming.offline.record_files import Accepted, count_rows, is_table, read_lines
    from streaming.training.labelled_examples import from_records, from_transactions

    with progress("streaming", count_rows(file)) as (advance, say):
        if is_table(file):
            if clean_after is not None:
                raise InvalidInput("--clean-after-days is for records: every row of a table has its label")
            return from_transactions(file, advance)
        rows = Accepted(read_lines(file, now), lambda row: say(f"left out: {row}"), label_rows=True)
        return from_records(rows, advance, clean_after=clean_after)


def _database(database_url: str | None, data_dir: Path) -> str:
    from infra.commands.connection import read_stack

    stack = read_stack(data_dir)
    url = database_url or (stack.database_url.get_secret_value() if stack else None)
    if url is None:
        raise InvalidInput("no database is known: start the local stack, or give --database-url, or --file and --out")
    return url


def _publish(url: str, trained: Trained, now: datetime) -> bool:
    from risk.store.db.engine import create_pool
    from risk.store.models import models

    engine = create_pool(url, application="risk train")
    try:
        with engine.begin() as connection:
            return models.add(connection, trained.manifest, trained.text, by="risk train", at=now)
    finally:
        engine.dispose()


def _from_database(url: str, clean_after: int | None) -> Examples:
    from risk.store.db.engine import create_pool
    from streaming.training.labelled_examples import from_database

    engine = create_pool(url, application="risk train", statement_seconds=600.0)
    try:
        with progress("reading", None) as (advance, _):
            return from_database(engine, clean_after=clean_after, advance=advance)
    finally:
        engine.dispose()


def _report(manifest: dict[str, Any]) -> None:
    for name, part in manifest["period"].items():
        typer.echo(f"{name:<11}{part['from']} to {part['to']}: {part['events']:,} events, {part['frauds']:,} frauds")
    figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in manifest["metrics"].items())
    typer.echo(f"on the latest part: {figures}")
