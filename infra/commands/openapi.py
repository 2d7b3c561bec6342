"""``risk openapi``: the OpenAPI description of the API, generated from the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def openapi(
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of printing it.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail if the file given by --out differs.")] = False,
) -> None:
    """Write the OpenAPI description of the API.

    Examples:

      risk openapi --out docs/openapi.json

      risk openapi --out docs/openapi.json --check
    """
    from functions.api.http.app import create_app

    text = json.dumps(create_app().openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_or_check(text, out, "openapi", check=check)


def write_or_check(text: str, out: Path | None, command: str, *, check: bool) -> None:
    """Print ``text``, write it to ``out``, or with ``check`` fail if ``out`` differs."""
    if out is None:
        if check:
            raise typer.BadParameter("--check needs --out: the file to compare with")
        typer.echo(text, nl=False)
    elif check:
        if not out.exists() or out.read_text() != text:
            typer.echo(f"{out} differs from the code. Write it anew: risk {command} --out {out}", err=True)
            raise typer.Exit(1)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text)
