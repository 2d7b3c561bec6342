"""A temporary folder with processes for a measurement, removed afterwards."""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.stack.processes import Children, Guardian


def end_on_sigterm() -> None:
    """Make SIGTERM end the program as Ctrl-C does, so that folders and processes are cleaned up."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextmanager
def scratch() -> Iterator[tuple[Path, Children]]:
    """A folder and a process starter that logs into it; processes are stopped and the folder removed at the end."""
    end_on_sigterm()
    guardian = Guardian()
    with tempfile.TemporaryDirectory(prefix="risk-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user
        children = Children(folder / "logs", guardian)
        try:
            yield folder, children
        finally:
            children.stop_all()
            guardian.dismiss()
