"""``risk audit verify``: whether the log is unchanged since a checkpoint was signed."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.audit.database import DatabaseUrl
from infra.commands.shared.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from risk.audit.checkpoint import Checkpoint, VerifierKey
    from risk.audit.verification import Report


def verify(
    checkpoint: Annotated[Path, typer.Option(dir_okay=False, help="The signed checkpoint to verify against.")],
    database_url: DatabaseUrl = None,
    export: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Verify this export instead of a database.")
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option(help="The log's public key, name+hash+base64 or a file of it. Default: FILE.vkey, beside it."),
    ] = None,
    leaves: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Default: FILE.leaves, if it is there.")
    ] = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Verify the audit log against a checkpoint: each record by itself, and all of them by the signed root.

    Ends with 0 if everything is what was signed, with 1 if not, naming each record that is changed, missing, added or
    reordered. Records after the checkpoint are counted as added since, and checked by themselves.

    With the key that lies beside the checkpoint this shows what changed since; to show who signed, give the log's
    public key from where you keep it.

    Examples:

      risk audit verify --checkpoint monday.checkpoint

      risk audit verify --checkpoint monday.checkpoint --export audit.jsonl --public-key realtime-risk/prod/audit+…
    """
    from infra.commands.audit.files import leaves_file
    from infra.commands.audit.files import public_key as find_key
    from risk.audit.checkpoint import open_checkpoint

    began = time.monotonic()
    try:
        key = find_key(public_key, checkpoint)
        found = open_checkpoint(checkpoint.read_text(), key)
        sidecar = leaves or (leaves_file(checkpoint) if leaves_file(checkpoint).exists() else None)
        kept = sidecar.read_bytes() if sidecar else None
        if export is not None:
            report = _exported(export, found, kept)
        else:
            report = _stored(database_url, data_dir, found, kept, key)
    except (RiskError, OSError, UnicodeDecodeError) as error:
        fail(str(error), code=1)
    seconds = time.monotonic() - began
    _tell(report, key, seconds, beside=public_key is None)
    if as_json:
        typer.echo(json.dumps(_summary(report, key, seconds, leaves=kept is not None)))
    if not report.ok:
        raise typer.Exit(1)


def _exported(export: Path, found: Checkpoint, kept: bytes | None) -> Report:
    from infra.commands.audit.files import check, read_export

    with export.open("rb") as file, progress("verifying", found.size) as (advance, _):
        return check(read_export(file), advance).judge(found, leaves=kept)


def _stored(
    database_url: str | None, data_dir: Path, found: Checkpoint, kept: bytes | None, key: VerifierKey
) -> Report:
    from infra.commands.audit.database import audited
    from infra.commands.audit.files import check
    from risk.store.audit import checkpoints
    from risk.store.audit.audit_log import rows, settled, size

    with audited(database_url, data_dir) as engine, settled(engine) as connection:
        with progress("verifying", size(connection)) as (advance, _):
            log = check(rows(connection), advance)
        nodes = checkpoints.nodes(connection)
        return log.judge(found, leaves=kept, nodes=nodes, earlier=checkpoints.earlier(connection, key, found.size))


def _tell(report: Report, key: VerifierKey, seconds: float, *, beside: bool) -> None:
    size = report.checkpoint.size
    for finding in report.findings:
        typer.echo(str(finding))
    if report.more:
        typer.echo(f"and {report.more:,} more findings")
    for first, last in report.gaps:
        numbers = f"number {first} is" if first == last else f"numbers {first} to {last} are"
        typer.echo(f"after the checkpoint {numbers} not stored: lost in a crash, or deleted before a checkpoint saw it")
    speed = f"{report.records:,} records in {seconds:.1f} s, {report.records / max(seconds, 1e-9):,.0f}/s"
    signer = f"{key.name}+{key.id.hex()}" + (" (the key beside the checkpoint)" if beside else "")
    if report.ok:
        typer.echo(f"OK: {size:,} records are what {signer} signed; {report.added_since:,} added since. {speed}")
    else:
        typer.echo(f"NOT OK: the log is not what {signer} signed. {speed}")


def _summary(report: Report, key: VerifierKey, seconds: float, *, leaves: bool) -> dict[str, Any]:
    found = report.checkpoint
    return {
        "ok": report.ok,
        "checkpoint": {"origin": found.origin, "size": found.size, "root": base64.b64encode(found.root).decode()},
        "key": str(key),
        "leaves": leaves,
        "records": report.records,
        "added_since": report.added_since,
        "findings": [finding._asdict() for finding in report.findings],
        "more_findings": report.more,
        "gaps": report.gaps,
        "seconds": round(seconds, 3),
        "records_per_second": round(report.records / max(seconds, 1e-9)),
    }
