"""Sorts any number of records by time: sorted runs on disk, merged."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path

from risk.domain.events import Event, Label, to_json

RUN = 100_000
Keyed = tuple[int, int, int, bytes]
"""Microseconds since 1970, whether it is a label (these come after the events of the same moment), row, JSON."""


def key(record: Event | Label, number: int) -> Keyed:
    """The record's sort key."""
    at, rank = (record.occurred_at, 0) if isinstance(record, Event) else (record.known_at, 1)
    return round(at.timestamp() * 1_000_000), rank, number, to_json(record)


class Sorter:
    """Takes records in any order and returns them by time. Runs are files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run: list[Keyed] = []
        self._files: list[Path] = []

    def add(self, keyed: Keyed) -> None:
        """Take one more."""
        self._run.append(keyed)
        if len(self._run) >= RUN:
            self._write()

    def _write(self) -> None:
        self._run.sort()
        path = self._folder / f"run-{len(self._files)}"
        with path.open("wb") as file:
            for at, rank, number, line in self._run:
                file.write(b"%d %d %d %s\n" % (at, rank, number, line))
        self._files.append(path)
        self._run = []

    def merged(self) -> Iterator[Keyed]:
        """All records, by time."""
        self._run.sort()
        yield from heapq.merge(*map(_read, self._files), self._run)


def _read(path: Path) -> Iterator[Keyed]:
    with path.open("rb") as file:
        for line in file:
            at, rank, number, text = line.rstrip(b"\n").split(b" ", 3)
            yield int(at), int(rank), int(number), text
