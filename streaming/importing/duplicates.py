"""Finds duplicate ids in files of any size in little memory: partitioned by hash into temporary files."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from struct import Struct
from uuid import UUID

_PARTS = 64
_ENTRY = Struct("<16sQ")


class Duplicates:
    """Keeps ids with their row numbers in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        paths = [folder / f"ids-{part}" for part in range(_PARTS)]
        self._files = [self._stack.enter_context(path.open("w+b")) for path in paths]

    def add(self, event_id: UUID, number: int) -> None:
        """Record that row ``number`` has this id."""
        self._files[event_id.bytes[0] % _PARTS].write(_ENTRY.pack(event_id.bytes, number))

    def repeated(self) -> dict[int, int]:
        """The rows with a repeated id, each with the first row that had it."""
        found: dict[int, int] = {}
        for file in self._files:
            file.seek(0)
            first: dict[bytes, int] = {}
            while chunk := file.read(_ENTRY.size * 4_096):
                for event_id, number in _ENTRY.iter_unpack(chunk):
                    if first.setdefault(event_id, number) != number:
                        found[number] = first[event_id]
        self._stack.close()
        return found
