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
    """What scoring says; ``level`` is a rank, ``reasons`` are JSON, ``hits`` are (rule id, version, mode)."""

    score: float
    level: int
    reasons: bytes
    config_version: int
    hits: tuple[tuple[str, int, str], ...] = ()


class Item(NamedTuple):
    """An event on its way, or a label: where it came from, what it is, what is known of it so far.

    ``data`` is the record as JSON, ``received_ms`` when it entered the stream. ``label`` is (known_at in
    seconds, fraud) of a label, whose ``observation`` is of its event. ``error`` is why an event cannot be
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
    label: tuple[int, bool] | None = None


def pack(item: Item) -> bytes:
    """The item as bytes."""
    verdict = None if item.verdict is None else tuple(item.verdict)
    plain: Any = (*item[:3], tuple(item.observation), item.data, item.vector, verdict, item.error, item.label)
    return marshal.dumps(plain)


def unpack(data: bytes) -> Item:
    """The item that ``pack`` wrote."""
    source, position, received, observation, event, vector, verdict, error, label = marshal.loads(data)  # noqa: S302  (ours)
    return Item(
        source, position, received, Observation._make(observation), event, vector,
        None if verdict is None else Verdict._make(verdict), error, label,
    )  # fmt: skip
