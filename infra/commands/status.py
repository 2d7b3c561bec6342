"""``risk status``: what runs on this machine, where, and whether it is healthy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.commands.shared.terminal import DataDir


def status(
    data_dir: DataDir = Path(".risk"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Show what runs with a data folder, where, and whether it is healthy. Ends with code 1 otherwise.

    Examples:

      risk status

      risk status --json --data-dir .risk2
    """
    from infra.local.stack.state import running

    stack = running(data_dir)
    if stack is None:
        if as_json:
            typer.echo(json.dumps({"running": False}))
        else:
            typer.echo(f"Nothing runs in {data_dir}. Start it: risk up")
        raise typer.Exit(1)
    parts = _health(stack)
    well = all(parts.values())
    if as_json:
        typer.echo(json.dumps({"running": True, "well": well, "parts": parts, **stack}))
    else:
        _show(stack, parts)
    if not well:
        raise typer.Exit(1)


def _health(stack: dict[str, Any]) -> dict[str, bool]:
    """Ask each part that answers requests; the others are healthy while their process runs."""
    import httpx
    import psutil

    parts = {name: psutil.pid_exists(pid) for name, pid in stack["pids"].items()}
    questions = {"engine": stack["engine"], "api": f"{stack['api']}/api/v1/health"}
    if "frontend" in parts:
        questions["frontend"] = stack["url"]
    for name, url in questions.items():
        try:
            parts[name] = httpx.get(url, timeout=5).status_code == 200
        except httpx.HTTPError:
            parts[name] = False
    return parts


def _show(stack: dict[str, Any], parts: dict[str, bool]) -> None:
    from rich.console import Console
    from rich.table import Table

    from infra.local.stack.glance import Glance

    console = Console(highlight=False)
    table = Table.grid(padding=(0, 2))
    for name, well in parts.items():
        pid = stack["pids"].get(name, "")
        table.add_row("[green]✓[/green]" if well else "[red]✗[/red]", name, f"process {pid}" if pid else "")
    console.print(table)
    if "frontend" in parts:
        console.print(f"\nDashboard  {stack['url']}")
    console.print(f"API        {stack['url']}/docs")
    for role, user in stack["users"].items():
        console.print(f"{role.capitalize():<10} {user['email']}  {user['password']}", markup=False)
    console.print(Glance(stack["engine"]).line())
