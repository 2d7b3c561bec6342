"""The templates of every stage, synthesized once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import node
from tests.infra.templates import Template, stages, synthesize


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the assembly of each stage, which ``templates`` fills."""
    return tmp_path_factory.mktemp("assemblies")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, assemblies: Path) -> Iterator[dict[str, dict[str, Template]]]:
    """The templates of each stage by the kind of their stack, made without a network and without docker."""
    patch = pytest.MonkeyPatch()
    for name, value in node.for_cdk().items():
        patch.setenv(name, value)
    empty = tmp_path_factory.mktemp("empty")
    for name in ("handler.py", "index.html"):
        (empty / name).touch()
    yield {name: synthesize(stage, empty, assemblies / name) for name, stage in stages().items()}
    patch.undo()
