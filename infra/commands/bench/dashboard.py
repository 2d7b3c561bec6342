"""``risk bench dashboard``: the Live screen in a real browser while events pour in, against the same screen idle."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from infra.commands.shared.terminal import AsJson, fail, progress


def dashboard(
    rate: Annotated[float, typer.Option(min=1, max=20_000, help="Events a second.")] = 2_000,
    seconds: Annotated[int, typer.Option(min=20, help="For how long.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Frames a second, heap and counters of the Live screen, as the browser's own trace has them.

    The baseline is the frame rate of the same screen before any event. The heap is taken after a collection, once the
    screen is full and every 25 s from then on. At the end the counters of the screen must be the API's, and hold
    every event.
    Builds the dashboard, and starts and stops a whole stack of its own.
    """
    from infra.local.measure.dashboard import measure
    from infra.local.stack.processes import LocalError

    try:
        with progress("measuring", None) as (_, say):
            found = measure(rate, seconds, say)
    except LocalError as error:
        fail(str(error), code=1)
    ratio = found["loaded"]["frames_per_second"] / found["idle"]["frames_per_second"]
    heaps = found["heap_mb"]
    typer.echo(_frames("idle", found["idle"]))
    typer.echo(_frames(f"{rate:,.0f}/s", found["loaded"]))
    typer.echo(f"heap       {', '.join(f'{megabytes:.1f}' for megabytes in heaps)} MB, first to last")
    typer.echo(f"counters   sent {found['sent']:,}, scored {found['counted']:,}, on the screen {found['shown']:,}")
    typer.echo(f"ratio      frames {ratio:.2f}   heap {heaps[-1] / heaps[0]:.2f}")
    if as_json:
        typer.echo(json.dumps({"bench": "dashboard", "rate": rate, "seconds": seconds, "ratio": ratio, **found}))
    if not (found["agreed"] and found["sent"] == found["counted"]):
        raise typer.Exit(1)


def _frames(name: str, frames: dict[str, Any]) -> str:
    return (
        f"{name:<11}{frames['frames_per_second']:.1f} frames/s; the worst second {frames['worst_second']}, longest "
        f"without one {frames['longest_gap_ms']:.0f} ms; main thread {frames['main_thread_share']:.0%} of a processor"
    )
