"""The interface of a stream reader, implemented for Kinesis and Kafka."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from streaming.engine.sources.admission import RawRecord

READ_LIMIT = 1_000
"""The most records of one read, and of a batch."""

Admit = Callable[[str, Sequence[RawRecord]], None]
"""Accepts one read of a source: all of it or, when it raises, nothing."""


class Reader(Protocol):
    """Reads a stream until stopped."""

    @property
    def millis_behind(self) -> Mapping[str, int]:
        """The lag behind the newest record, by source."""

    def run(self, admit: Admit) -> None:
        """Pass reads to ``admit``, in order for each source."""
