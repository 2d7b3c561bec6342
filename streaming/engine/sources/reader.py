"""The interface of a stream reader, implemented for Kinesis and Kafka."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from streaming.engine.sources.admission import RawRecord

READ_LIMIT = 1_000
"""The most records of one read, and of a batch."""

Admit = Callable[[str, Sequence[RawRecord]], None]
"""Takes what one read of a source gave: all of it or, when it raises, none."""


class Reader(Protocol):
    """Reads a stream until it is told to stop."""

    @property
    def millis_behind(self) -> Mapping[str, int]:
        """By source, how far its newest record is ahead of what was read."""

    def run(self, admit: Admit) -> None:
        """Give what is read to ``admit``, each source in its order."""
