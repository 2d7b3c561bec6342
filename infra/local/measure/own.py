"""A temporary stack for one command, removed afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.measure.scratch import end_on_sigterm
from infra.local.stack.console import Checklist
from infra.local.stack.processes import Children, Guardian
from infra.local.stack.state import DataFolder
from infra.local.stack.up import Options, Stack, start


@contextmanager
def own_stack(
    *, simulator: bool = False, rate: float = 5.0, frontend: bool = True
) -> Iterator[tuple[Stack, Children, Path]]:
    """The stack, a starter for further processes, and its folder. Raises ``LocalError`` if it cannot start."""
    end_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="risk-own-") as name:
        path = Path(name)
        path.chmod(0o755)  # PostgreSQL may run as another user
        folder = DataFolder.take(path / "data")
        children = Children(folder.path / "logs", Guardian(keep_open=[folder.lock]))
        try:
            with Checklist(quiet=False) as checklist:
                stack = start(
                    Options(folder.path, 0, rate, simulator, history=False, frontend=frontend),
                    folder,
                    children,
                    checklist,
                )
            yield stack, children, folder.path
        finally:
            children.stop_all()
            folder.release()
