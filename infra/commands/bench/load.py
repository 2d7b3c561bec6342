"""``risk bench overload`` and ``risk bench soak``: overload, and sustained load for hours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.rehearsal.load import Loaded, Sample

Seed = Annotated[int, typer.Option(help="The same seed has the same events.")]


def overload(
    usual: Annotated[int, typer.Option(min=1, help="The sustained rate, in events a second.")] = 300,
    times: Annotated[int, typer.Option(min=1, help="How many times as much is sent.")] = 10,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 120.0,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Send ten times the sustained rate, and check that nothing is lost and the engine's memory stays bounded.

    Prints the engine's memory and how many records it was behind while the load lasted, and how long it took to catch
    up afterwards. Every event must be scored once, from the profiles that it ought to meet.
    """
    found = _run(usual * times, seconds, seed, crosses_month=False)
    _report("overload", found, as_json)


def soak(
    minutes: Annotated[float, typer.Option(min=0.5, help="For how long.")] = 120.0,
    rate: Annotated[int, typer.Option(min=1, help="Events a second.")] = 300,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Send a steady load for hours, while the engine's clock crosses the end of a month.

    Prints the slope of the engine's memory over the second half. Every event must be scored once, and the assessments
    must lie in the partitions of both months.
    """
    found = _run(rate, minutes * 60, seed, crosses_month=True)
    if found.partitions < 2:
        found.faults.append("the assessments are all in one month's partition")
    _report("soak", found, as_json)


def _run(rate: int, seconds: float, seed: int, *, crosses_month: bool) -> Loaded:
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.load import run
    from infra.rehearsal.rig import rig

    try:
        with progress("sending", round(seconds)) as (advance, say), rig() as services:
            told = 0

            def tell(sample: Sample) -> None:
                nonlocal told
                advance(round(sample.seconds) - told)
                told = round(sample.seconds)
                if told % 60 < 5:
                    say(f"{told:>6} s   {sample.megabytes:,.0f} MB   {sample.behind:,} behind")

            return run(
                services,
                rate=rate,
                seconds=seconds,
                seed=seed,
                crosses_month=crosses_month,
                follow=crosses_month,
                tell=tell,
            )
    except LocalError as error:
        fail(str(error), code=1)


def _report(name: str, found: Loaded, as_json: bool) -> None:
    sizes = [sample.megabytes for sample in found.samples]
    typer.echo(
        f"{'NOT OK' if found.faults else 'OK'}: {found.sent:,} events in {found.seconds:.0f} s "
        f"({found.sent / found.seconds:,.0f}/s), caught up {found.catch_up:.1f} s later\n"
        f"  memory {sizes[0]:,.0f} to {max(sizes):,.0f} MB, slope {found.slope:+,.1f} MB/h over the second half; "
        f"at most {max(sample.behind for sample in found.samples):,} records behind; {found.partitions} partitions"
    )
    for fault in found.faults:
        typer.echo(f"  {fault}")
    if as_json:
        figures = {
            "bench": name,
            "sent": found.sent,
            "seconds": round(found.seconds, 1),
            "catch_up_seconds": round(found.catch_up, 1),
            "first_megabytes": round(sizes[0], 1),
            "most_megabytes": round(max(sizes), 1),
            "slope_megabytes_an_hour": round(found.slope, 2),
            "most_behind": max(sample.behind for sample in found.samples),
            "partitions": found.partitions,
            "faults": found.faults,
        }
        typer.echo(json.dumps(figures))
    if found.faults:
        raise typer.Exit(1)
