"""A batch: the records of one read, filled in by each stage of the graph.

A row of the graph is a batch, not an event, so the cost of carrying a row between Python and Pathway is
paid once for up to a thousand events (ADR 5). Each stage adds its own columns, one value for each item.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakValueDictionary

from risk.features.catalog import BUILT_IN, Catalog
from risk.features.profiles.observation import Observation, Outcome
from risk.rules.time_budget import Overrun
from risk.store.engine_state.defined_states import Backfilled
from risk.store.engine_state.profiles import Key
from risk.store.imports import imports

Vector = tuple[float, ...]


NO_ID = UUID(int=0)


class ItemKind(StrEnum):
    """What an item is."""

    EVENT = "event"
    LABEL = "label"
    DEAD = "dead"


class LabelChange(NamedTuple):
    """An event's outcome before and after a label, and whether that label withdraws another."""

    outcome: Outcome | None
    before: Outcome | None = None
    withdraws: bool = False


class Item(NamedTuple):
    """One record: its origin and content; ``event_id`` is nil for anything but an event.

    ``data`` is the record as JSON has it, or the columns of a dead letter; ``received_ms`` when it entered the stream.
    ``label`` is what a label changes, whose ``observation`` is of its event.
    """

    kind: ItemKind
    source: str
    position: str
    received_ms: int
    event_id: UUID
    observation: Observation
    data: dict[str, Any]
    label: LabelChange | None = None


class Verdict(NamedTuple):
    """The result of scoring; ``level`` is a rank, ``reasons`` are JSON, ``hits`` are (rule id, version, mode).

    ``base_score`` is the scorer's own probability, before rules. ``decision`` is the rank of an action, None where
    nothing decides; ``because`` says why.
    """

    score: float
    level: int
    reasons: bytes
    hits: tuple[tuple[str, int, str], ...]
    base_score: float
    challenger_score: float | None = None
    decision: int | None = None
    because: str = ""


class JudgedBy(NamedTuple):
    """The versions of the scorer, the configuration, and the challenger (if any) of a batch."""

    scorer: str
    config_version: int
    challenger: str | None = None


class Install(NamedTuple):
    """Installs ``catalog`` in the stage of definitions.

    ``states`` are those of what it has that was not computed before, after all events before this; ``backfilled`` is to
    be noted when they are stored. ``dropped`` are the signatures of what is computed no longer.
    """

    catalog: Catalog
    states: dict[Key, bytes]
    backfilled: Sequence[Backfilled] = ()
    dropped: Sequence[str] = ()


class Evicted(NamedTuple):
    """Profiles that the stages let go before a batch: they are stored, and read again when they are met again.

    Of users' definitions only if the stage has had ``installs`` installs by then: what came with one since is not
    stored.
    """

    keys: Sequence[Key] = ()
    installs: int = 0

    def of(self, kind: str) -> list[str]:
        """The keys of this kind."""
        return [key for of, key in self.keys if of == kind]


NONE_EVICTED = Evicted()


@dataclass(slots=True, weakref_slot=True, eq=False)
class Batch:
    """Items in the order in which they arrived, after those of every batch with a lower ``number``.

    ``vectors`` and ``verdicts`` stand beside the items; None for what is no event. ``usual`` says, by
    place, what is usual for an event's keys, by the feature that stands out. ``errors`` says, by place, why an event
    cannot be scored. With ``snapshot`` set, the batch also carries out in ``profiles`` the state of every
    profile that changed since the last such batch, as it is after this one. ``vectors`` are in the order of
    ``catalog``, which is that of the batches before unless there is something to ``install``. ``evicted`` are let go
    first. ``overruns`` are the rules that took too long for it, without which it was judged.
    """

    number: int
    items: Sequence[Item]
    snapshot: bool = False
    vectors: list[Vector | None] = field(default_factory=list)
    verdicts: list[Verdict | None] = field(default_factory=list)
    usual: dict[int, dict[str, float]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    profiles: dict[Key, bytes] = field(default_factory=dict)
    judged_by: JudgedBy | None = None
    install: Install | None = None
    evicted: Evicted = NONE_EVICTED
    catalog: Catalog = BUILT_IN
    overruns: list[Overrun] = field(default_factory=list)

    def __post_init__(self) -> None:
        _alive[self.number] = self

    @property
    def is_history(self) -> bool:
        """Whether it came with an import: a batch is of one read, which is of one source."""
        return bool(self.items) and imports.of_source(self.items[0].source) is not None

    def __reduce__(self) -> tuple[Callable[[int], Batch], tuple[int]]:
        """Pathway pickles values to compare and hash them; within one process a batch is known by its number."""
        return _find, (self.number,)


_alive: WeakValueDictionary[int, Batch] = WeakValueDictionary()


def _find(number: int) -> Batch:
    return _alive[number]
