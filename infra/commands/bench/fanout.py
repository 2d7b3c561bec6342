"""``risk bench fanout``: one update to many open dashboards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, DataDir, fail, progress


def fanout(
    connections: Annotated[int, typer.Option(min=20, max=5_000, help="How many dashboards are open.")] = 1_000,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="How often one update is pushed.")] = 5,
    updates: Annotated[int, typer.Option(min=1, help="How many updates are streamed then.")] = 10_000,
    seconds: Annotated[float, typer.Option(min=1, help="Over how long.")] = 60.0,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Push an update through `risk-updates` and `broadcast` to many WebSockets of the stack that runs in a folder.

    The baseline pushes the same frame to the same connections directly, 32 at a time. Then a twentieth of the
    connections are cut without a word, and the rest get a stream of updates, of which none may be missing.

    Start the stack first, with nothing else to do: risk up --no-simulator --no-frontend
    """
    import asyncio

    from infra.local.measure.fanout import measure
    from infra.local.stack.processes import LocalError
    from infra.local.stack.state import running

    stack = running(data_dir)
    if stack is None:
        fail(f"nothing runs in {data_dir}; start it: risk up --no-simulator --no-frontend", code=1)
    try:
        with progress("opening", connections + updates) as (advance, say):
            found = asyncio.run(measure(stack, connections, rounds, updates, seconds, advance=advance, say=say))
    except LocalError as error:
        fail(str(error), code=1)
    ratio = found.broadcast / found.direct
    typer.echo(f"directly       {found.direct * 1000:>8,.0f} ms to all of {found.connections:,}")
    typer.echo(f"by broadcast   {found.broadcast * 1000:>8,.0f} ms   ratio {ratio:.2f}")
    typer.echo(f"cut            {found.dropped:>8,}      forgotten {found.forgotten:,}")
    typer.echo(f"streamed       {found.updates:>8,}      in {found.frames:,.0f} frames, missing {found.missing:,}")
    if as_json:
        figures = {
            "bench": "fanout",
            "connections": found.connections,
            "direct_seconds": round(found.direct, 4),
            "broadcast_seconds": round(found.broadcast, 4),
            "cut": found.dropped,
            "forgotten": found.forgotten,
            "updates": found.updates,
            "frames": round(found.frames, 1),
            "missing": found.missing,
            "ratio": round(ratio, 3),
        }
        typer.echo(json.dumps(figures))
    if found.missing:
        fail(f"{found.missing} updates did not reach everyone", code=1)
