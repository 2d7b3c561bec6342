"""``risk audit checkpoint``: sign the current log into a checkpoint file to be kept elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.audit.database import DatabaseUrl
from infra.commands.shared.terminal import AsJson, DataDir, fail, progress
from risk.domain.errors import RiskError, Tampered

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from sqlalchemy import Engine

    from risk.audit.checkpoint import Checkpoint
    from risk.audit.verification import LogCheck

KEY_NAME = "audit-key.pem"
"""The signing key of the local stack, in its data folder."""
ORIGIN = "realtime-risk/local/audit"


def checkpoint(
    out: Annotated[Path, typer.Option(dir_okay=False, help="Where to write the checkpoint.")],
    database_url: DatabaseUrl = None,
    key: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Private key to sign with (PEM); made if missing. Default: the local stack's."
        ),
    ] = None,
    kms_key: Annotated[str | None, typer.Option(help="Sign with this key of AWS KMS instead.")] = None,
    origin: Annotated[str, typer.Option(envvar="AUDIT_ORIGIN", help="Name of the log; it never changes.")] = ORIGIN,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Sign the current audit log, so that any later change can be detected.

    Three files are written: FILE, the signed checkpoint (C2SP tlog-checkpoint); FILE.leaves, a hash of each record,
    by which a verification can name the one that was changed; FILE.vkey, the public key. Keep them where nobody can
    write who can write the database. The whole log is checked first, and must continue what was signed before.

    Examples:

      risk audit checkpoint --out monday.checkpoint

      risk audit checkpoint --database-url postgresql://… --kms-key alias/risk-audit --out monday.checkpoint
    """
    from infra.commands.audit.database import audited
    from infra.commands.audit.files import key_file, leaves_file, replacing
    from risk.adapters.checkpoint_signers import FileSigner, KmsSigner
    from risk.audit.checkpoint import Checkpoint, VerifierKey

    try:
        signer = KmsSigner(kms_key) if kms_key else FileSigner.ensure(key or data_dir / KEY_NAME)
        public = VerifierKey(origin, signer.public_key())
        with audited(database_url, data_dir, to_sign=True) as engine:
            log = _read(engine, out)
        found = Checkpoint(origin, log.records, log.root(log.records))
        for path, content in (
            (leaves_file(out), log.leaf_hashes()),
            (key_file(out), f"{public}\n".encode()),
            (out, str(found.sign(signer)).encode()),
        ):
            with replacing(path) as file:
                file.write(content)
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    typer.echo(
        f"{found.size:,} records signed by {public.name}+{public.id.hex()}: {out}, and .leaves and .vkey beside it"
    )
    if as_json:
        values = {"origin": origin, "size": found.size, "root": found.root.hex(), "key": str(public), "file": str(out)}
        typer.echo(json.dumps(values))


def _read(engine: Engine, out: Path) -> LogCheck:
    """Read and check the whole log; ``Tampered`` unless it is consistent with the known checkpoints."""
    from infra.commands.audit.files import check
    from risk.store.audit.audit_log import rows, settled, size
    from risk.store.audit.checkpoints import close_gaps, newest

    known: list[tuple[str, Checkpoint]] = []
    with settled(engine) as connection:
        for name, note in (("the database's newest checkpoint", newest(connection)), (str(out), _present(out))):
            if note is not None:
                known.append((name, _parse(name, note)))
        signed = max((one.size for _, one in known), default=0)
        close_gaps(connection, signed, at=datetime.now(UTC))
        with progress("checking", size(connection)) as (advance, _):
            log = check(rows(connection), advance)
    wrong = log.first_wrong()
    if wrong is not None:
        raise Tampered(f"{wrong}. Nothing is signed")
    for name, one in known:
        if one.size > log.records or log.root(one.size) != one.root:
            raise Tampered(f"the log does not continue {name} ({one.size:,} records). Nothing is signed")
    return log


def _present(out: Path) -> str | None:
    return out.read_text() if out.exists() else None


def _parse(name: str, note: str) -> Checkpoint:
    from risk.audit.checkpoint import Checkpoint, Note
    from risk.domain.errors import InvalidInput

    try:
        return Checkpoint.parse(Note.parse(note).text)
    except InvalidInput as error:
        raise InvalidInput(f"{name} is not a checkpoint, and is not written over: {error.detail}") from error
