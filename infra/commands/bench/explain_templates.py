"""``risk bench explain-templates``: template explanations of every event of a history, and their cost."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine

    from risk.domain.events import Event, Label
    from risk.store.explanations.explanations import Given

_RATE = 200.0
_MOST_TOLD = 5
_KEPT = 10


@dataclass
class Measured:
    """Seconds per explanation and per assessment read; failures by kind; a sample of explanations."""

    explaining: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    shown: list[Given] = field(default_factory=list)

    @property
    def added(self) -> list[float]:
        """Seconds per event on top of reading its assessment."""
        return [whole - alone for whole, alone in zip(self.explaining, self.reading, strict=True)]


def explain_templates(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True, dir_okay=False, help=".parquet or .jsonl to replay; without one, simulated events."
        ),
    ] = None,
    events: Annotated[int, typer.Option(min=100, help="How many events.")] = 20_000,
    show: Annotated[
        int, typer.Option(min=0, help="Print so many of the explanations: half of the riskiest events, half of all.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Score a history, store it in a PostgreSQL of its own, and explain each of its events by the template.

    The baseline is reading the assessment from the same database, in the same run. ``ratio`` is how many times as long
    as that an explanation takes, at the 95th percentile.
    """
    from infra.local.stack.processes import LocalError

    try:
        with progress("explaining", events) as (advance, say):
            found = measure(file, events, show, advance, say)
    except LocalError as error:
        fail(str(error), code=1)
    for given in found.shown:
        typer.echo(_told(given))
    added, alone = _percentiles(found.added), _percentiles(found.reading)
    typer.echo(f"explained   {len(found.explaining):>8,} events, {found.failed.total()} failures")
    typer.echo(f"reading     {alone[0] * 1000:>8.1f} ms median, {alone[1] * 1000:.1f} ms p95 (the assessment alone)")
    typer.echo(f"explaining  {added[0] * 1000:>8.1f} ms median, {added[1] * 1000:.1f} ms p95 on top of that")
    for name, count in found.failed.most_common(_MOST_TOLD):
        typer.echo(f"failed      {count:>8,} × {name}")
    if as_json:
        figures = {
            "bench": "explain-templates",
            "events": len(found.explaining),
            "failures": found.failed.total(),
            "added_ms_p50": round(added[0] * 1000, 2),
            "added_ms_p95": round(added[1] * 1000, 2),
            "reading_ms_p95": round(alone[1] * 1000, 2),
            "ratio": round(_percentiles(found.explaining)[1] / alone[1], 2),
        }
        typer.echo(json.dumps(figures))
    if found.failed:
        fail("not every event was explained", code=1)


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(seconds, n=20)
    return cuts[9], cuts[18]


def measure(
    file: Path | None, events: int, show: int, advance: Callable[[int], None], tell: Callable[[str], None]
) -> Measured:
    """Start a PostgreSQL, score and explain on it, and clean up."""
    from infra.commands.bench.history import store_history
    from infra.local.measure.scratch import scratch
    from infra.local.services import postgres
    from risk.store.db.engine import create_pool
    from risk.store.db.migrate import upgrade

    with scratch() as (folder, children):
        server = postgres.start(children, folder / "postgres")
        upgrade(server.url())
        engine = create_pool(server.url(), application="bench", statement_seconds=600.0)
        try:
            tell("the history is scored and stored")
            ids = store_history(engine, _records(file, events))
            return _explain(engine, ids, show, advance)
        finally:
            engine.dispose()


def _records(file: Path | None, events: int) -> Iterator[Event | Label]:
    from streaming.importing.source import read_records
    from streaming.simulator import simulate

    now = datetime.now(UTC)
    if file is None:
        seconds = events / _RATE
        yield from simulate(1, now - timedelta(seconds=seconds), _RATE, seconds=seconds)
        return
    yield from read_records(file, now, labels=True, limit=events)


def _explain(engine: Engine, ids: list[UUID], show: int, advance: Callable[[int], None]) -> Measured:
    from functions.api.explanations import service as explaining
    from risk.store.assessments import assessments
    from risk.store.explanations import context, explanations, knowledge

    found = Measured()
    by_score: list[tuple[float, int, Given]] = []
    with engine.begin() as connection:
        knowledge.index_shipped(connection, datetime.now(UTC))
    for place, event_id in enumerate(ids):
        now = datetime.now(UTC)
        with engine.connect() as connection:
            began = time.perf_counter()
            assessments.find(connection, event_id)
            read = time.perf_counter()
            try:
                dossier = context.of_event(connection, event_id)
                given = explaining.by_template(explaining.gather(connection, dossier, None, now), None, now)
                explanations.keep(connection, given, alert_id=None, by="bench")
                connection.commit()
            except Exception as error:  # any exception counts as a failure
                found.failed[f"{type(error).__name__}: {error}"[:200]] += 1
                continue
            finally:
                found.reading.append(read - began)
                found.explaining.append(time.perf_counter() - read)
        if show:
            by_score.append((dossier.assessment.score, place, given))
            if len(by_score) > 2 * _KEPT * show:
                by_score = _spread(by_score, _KEPT * show)
        advance(1)
    found.shown = [given for _, _, given in _spread(by_score, show)]
    return found


def _spread(given: list[tuple[float, int, Given]], most: int) -> list[tuple[float, int, Given]]:
    """At most ``most`` events, riskiest first: half the riskiest, half spread over the rest."""
    ordered = sorted(given, key=lambda one: (-one[0], one[1]))
    top, rest = ordered[: (most + 1) // 2], ordered[(most + 1) // 2 :]
    return top + rest[:: max(1, -(-len(rest) // max(1, most // 2)))]


def _told(given: Given) -> str:
    parts = [("", given.explanation.summary), ("why", given.explanation.why), ("against", given.explanation.against)]
    parts.append(("check", given.explanation.checks))
    lines = [f"--- {given.event_id}"]
    for name, sentences in parts:
        lines += [f"{name:>8} {one.text} [{', '.join(one.cites)}]" for one in sentences]
    suggested = given.explanation.suggestion
    if suggested is not None:
        lines.append(f"{'suggest':>8} {suggested.disposition}, {suggested.confidence:.2f}")
        lines += [f"{'':>8} {one.text} [{', '.join(one.cites)}]" for one in suggested.because]
    return "\n".join(lines)
