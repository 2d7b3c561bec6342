"""``risk smoke``: an end-to-end check of a deployed system, from signing in to the assessment of an event."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from infra.commands.shared.terminal import DataDir, fail

PATH = "/ws/risk-stream"


def smoke(
    url: Annotated[str | None, typer.Option(help="Where the dashboard is. Default: the running local stack.")] = None,
    email: Annotated[str | None, typer.Option(help="Who signs in: someone who may send events.")] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="RISK_PASSWORD", help="Better not here but in RISK_PASSWORD; else it is asked for."),
    ] = None,
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input.")] = False,
    ws_url: Annotated[
        str | None, typer.Option(help=f"The WebSocket, where it is not at the dashboard's {PATH}.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long an assessment may take.")] = 30.0,
    data_dir: DataDir = Path(".risk"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Sign in, send one event, and wait for its assessment by REST and over the WebSocket.

    Leaves behind one assessment of a test account. Ends with code 1 if any check fails, and
    says what to do next.

    Examples:

      risk smoke

      risk smoke --url https://risk.example.com --email ada@example.com
    """
    from infra.commands.shared.checks import Smoke

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    if url is None:
        url, ws_url, email, password = _local(data_dir, ws_url, email, password)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        fail(f"--url {url} is not an address, such as https://risk.example.com")
    if email is None:
        fail("--email says who signs in")
    if password is None:
        password = typer.prompt("Password", hide_input=True)
    socket = ws_url or f"{url.rstrip('/').replace('http', 'ws', 1)}{PATH}"
    results = []
    for result in Smoke(url.rstrip("/"), socket, email, password, seconds).run():
        results.append(result)
        if not as_json:
            mark = {True: "ok    ", False: "FAILED", None: "      "}[result.passed]
            typer.echo(f"{mark}  {result.name}: {result.seen}")
            if result.next_step:
                typer.echo(f"        next: {result.next_step}")
    well = all(result.passed for result in results)
    if as_json:
        typer.echo(json.dumps({"url": url, "well": well, "checks": [result.as_json() for result in results]}))
    if not well:
        raise typer.Exit(1)


def _local(data_dir: Path, ws_url: str | None, email: str | None, password: str | None) -> tuple[str, str, str, str]:
    """The local stack's addresses, and its Admin's login unless another is given."""
    from infra.local.stack.state import running

    stack = running(data_dir)
    if stack is None:
        fail(f"Nothing runs in {data_dir}. Start it with `risk up`, or give --url.")
    admin = stack["users"]["admin"]
    if email is not None and password is None:
        password = str(typer.prompt("Password", hide_input=True))
    return stack["api"], ws_url or stack["ws"], email or admin["email"], password or admin["password"]
