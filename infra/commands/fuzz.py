"""``risk fuzz``: hostile records through the real engine, which must score on."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, counts, fail, progress


def fuzz(
    minutes: Annotated[float, typer.Option(min=0.05, help="For how long.")] = 5.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same records.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Put hostile records on a stream of a real engine, and check that it scores every good one among them.

    Arbitrary bytes, broken and deeply nested JSON, records with spoilt fields, repeated and contradicting ones. After
    each hundred a good event must be scored; every record must end as one assessment, label or dead letter. Starts
    Postgres, Valkey, the Kinesis API and an engine of its own, and ends them. Ends with code 1 when something is wrong.

    For example: risk fuzz --minutes 30 --seed 7
    """
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.fuzz import Fuzz
    from infra.rehearsal.rig import rig

    try:
        with progress("fuzzing", None) as (advance, say), rig() as services:
            say("starting Postgres, Valkey, the Kinesis API and an engine")
            engine = services.engine()
            engine.start()
            engine.wait_until_healthy()
            database = services.pool()
            run = Fuzz(services.kinesis(), services.events, database, seed, lambda: engine.ends)
            found = run.run(minutes * 60, advance)
            if not found.ok and engine.child is not None:
                say(engine.child.tail(30))
            database.dispose()
            engine.stop()
    except LocalError as error:
        fail(str(error), code=1)
    typer.echo(
        f"{'OK' if found.ok else 'NOT OK'}: {found.records:,} records, the slowest hundred {found.slowest:.2f} s, "
        f"the engine ended {engine.ends} times\n  {counts(found.outcomes)}"
    )
    for fault in found.faults[:20]:
        typer.echo(f"  {fault}")
    if as_json:
        figures = {
            "records": found.records,
            "seed": seed,
            "outcomes": dict(found.outcomes),
            "slowest_seconds": round(found.slowest, 3),
            "engine_ends": engine.ends,
            "faults": found.faults,
        }
        typer.echo(json.dumps(figures))
    if not found.ok:
        raise typer.Exit(1)
