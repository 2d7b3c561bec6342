"""``risk bench throughput``: events a second through the engine's graph, against a plain loop."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.commands.terminal import AsJson, progress


def throughput(
    events: Annotated[int, typer.Option(min=1_000, help="How many simulated events.")] = 100_000,
    rules: Annotated[int, typer.Option(min=0, help="How many live rules.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Parse, profile, score and explain simulated events: records in, nothing out.

    The baseline is the same functions called in a plain Python loop on one core, with its profiles kept as objects.
    """
    from streaming.bench.throughput import measure

    with progress("measuring", None) as (_, say):
        found = measure(events, rules, seed=seed, tell=say)
    typer.echo(f"graph       {found.graph:>10,.0f} events/s   ({found.events:,} events, {found.rules} rules)")
    typer.echo(f"plain loop  {found.plain:>10,.0f} events/s")
    typer.echo(f"ratio       {found.ratio:>10.2f}")
    if as_json:
        figures = {"graph": found.graph, "plain": found.plain, "ratio": found.ratio}
        typer.echo(json.dumps({"bench": "throughput", "events": found.events, "rules": found.rules, **figures}))
