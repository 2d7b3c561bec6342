"""``risk event-types``: the registry of event types, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.kept_file import AdminEmail, Password, Url, ask, read_file, signed_in

if TYPE_CHECKING:
    from risk.domain.event_types import EventType

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON: entries by name.")]

app = typer.Typer(help="The registry of event types, kept in a file.", no_args_is_help=True)


@app.command()
def check(file: File) -> None:
    """Check the entries of a file, without sending them anywhere.

    Example:

      risk event-types check event-types.yaml
    """
    typer.echo(f"{len(_read(file))} event types, all valid")


@app.command()
def apply(file: File, url: Url, email: AdminEmail, password: Password) -> None:
    """Replace all that is registered beside the shipped types by the entries of a file, as one version.

    Example:

      risk event-types apply event-types.yaml --url http://127.0.0.1:8000 --email ada@example.com
    """
    entries = {name: kind.model_dump(mode="json") for name, kind in _read(file).items()}
    with signed_in(url, email, password) as session:
        ask(session, "PUT", "event-types", json={"event_types": entries, "reason": f"applied from {file.name}"})
    typer.echo(f"{len(entries)} event types are registered beside the shipped ones")


def _read(file: Path) -> dict[str, EventType]:
    from risk.domain.event_types import OwnEventTypes

    found: dict[str, EventType] = read_file(file, OwnEventTypes)
    return found
