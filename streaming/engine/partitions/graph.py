"""The partitioned graph: rows are routed by partition from stage to stage, over several processes.

Three stages: accounts, the other keys, scoring. Each is a ``stateful_many`` reducer grouped by partition, which Pathway
runs in the group's process. A stage waits until all rows of a batch have arrived and processes batches in
order, whatever order Pathway delivers them in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsInt, cast

import pathway as pw
from pathway.internals.api import ref_scalar

from streaming.engine.partitions.partition import Partition, Rows
from streaming.engine.partitions.splitting import FIRST, OTHERS

_SHARD_BITS = 0xFFFF
_Row = tuple[int, int, int, bytes]
_State = tuple[int, tuple[_Row, ...]]
Handle = Callable[[Partition, int, list[bytes]], Rows]


class PartRow(pw.Schema):
    """A row: of batch ``number``, to and from partitions (``sender`` is -1 for the first process), as MessagePack."""

    number: int
    stage: int
    partition: int
    sender: int
    data: bytes


def outputs(incoming: pw.Table[Any], partitions: int) -> pw.Table[Any]:
    """The results of all parts, as ``data``; each leaves the graph once."""
    here = {number: Partition(number, partitions) for number in range(partitions)}
    first = _Stage("accounts", here, 1, lambda partition, _, rows: partition.accounts(rows))
    others = _Stage("keys", here, 1 + partitions, lambda partition, number, rows: partition.keys(number, rows))
    last = _Stage("judge", here, partitions, lambda partition, number, rows: partition.judge(number, rows))
    columns = (pw.this.number, pw.this.partition, pw.this.sender, pw.this.data)
    questions = first.through(incoming.filter(pw.this.stage == FIRST).select(*columns))
    stored = incoming.filter(pw.this.stage == OTHERS).select(*columns)
    answers = others.through(pw.Table.concat_reindex(stored, questions))
    return last.through(answers)


class _Stage:
    """One stage of all partitions; each process handles its own."""

    def __init__(self, name: str, partitions: dict[int, Partition], expected: int, handle: Handle) -> None:
        self._name = name
        self._partitions = partitions
        self._expected = expected
        self._handle = handle
        self._waiting: dict[int, dict[int, list[tuple[int, bytes]]]] = {number: {} for number in partitions}
        self._next = dict.fromkeys(partitions, 1)
        self._labels = labels(len(partitions))

    def through(self, rows: pw.Table[Any]) -> pw.Table[Any]:
        """What the stage gives for ``rows``: rows again."""
        chosen = self._labels
        label = pw.apply_with_type(lambda partition: chosen[partition], int, pw.this.partition)
        untyped: Any = self._combine  # Pathway's types do not know of rows of more than one value
        reduce = pw.reducers.stateful_many(untyped)
        groups = rows.with_columns(label=label).groupby(pw.this.label)
        states = groups.reduce(state=reduce(*(pw.this[name] for name in ("number", "partition", "sender", "data"))))
        states = states.to_stream().filter(pw.this.is_upsert)
        given = states.select(row=pw.apply_with_type(lambda state: state[1], list[_Row], pw.this.state))
        given = given.flatten(pw.this.row)
        found: pw.Table[Any] = given.select(
            number=pw.this.row[0], partition=pw.this.row[1], sender=pw.this.row[2], data=pw.this.row[3]
        )
        return found

    def _combine(self, state: _State | None, rows: list[tuple[_Row, int]]) -> _State | None:
        partition = rows[0][0][1]
        waiting = self._waiting[partition]
        for (number, _, sender, data), _ in rows:
            waiting.setdefault(number, []).append((sender, data))
        given: list[_Row] = []
        while len(waiting.get(self._next[partition], ())) == self._expected:
            number = self._next[partition]
            self._next[partition] += 1
            arrived = [data for _, data in sorted(waiting.pop(number))]
            found = self._handle(self._partitions[partition], number, arrived)
            given += [(number, to, partition, data) for to, data in found]
        return (self._next[partition], tuple(given)) if given else state


def labels(partitions: int) -> list[int]:
    """A label for each partition that Pathway's hash assigns to the process of the same number."""
    found: dict[int, int] = {}
    candidate = 0
    while len(found) < partitions:
        process = (int(cast("SupportsInt", ref_scalar(candidate))) & _SHARD_BITS) % partitions
        found.setdefault(process, candidate)
        candidate += 1
    return [found[number] for number in range(partitions)]
