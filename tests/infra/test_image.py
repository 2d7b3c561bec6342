"""The engine's Dockerfile says what the rest of the project says. It is read here, not built (docs/image.md)."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from infra import PROJECT
from risk.config.settings import EngineSettings

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def instructions() -> list[Instruction]:
    """Every instruction of the Dockerfile, as (its name, the rest of its line)."""
    lines = (PROJECT / "streaming/Dockerfile").read_text().splitlines()
    joined = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", "")
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.split("\n") if line)]


@pytest.fixture(scope="module")
def final(instructions: list[Instruction]) -> list[Instruction]:
    """The instructions of the stage that is shipped."""
    last = max(place for place, (name, _) in enumerate(instructions) if name == "FROM")
    return instructions[last:]


def _only(instructions: list[Instruction], name: str) -> str:
    (rest,) = [rest for one, rest in instructions if one == name]
    return rest


def test_both_stages_stand_on_one_base_that_an_argument_names(instructions: list[Instruction]) -> None:
    default = instructions[0][1]
    assert re.fullmatch(r"PYTHON_IMAGE=\S+/python:3\.13\.\d+-slim-\w+@sha256:[0-9a-f]{64}", default)
    assert [rest.split()[0] for name, rest in instructions if name == "FROM"] == ["${PYTHON_IMAGE}"] * 2


def test_the_engine_runs_as_a_user_that_is_not_root_and_owns_nothing(final: list[Instruction]) -> None:
    user = _only(final, "USER")
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user)
    uid, gid = user.split(":")
    made = next(rest for name, rest in final if name == "RUN")
    assert f"--uid {uid}" in made
    assert f"--gid {gid}" in made
    assert not [rest for name, rest in final if name == "COPY" and "--chown" in rest]
    assert json.loads(_only(final, "VOLUME")) == ["/tmp"]


def test_health_is_asked_where_the_engine_answers(final: list[Instruction]) -> None:
    default = EngineSettings.model_fields["engine_port"].default
    assert f"ENGINE_PORT={default}" in _only(final, "ENV").split()
    assert _only(final, "EXPOSE") == str(default)
    options, _, command = _only(final, "HEALTHCHECK").partition(" CMD ")
    assert "--start-period=" in options
    *program, script = json.loads(command)
    assert program == ["python", "-c"]
    compile(script, "healthcheck", "exec")
    assert "ENGINE_PORT" in script
    assert "/healthz" in script


def test_it_starts_the_engine_itself_and_stops_it_with_sigterm(final: list[Instruction]) -> None:
    assert json.loads(_only(final, "ENTRYPOINT")) == ["python", "-m", "streaming.engine.main"]
    assert _only(final, "STOPSIGNAL") == "SIGTERM"


def test_what_is_copied_is_there_and_let_through(instructions: list[Instruction]) -> None:
    copies = [rest.split() for name, rest in instructions if name == "COPY" and not rest.startswith("--from")]
    copied = {source for *sources, _ in copies for source in sources}
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert copied == {"pyproject.toml", "uv.lock", "risk", "streaming"}
    assert {source for source in copied if not (PROJECT / source).exists()} == set()
    assert {source for source in copied if f"!{source}" not in ignored} == set()


def test_only_the_locked_dependencies_of_the_engine_are_installed(instructions: list[Instruction]) -> None:
    (sync,) = [rest for name, rest in instructions if name == "RUN" and "uv sync" in rest]
    assert {"--frozen", "--no-default-groups", "--no-install-project"} <= set(sync.split())
    assert re.findall(r"--extra (\S+)", sync) == ["streaming"]


def test_uv_is_the_one_that_developers_use(instructions: list[Instruction]) -> None:
    (used,) = re.findall(r"^UV_VERSION := (\S+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert ("ARG", f"UV_VERSION={used}") in instructions


def test_the_version_is_the_projects(final: list[Instruction]) -> None:
    project: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert ("ARG", f"VERSION={project['version']}") in final


def test_nothing_in_it_is_secret(instructions: list[Instruction]) -> None:
    named = " ".join(rest for name, rest in instructions if name in {"ARG", "ENV", "LABEL"})
    assert not re.search(r"PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL|://", named)
