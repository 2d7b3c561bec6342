"""Which way LocalStack runs, and its container: played by a program called ``docker``, as no engine is needed here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.local.services import localstack
from infra.local.services.localstack import Way
from infra.local.stack.processes import Children, Guardian, LocalError, answers

pytestmark = pytest.mark.integration

DOCKER = """#!{python}
import http.server, pathlib, sys
if sys.argv[1] == "version":
    sys.exit({engine})
pathlib.Path(__file__).with_name("asked").write_text(" ".join(sys.argv[1:]))
host, port, _ = sys.argv[sys.argv.index("--publish") + 1].split(":")
http.server.HTTPServer((host, int(port)), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def docker(folder: Path, monkeypatch: pytest.MonkeyPatch, *, engine: bool) -> None:
    """Put a ``docker`` first on the path, whose engine answers or does not; its container serves a folder."""
    (folder / "_localstack").mkdir()
    (folder / "_localstack/health").touch()
    program = folder / "docker"
    program.write_text(DOCKER.format(python=shutil.which("python3"), engine=0 if engine else 1))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.chdir(folder)


def test_without_docker_it_is_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert localstack.choose() is Way.PROCESS


def test_without_an_engine_that_answers_it_is_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker(tmp_path, monkeypatch, engine=False)
    assert localstack.choose() is Way.PROCESS
    assert "no docker engine answers" in localstack.announcement(Way.PROCESS)


def test_with_an_engine_it_is_a_container_that_goes_with_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker(tmp_path, monkeypatch, engine=True)
    assert localstack.choose() is Way.CONTAINER
    children = Children(tmp_path / "logs", Guardian())
    try:
        running = localstack.start(children, tmp_path, Way.CONTAINER)
    finally:
        children.stop_all()
    assert not answers(running.port)
    asked = (tmp_path / "asked").read_text()
    assert asked.startswith("run --rm ")
    assert f"--publish 127.0.0.1:{running.port}:4566" in asked
    assert f"--env LOCALSTACK_HOST=127.0.0.1:{running.port}" in asked
    assert asked.endswith(localstack.IMAGE)


def test_without_python_3_13_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localstack, "PYTHON", "3.99")
    with pytest.raises(LocalError, match="LOCALSTACK_PYTHON"):
        localstack._interpreter()
