"""``risk audit export``: the log as JSON lines, to be verified and searched elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.audit.database import DatabaseUrl
from infra.commands.shared.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import RiskError


def export(
    out: Annotated[Path, typer.Option(dir_okay=False, help="Where to write the records, one a line.")],
    database_url: DatabaseUrl = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="With the personal values that are not erased, and their salts.")
    ] = False,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Export the audit log as JSON lines: {"seq": 1, "record": "{…}", "leaf_hash": "…"}.

    The text in "record" is, byte for byte, what is hashed: SHA-256 of a zero byte and that text is "leaf_hash".
    Personal values are left out unless asked for; the commitments to them are in the records.

    Examples:

      risk audit export --out audit.jsonl

      risk audit verify --checkpoint monday.checkpoint --export audit.jsonl
    """
    from infra.commands.audit.database import audited
    from infra.commands.audit.files import export_lines, replacing
    from risk.store.audit.audit_log import rows, settled, size

    written = 0
    try:
        with (
            audited(database_url, data_dir) as engine,
            settled(engine) as connection,
            replacing(out) as file,
            progress("exporting", size(connection)) as (advance, _),
        ):
            for chunk in rows(connection):
                file.writelines(export_lines(chunk, personal=personal))
                advance(len(chunk.rows))
                written += len(chunk.rows)
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    typer.echo(f"{written:,} records written to {out}")
    if as_json:
        typer.echo(json.dumps({"records": written, "file": str(out)}))
