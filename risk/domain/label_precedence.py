"""Which label of an event counts.

Of the labels that are not withdrawn it is the one that became known last; of several known at the same moment, the
one received last. What one source says of an event at one moment is said once: the first received stands, and once
it is withdrawn it stays withdrawn. A label that is not known yet
says nothing. Queries say the same by ``risk.store.assessments.counting_label`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Said(NamedTuple):
    """A label as it was received, or its withdrawal."""

    known_at: datetime
    source: str
    fraud: bool
    withdrawn: bool = False


def counting_label(received: Iterable[Said]) -> Said | None:
    """The label of one event that counts, of all ``received`` in their order; None if there is none."""
    standing: dict[tuple[datetime, str], Said | None] = {}
    for said in received:
        key = said.known_at, said.source
        if not said.withdrawn:
            standing.setdefault(key, said)
        elif key in standing:
            standing[key] = None
    counting: Said | None = None
    for each in standing.values():
        if each is not None and (counting is None or each.known_at >= counting.known_at):
            counting = each
    return counting
