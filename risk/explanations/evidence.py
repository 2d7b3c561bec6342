"""Evidence items: what an explanation may state, each with an id that sentences cite.

Facts of this system are ``E1``, ``E2`` and so on, passages of the knowledge base ``K1``, ``K2``. A piece is whole in
itself: every number, name, amount and date that a sentence may repeat stands in its ``title`` or its ``text``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

EvidenceId = Annotated[str, Field(pattern=r"^[EK][1-9][0-9]{0,2}$", examples=["E3"])]


class EvidenceKind(StrEnum):
    """What an evidence item is about."""

    EVENT = "event"
    REASON = "reason"
    RULE = "rule"
    ACCOUNT = "account"
    COUNTERPARTY = "counterparty"
    HISTORY = "history"
    CASE = "case"
    KNOWLEDGE = "knowledge"


class Evidence(BaseModel):
    """One known fact. Money has its currency, times are UTC.

    ``link`` is a path of the dashboard, or the URL of a source with more detail.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: EvidenceId
    kind: EvidenceKind
    title: str
    text: str
    link: str | None = None


_NUMBER = re.compile(r"\d(?:[\d.,:-]*\d)?")
_LIST = TypeAdapter(list[Evidence])


def evidence_hash(evidence: Iterable[Evidence]) -> str:
    """SHA-256 (hexadecimal) over the evidence in order: equal only for identical evidence."""
    return hashlib.sha256(_LIST.dump_json(list(evidence))).hexdigest()


def unstated(text: str, cited: Iterable[Evidence]) -> list[str]:
    """The numbers, amounts and times in ``text`` that no piece of evidence ``cited`` states as they are written."""
    stated = {number for one in cited for number in _NUMBER.findall(f"{one.title} {one.text}")}
    return [number for number in _NUMBER.findall(text) if number not in stated]
