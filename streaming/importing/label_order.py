"""Orders the labels in a file of stream records by when they became known, wherever their lines stand."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from risk.domain.events import Event, Label

Other = TypeVar("Other")


def labels_when_known(
    records: Iterable[Event | Label | Other], labels: Iterable[Label]
) -> Iterator[Event | Label | Other]:
    """``records`` in order, with each label before the first event at or after it became known.

    No label comes before its event. Labels among ``records`` are skipped.
    """
    waiting = deque(sorted(labels, key=lambda label: label.known_at))
    missing: set[Any] = {label.event_id for label in waiting}
    overdue: dict[Any, list[Label]] = {}
    for record in records:
        if isinstance(record, Label):
            continue
        if isinstance(record, Event):
            while waiting and waiting[0].known_at <= record.occurred_at:
                label = waiting.popleft()
                if label.event_id in missing:
                    overdue.setdefault(label.event_id, []).append(label)
                else:
                    yield label
            yield record
            missing.discard(record.event_id)
            yield from overdue.pop(record.event_id, ())
        else:
            yield record
    for late in overdue.values():
        yield from late
    yield from waiting
