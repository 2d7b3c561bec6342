"""The language model of a local run, from the environment or ``.env``; its key is stored only in a secret."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from pydantic import ValidationError

from infra.local.stack.processes import LocalError
from risk.config.settings import ModelSettings

_KEY = "OPENAI_API_KEY"


@dataclass(frozen=True)
class LanguageModel:
    """Who writes explanations: a model if ``api_key`` is set, otherwise the template. ``words`` say which and why."""

    words: str
    api_key: str = field(default="", repr=False)
    context: dict[str, str] = field(default_factory=dict)
    """The settings passed to the stage at synthesis; none is secret."""


def find() -> LanguageModel:
    """The configured model. Removes the key from the environment of child processes."""
    try:
        settings = ModelSettings()
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]).upper() for one in error.errors())
        raise LocalError(f"{names}: this cannot be used. See .env.example.") from None
    os.environ.pop(_KEY, None)
    key = settings.openai_api_key.get_secret_value()
    if settings.rag_enabled and key:
        context = {
            "openai_model": settings.openai_model,
            "openai_embedding_model": settings.openai_embedding_model,
            "openai_base_url": settings.openai_base_url,
        }
        where = f" at {settings.openai_base_url}" if settings.openai_base_url else ""
        return LanguageModel(f"written by {settings.openai_model}{where}", key, context)
    if settings.rag_enabled:
        return LanguageModel(f"from the template: there is no {_KEY}")
    if key:
        return LanguageModel(f"from the template; RAG_ENABLED=true has {settings.openai_model} write them")
    return LanguageModel("from the template")
