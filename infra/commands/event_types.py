"""``risk event-types``: the registry of event types, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import fail

if TYPE_CHECKING:
    from infra.commands.shared.api_session import ApiSession
    from risk.domain.event_types import EventType

Url = Annotated[str, typer.Option(envvar="RISK_URL", help="The REST API.")]
Email = Annotated[str, typer.Option(envvar="RISK_EMAIL", help="Who signs in: an administrator.")]
Password = Annotated[str, typer.Option(envvar="RISK_PASSWORD", prompt=True, hide_input=True)]
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
def apply(file: File, url: Url, email: Email, password: Password) -> None:
    """Replace all that is registered beside the shipped types by the entries of a file, as one version.

    Example:

      risk event-types apply event-types.yaml --url http://127.0.0.1:8000 --email ada@example.com
    """
    from infra.commands.shared.api_session import ApiSession

    entries = {name: kind.model_dump(mode="json") for name, kind in _read(file).items()}
    session = ApiSession(url, login=(email, password))
    try:
        _put(session, {"event_types": entries, "reason": f"applied from {file.name}"})
    finally:
        session.close()
    typer.echo(f"{len(entries)} event types are registered beside the shipped ones")


def _put(session: ApiSession, body: dict[str, object]) -> None:
    from infra.commands.shared.api_session import problem_text

    answer = session.request("PUT", "event-types", json=body)
    if answer.is_error:
        fail(problem_text(answer))


def _read(file: Path) -> dict[str, EventType]:
    import yaml
    from pydantic import TypeAdapter, ValidationError

    from risk.domain.event_types import OwnEventTypes

    try:
        found: dict[str, EventType] = TypeAdapter(OwnEventTypes).validate_python(
            yaml.safe_load(file.read_text(encoding="utf-8"))
        )
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        fail(f"{file.name}: {error}")
    return found
