"""``risk score``: a file through the engine's very pipeline, into a file of scores."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.policy import offline_policy
from infra.commands.terminal import AsJson, counts, fail, progress
from risk.domain.errors import RiskError

# The rest is imported when it runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.engine.policy import Policy
    from streaming.offline.record_files import Refused
    from streaming.offline.score_file import Scores

# So many refused rows are described one by one; the rest are only counted.
DESCRIBED = 20


def score(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".parquet, .jsonl or .jsonl.gz")],
    out: Annotated[Path, typer.Option(help="Where to write the scores (parquet).")],
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Score by the model in this folder (risk train).")
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(help="Judge by the rules, lists, thresholds and champion of this database. Default: no rules."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="field=COLUMN, for a table whose columns are named otherwise; field= for none. Repeatable."),
    ] = None,
    currency: Annotated[str, typer.Option(help="Currency of a table's amounts, where no column says.")] = "EUR",
    labels: Annotated[
        bool, typer.Option("--labels", help="Let profiles learn a table's truth, seven days late.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score every event of a file as the engine would have, had they come in this order to an engine that is new.

    Parsing, duplicates, profiles, features, model, rules and reasons are those of the stream; nothing is sent and no
    database is written. Each row of the output has event_id, sequence, event_type, occurred_at, account_id,
    counterparty_id, amount, currency, score, level, base_score, scorer, reasons (JSON) and rule_hits. Rows that cannot
    be scored are told and counted.

    For example: risk score transactions.parquet --out scores.parquet
    """
    from streaming.offline.record_files import Accepted, count_rows, is_table, read_records
    from streaming.offline.score_file import write_scores

    if not out.parent.is_dir():
        fail(f"{out.parent} is no folder; make it first, or write elsewhere")
    if model is not None and database_url is not None:
        fail("Give either --model or --database-url: a database names its champion itself.")
    now, began = datetime.now(UTC), time.monotonic()
    try:
        records = read_records(file, now, column=column or (), currency=currency, labels=labels, limit=limit)
        total = count_rows(file) if limit is None else min(limit, count_rows(file))
        policy = offline_policy(model, database_url)
        with progress("scoring", total) as (advance, say):

            def refuse(row: Refused) -> None:
                if rows.refused <= DESCRIBED:
                    say(f"not scored: {row}")

            rows = Accepted(records, refuse, label_rows=not is_table(file))
            found = write_scores(rows, policy, out, now=now, advance=advance)
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    _report(found, rows.refused, policy, out, time.monotonic() - began, as_json)


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
