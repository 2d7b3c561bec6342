"""How profiles are stored: as MessagePack of plain lists of numbers, and ids as hashes of at most 48 bits."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any

from msgspec import ValidationError, msgpack

FORMAT = 5
"""First number of a dump; it rises when what follows changes, and the feature set with it: both are made anew."""


@lru_cache(maxsize=1 << 16)
def digest(text: str) -> int:
    """The hash of ``text`` in 48 bits."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest())


def short_digest(text: str) -> int:
    """The hash of ``text`` in 32 bits."""
    # What people cannot choose needs fewer bits, and so many of them are kept that their digits count.
    return digest(text) >> 16


def decode(decoder: msgpack.Decoder[Any], data: bytes) -> tuple[Any, ...]:
    """The state in ``data``. Raises ValueError for one of another format."""
    try:
        state: tuple[Any, ...] = decoder.decode(data)
    except ValidationError as error:
        raise ValueError(f"this is not a profile of format {FORMAT}: make it anew from the assessments") from error
    if state[0] != FORMAT:
        raise ValueError(f"this profile has format {state[0]!r}, not {FORMAT}: make it anew from the assessments")
    return state
