"""An explanation: sentences for an analyst, each citing its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from risk.alerts.alert import Disposition
from risk.domain.assessment import Probability
from risk.explanations.evidence import EvidenceId


class Source(StrEnum):
    """The author of an explanation: the template, or a language model that chose among statements."""

    TEMPLATE = "template"
    MODEL = "model"


MAX_TEXT = 2_000
"""Characters of a sentence, at most."""


class Sentence(BaseModel):
    """One statement, and the ids of the evidence that it cites: at least one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    cites: Annotated[list[EvidenceId], Field(min_length=1, max_length=20)]


class Suggestion(BaseModel):
    """The disposition that the evidence suggests, the confidence (0 to 1), and why. People decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    disposition: Disposition
    confidence: Probability
    because: Annotated[list[Sentence], Field(min_length=1)]


class Explanation(BaseModel):
    """What is said of an assessment.

    ``summary`` in two or three sentences; ``why`` it was scored so; what speaks ``against`` the suspicion, or,
    where there is none, for looking again; ``checks`` that an analyst can make. Without anything to decide there is no
    ``suggestion``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: list[Sentence]
    why: list[Sentence]
    against: list[Sentence]
    checks: list[Sentence]
    suggestion: Suggestion | None = None

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in reading order."""
        yield from (*self.summary, *self.why, *self.against, *self.checks)
        if self.suggestion is not None:
            yield from self.suggestion.because
