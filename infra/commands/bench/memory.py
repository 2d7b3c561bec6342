"""``risk bench memory``: the memory cost of many accounts."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, progress

FEW = 10_000


def memory(
    accounts: Annotated[int, typer.Option(min=FEW, help="How many accounts are known.")] = 1_000_000,
    events: Annotated[int, typer.Option(min=1_000, help="How many simulated events.")] = 100_000,
    rules: Annotated[int, typer.Option(min=0, help="How many live rules.")] = 5,
    kept: Annotated[
        int | None,
        typer.Option(min=1, help="Keep so many profiles, as ENGINE_PROFILES says, of accounts with an event each."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run events of evenly drawn accounts through the graph, and state the memory that knowing the accounts takes.

    The baseline is the same with 10,000 accounts, in the same run.
    """
    from streaming.bench.many_accounts import measure, measure_kept

    if kept is not None:
        with progress("measuring", None):
            resident, profiles = measure_kept(accounts, kept)
        typer.echo(
            f"{accounts:,} accounts seen, {kept:,} to be kept: {profiles:,} profiles in memory, "
            f"{resident / 2**20:,.0f} MiB resident"
        )
        return
    with progress("measuring", None) as (_, say):
        few, many = measure((FEW, accounts), events, rules, say)
    for size in (few, many):
        typer.echo(
            f"{size.accounts:>10,} accounts  {size.events_per_second:>8,.0f} events/s   "
            f"{size.resident / 2**20:,.0f} MiB resident for their profiles, {size.per_account:,.0f} bytes each "
            f"(median state {size.state:,} bytes)"
        )
    ratio = many.events_per_second / few.events_per_second
    typer.echo(f"ratio {ratio:.2f}")
    if as_json:
        figures = {
            "bench": "memory",
            "events": events,
            "rules": rules,
            "accounts": many.accounts,
            "events_per_second": round(many.events_per_second, 1),
            "resident_bytes": many.resident,
            "baseline_accounts": few.accounts,
            "baseline_events_per_second": round(few.events_per_second, 1),
            "ratio": round(ratio, 4),
        }
        typer.echo(json.dumps(figures))
