"""``risk import``: files of any common format become events and labels."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared import files
from infra.commands.shared.history import describe_loaded, history_imports, load_history
from infra.commands.shared.terminal import AsJson, DataDir, counts, fail, progress
from risk.domain.errors import InvalidInput, RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.importing.source import Options, Plan, Records
    from streaming.offline.score_file import Scores

PREVIEWED = 10
BATCH = 2_000


class To(StrEnum):
    """Where an import goes."""

    STACK = "stack"
    FILE = "file"
    SCORES = "scores"


class Then(StrEnum):
    """What follows an import."""

    TRAIN = "train"


def import_file(
    file: Annotated[
        list[str] | None, typer.Argument(help=f"Files, folders, patterns or s3://bucket/key: {files.KINDS}.")
    ] = None,
    to: Annotated[
        To | None, typer.Option(help="The running stack, a file of the stream's records, or scores (parquet).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file for --to file (.jsonl, .jsonl.gz) or --to scores.")] = None,
    map_file: files.MapFile = None,
    column: files.ColumnOption = None,
    currency: files.Currency = "EUR",
    source: files.SourceName = None,
    encoding: files.Encoding = None,
    limit: files.Limit = None,
    live: Annotated[
        bool, typer.Option("--live", help="To the stack as if it happened now: alerts, webhooks, the live view.")
    ] = False,
    list_imports: Annotated[bool, typer.Option("--list", help="Show what was imported into the stack.")] = False,
    undo: Annotated[
        int | None,
        typer.Option(min=1, help="Take this import back, with all that profiles learnt of it."),
    ] = None,
    labels: Annotated[bool, typer.Option("--labels/--no-labels", help="Whether to take a table's truth too.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the first ten rows as events.")] = False,
    save_map: Annotated[Path | None, typer.Option(help="Write the mapping there, to be corrected for --map.")] = None,
    refused: Annotated[
        Path | None, typer.Option(help="Where refused rows go (CSV). Default: FILE.refused.csv in this folder.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page about the data there (HTML): what model and rules make of it.")
    ] = None,
    then: Annotated[Then | None, typer.Option(help="train: make a model of the events and their labels.")] = None,
    model_out: Annotated[Path | None, typer.Option(help="For --then train: the folder of the model.")] = None,
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="For --to scores and --report: by this model.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether columns were understood.")] = False,
    data_dir: DataDir = Path(".risk"),
    database_url: Annotated[
        str | None, typer.Option(envvar="DATABASE_URL", help="Of the stack. Default: the running local stack's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import files as they are: columns are recognized or mapped, rows that cannot be read are kept with their reason.

    Rows go in the order of time, labels when they became known, in memory that does not grow with the file. An id and
    its source make an event: what is imported again is the same events. Into the running stack they go as history:
    profiles learn of them, no alert is raised and nobody is told; begun again after it broke off, an import goes on.
    Ends with code 1 when no row could be read, or when something was not delivered.

    For example: risk import paysim.csv --to scores --out scores.parquet
    """
    if list_imports or undo is not None:
        history_imports(data_dir, database_url, undo, as_json)
        return
    if not file:
        fail("Give files, folders, patterns or s3://bucket/key; or --list; or --undo NUMBER.")
    now, began = datetime.now(UTC), time.monotonic()
    try:
        with files.local_files(file) as paths:
            chosen = files.options(map_file, column, currency, source, encoding, limit, labels=labels)
            plans = files.plan_files(paths, chosen, lambda line: typer.echo(line, err=True))
            if save_map is not None:
                _save(plans, save_map)
            if dry_run:
                _preview(plans, now, chosen)
                return
            if to is None and then is None and report is None:
                fail("Say where to: --to stack, --to file, --to scores; or --then train; or --report; or --dry-run.")
            _confirm(plans, yes)
            rows = files.RefusedRows(
                lambda line: typer.echo(line, err=True), "refused", refused or Path(f"{paths[0].name}.refused.csv")
            )
            found: dict[str, Any] = {}
            try:
                if to is not None or then is not None:
                    with files.reading(plans, now, chosen, rows) as records:
                        goal = Goal(to, out, model, then, model_out, data_dir, database_url, live)
                        found = _carry_out(records, chosen, plans, now, goal)
                if report is not None:
                    again = rows if not found else lambda *_: None
                    with files.reading(plans, now, chosen, again) as records:
                        found |= _page(records, plans, now, report, model, data_dir, database_url)
            finally:
                rows.close()
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    _report(records, rows, found, time.monotonic() - began, as_json)
    if (
        not records.counts.events + records.counts.labels
        or found.get("failed")
        or found.get("before")
        or found.get("unloaded")
    ):
        raise typer.Exit(1)


def _save(plans: list[Plan], path: Path) -> None:
    from streaming.importing.mapping import as_yaml

    mapping = next((plan.mapping for plan in plans if plan.mapping is not None), None)
    if mapping is None:
        raise InvalidInput("the stream's own records need no mapping", field="save_map")
    path.write_text(as_yaml(mapping), "utf-8")
    typer.echo(f"the mapping is written to {path}", err=True)


def _preview(plans: list[Plan], now: datetime, chosen: Options) -> None:
    from streaming.importing.source import preview

    for plan in plans:
        for row in preview(plan, now, chosen, PREVIEWED):
            typer.echo(json.dumps(row, ensure_ascii=False))


def _confirm(plans: list[Plan], yes: bool) -> None:
    """A person confirms guesses; a program passes --map or --yes."""
    if yes or not any(plan.examples for plan in plans) or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    if not typer.confirm("Is that right? (no: --save-map FILE, correct it, --map FILE)", default=True, err=True):
        fail("Nothing was imported.")


@dataclass(frozen=True)
class Goal:
    """The options --to and --then, with those that belong to them."""

    to: To | None
    out: Path | None
    model: Path | None
    then: Then | None
    model_out: Path | None
    data_dir: Path
    database_url: str | None
    live: bool

    def check(self) -> None:
        """Raise ``InvalidInput`` for options that cannot be combined."""
        if self.live and self.to is not To.STACK:
            raise InvalidInput("--live goes with --to stack", field="live")
        if self.then is not None and (self.to is To.SCORES or self.live):
            raise InvalidInput("--then train goes alone, with --to file, or with --to stack", field="then")
        if self.then is not None and self.to is not To.STACK and self.model_out is None:
            raise InvalidInput("--then train needs --model-out FOLDER", field="model_out")
        if self.to in (To.FILE, To.SCORES) and self.out is None:
            raise InvalidInput(f"--to {self.to} needs --out FILE", field="out")


def _carry_out(records: Records, chosen: Options, plans: list[Plan], now: datetime, goal: Goal) -> dict[str, Any]:
    goal.check()
    if goal.to is To.SCORES and goal.out is not None:
        return _score(records, now, goal.out, goal.model)
    if goal.to is To.STACK:
        if goal.live:
            return _send(records, now, goal.data_dir)
        return load_history(
            records, plans, chosen, goal.data_dir, goal.database_url,
            train=goal.then is not None, model_out=goal.model_out,
        )  # fmt: skip
    found: dict[str, Any] = {}
    if goal.to is To.FILE and goal.out is not None:
        found |= _write(records, goal.out)
    if goal.then is not None and goal.model_out is not None:
        found |= _train(records, now, goal.out, goal.model_out)
    return found


def _write(records: Records, out: Path) -> dict[str, Any]:
    from infra.commands.shared.delivery import FileTarget

    target = FileTarget(out)
    try:
        for record in records:
            target.send([record])
    finally:
        target.close()
    return {"out": str(out)}


def _score(records: Records, now: datetime, out: Path, model: Path | None) -> dict[str, Any]:
    from infra.commands.shared.policy import offline_policy
    from streaming.offline.score_file import write_scores

    with progress("scoring", None) as (advance, _):
        scores: Scores = write_scores(records, offline_policy(model, None), out, now=now, advance=advance)
    return {"out": str(out), "levels": dict(scores.levels), "not_scored": dict(scores.dead)}


def _page(
    records: Records,
    plans: list[Plan],
    now: datetime,
    out: Path,
    model: Path | None,
    data_dir: Path,
    database_url: str | None,
) -> dict[str, Any]:
    from infra.commands.shared.connection import read_stack
    from infra.commands.shared.policy import offline_policy
    from streaming.reports.make import write_report

    stack = read_stack(data_dir)
    url = database_url or (stack.database_url.get_secret_value() if stack else None)
    policy = offline_policy(model, None if model is not None else url)
    name = ", ".join(plan.path.name for plan in plans[:3]) + (f" and {len(plans) - 3} more" if plans[3:] else "")
    notes = list(dict.fromkeys(note for plan in plans for note in (*plan.notes, *plan.doubts)))
    with progress("judging", None) as (advance, _):
        facts = write_report(records, policy, out, name=name, notes=notes, now=now, advance=advance)
    return {"report": str(out), "frauds": facts.all.frauds, "auc": facts.auc()}


def _send(records: Records, now: datetime, data_dir: Path) -> dict[str, Any]:
    from infra.commands.shared.connection import kinesis_target, read_stack
    from infra.commands.shared.delivery import Delivery, Schedule, paced
    from infra.commands.shared.scored_before import ScoredBefore

    stack = read_stack(data_dir)
    target = kinesis_target(stack, endpoint_url=None, stream=None)
    before = ScoredBefore(stack.database_url.get_secret_value() if stack else None, now)
    try:
        with progress("sending", None) as (advance, say):
            delivery = Delivery(target, say=say)
            for batch in paced(before.pass_on(records), Schedule(0)):
                delivery.send(batch)
                advance(len(batch))
    finally:
        target.close()
    return {
        "sent": delivery.events,
        "failed": delivery.failed,
        "scored_before": before.same,
        "other_events_with_their_ids": before.conflicts,
        "before": str(before),
    }


def _train(records: Records, now: datetime, written: Path | None, out: Path) -> dict[str, Any]:
    from streaming.importing.source import read_lines
    from streaming.training.labelled_examples import from_records
    from streaming.training.lightgbm_fit import Settings
    from streaming.training.train import train, write

    settings = Settings()
    known = records if written is None else read_lines(written, now)
    with progress("streaming", None) as (advance, _):
        examples = from_records((one for one in known if not isinstance(one, tuple)), advance)
    with progress("training", settings.rounds) as (advance, _):
        trained = train(examples, settings, source="import", now=now, created_at=now, advance=advance)
    write(trained, out)
    return {"model": trained.manifest["version"], "metrics": trained.manifest["metrics"], "model_out": str(out)}


def _report(records: Records, refused: files.RefusedRows, found: dict[str, Any], seconds: float, as_json: bool) -> None:
    count = records.counts
    if as_json:
        told = {"rows": count.rows, "events": count.events, "labels": count.labels, "refused": count.refused, **found}
        typer.echo(json.dumps({**told, "seconds": round(seconds, 3)}))
        return
    rate = count.rows / max(seconds, 1e-9)
    typer.echo(
        f"{count.rows:,} rows = {count.events:,} events + {count.refused:,} refused"
        f"{', with ' if count.labels else '; '}{count.labels:,} labels, in {seconds:.1f} s ({rate:,.0f}/s)"
    )
    if count.refused:
        typer.echo(f"refused rows, with their line and reason: {refused.path}")
    if "levels" in found:
        from collections import Counter

        typer.echo(f"by level: {counts(Counter(found['levels'])) or 'none'}")
        if found["not_scored"]:
            typer.echo(f"not scored: {counts(Counter(found['not_scored']))}")
    if "report" in found:
        typer.echo(f"the report is in {found['report']}")
    if "import" in found:
        typer.echo(describe_loaded(found))
    if "sent" in found:
        typer.echo(f"sent {found['sent']:,} events, failed {found['failed']:,}")
        if found["before"]:
            typer.echo(found["before"])
    if "model" in found:
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found["metrics"].items())
        where = f"written to {found['model_out']}" if found["model_out"] else "stored, to be promoted"
        typer.echo(f"{found['model']} {where}; on the latest part: {figures}")
    if "out" in found:
        typer.echo(f"written to {found['out']}")
