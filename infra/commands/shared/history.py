"""Imports into the running stack as history: submitted to the engine, followed, listed, undone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from infra.commands.shared.connection import read_stack
from infra.commands.shared.terminal import fail, progress
from risk.domain.errors import InvalidInput, RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from sqlalchemy import Engine

    from risk.store.imports.imports import Import
    from streaming.importing.source import Options, Plan, Records

BY = "risk import"
PATIENCE_SECONDS = 60.0
"""Seconds without progress after which the engine counts as not running."""
LISTED = 20


@contextmanager
def _database(data_dir: Path, database_url: str | None) -> Iterator[Engine]:
    from risk.store.db.engine import create_pool

    stack = read_stack(data_dir)
    url = database_url or (stack.database_url.get_secret_value() if stack else None)
    if url is None:
        raise InvalidInput("no local stack runs here: start one with `risk up`, or give --database-url")
    engine = create_pool(url, application=BY, size=2, statement_seconds=600.0)
    try:
        yield engine
    finally:
        engine.dispose()


def load_history(
    records: Records,
    plans: Sequence[Plan],
    options: Options,
    data_dir: Path,
    database_url: str | None,
    *,
    train: bool,
    model_out: Path | None,
) -> dict[str, Any]:
    """Load ``records`` into the stack as history, wait for the engine, and train on the result if asked."""
    from streaming.importing import loading

    with _database(data_dir, database_url) as engine:
        begun = loading.begin(engine, plans, options, by=BY)
        if begun.written:
            typer.echo(f"import {begun.id} broke off before and goes on", err=True)
        began = time.monotonic()
        with progress("sorting and sending", None) as (advance, _):
            loading.put_up(engine, begun, records, advance)
        with progress("loading", records.counts.events + records.counts.labels) as (advance, _):
            seen = {"loaded": 0}

            def done(found: Import) -> None:
                advance(found.loaded - seen["loaded"])
                seen["loaded"] = found.loaded

            ended = loading.wait(engine, begun.id, done, patience=PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        trained = _train(engine, model_out) if train and ended.status == "done" else {}
    return {
        "import": ended.id,
        "status": ended.status.value,
        "loaded": {"events": ended.events, "labels": ended.labels, "repeated": ended.repeated, "failed": ended.failed},
        "loading_seconds": round(seconds, 3),
        "unloaded": records.counts.events + records.counts.labels - ended.loaded,
        **trained,
    }


def _train(engine: Engine, model_out: Path | None) -> dict[str, Any]:
    from risk.store.models import models
    from streaming.training.labelled_examples import from_database
    from streaming.training.lightgbm_fit import Settings
    from streaming.training.train import train, write

    settings, now = Settings(), datetime.now(UTC)
    with progress("reading", None) as (advance, _):
        examples = from_database(engine, advance=advance)
    with progress("training", settings.rounds) as (advance, _):
        trained = train(examples, settings, source="import", now=now, created_at=now, advance=advance)
    if model_out is not None:
        write(trained, model_out)
    with engine.begin() as connection:
        models.add(connection, trained.manifest, trained.text, by=BY, at=now)
    where = str(model_out) if model_out else None
    return {"model": trained.manifest["version"], "metrics": trained.manifest["metrics"], "model_out": where}


def describe_loaded(found: dict[str, Any]) -> str:
    """The outcome of an import, as lines."""
    loaded, seconds = found["loaded"], max(found["loading_seconds"], 1e-9)
    rate = sum(loaded.values()) / seconds
    lines = [
        f"import {found['import']} is {found['status']}: {loaded['events']:,} events, {loaded['labels']:,} labels in "
        f"{seconds:.1f} s ({rate:,.0f}/s); known before {loaded['repeated']:,}, failed {loaded['failed']:,} "
        f"(see the dead letters). To take it back: risk import --undo {found['import']}"
    ]
    if found["unloaded"]:
        lines.append(
            f"{found['unloaded']:,} records wait: the engine does not load them now; it goes on by itself once it runs"
        )
    return "\n".join(lines)


def history_imports(data_dir: Path, database_url: str | None, undo: int | None, as_json: bool) -> None:
    """List the imports of the stack, or undo one and wait until that is done."""
    from risk.store.imports import imports
    from streaming.importing import loading

    try:
        with _database(data_dir, database_url) as engine:
            if undo is None:
                with engine.connect() as connection:
                    found = imports.page(connection, limit=LISTED)
            else:
                loading.undo(engine, undo, by=BY)
                with progress("taking it back", None):
                    found = [_undone(engine, undo)]
    except RiskError as error:
        fail(str(error), code=1)
    for one in found:
        typer.echo(json.dumps(_as_json(one)) if as_json else _line(one))
    if not found and not as_json:
        typer.echo("nothing was imported")
    if undo is not None and found[0].status != "undone":
        fail(f"import {undo} is not taken back yet: the engine does it once it runs", code=1)


def _undone(engine: Engine, import_id: int) -> Import:
    from risk.store.imports import imports

    began = time.monotonic()
    while True:
        with engine.connect() as connection:
            found = imports.get(connection, import_id)
        if found.status == "undone" or time.monotonic() - began > 10 * PATIENCE_SECONDS:
            return found
        time.sleep(0.2)


def _as_json(one: Import) -> dict[str, Any]:
    return json.loads(json.dumps(one.__dict__ | {"status": one.status.value}, default=str))  # type: ignore[no-any-return]


def _line(one: Import) -> str:
    return (
        f"{one.id:>4}  {one.status.value:<8} {one.created_at:%Y-%m-%d %H:%M}  {one.name}: {one.events:,} events, "
        f"{one.labels:,} labels, {one.repeated:,} known before, {one.failed:,} failed, {one.refused:,} rows refused"
        f"; by {one.created_by}" + (f", taken back by {one.undone_by}" if one.undone_by else "")
    )
