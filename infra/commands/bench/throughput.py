"""``risk bench throughput``: events a second through the engine's graph, against a plain loop."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from infra.commands.shared.terminal import AsJson, progress


def throughput(
    events: Annotated[int, typer.Option(min=1_000, help="How many simulated events.")] = 100_000,
    rules: Annotated[int, typer.Option(min=0, help="How many live rules.")] = 5,
    definitions: Annotated[
        int, typer.Option(min=0, max=64, help="How many live definitions, the shipped ones among them.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Parse, profile, score and explain simulated events: records in, nothing out.

    The baseline is the same functions called in a plain Python loop on one core, with its profiles kept as objects.
    """
    from streaming.bench.throughput import measure

    with progress("measuring", None) as (_, say):
        found = measure(events, rules, definitions=definitions, seed=seed, tell=say)
    what = f"{found.events:,} events, {found.rules} rules, {found.definitions} definitions"
    typer.echo(f"graph       {found.graph:>10,.0f} events/s   ({what})")
    typer.echo(f"plain loop  {found.plain:>10,.0f} events/s")
    typer.echo(f"ratio       {found.ratio:>10.2f}")
    typer.echo("states of definitions, of a million keys of each kind:")
    for kind, (keys, stored) in sorted(found.keys.items()):
        if keys:
            typer.echo(f"  {kind:<24} {stored / keys:>8,.0f} MB   ({keys:,} keys met)")
    if as_json:
        figures: dict[str, Any] = {"graph": found.graph, "plain": found.plain, "ratio": found.ratio}
        figures |= {"definitions": found.definitions, "keys": found.keys}
        typer.echo(json.dumps({"bench": "throughput", "events": found.events, "rules": found.rules, **figures}))
