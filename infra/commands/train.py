"""``risk train``: trains a model on labelled history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared import files
from infra.commands.shared.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import InvalidInput, RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from risk.domain.assessment import Thresholds
    from streaming.importing.source import Options
    from streaming.training.examples import Examples
    from streaming.training.train import Trained


def train(
    out: Annotated[
        Path | None, typer.Option(help="The folder to write the model into: model.txt and manifest.json.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Store the model in Postgres, where it can be made the challenger.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=f"Learn from this: {files.KINDS}.")
    ] = None,
    map_file: files.MapFile = None,
    column: files.ColumnOption = None,
    currency: files.Currency = "EUR",
    source_name: files.SourceName = None,
    encoding: files.Encoding = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Learn from the simulator, as the model shipped.")
    ] = False,
    maturity_days: Annotated[
        float | None,
        typer.Option(
            "--maturity-days",
            "--clean-after-days",
            min=0,
            help="Count what nobody reported as legitimate after so many days. Default: when nine of ten frauds are "
            "reported.",
        ),
    ] = None,
    alerts_per_day: Annotated[
        float | None, typer.Option(min=0.1, help="Propose levels for about so many alerts a day.")
    ] = None,
    review_cost: Annotated[
        float | None, typer.Option(min=0, help="Propose levels by what a review costs, with --fraud-loss.")
    ] = None,
    fraud_loss: Annotated[float | None, typer.Option(min=0, help="What a fraud loses on average.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides what is left to chance.")] = 7,
    database_url: Annotated[
        str | None, typer.Option(envvar="DATABASE_URL", help="PostgreSQL. Default: the running local stack's.")
    ] = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Train a model on what was assessed and labelled, in Postgres or in a file; keep it with --out or --publish.

    An event counts as legitimate when nobody reported it for --maturity-days; frauds alone are enough labels, 50 of
    them. The figures are of a model that knew only what was known when the judged part began; the model that is kept
    learns from all. Refused, with what would help, when there is too little to learn from or when the data knows the
    future.

    The model shipped was made by: risk train --simulated --out risk/scoring/models/default
    """
    import json

    from streaming.training.lightgbm_fit import Settings
    from streaming.training.train import fitting_rounds, write
    from streaming.training.train import train as make

    if out is None and not publish:
        fail("Say where the model shall go: --out FOLDER, --publish, or both.")
    if file is not None and simulated:
        fail("Give either --file or --simulated.")
    maturity = None if maturity_days is None else round(maturity_days * 86_400)
    if (review_cost is None) != (fraud_loss is None):
        fail("Give both --review-cost and --fraud-loss, or neither.")
    settings, now = Settings(seed=seed), datetime.now(UTC)
    fraud_share: float | None = None
    try:
        chosen = files.options(map_file, column, currency, source_name, encoding, None, labels=True)
        # Checked first: better to learn before training that there is nowhere to publish to.
        url = _database(database_url, data_dir) if publish or not (simulated or file) else ""
        if simulated:
            from streaming.training.default_model import FRAUD_SHARE

            source, examples, fraud_share = f"simulator, seed {seed}", _simulated(seed), FRAUD_SHARE
        elif file is not None:
            source, examples = file.name, _from_file(file, now, chosen)
        else:
            source, examples = "assessments and labels", _from_database(url)
        with progress("training", fitting_rounds(settings)) as (advance, _):
            created = None if simulated else now
            trained = make(
                examples, settings, source=source, now=now, created_at=created, maturity=maturity,
                fraud_share=fraud_share, advance=advance,
            )  # fmt: skip
        levels = _levels(trained.manifest, alerts_per_day, review_cost, fraud_loss)
        if out is not None:
            write(trained, out)
        added = _publish(url, trained, now) if publish else False
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    if as_json:
        proposed = {} if levels is None else {"levels": levels.model_dump()}
        typer.echo(json.dumps(trained.manifest | proposed | ({"published": added} if publish else {})))
        return
    _report(trained.manifest, levels)
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

    with progress("simulating worlds", default_model.WORLDS) as (advance, _):
        return default_model.examples(seed, advance)


def _from_file(file: Path, now: datetime, chosen: Options) -> Examples:
    from streaming.training.event_history import is_handbook
    from streaming.training.labelled_examples import from_records, from_transactions

    plans = files.plan_files([file], chosen, lambda line: typer.echo(line, err=True))
    with progress("streaming", None) as (advance, say):
        if chosen.mapping is None and not chosen.columns and is_handbook(file):
            return from_transactions(file, advance)
        rows = files.RefusedRows(say, "left out")
        with files.reading(plans, now, chosen, rows) as records:
            return from_records(records, advance)


def _database(database_url: str | None, data_dir: Path) -> str:
    from infra.commands.shared.connection import read_stack

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


def _from_database(url: str) -> Examples:
    from risk.store.db.engine import create_pool
    from streaming.training.labelled_examples import from_database

    engine = create_pool(url, application="risk train", statement_seconds=600.0)
    try:
        with progress("reading", None) as (advance, _):
            return from_database(engine, advance=advance)
    finally:
        engine.dispose()


def _levels(
    manifest: dict[str, Any], alerts_per_day: float | None, review_cost: float | None, fraud_loss: float | None
) -> Thresholds | None:
    from streaming.training.alert_curve import Step, levels_by_budget, levels_by_cost

    if review_cost is not None and fraud_loss is not None:
        return levels_by_cost(review_cost, fraud_loss)
    if alerts_per_day is None:
        return None
    return levels_by_budget([Step(**step) for step in manifest["alert_curve"]], alerts_per_day)


def _report(manifest: dict[str, Any], levels: Thresholds | None) -> None:
    for name, part in manifest["period"].items():
        typer.echo(f"{name:<8}{part['from']} to {part['to']}: {part['events']:,} events, {part['frauds']:,} frauds")
    typer.echo(
        f"an event is legitimate when nobody reported it for {manifest['maturity_days']:g} days; the model that was "
        f"judged learnt from what was {manifest['gap_days']:g} days old when the judged part began"
    )
    if manifest["gap_days"] < manifest["maturity_days"]:
        typer.echo("the period is short for its label delay: some of the frauds it learnt from were not reported yet")
    figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in manifest["metrics"].items())
    typer.echo(f"on the judged part: {figures}")
    for step in manifest["alert_curve"]:
        typer.echo(
            f"  {step['alerts_per_day']:>6,.0f} alerts a day from {step['threshold']:.4f}: "
            f"precision {step['precision']:.0%}, recall {step['recall']:.0%}"
        )
    if levels is not None:
        typer.echo(f"proposed bounds: low {levels.low:g}, medium {levels.medium:g}, high {levels.high:g}")
