"""What the commands share that keep something of the API's in a file: options, reading it, asking the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared.terminal import fail

if TYPE_CHECKING:
    from infra.commands.shared.api_session import ApiSession

Url = Annotated[str, typer.Option(envvar="RISK_URL", help="The REST API.")]
Email = Annotated[str, typer.Option(envvar="RISK_EMAIL", help="Who signs in.")]
AdminEmail = Annotated[str, typer.Option(envvar="RISK_EMAIL", help="Who signs in: an administrator.")]
Password = Annotated[str, typer.Option(envvar="RISK_PASSWORD", prompt=True, hide_input=True)]


def read_file(file: Path, kind: Any) -> Any:
    """The YAML or JSON of ``file`` as ``kind``, which Pydantic validates; ends the command if it is not that."""
    import yaml
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        fail(f"{file.name}: {error}")


@contextmanager
def signed_in(url: str, email: str, password: str) -> Iterator[ApiSession]:
    """A session of this person with the API, closed at the end."""
    from infra.commands.shared.api_session import ApiSession

    session = ApiSession(url, login=(email, password))
    try:
        yield session
    finally:
        session.close()


def ask(session: ApiSession, method: str, path: str, **options: Any) -> Any:
    """The API's answer, as JSON; ends the command with what it said if that is an error."""
    from infra.commands.shared.api_session import problem_text

    answer = session.request(method, path, **options)
    if answer.is_error:
        fail(problem_text(answer))
    return answer.json()
