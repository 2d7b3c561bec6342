"""``risk bench latency``: from an event's time to its assessment on ``risk-updates``, through the whole local stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.local.measure.latency import Run

STAGES = ("admit", "accounts", "counterparties", "judge", "wait", "store", "publish", "snapshot")
SHARES = (0.5, 0.95, 0.99)


def latency(
    rate: Annotated[int, typer.Option(min=1, max=20_000, help="Events a second.")] = 1_000,
    seconds: Annotated[float, typer.Option(min=1, help="For how long, after five seconds to get warm.")] = 20.0,
    as_json: AsJson = False,
) -> None:
    """Send events on a schedule through Kinesis, the engine, Postgres and Valkey, and read what comes out.

    Latency counts from the time that the schedule gives an event to when a reader of risk-updates has its assessment.
    The baseline is an engine whose graph passes events through unscored into the same outbox, under the same load. At
    the end: where the engine's time goes, stage by stage. Starts and stops its own services.

    Sustained throughput: risk bench latency --rate 2000 --seconds 60
    """
    from infra.local.measure.latency import WARM_SECONDS, compare
    from infra.local.stack.processes import LocalError

    total = round(rate * (seconds + WARM_SECONDS)) * 2
    try:
        with progress("sending", total) as (advance, say):
            engine, unscored = compare(rate, seconds, say, advance)
    except LocalError as error:
        fail(str(error), code=1)
    for name, run in (("engine", engine), ("unscored", unscored)):
        typer.echo(_line(name, run))
    p50, p99 = (engine.percentile(share) / unscored.percentile(share) for share in (0.5, 0.99))
    typer.echo(f"ratio     p50 {p50:.2f}   p99 {p99:.2f}")
    typer.echo(_stages(engine))
    if as_json:
        figures = {
            "bench": "latency",
            "rate": rate,
            "seconds": seconds,
            "engine": _figures(engine),
            "unscored": _figures(unscored),
            "p50_ratio": round(p50, 4),
            "ratio": round(p99, 4),
        }
        typer.echo(json.dumps(figures))
    if engine.arrived < engine.sent:
        raise typer.Exit(1)


def _line(name: str, run: Run) -> str:
    told = ", ".join(f"p{round(share * 100)} {run.percentile(share):,.0f}" for share in SHARES)
    lost = "" if run.arrived == run.sent else f"   {run.sent - run.arrived:,} DID NOT ARRIVE"
    return f"{name:<9} {run.arrived:,} of {run.sent:,} events, {run.rate:,.0f}/s sustained; latency {told} ms{lost}"


def _figures(run: Run) -> dict[str, object]:
    return {
        "sent": run.sent,
        "arrived": run.arrived,
        "events_per_second": round(run.rate, 1),
        "sender_behind_ms": round(run.late, 1),
        **{f"p{round(share * 100)}_ms": round(run.percentile(share), 2) for share in SHARES},
        "stages_ms": {stage: round(spent, 1) for stage, (spent, _) in run.stages.items()},
    }


def _stages(run: Run) -> str:
    """A table of each stage's milliseconds per batch and microseconds per event."""
    lines = [f"{'stage':<16}{'batches':>9}{'ms/batch':>10}{'us/event':>10}"]
    for stage in STAGES:
        spent, batches = run.stages.get(stage, (0.0, 0))
        if batches:
            lines.append(f"{stage:<16}{batches:>9,}{spent / batches:>10.2f}{spent * 1000 / max(1, run.arrived):>10.1f}")
    return "\n".join(lines)
