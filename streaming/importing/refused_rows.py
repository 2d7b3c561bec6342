"""Writes refused rows to a CSV file, with their number, field and reason."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from streaming.importing.source import Plan, Refused

HEADER = ("file", "row", "field", "reason")


class RefusedFile:
    """The file at ``path``, which is made with the first refused row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._stack = ExitStack()
        self._file: IO[str] | None = None

    def __call__(self, plan: Plan, row: Refused) -> None:
        """Write a refused row."""
        self.count += 1
        if self._file is None:
            self._file = self._stack.enter_context(self.path.open("w", newline="", encoding="utf-8"))
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerow((plan.path.name, row.row, row.field or "", row.detail))

    def close(self) -> None:
        """Write what is buffered."""
        self._stack.close()
