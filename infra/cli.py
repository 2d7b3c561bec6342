"""The ``risk`` command. Subcommands import their dependencies when they run, so that help is quick."""

from __future__ import annotations

import typer

from infra.commands import audit, bench, dead_letters, decisions, definitions, event_types, pack, user
from infra.commands.asyncapi import asyncapi
from infra.commands.chaos import chaos
from infra.commands.doctor import doctor
from infra.commands.export import export
from infra.commands.fuzz import fuzz
from infra.commands.import_file import import_file
from infra.commands.openapi import openapi
from infra.commands.replay import replay
from infra.commands.restore_rehearsal import restore_rehearsal
from infra.commands.score import score
from infra.commands.screenshots import screenshots
from infra.commands.simulate import simulate
from infra.commands.smoke import smoke
from infra.commands.status import status
from infra.commands.train import train
from infra.commands.up import up

app = typer.Typer(
    help="Real-Time Risk Management System: run it, feed it, look after it. Start with: risk up",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
for command in (
    up,
    status,
    doctor,
    smoke,
    simulate,
    replay,
    score,
    train,
    export,
    fuzz,
    chaos,
    restore_rehearsal,
    openapi,
    asyncapi,
    screenshots,
):
    app.command()(command)
app.command("import")(import_file)
app.add_typer(audit.app, name="audit")
app.add_typer(bench.app, name="bench")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(definitions.app, name="definitions")
app.add_typer(event_types.app, name="event-types")
app.add_typer(decisions.app, name="decisions")
app.add_typer(pack.app, name="pack")
app.add_typer(user.app, name="user")

if __name__ == "__main__":
    app()
