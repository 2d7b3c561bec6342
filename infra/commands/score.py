"""``risk score``: scores a file with the engine's own pipeline."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared import files
from infra.commands.shared.policy import offline_policy
from infra.commands.shared.processes import Processes
from infra.commands.shared.terminal import AsJson, counts, fail
from risk.domain.errors import RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.engine.policy import Policy
    from streaming.offline.score_file import Scores


def score(
    file: files.File,
    out: Annotated[Path, typer.Option(help="Where to write the scores (parquet).")],
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Score by the model in this folder (risk train).")
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(help="Judge by the rules, lists, configuration and champion of this database. Default: no rules."),
    ] = None,
    limit: files.Limit = None,
    map_file: files.MapFile = None,
    column: files.ColumnOption = None,
    currency: files.Currency = "EUR",
    source: files.SourceName = None,
    encoding: files.Encoding = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Let profiles learn a table's truth, as late as it became known.")
    ] = False,
    features: Annotated[
        bool, typer.Option("--features", help="Write each event's feature vector, too: a column for each feature.")
    ] = False,
    processes: Processes = 1,
    as_json: AsJson = False,
) -> None:
    """Score every event of a file as the engine would have, had they come in this order to an engine that is new.

    A table's rows are put in the order of time first. Parsing, duplicates, profiles, features, model, rules and reasons
    are those of the stream; nothing is sent and no database is written. Each row of the output has event_source,
    event_id, sequence, event_type, occurred_at, account_id, counterparty_id, amount, currency, score, level, decision,
    decision_because,
    base_score, scorer, reasons (JSON) and rule_hits. Rows that cannot be scored are reported and counted; if none can,
    it ends with code 1.

    For example: risk score transactions.parquet --out scores.parquet
    """
    from streaming.offline.score_file import write_scores

    if not out.parent.is_dir():
        fail(f"{out.parent} is not a folder; make it first, or write elsewhere")
    if model is not None and database_url is not None:
        fail("Give either --model or --database-url: a database names its champion itself.")
    now, began = datetime.now(UTC), time.monotonic()
    rows = files.RefusedRows(lambda line: typer.echo(line, err=True), "not scored")
    try:
        chosen = files.options(map_file, column, currency, source, encoding, limit, labels=labels)
        plans = files.plan_files([file], chosen, lambda line: typer.echo(line, err=True))
        policy = offline_policy(model, database_url)
        with files.reading(plans, now, chosen, rows) as records:
            found = write_scores(records, policy, out, now=now, features=features, processes=processes)
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    _report(found, rows.count, policy, out, time.monotonic() - began, as_json)
    if not found.levels.total():
        fail("no event was scored", code=1)


def _report(found: Scores, refused: int, policy: Policy, out: Path, seconds: float, as_json: bool) -> None:
    if as_json:
        summary = {
            "events": found.levels.total(),
            "levels": dict(found.levels),
            "labels": found.labels,
            "not_scored": dict(found.dead),
            "refused": refused,
            "scorer": policy.champion.version,
            "seconds": round(seconds, 3),
            "out": str(out),
        }
        typer.echo(json.dumps(summary))
        return
    events = found.levels.total()
    rate = events / max(seconds, 1e-9)
    typer.echo(
        f"scored {events:,} events by {policy.champion.version} in {seconds:.1f} s ({rate:,.0f}/s)"
        f"\n  by level: {counts(found.levels) or 'none'}"
    )
    if found.dead or refused:
        typer.echo(f"  not scored: {counts(found.dead) or 'none'}; rows that could not be read: {refused:,}")
    typer.echo(f"written to {out}")
