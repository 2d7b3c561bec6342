"""``risk definitions``: features that users define, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared.kept_file import Email, Password, Url, ask, read_file, signed_in
from infra.commands.shared.terminal import fail

if TYPE_CHECKING:
    from infra.commands.shared.api_session import ApiSession
    from risk.features.definitions.definition import Definition

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON: a list of definitions.")]

app = typer.Typer(help="Features that you define, kept in a file.", no_args_is_help=True)


@app.command()
def check(file: File) -> None:
    """Check the definitions of a file, without sending them anywhere.

    Example:

      risk definitions check features.yaml
    """
    typer.echo(f"{len(_read(file))} definitions, all valid")


@app.command()
def apply(file: File, url: Url, email: Email, password: Password) -> None:
    """Store the definitions of a file as drafts: new ones, and new versions of those that differ.

    What is live stays so. A definition that is not in the file is left alone.

    Example:

      risk definitions apply features.yaml --url http://127.0.0.1:8000 --email ada@example.com
    """
    with signed_in(url, email, password) as session:
        present = {one["name"]: one for one in _pages(session)}
        for definition in _read(file):
            typer.echo(f"{definition.name}: {_apply(session, definition, present.get(definition.name))}")


def _read(file: Path) -> list[Definition]:
    from risk.domain.errors import InvalidInput
    from risk.features.definitions.definition import Definition
    from risk.rules.filters import check_filter

    found: list[Definition] = read_file(file, list[Definition])
    for one in found:
        try:
            if one.filter is not None:
                check_filter(one.filter)
        except InvalidInput as error:
            fail(f"{file.name}: {one.name}: filter: {error.detail}")
    repeated = {one.name for one in found if [other.name for other in found].count(one.name) > 1}
    if repeated:
        fail(f"{file.name}: {', '.join(sorted(repeated))} is there more than once")
    return found


def _pages(session: ApiSession) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = ask(session, "GET", "definitions", params={"cursor": cursor} if cursor else {})
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def _apply(session: ApiSession, definition: Definition, present: dict[str, Any] | None) -> str:
    from risk.features.definitions.definition import DefinitionBody

    if present is None:
        ask(session, "POST", "definitions", json=definition.model_dump(mode="json"))
        return "created as a draft"
    written = definition.model_dump(mode="json", exclude={"name"})
    latest = present["latest"]
    if written == {name: latest[name] for name in DefinitionBody.model_fields}:
        return "unchanged"
    body = written | {"base_version": latest["version"]}
    ask(session, "PUT", f"definitions/{present['id']}", json=body)
    return f"version {latest['version'] + 1} written"
