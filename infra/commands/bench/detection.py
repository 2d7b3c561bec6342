"""``risk bench detection``: how much fraud is found, week by week, trained on what was known by then."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared import files
from infra.commands.shared.terminal import AsJson, fail, progress
from risk.domain.errors import RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.bench.detection import Scored
    from streaming.importing.source import Options
    from streaming.training.evaluation import Fold, Quality
    from streaming.training.event_history import Transactions

HANDBOOK_FOLDS = ("2018-08-08", "2018-08-15", "2018-08-22", "2018-08-29")


def detection(
    data: Annotated[Path, typer.Option(exists=True, dir_okay=False, help=f"Transactions with labels: {files.KINDS}.")],
    out: Annotated[Path, typer.Option(help="Where to write fold, transaction_id, score (parquet).")],
    folds: Annotated[
        list[str] | None,
        typer.Option(help="First days of test weeks, with spaces or commas between. Default: the Handbook's."),
    ] = None,
    more_folds: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    train_days: Annotated[int, typer.Option(min=1, max=365, help="Days to learn from, up to the label delay.")] = 7,
    map_file: files.MapFile = None,
    column: files.ColumnOption = None,
    currency: files.Currency = "EUR",
    source: files.SourceName = None,
    encoding: files.Encoding = None,
    as_json: AsJson = False,
) -> None:
    """Train for each test week on labels known by then, score the week through the streaming features.

    Metrics and folds follow the Fraud Detection Handbook (chapters 4 and 5; Le Borgne et al., 2022). The baseline
    is a logistic regression on the same vectors and folds.
    """
    from streaming.bench.detection import check_folds

    began = time.monotonic()
    if not out.parent.is_dir():
        fail(f"{out.parent} is not a folder; make it first, or write elsewhere")
    try:
        chosen = files.options(map_file, column, currency, source, encoding, None, labels=True)
        transactions = _transactions(data, chosen)
        starts = _starts([*(folds or ()), *(more_folds or ())])
        weeks = _run(transactions, check_folds(transactions, starts, train_days))
        _write(out, weeks)
    except (RiskError, OSError) as error:
        fail(str(error))
    _report(weeks, train_days, time.monotonic() - began, as_json)


def _transactions(data: Path, chosen: Options) -> Transactions:
    from streaming.training.event_history import is_handbook, read_transactions
    from streaming.training.labelled_examples import transactions_of

    if chosen.mapping is None and not chosen.columns and is_handbook(data):
        return read_transactions(data)

    def say(line: str) -> None:
        typer.echo(line, err=True)

    rows = files.RefusedRows(say, "left out")
    with files.reading(files.plan_files([data], chosen, say), datetime.now(UTC), chosen, rows) as records:
        return transactions_of(records)


def _starts(folds: list[str]) -> list[date]:
    texts = [text.strip() for given in folds or HANDBOOK_FOLDS for text in given.split(",") if text.strip()]
    try:
        return sorted({date.fromisoformat(text) for text in texts})
    except ValueError as error:
        fail(f"--folds takes first days of weeks, such as 2018-08-08: {error}")


def _run(transactions: Transactions, folds: list[Fold]) -> list[Scored]:
    import numpy as np

    from streaming.bench.detection import fitting_steps, run_fold, wanted

    chosen = wanted(transactions, folds)
    last = int(np.flatnonzero(chosen)[-1]) + 1
    with progress("streaming", last) as (advance, _):
        vectors = transactions.matrix(chosen, advance)
    rows = np.cumsum(chosen) - 1
    with progress("training", fitting_steps(folds)) as (advance, _):
        return [run_fold(transactions, fold, vectors, rows, advance) for fold in folds]


def _write(out: Path, weeks: list[Scored]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    parts = [
        pa.table({"fold": [week.start.isoformat()] * len(week.ids), "transaction_id": week.ids, "score": week.scores})
        for week in weeks
    ]
    pq.write_table(pa.concat_tables(parts), out)


def _report(weeks: list[Scored], train_days: int, seconds: float, as_json: bool) -> None:
    from streaming.bench.detection import mean

    model, baseline = mean([week.model for week in weeks]), mean([week.baseline for week in weeks])
    for week in weeks:
        typer.echo(f"{week.start}  {_words(week.model)}   baseline {_words(week.baseline)}   ({week.judged:,} judged)")
    typer.echo(
        f"mean        {_words(model)}   baseline {_words(baseline)}   trained on {train_days} days, {seconds:.0f} s\n"
        f"ratio to the baseline: AUC {model.auc / baseline.auc:.3f}, AP {model.ap / baseline.ap:.3f}, "
        f"CP@100 {model.cp100 / baseline.cp100:.3f}"
    )
    if as_json:
        summary = {
            "bench": "detection",
            "train_days": train_days,
            "folds": [week.start.isoformat() for week in weeks],
            **{name: round(value, 4) for name, value in model._asdict().items()},
            "baseline": {
                "name": "logistic regression",
                **{name: round(value, 4) for name, value in baseline._asdict().items()},
            },
            "ratio": round(model.ap / baseline.ap, 4),
            "seconds": round(seconds, 1),
        }
        typer.echo(json.dumps(summary))


def _words(quality: Quality) -> str:
    return f"AUC {quality.auc:.3f} AP {quality.ap:.3f} CP@100 {quality.cp100:.3f}"
