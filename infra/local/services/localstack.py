"""LocalStack on this machine, with no token: version 4.14.0, the last that starts without one.

It serves Kinesis, S3, SQS, Secrets Manager and CloudFormation. With a Docker engine it runs in its container;
without, as a process. That needs Python 3.13 and its own packages, so it has its own environment in
``.tools/``, made once from what the lock files beside this module pin.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import httpx

from infra import PROJECT, interpreters, node
from infra.local.services.emulator import CREDENTIALS, Emulator
from infra.local.stack.processes import Child, Children, LocalError, free_port

VERSION = "4.14.0"
IMAGE = f"localstack/localstack:{VERSION}"
SERVICES = ("cloudformation", "kinesis", "s3", "secretsmanager", "sqs")
PYTHON = "3.13"
LOCK = Path(__file__).with_name("localstack.lock.txt")
_KINESIS_LOCK = Path(__file__).with_name("kinesis-local.lock.json")
_LIBRARIES = Path("usr/lib/localstack")
"""Folders under LocalStack's root for files that need not be downloaded or built again."""
_SETTINGS = {
    "SERVICES": ",".join(SERVICES),
    "EAGER_SERVICE_LOADING": "0",
    "KINESIS_LATENCY": "0",
    "SQS_ENDPOINT_STRATEGY": "path",
    "DISABLE_EVENTS": "1",  # no telemetry
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "LS_LOG": "warning",
}
_OUTSIDE = {"OVERRIDE_IN_DOCKER": "0"}  # in a container too, keep its files in our folder
_OFFLINE_HINT = "Are the Python and npm registries reachable? Without LocalStack: risk up --emulator default"


class Way(StrEnum):
    """How LocalStack runs."""

    CONTAINER = "in a container, as a docker engine answers"
    PROCESS = "as a process, as no docker engine answers"


def choose() -> Way:
    """The way that works on this machine."""
    docker = shutil.which("docker")
    if docker is None:
        return Way.PROCESS
    asked = [docker, "version", "--format", "{{.Server.Version}}"]
    try:
        subprocess.run(asked, check=True, capture_output=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return Way.PROCESS
    return Way.CONTAINER


def announcement(way: Way) -> str:
    """The message for a person."""
    return (
        f"LocalStack {VERSION} runs {way.value}. It serves Kinesis, S3, SQS, Secrets Manager and CloudFormation; "
        "the API and the Lambdas run on the default emulator."
    )


def serves(running: Emulator) -> dict[str, str]:
    """The endpoint of each service that LocalStack serves."""
    return dict.fromkeys(SERVICES, running.endpoint)


def start(children: Children, temporary: Path, way: Way = Way.PROCESS) -> Emulator:
    """Start LocalStack, downloaded if needed, with its files in a folder in ``temporary``. It starts empty."""
    port = free_port()
    child = _container(children, port) if way is Way.CONTAINER else _process(children, port, temporary)
    children.wait_until(child, lambda: _healthy(port), seconds=600 if way is Way.CONTAINER else 180)
    return Emulator(port, child)


def _container(children: Children, port: int) -> Child:
    settings = {**_SETTINGS, "LOCALSTACK_HOST": f"127.0.0.1:{port}"}
    options = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
    name = f"risk-localstack-{children.guardian.mark[:8]}"
    where = ["--name", name, "--publish", f"127.0.0.1:{port}:4566"]
    # It forwards signals to the container, which is removed when it ends.
    return children.start("localstack", ["docker", "run", "--rm", *where, *options, IMAGE], service=True)


def _process(children: Children, port: int, temporary: Path) -> Child:
    environment = install(children)
    temporary = (temporary / f"localstack-{children.guardian.mark[:8]}").resolve()
    libraries = temporary / _LIBRARIES
    libraries.parent.mkdir(parents=True)
    children.guardian.tell(f"remove {temporary}")
    libraries.symlink_to(environment / _LIBRARIES)
    settings = {
        **CREDENTIALS,
        **_SETTINGS,
        **_OUTSIDE,
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "hypercorn",  # the other server always listens on all networks
        "FILESYSTEM_ROOT": str(temporary),
        "DNS_ADDRESS": "0",
        "DOCKER_HOST": f"unix://{temporary}/no-docker",
        "PATH": node.path(),
        "PYTHONPATH": "",
    }
    command: list[str | Path] = [environment / "bin/python", "-m", "localstack.runtime.main"]
    return children.start("localstack", command, env=settings, cwd=temporary, stop_signal=signal.SIGKILL, service=True)


def install(children: Children) -> Path:
    """The folder of LocalStack's environment, rebuilt when the lock files have changed."""
    pinned = LOCK.read_text() + _KINESIS_LOCK.read_text()
    folder = PROJECT / ".tools" / f"localstack-{hashlib.sha256(pinned.encode()).hexdigest()[:12]}"
    folder.parent.mkdir(exist_ok=True)
    ready = folder / ".ready"
    with _locked(folder.with_suffix(".lock")):
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install_python(children, folder)
            _install_kinesis(children, folder / _LIBRARIES / "kinesis-local")
            ready.touch()
    return folder


def _install_python(children: Children, folder: Path) -> None:
    from uv import find_uv_bin

    uv: list[str | Path] = [find_uv_bin(), "--quiet", "--no-progress"]
    children.run("localstack-install", [*uv, "venv", "--no-project", "--python", _interpreter(), folder])
    command = [*uv, "pip", "install", "--no-deps", "--python", folder / "bin/python", "--requirement", LOCK]
    children.run("localstack-install", command, hint=_OFFLINE_HINT)
    # Otherwise computed at each start: the index that maps requests to services.
    catalog: list[str | Path] = [folder / "bin/python", "-m", "localstack.aws.spec"]
    (folder / _LIBRARIES).mkdir(parents=True)
    children.run("localstack-install", catalog, env={**_OUTSIDE, "FILESYSTEM_ROOT": str(folder)})


def _install_kinesis(children: Children, folder: Path) -> None:
    """Install LocalStack's Kinesis, a Node.js program, where LocalStack looks before downloading it."""
    lock = json.loads(_KINESIS_LOCK.read_text())
    root = lock["packages"][""]
    folder /= root["dependencies"]["kinesis-local"]
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(root))
    shutil.copy(_KINESIS_LOCK, folder / "package-lock.json")
    npm = [*node.command("npm"), "ci", "--no-audit", "--no-fund"]
    children.run("localstack-install", npm, env={"PATH": node.path()}, cwd=folder, hint=_OFFLINE_HINT)
    program = folder / "node_modules/kinesis-local/main.js"
    text = program.read_text()
    if '"0.0.0.0"' not in text:
        raise LocalError(f"{program} is not as expected: it could not be kept from listening on all networks.")
    program.write_text(text.replace('"0.0.0.0"', '"127.0.0.1"'))


def _interpreter() -> Path:
    try:
        return interpreters.find(PYTHON, "LOCALSTACK_PYTHON")
    except interpreters.NoInterpreter as error:
        raise LocalError(f"LocalStack {VERSION}: {error} Without LocalStack: risk up --emulator default") from error


def _healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/_localstack/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock between processes, because two stacks may start at once."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
