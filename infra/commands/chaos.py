"""``risk chaos``: faults under load, and the proof that nothing is lost or counted twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.rehearsal.chaos import Outcome


def chaos(
    minutes: Annotated[float, typer.Option(min=0.1, help="For how long; each fault comes at least once.")] = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed has the same events and the same order of faults.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Send a steady load to a real engine and break one thing after the other.

    Engine, Postgres, Valkey, Kinesis and the clock have their turn. After each fault every event must be one
    assessment, every stored feature vector that of an undisturbed run, alerts and counters equal to the events; at the
    end nothing that was sent may be missing or unpublished. Starts and stops its own services. Ends with code 1
    when something is wrong.

    For example: risk chaos --minutes 10 --seed 3
    """
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.chaos import run
    from infra.rehearsal.rig import rig

    def tell(outcome: Outcome) -> None:
        verdict = "ok" if outcome.ok else "; ".join(outcome.faults)
        typer.echo(f"{outcome.fault:<42}{outcome.events:>7,}{outcome.recovery:>10.1f}  {verdict}")

    try:
        with progress("breaking things", None) as (_, say), rig() as services:
            say("starting Postgres, Valkey, the Kinesis API and an engine")
            typer.echo(f"{'fault':<42}{'events':>7}{'recovery':>10}  outcome")
            found = run(services, minutes * 60, seed, tell=tell)
    except LocalError as error:
        fail(str(error), code=1)
    slowest = max((outcome.recovery for outcome in found.outcomes), default=0.0)
    typer.echo(
        f"{'OK' if found.ok else 'NOT OK'}: {len(found.outcomes)} faults under {found.events:,} events and "
        f"{found.labels:,} labels; the slowest recovery took {slowest:.1f} s"
    )
    for fault in found.faults:
        typer.echo(f"  {fault}")
    if as_json:
        outcomes = [
            {"fault": one.fault, "events": one.events, "recovery_seconds": round(one.recovery, 2), "faults": one.faults}
            for one in found.outcomes
        ]
        figures = {"ok": found.ok, "seed": seed, "events": found.events, "outcomes": outcomes, "faults": found.faults}
        typer.echo(json.dumps(figures))
    if not found.ok:
        raise typer.Exit(1)
