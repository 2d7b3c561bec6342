"""``risk audit``: sign the audit log, verify it, export it."""

from __future__ import annotations

import typer

from infra.commands.audit.checkpoint import checkpoint
from infra.commands.audit.export import export
from infra.commands.audit.verify import verify

app = typer.Typer(
    help="Sign the audit log, verify it, export it. How it works, and what it proves: docs/audit.md",
    no_args_is_help=True,
)
for command in (checkpoint, verify, export):
    app.command()(command)
