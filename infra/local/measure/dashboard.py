"""Browser performance of the Live screen under load: the built dashboard on its own stack."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra import PROJECT
from infra.local import frontend
from infra.local.measure import browser
from infra.local.measure.own import own_stack

_SLACK_SECONDS = 420


def measure(rate: float, seconds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Open the screen, idle and then at ``rate`` events a second for ``seconds``; the browser's report."""
    with own_stack() as (stack, children, folder), tempfile.TemporaryDirectory(prefix="risk-browser-") as unpacked:
        say("building the dashboard")
        url = frontend.serve_built(children, stack.deployment.api_url, stack.deployment.websocket_url, folder / "site")
        say(f"measuring, {seconds} s")
        command = [sys.executable, "-m", "infra.cli", "simulate", "--rate", str(rate), "--seconds", str(seconds)]
        command += ["--endpoint-url", stack.emulator.endpoint, "--stream", stack.deployment.events_stream, "--json"]
        return browser.run(
            browser.PROGRAMS / "dashboard.mjs",
            {
                "stack": {"url": url, "users": stack.users},
                "seconds": seconds,
                "simulation": {"command": command, "env": stack.emulator.environment, "cwd": str(PROJECT)},
            },
            Path(unpacked),
            seconds=seconds + _SLACK_SECONDS,
        )
