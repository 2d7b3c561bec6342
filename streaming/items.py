"""What travels through the graph, as bytes: one value to carry is far cheaper for it than a tuple of forty.

``marshal`` is the fastest codec that Python has. Items live and die inside one run of one interpreter, so
that it matters neither that its format changes between versions nor that it must not be fed from outside.
"""

from __future__ import annotations

import marshal
from typing import Any, NamedTuple

from risk.profiles import Observation

Vector = tuple[float, ...]


class Verdict(NamedTuple):
    """What scoring says; ``level`` is a rank, ``reasons`` are JSON."""

    score: float
    level: int
    reasons: bytes
    config_version: int


class Item(NamedTuple):
    """An event on its way: where it came from, what it is, what is known of it so far.

    ``data`` is the event as JSON, ``received_ms`` when it entered the stream. ``error`` is why it cannot be
    scored; nothing is added to an item that has one.
    """

    source: str
    position: str
    received_ms: int
    observation: Observation
    data: bytes
    vector: Vector = ()
    verdict: Verdict | None = None
    error: str = ""


def pack(item: Item) -> bytes:
    """The item as bytes."""
    verdict = None if item.verdict is None else tuple(item.verdict)
    plain: Any = (*item[:3], tuple(item.observation), item.data, item.vector, verdict, item.error)
    return marshal.dumps(plain)


def unpack(data: bytes) -> Item:
    """The item that ``pack`` wrote."""
    source, position, received, observation, event, vector, verdict, error = marshal.loads(data)  # noqa: S302  (ours)
    return Item(
        source, position, received, Observation._make(observation), event, vector,
        None if verdict is None else Verdict._make(verdict), error,
    )  # fmt: skip
