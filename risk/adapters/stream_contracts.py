"""The contract of the ``risk-updates`` stream, and of what WebSocket clients receive.

An envelope is ``{"type", "items"}``. The engine and the API write envelopes, the ``broadcast`` Lambda
sends them on, a browser applies them; whoever reads them drops what it has seen (``event_id``, or
``id`` and ``version``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict

from risk.domain.assessment import RiskLevel
from risk.explanations.explanation import Sentence

MAX_ITEMS = 100
MAX_FRAME_BYTES = 30 * 1024


class UpdateType(StrEnum):
    """What the items of an envelope are."""

    ASSESSMENTS = "assessments"
    ALERT = "alert"
    CONFIG = "config"
    STATS = "stats"
    MODEL = "model"
    DELIVERY = "delivery"
    EXPLANATION = "explanation"


class EngineStats(BaseModel):
    """How the engine does, once a second while it works.

    ``events_per_second`` over the last second; ``lag_ms`` how long the newest scored event took from
    entering the stream to being stored; ``by_level`` is all that is stored of ``minute`` (UTC).
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    events_per_second: float
    lag_ms: float
    minute: datetime
    by_level: dict[RiskLevel, int]


class ModelMoved(BaseModel):
    """Another version judges, or scores in shadow, from now on."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["stage"] = "stage"
    number: int
    champion: str
    challenger: str | None
    changed_at: datetime
    changed_by: str
    reason: str


class DriftAlarm(BaseModel):
    """A feature, or the score, is far from what it was when ``scorer`` was trained; told once a day."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["drift"] = "drift"
    scorer: str
    feature: str
    psi: float
    events: int
    at: datetime


class ExplanationPart(BaseModel):
    """A sentence of an explanation that is being written, for whom asked alone: checked, in the order of writing.

    What the answer to the request then says counts: it may hold less.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    event_id: UUID
    user_id: UUID
    part: Literal["summary", "why", "against", "checks"]
    sentence: Sentence


def partition_key(kind: UpdateType) -> str:
    """Which shard an envelope goes to: assessments are many and of any order, the others few and in order."""
    return uuid4().hex if kind is UpdateType.ASSESSMENTS else kind.value


def envelopes(kind: UpdateType, items: Iterable[bytes]) -> Iterator[bytes]:
    """Pack JSON ``items`` into as few envelopes as the limits of a frame (100 items, 30 KB) allow."""
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
