"""Who explains in a local run: the settings decide, it is said, and the key goes nowhere but into its secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.local.stack import language_model
from infra.local.stack.processes import LocalError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env is
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "RAG_"))]:
        monkeypatch.delenv(name)


def test_a_model_explains_where_it_is_switched_on_and_has_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RAG_ENABLED": "true", "OPENAI_API_KEY": "sk-1", "OPENAI_MODEL": "model-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    found = language_model.find()
    assert found.words == "written by model-1 at http://127.0.0.1:11434/v1"
    assert found.api_key == "sk-1"
    assert found.context["openai_model"] == "model-1"
    assert "sk-1" not in repr(found) + str(found.context)
    assert "OPENAI_API_KEY" not in os.environ


def test_dot_env_counts_as_the_environment_does(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RAG_ENABLED=true\nOPENAI_API_KEY=sk-2\n")
    assert language_model.find().api_key == "sk-2"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "from the template"),
        ({"OPENAI_API_KEY": "sk-1"}, "RAG_ENABLED=true has gpt-4.1-mini write them"),
        ({"RAG_ENABLED": "true"}, "there is no OPENAI_API_KEY"),
    ],
)
def test_else_the_template_does_and_why_is_said(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    found = language_model.find()
    assert said in found.words
    assert (found.api_key, found.context) == ("", {})


def test_what_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_SECONDS", "100")
    with pytest.raises(LocalError, match="OPENAI_SECONDS"):
        language_model.find()
