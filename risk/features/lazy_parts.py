"""Parts of a profile, each decoded from its stored state when it is first used."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, msgpack

ENCODER = msgpack.Encoder()
_DECODER = msgpack.Decoder()

Parts = dict[str, Any]
"""Lists of numbers, or what they were written as: an ``ENCODER`` takes either."""


def read(part: Any) -> Any:
    """The decoded lists of ``part``."""
    return _DECODER.decode(part) if type(part) is Raw else part


def part_of(parts: Parts, name: str) -> Any:
    """The decoded part with this name; None if there is none."""
    found = parts.get(name)
    if type(found) is Raw:
        found = parts[name] = _DECODER.decode(found)
    return found
