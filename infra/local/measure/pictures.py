"""Screenshots of the dashboard, on a running stack or on a temporary one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.local.measure import browser
from infra.local.measure.own import own_stack
from infra.local.stack.processes import LocalError
from infra.local.stack.state import running

RATE = 20.0
"""Simulated events a second while screenshots are taken."""
_SECONDS = 1_800.0


def take(out: Path, only: Sequence[str], data_dir: Path | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Write screenshots to ``out``; returns their names, and those of screens that failed."""
    out.mkdir(parents=True, exist_ok=True)
    with _stack(data_dir) as stack, tempfile.TemporaryDirectory(prefix="risk-browser-") as unpacked:
        say("taking pictures")
        given = {"stack": stack, "folder": str(out.resolve()), "only": list(only)}
        return browser.run(browser.PROGRAMS / "screenshots.mjs", given, Path(unpacked), seconds=_SECONDS)


@contextmanager
def _stack(data_dir: Path | None) -> Iterator[dict[str, Any]]:
    if data_dir is not None:
        found = running(data_dir)
        if found is None:
            raise LocalError(f"No stack runs in {data_dir}. Start one: risk up --data-dir {data_dir}")
        yield found
    else:
        with own_stack(simulator=True, rate=RATE) as (stack, _, _):
            yield stack.describe()
