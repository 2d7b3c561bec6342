"""``risk restore-rehearsal``: whether a dump is enough to recover from."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress


def restore_rehearsal(
    seconds: Annotated[float, typer.Option(min=2.0, help="For how long to score before the dump.")] = 20.0,
    seed: Annotated[int, typer.Option(help="Of the events.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Dump the database under load, lose it, restore it into another cluster, and let the engine go on there.

    The engine resumes from the positions in the dump: what was committed after it is read from the stream again. Then
    every event that was sent must be one assessment with the vector of an undisturbed run, counters and alerts must
    equal the events, and the audit log must verify against the checkpoint that was signed before the dump. Prints the
    RPO (events committed before the dump and not restored) and the RTO (seconds from the loss until a new event is
    scored). Starts and stops its own services. Ends with code 1 when something is wrong.

    For example: risk restore-rehearsal --seconds 60
    """
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.restore import rehearse
    from infra.rehearsal.rig import rig

    try:
        with progress("rehearsing", None) as (_, say), rig() as services:
            found = rehearse(services, seconds, seed, say)
    except LocalError as error:
        fail(str(error), code=1)
    typer.echo(f"RPO {found.lost:,} of {found.committed:,} assessments that were committed before the dump")
    typer.echo(f"RTO {found.seconds:.1f} s; {found.reread:,} assessments of after the dump were made again")
    typer.echo(f"audit log: {found.audit}")
    typer.echo(f"{'OK' if found.ok else 'NOT OK'}: {found.events:,} events were sent in all")
    for fault in found.faults:
        typer.echo(f"  {fault}")
    if as_json:
        typer.echo(json.dumps({"rehearsal": "restore", "seed": seed, **asdict(found), "ok": found.ok}))
    if not found.ok:
        raise typer.Exit(1)
