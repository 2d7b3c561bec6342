"""A temporary folder with processes for a measurement, removed afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.stack.processes import Children, Guardian


@contextmanager
def scratch() -> Iterator[tuple[Path, Children]]:
    """A folder, and who starts processes with their logs in it; all end, and it goes, at the end."""
    guardian = Guardian()
    with tempfile.TemporaryDirectory(prefix="risk-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, PostgreSQL runs as someone else
        children = Children(folder / "logs", guardian)
        try:
            yield folder, children
        finally:
            children.stop_all()
            guardian.dismiss()
