"""The dashboard's development server, on the Node.js that comes as a wheel.

As a program (``python -m infra.local.frontend run check``) it is npm in the dashboard's folder.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx

from infra import PROJECT, node
from infra.local.stack.deploy import Deployment
from infra.local.stack.processes import Child, Children, LocalError, free_port

FOLDER = PROJECT / "frontend"
_ATTEMPTS = 5
_DONE = FOLDER / "node_modules" / ".package-lock.json"
_OFFLINE_HINT = "Is the npm registry reachable? Without the dashboard: risk up --no-frontend"


def install(children: Children) -> None:
    """Install what the lock file pins, unless that was done since its last change.

    Not with ``npm ci``: that would remove the packages under another stack's server, and it rejects a lock
    file that lacks packages for other platforms, which some mirrors of the registry do not have.
    """
    if not (FOLDER / "package-lock.json").exists():
        raise LocalError(f"There is no dashboard in {FOLDER}. Without it: risk up --no-frontend")
    lock = PROJECT / "cdk.out" / "npm.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two stacks may start at once
        if not _installed():
            command = [*node.command("npm"), "install", "--no-save", "--no-audit", "--no-fund"]
            children.run("npm", command, env=_environment(), cwd=FOLDER, hint=_OFFLINE_HINT)
            _DONE.touch()


def start(children: Children, deployment: Deployment, preferred: int) -> tuple[int, Child]:
    """Serve the dashboard on ``preferred`` or the next free port; give the port once it answers."""
    for _ in range(_ATTEMPTS):
        port = free_port(preferred)
        child = launch(children, deployment, port, append=False)
        try:
            children.wait_until(child, partial(_ready, child, port), seconds=60)
        except LocalError:
            if "already in use" not in child.tail():  # another program took the port: try the next one
                raise
        else:
            return port, child
    raise LocalError(f"No port near {preferred} stays free for the dashboard. Give another with --port.")


def launch(children: Children, deployment: Deployment, port: int, *, append: bool = True) -> Child:
    """Start serving on ``port``; the server forwards the API and the WebSocket to the deployed stack."""
    targets = {
        "VITE_DEV_API_TARGET": deployment.api_url,
        "VITE_DEV_WS_TARGET": deployment.websocket_url,
    }
    options = ["--port", str(port), "--strictPort", "--host", "127.0.0.1"]
    command = [*node.command("npm"), "run", "dev", "--", *options]
    return children.start("frontend", command, env={**_environment(), **targets}, cwd=FOLDER, append=append)


def serve_built(children: Children, api_url: str, websocket_url: str, folder: Path) -> str:
    """Build the dashboard into ``folder`` as for a deployment, serve it in front of a stack, and return its URL.

    Fails when the build fails: on type errors, or above the script size limit of the first paint.
    """
    targets = {"VITE_DEV_API_TARGET": api_url, "VITE_DEV_WS_TARGET": websocket_url}
    build = [*node.command("npm"), "run", "build", "--", "--outDir", folder, "--emptyOutDir"]
    children.run("build", build, env={**_environment(), **targets}, cwd=FOLDER)
    port = free_port()
    preview = [*node.command("npm"), "run", "preview", "--", "--outDir", folder, "--port", str(port), "--strictPort"]
    child = children.start("preview", preview, env={**_environment(), **targets}, cwd=FOLDER)
    children.wait_until(child, partial(_answers, port), seconds=60)
    return f"http://127.0.0.1:{port}"


def _installed() -> bool:
    return _DONE.exists() and _DONE.stat().st_mtime >= (FOLDER / "package-lock.json").stat().st_mtime


def _node() -> dict[str, str]:
    """The environment in which scripts find ``node``; its cache stays out of the temporary folder."""
    return {"PATH": node.path(), "NODE_COMPILE_CACHE": str(FOLDER / "node_modules" / ".cache" / "node")}


def _environment() -> dict[str, str]:
    return {**_node(), "NO_COLOR": "1", "BROWSER": "none", "NO_UPDATE_NOTIFIER": "1"}


def _ready(child: Child, port: int) -> bool:
    """Whether this server answers, and not another program on the same port."""
    return "ready in" in child.tail(100) and _answers(port)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5).status_code < 500
    except httpx.HTTPError:
        return False


def main(arguments: list[str]) -> int:
    """Run npm with these arguments, and return its exit status."""
    command = [str(part) for part in (*node.command("npm"), *arguments)]
    return subprocess.run(command, cwd=FOLDER, env={**os.environ, **_node()}, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
