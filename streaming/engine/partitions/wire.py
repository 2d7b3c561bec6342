"""The rows of the partitioned graph, as MessagePack: messages between partitions about a batch.

A batch leaves the first process as one ``Part`` and one ``States`` for each partition. A partition asks those that
have the other keys of its events (``Questions``), they answer (``Answers``), and its ``Result`` goes back to the first
process, where the parts of a batch meet again by the batch's number. ``place`` is an item's position in its batch.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zlib import crc32

from msgspec import Struct, msgpack

from risk.features.profiles.observation import Learned, Observation
from risk.rules.time_budget import Overrun
from risk.store.engine_state.drift import DriftCount
from risk.store.engine_state.profiles import Key
from streaming.engine.stages.batch import Batch, Item, ItemKind, JudgedBy, LabelChange, Vector, Verdict

StatesByKey = list[tuple[Key, bytes]]
WireItem = tuple[ItemKind, UUID, Observation, dict[str, Any], LabelChange | None]
"""An item without what only the first process needs: its position and time of receipt."""


class Part(Struct, array_like=True, gc=False):
    """The items of a batch whose accounts are in one partition, and the stored states of accounts met first.

    ``source`` is where all items of the batch came from: of history less is counted.
    ``policy`` is the pickled policy from this batch on, ``catalog`` the pickled catalog that is computed from it on;
    None while they are unchanged. ``evicted`` are accounts to let go.
    """

    number: int
    snapshot: bool
    source: str
    places: list[int]
    items: list[WireItem]
    states: StatesByKey
    policy: bytes | None = None
    catalog: bytes | None = None
    evicted: list[Key] = []


class States(Struct, array_like=True, gc=False):
    """The stored states of other keys of a partition that a batch met first, and the keys to let go before.

    ``installed`` are the states of definitions that are computed from this batch on, and were not before.
    """

    states: StatesByKey
    installed: StatesByKey = []
    evicted: list[Key] = []


class Questions(Struct, array_like=True, gc=False):
    """What the events of partition ``asker`` ask of keys in another partition, each list in the order of places.

    ``counterparties``: place, event, and what a counterparty looks at of the account's features. ``learnt``: labels.
    ``keys``: place, number of the definitions' group, key, event time (s), inputs of the group's definitions.
    """

    asker: int
    counterparties: list[tuple[int, Observation, tuple[float, ...]]]
    learnt: list[tuple[int, Learned]]
    keys: list[tuple[int, int, str, int, tuple[Any, ...]]]


class Answers(Struct, array_like=True, gc=False):
    """The values that the keys of one partition have at the asker's events, and by place what failed."""

    counterparties: list[tuple[int, tuple[float, ...]]]
    keys: list[tuple[int, int, list[float], dict[int, float] | None]]
    errors: dict[int, str]


class Result(Struct, array_like=True, gc=False):
    """A part with its vectors and verdicts; with a snapshot also changed states and drift counts.

    ``seconds`` is how long each stage took, ``overruns`` the rules that took too long.
    """

    number: int
    places: list[int]
    vectors: list[tuple[float, ...] | None]
    verdicts: list[Verdict | None]
    usual: dict[int, dict[str, float]]
    errors: dict[int, str]
    judged_by: JudgedBy | None
    states: StatesByKey
    drift: list[DriftCount]
    seconds: dict[str, float]
    overruns: list[Overrun]


# a UUID as 16 bytes
ENCODER = msgpack.Encoder(uuid_format="bytes")
PART = msgpack.Decoder(Part)
STATES = msgpack.Decoder(States)
QUESTIONS = msgpack.Decoder(Questions)
ANSWERS = msgpack.Decoder(Answers)
RESULT = msgpack.Decoder(Result)


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key's value: the same in every process and every run."""
    return crc32(key.encode("utf-8", "surrogatepass")) % partitions


def to_wire(item: Item) -> WireItem:
    """``item`` in wire format."""
    data = item.data if item.kind is ItemKind.EVENT else {}
    return item.kind, item.event_id, item.observation, data, item.label


def batch_of(part: Part) -> Batch:
    """The part as a batch of its own, for the stages."""
    source = part.source
    items = [Item(kind, source, "", 0, event_id, seen, data, label) for kind, event_id, seen, data, label in part.items]
    return Batch(part.number, items, part.snapshot)


def result_of(part: Part, batch: Batch, drift: list[DriftCount], seconds: dict[str, float]) -> bytes:
    """The result of ``batch``, the batch of ``part``."""
    places = part.places
    return ENCODER.encode(
        Result(
            part.number,
            places,
            [None if vector is None else tuple(vector) for vector in batch.vectors],
            batch.verdicts,
            {places[place]: usual for place, usual in batch.usual.items()},
            {places[place]: error for place, error in batch.errors.items()},
            batch.judged_by,
            list(batch.profiles.items()),
            drift,
            seconds,
            batch.overruns,
        )
    )


def fill_in(batch: Batch, result: Result) -> None:
    """Put the columns of one partition's ``result`` into the whole ``batch``."""
    vectors: list[Vector | None] = batch.vectors
    verdicts = batch.verdicts
    for place, vector, verdict in zip(result.places, result.vectors, result.verdicts, strict=True):
        vectors[place] = vector
        verdicts[place] = verdict
    batch.usual.update(result.usual)
    batch.errors.update(result.errors)
    batch.profiles.update(result.states)
    batch.judged_by = result.judged_by
    batch.overruns += result.overruns
