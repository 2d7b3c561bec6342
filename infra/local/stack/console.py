"""Console output of ``risk up``: a checklist with times, the addresses, a status line."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.table import Table

_BAR = 20


class Checklist:
    """Shows steps as they begin and end, from any thread; silent if ``quiet``."""

    def __init__(self, *, quiet: bool) -> None:
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        self._lock = threading.Lock()
        self._active: list[str] = []
        self._status: Status | None = None
        self._shares: dict[str, float] = {}

    def __enter__(self) -> Checklist:
        if self.console.is_terminal and not self.console.quiet:
            self._status = self.console.status("Starting")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()
            self._status = None

    def begun(self, title: str) -> None:
        """A step has begun."""
        with self._lock:
            self._active.append(title)
            self._show()

    def done(self, title: str, seconds: float) -> None:
        """A step is done, after so many seconds of its own."""
        with self._lock:
            self._active.remove(title)
            self.console.print(f"[green]✓[/green] {title:<34}[dim]{seconds:5.1f} s[/dim]")
            self._show()

    def progress(self, title: str, share: float) -> None:
        """Progress of a long step, 0 to 1."""
        with self._lock:
            self._shares[title] = share
            self._show()

    def note(self, text: str) -> None:
        """Show a message."""
        self.console.print(f"[yellow]![/yellow] {text}", markup=True, soft_wrap=True)

    def fail(self, text: str) -> None:
        """Show an error, even if quiet."""
        Console(stderr=True, highlight=False).print(f"✗ {text}", style="red", markup=False, soft_wrap=True)

    def live(self, text: str) -> None:
        """Replace the last line of a terminal."""
        if self._status:
            self._status.update(text)

    def ready(self, stack: Mapping[str, Any], seconds: float) -> None:
        """Show the addresses."""
        table = Table.grid(padding=(0, 2))
        if "frontend" in stack["pids"]:
            table.add_row("Dashboard", stack["url"])
        table.add_row("API", f"{stack['url']}/docs")
        table.add_row("Explanations", stack["explanations"])
        for role, user in stack["users"].items():
            table.add_row(role.capitalize(), f"{user['email']}  {user['password']}")
        self.console.print(f"\n[bold]Ready in {seconds:.1f} s.[/bold] Ctrl-C stops everything.\n")
        self.console.print(table, "")

    def _show(self) -> None:
        if self._status:
            self._status.update("Starting: " + ", ".join(map(self._words, self._active)))

    def _words(self, title: str) -> str:
        share = self._shares.get(title)
        if share is None:
            return title
        full = round(share * _BAR)
        return f"{title} [{'━' * full}{'╌' * (_BAR - full)}] {share:.0%}".replace("[", r"\[")
