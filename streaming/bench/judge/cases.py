"""The payments of a file with their truth, read once, with the vectors of the baseline."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from risk.domain.errors import InvalidInput

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Vectors(Protocol):
    """Makes the baseline's vectors from all events in order."""

    def meet(self, event: dict[str, Any], at: int) -> list[float]:
        """The vector of ``event``."""


@dataclass(frozen=True)
class Cases:
    """Payments in the order of the file: ids, epoch seconds, truth, kind, and labels as they became known."""

    ids: list[str]
    at: NDArray[np.int64]
    fraud: NDArray[np.bool_]
    kinds: NDArray[np.object_]
    vectors: NDArray[np.float32]
    labels: list[tuple[int, int, bool]]
    """Labels as (known at, case, fraud), in the order of ``known_at``."""

    def __len__(self) -> int:
        return len(self.ids)

    def known_fraud(self, until: int) -> NDArray[np.bool_]:
        """Which cases are known as fraud at ``until``; the last label counts."""
        found = np.zeros(len(self), bool)
        for known_at, place, fraud in self.labels:
            if known_at <= until:
                found[place] = fraud
        return found


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _truth(path: Path) -> dict[str, tuple[bool, str]]:
    try:
        with path.open() as lines:
            rows = [json.loads(line) for line in lines]
        return {row["event_id"]: (row["fraud"], row["kind"]) for row in rows}
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput(f"the truth cannot be read from {path}: {error}", field="truth") from error


def read(file: Path, truth: Path, counting: Vectors, advance: Callable[[int], None] = lambda _: None) -> Cases:
    """The payments of ``file`` (JSON lines) with a known truth. ``InvalidInput`` if there are none."""
    known = _truth(truth)
    ids: list[str] = []
    places: dict[str, int] = {}
    at, vectors = array("q"), array("f")
    labels: list[tuple[int, int, bool]] = []
    with file.open() as lines:
        for line in lines:
            record = json.loads(line)
            if record["kind"] == "label":
                if record["event_id"] in places:
                    labels.append((_seconds(record["known_at"]), places[record["event_id"]], record["fraud"]))
                continue
            advance(1)
            moment = _seconds(record["occurred_at"])
            vector = counting.meet(record, moment)
            if record["event_id"] in known:
                places[record["event_id"]] = len(ids)
                ids.append(record["event_id"])
                at.append(moment)
                vectors.extend(vector)
    if not ids:
        raise InvalidInput(f"{truth} knows none of the events in {file}", field="truth")
    return Cases(
        ids,
        np.array(at, np.int64),
        np.array([known[one][0] for one in ids], bool),
        np.array([known[one][1] for one in ids], object),
        np.array(vectors, np.float32).reshape(len(ids), -1),
        sorted(labels),
    )
