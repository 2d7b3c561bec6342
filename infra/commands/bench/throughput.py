"""``risk bench throughput``: events a second through the engine's graph, against a plain loop."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from infra.commands.shared.processes import MOST
from infra.commands.shared.terminal import AsJson, progress


def throughput(
    events: Annotated[int, typer.Option(min=1_000, help="How many simulated events.")] = 100_000,
    rules: Annotated[int, typer.Option(min=0, help="How many live rules.")] = 5,
    definitions: Annotated[
        int, typer.Option(min=0, max=64, help="How many live definitions, the shipped ones among them.")
    ] = 0,
    processes: Annotated[
        str,
        typer.Option(help="Numbers of processes to measure in this run, as 1,2: each scores a part of the accounts."),
    ] = "1",
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Parse, profile, score and explain simulated events: records in, nothing out.

    The baseline is the same functions called in a plain Python loop on one core, with its profiles kept as objects.
    """
    from streaming.bench.throughput import measure

    counts = _counts(processes)
    with progress("measuring", None) as (_, say):
        found = measure(events, rules, definitions=definitions, processes=counts, seed=seed, tell=say)
    what = f"{found.events:,} events, {found.rules} rules, {found.definitions} definitions"
    typer.echo(f"graph       {found.graph:>10,.0f} events/s   ({what})")
    for count, rate in found.graphs.items():
        if count > 1:
            typer.echo(f"{count} processes {rate:>10,.0f} events/s   ({rate / found.graph:.2f} of one)")
    typer.echo(f"plain loop  {found.plain:>10,.0f} events/s")
    typer.echo(f"ratio       {found.ratio:>10.2f}")
    typer.echo("states of definitions, of a million keys of each kind:")
    for kind, (keys, stored) in sorted(found.keys.items()):
        if keys:
            typer.echo(f"  {kind:<24} {stored / keys:>8,.0f} MB   ({keys:,} keys met)")
    if as_json:
        figures: dict[str, Any] = {"graph": found.graph, "plain": found.plain, "ratio": found.ratio}
        figures |= {"definitions": found.definitions, "keys": found.keys, "processes": found.graphs}
        typer.echo(json.dumps({"bench": "throughput", "events": found.events, "rules": found.rules, **figures}))


def _counts(text: str) -> list[int]:
    counts = [int(part) for part in text.split(",") if part.strip().isdecimal()]
    if not counts or not all(1 <= count <= MOST for count in counts):
        raise typer.BadParameter(f"{text!r} is not numbers from 1 to {MOST}, such as 1,2", param_hint="--processes")
    return counts
