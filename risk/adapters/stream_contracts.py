"""The contract of the ``risk-updates`` stream and of WebSocket messages.

An envelope is ``{"type", "items"}``. The engine and the API write envelopes, the ``broadcast`` Lambda forwards them,
the browser applies them; every reader drops what it has seen (by ``event_source`` and
``event_id``, or by ``id`` and ``version``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict

from risk.domain.assessment import RiskLevel
from risk.domain.event_ids import STREAM, EventIdField, EventSource
from risk.explanations.explanation import Sentence

MAX_ITEMS = 100
MAX_FRAME_BYTES = 30 * 1024


class UpdateType(StrEnum):
    """The type of the items in an envelope."""

    ASSESSMENTS = "assessments"
    ALERT = "alert"
    CONFIG = "config"
    STATS = "stats"
    MODEL = "model"
    DELIVERY = "delivery"
    EXPLANATION = "explanation"
    IMPORT = "import"
    OVERTURN = "overturn"


class EngineStats(BaseModel):
    """The engine's status, once a second.

    ``events_per_second`` is of the last second; ``lag_ms`` is the time from the stream to storage for the newest
    scored event; ``by_level`` counts what is stored of ``minute`` (UTC); ``dead_letters`` came in the last second.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    events_per_second: float
    lag_ms: float
    minute: datetime
    by_level: dict[RiskLevel, int]
    dead_letters: int = 0


class ModelMoved(BaseModel):
    """Another model version scores, or scores in shadow, from now on."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["stage"] = "stage"
    number: int
    champion: str
    challenger: str | None
    changed_at: datetime
    changed_by: str
    reason: str


class DriftAlarm(BaseModel):
    """The distribution of a feature or of the score has shifted since ``scorer`` was trained; sent once a day."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["drift"] = "drift"
    scorer: str
    feature: str
    psi: float
    events: int
    at: datetime


class ExplanationPart(BaseModel):
    """A checked sentence of an explanation that is being written, for the person who asked.

    The final response counts: it may hold fewer sentences.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    event_source: EventSource = STREAM
    event_id: EventIdField
    user_id: UUID
    part: Literal["summary", "why", "against", "checks"]
    sentence: Sentence


class ImportProgress(BaseModel):
    """How far an import is: how much of its file is read (0 to 1), and how many records are loaded."""

    model_config = ConfigDict(frozen=True)

    id: int
    status: str
    read_share: float
    loaded: int
    refused: int


def partition_key(kind: UpdateType) -> str:
    """Which shard an envelope goes to: assessments are many and of any order, the others few and in order."""
    return uuid4().hex if kind is UpdateType.ASSESSMENTS else kind.value


def envelopes(kind: UpdateType, items: Iterable[bytes]) -> Iterator[bytes]:
    """Pack JSON ``items`` into as few envelopes as the frame limits (100 items, 30 KB) allow."""
    head, tail = b'{"type":"%s","items":[' % kind.value.encode(), b"]}"
    batch: list[bytes] = []
    size = len(head) + len(tail)
    for item in items:
        if batch and (len(batch) == MAX_ITEMS or size + len(item) + 1 > MAX_FRAME_BYTES):
            yield head + b",".join(batch) + tail
            batch, size = [], len(head) + len(tail)
        batch.append(item)
        size += len(item) + 1
    if batch:
        yield head + b",".join(batch) + tail
