"""``risk bench audit``: appending to, signing and verifying the audit log, each against a baseline."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress


def audit(
    records: Annotated[int, typer.Option(min=1_000, help="How many records the verified log has.")] = 1_000_000,
    writers: Annotated[
        int, typer.Option(min=1, max=250, help="How many append at once, a record a transaction.")
    ] = 200,
    appends: Annotated[int, typer.Option(min=1, help="How many records each of them appends.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Measure the audit log on a PostgreSQL of its own, in a temporary folder.

    Appending is compared with the same writers inserting the same rows into a plain table, which promises nothing;
    verifying with SHA-256 over the same bytes in a plain loop. Both ratios fall below 1 by what the promises cost.
    """
    from infra.commands.bench.audit_log import measure
    from infra.local.stack.processes import LocalError

    try:
        with progress("measuring", records) as (advance, say):
            found = measure(records, writers, appends, advance=advance, tell=say)
    except LocalError as error:
        fail(str(error), code=1)
    typer.echo(f"append      {found.append:>10,.0f} records/s   ({writers} writers, a record a transaction)")
    typer.echo(f"plain table {found.insert:>10,.0f} records/s   ratio {found.append / found.insert:.2f}")
    typer.echo(f"checkpoint  {found.checkpoint:>10.2f} s           (the first, over {records:,} records; then")
    typer.echo(f"            {found.next_checkpoint:>10.3f} s            after another record)")
    typer.echo(f"proof       {found.proof_bytes:>10,} bytes       ({found.proof * 1000:.1f} ms)")
    typer.echo(f"verify      {found.verify:>10,.0f} records/s   ({found.seconds:.1f} s)")
    typer.echo(f"plain hash  {found.hash:>10,.0f} records/s   ratio {found.verify / found.hash:.2f}")
    if as_json:
        figures = {
            "bench": "audit",
            "records": records,
            "writers": writers,
            "append_per_second": round(found.append),
            "insert_per_second": round(found.insert),
            "append_ratio": round(found.append / found.insert, 3),
            "checkpoint_seconds": round(found.checkpoint, 3),
            "next_checkpoint_seconds": round(found.next_checkpoint, 3),
            "proof_bytes": found.proof_bytes,
            "proof_seconds": round(found.proof, 4),
            "verify_per_second": round(found.verify),
            "hash_per_second": round(found.hash),
            "ratio": round(found.verify / found.hash, 3),
            "ok": found.ok,
        }
        typer.echo(json.dumps(figures))
    if not found.ok:
        fail("the log did not verify", code=1)
