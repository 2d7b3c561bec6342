"""Runs the programs of ``infra/browser``: Node.js, with the Chromium that the dashboard's packages bring."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra import PROJECT, node
from infra.local.stack.processes import LocalError

PROGRAMS = PROJECT / "infra" / "browser"


def run(program: Path, given: Mapping[str, Any], folder: Path, *, seconds: float) -> dict[str, Any]:
    """Pass ``given`` as JSON and return its last output line, parsed; the browser is unpacked in ``folder``.

    Its standard error is passed through. Raises ``LocalError`` if it fails.
    """
    environment = {"PATH": node.path(), "HOME": str(folder), "TMPDIR": str(folder)}
    try:
        done = subprocess.run(  # noqa: S603
            [node.folder() / "node", program],
            input=json.dumps(given),
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"{program.name} was not done after {seconds:.0f} s.") from error
    if done.returncode:
        raise LocalError(f"{program.name} failed; what it said is above.")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report
