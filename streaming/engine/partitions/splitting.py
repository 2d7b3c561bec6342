"""The first process's side of the partitioned graph: batches into rows by partition, and results into batches."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from risk.features.catalog import Catalog
from risk.store.engine_state.profiles import ACCOUNT, Key
from streaming.engine import metrics
from streaming.engine.partitions.wire import (
    ENCODER,
    RESULT,
    Part,
    Result,
    States,
    WireItem,
    fill_in,
    partition_of,
    to_wire,
)
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import Batch, ItemKind
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

logger = logging.getLogger(__name__)

FIRST, OTHERS = 0, 1
"""The stage of a row: accounts, or the other keys."""
SENDER = -1
"""The sender of rows made by the first process."""


class Splitter:
    """Splits batches into rows, and merges results into batches. Holds each batch until all its parts are back.

    ``policy`` is the one in force, ``take_states`` hands over the stored states that were fetched and not sent yet.
    ``known`` says which catalog is computed; its profiles are in the partitions.
    """

    def __init__(
        self,
        partitions: int,
        policy: Callable[[], Policy],
        take_states: Callable[[], Mapping[Key, bytes]],
        drift: DriftCounts,
        known: Known,
    ) -> None:
        self._partitions = partitions
        self._policy = policy
        self._take_states = take_states
        self._drift = drift
        self._known = known
        self._sent: Policy | None = None
        self._installed: Catalog | None = None
        self._open: dict[int, Batch] = {}
        self._results: dict[int, list[Result]] = {}
        self._next = 1
        self._lock = threading.Lock()

    def split(self, batch: Batch) -> list[dict[str, Any]]:
        """The rows of ``batch``: for each partition one for its accounts, one for its other keys."""
        policy, policy_bytes = self._policy(), None
        batch.catalog = policy.catalog
        if policy is not self._sent:
            self._sent, policy_bytes = policy, pickle.dumps(policy)
        if batch.install is not None:
            self._known.install(batch.install.catalog, {}, elsewhere=batch.install.states.keys())
        catalog_bytes = None
        if self._known.catalog is not self._installed:
            self._installed = self._known.catalog
            catalog_bytes = pickle.dumps(self._installed)
        source = batch.items[0].source if batch.items else ""
        parts = [
            Part(batch.number, batch.snapshot, source, [], [], [], policy_bytes, catalog_bytes)
            for _ in range(self._partitions)
        ]
        states = [States([], []) for _ in range(self._partitions)]
        for key, state in (batch.install.states if batch.install is not None else {}).items():
            states[partition_of(key[1], self._partitions)].installed.append((key, state))
        for key, state in self._take_states().items():
            to = partition_of(key[1], self._partitions)
            (parts[to] if key[0] == ACCOUNT else states[to]).states.append((key, state))
        for key in batch.evicted.keys:
            to = partition_of(key[1], self._partitions)
            (parts[to] if key[0] == ACCOUNT else states[to]).evicted.append(key)
        for place, item in enumerate(batch.items):
            if item.kind is not ItemKind.DEAD and item.observation.account_id:
                part = parts[partition_of(item.observation.account_id, self._partitions)]
                part.places.append(place)
                part.items.append(to_wire(item))
        count = len(batch.items)
        batch.vectors, batch.verdicts = [None] * count, [None] * count
        with self._lock:
            self._open[batch.number] = batch
        return [
            {"number": batch.number, "stage": stage, "partition": to, "sender": SENDER, "data": data}
            for to, (part, known) in enumerate(zip(parts, states, strict=True))
            for stage, data in ((FIRST, _encoded(part, batch)), (OTHERS, ENCODER.encode(known)))
        ]

    def collect(self, data: bytes) -> Iterable[Batch]:
        """Take one partition's result; returns the batches now complete, in order."""
        result = RESULT.decode(data)
        for stage, seconds in result.seconds.items():
            metrics.STAGE_SECONDS.labels(stage).observe(seconds)
        self._results.setdefault(result.number, []).append(result)
        while len(self._results.get(self._next, ())) == self._partitions:
            results = self._results.pop(self._next)
            with self._lock:
                batch = self._open.pop(self._next)
            self._next += 1
            for one in results:
                fill_in(batch, one)
                self._drift.receive(one.drift)
            yield batch


def _encoded(part: Part, batch: Batch) -> bytes:
    try:
        return ENCODER.encode(part)
    except Exception:
        # An item that cannot be encoded must not stop the others: it becomes a dead letter.
        travels = [_travels(place, item, batch) for place, item in zip(part.places, part.items, strict=True)]
        part.places = [place for place, good in zip(part.places, travels, strict=True) if good]
        part.items = [item for item, good in zip(part.items, travels, strict=True) if good]
        return ENCODER.encode(part)


def _travels(place: int, item: WireItem, batch: Batch) -> bool:
    try:
        ENCODER.encode(item)
    except Exception as problem:
        logger.exception("an item cannot travel to its partition")
        batch.errors[place] = f"{type(problem).__name__}: {problem}"
        return False
    return True
