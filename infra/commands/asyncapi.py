"""``risk asyncapi``: the AsyncAPI description of the WebSocket, generated from the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.openapi import write_or_check


def asyncapi(
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of printing it.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail if the file given by --out differs.")] = False,
) -> None:
    """Write the AsyncAPI description of the WebSocket.

    Examples:

      risk asyncapi --out docs/asyncapi.json

      risk asyncapi --out docs/asyncapi.json --check
    """
    from infra.asyncapi_document import document

    write_or_check(json.dumps(document(), indent=2, ensure_ascii=False) + "\n", out, "asyncapi", check=check)
