"""The AWS CDK command line in the project's version, on the Node.js that ``make setup`` installs.

``python -m infra.cdk synth -c stage=dev`` is ``cdk synth -c stage=dev``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra import PROJECT, node

CLI = "aws-cdk@2.1148.1"
"""Not the newest: 3.0.0 was published by accident."""


def main(arguments: list[str]) -> int:
    """Run the CDK with these arguments, and return its exit status."""
    command = [str(part) for part in (*node.command("npx"), "--yes", CLI, *arguments)]
    # The CDK app runs `python`: make that this interpreter, which has the app's imports.
    environment = {**os.environ, **node.for_cdk(Path(sys.executable).parent)}
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
