"""The AWS CDK's command line in the version that the project is deployed with, on the Node.js of ``make setup``.

``python -m infra.cdk synth -c stage=dev`` is ``cdk synth -c stage=dev``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra import PROJECT
from infra.local.deploy import node_folder

CLI = "aws-cdk@2.1148.1"
"""Not the newest: 3.0.0 on the registry is an accident."""


def main(arguments: list[str]) -> int:
    """Run the CDK with these arguments, and give its exit status."""
    folder = node_folder()
    npx = [folder / "node", folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js", "--yes", CLI]
    # Its app is `python`: this one, which has what the app imports.
    path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    return subprocess.run([*map(str, npx), *arguments], cwd=PROJECT, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
