"""Is the audit log what it was? Each record against itself, all of them against a checkpoint, and which one is not.

The leaf hashes of the time of a checkpoint, kept beside it and bound to it by its root, name each record that
was changed, taken away, put in or moved, even if every hash in the database was made anew.
"""

from __future__ import annotations

import bisect
import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from risk.checkpoint import Checkpoint
from risk.errors import InvalidInput
from risk.merkle import HASH_BYTES, TILE, Frontier, root_of, tiles

MOST_FINDINGS = 1_000


class Kind(StrEnum):
    """What happened to a record."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"


class Finding(NamedTuple):
    """What is wrong with the records from ``seq`` to ``until`` (both included)."""

    kind: Kind
    seq: int
    until: int
    detail: str

    def __str__(self) -> str:
        if self.seq == self.until:
            return f"record {self.seq} {self.kind}: {self.detail}"
        return f"records {self.seq} to {self.until} {self.kind}: {self.detail}"


class Row(NamedTuple):
    """A record as it is stored. ``columns`` repeat what the record says: at, actor, action, subject, outcome, request
    id; None where only the record is at hand. ``personal`` are salt and value of the fields not erased."""

    seq: int
    record: bytes
    leaf_hash: bytes | None = None
    columns: tuple[datetime, str, str, str, str, str | None] | None = None
    personal: Mapping[str, tuple[bytes, str]] = {}


@dataclass
class Report:
    """What was checked, against what, and what was found. ``gaps`` are numbers after the checkpoint that are not
    stored: of commits that a crash cut off, or of records deleted before any checkpoint saw them."""

    checkpoint: Checkpoint
    records: int
    added_since: int
    findings: list[Finding] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether the log is what it was."""
        return not self.findings


_NAMES = ("actor", "action", "subject", "outcome", "request_id")


def _disagreement(row: Row, leaf: bytes) -> str | None:
    """What about a record does not agree with itself, or None."""
    if row.leaf_hash is not None and row.leaf_hash != leaf:
        return "its content does not have the hash that is stored with it"
    try:
        fields: dict[str, Any] = orjson.loads(row.record)
        if row.columns is not None:
            at, *others = row.columns
            if datetime.fromisoformat(fields["at"]) != at:
                return f"the column at says {at.isoformat()}, its record {fields['at']}"
            for name, value in zip(_NAMES, others, strict=True):
                if fields[name] != value:
                    return f"the column {name} says {value!r}, its record {fields[name]!r}"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return f"it is no record ({type(error).__name__})"
    return None


def _wrong_value(row: Row) -> str | None:
    """The personal field whose value is not the one that the record commits to, or None."""
    committed = orjson.loads(row.record).get("personal", {})
    for name, (salt, value) in row.personal.items():
        if hashlib.sha256(salt + value.encode()).hexdigest() != committed.get(name):
            return name
    return None


class LogCheck:
    """Meets records in the order of their numbers, from the one after ``after`` on; then judges the whole log."""

    def __init__(self, after: int = 0) -> None:
        self.records = 0
        self._after = after
        self._seqs = array("q")
        self._hashes = bytearray()
        self._findings: list[Finding] = []
        self._values: list[Finding] = []

    def meet(self, rows: Iterable[Row]) -> int:
        """Check each of ``rows`` by itself, remember its hash, and say how many they were."""
        sha256, hashes, seqs = hashlib.sha256, self._hashes, self._seqs
        last = seqs[-1] if seqs else self._after
        before = len(seqs)
        for row in rows:
            leaf = sha256(b"\x00" + row.record).digest()
            wrong = _disagreement(row, leaf)
            if wrong:
                self._findings.append(Finding(Kind.CHANGED, row.seq, row.seq, wrong))
            elif row.personal and (name := _wrong_value(row)):
                detail = f"the value kept of {name} is not the one that was recorded"
                self._values.append(Finding(Kind.CHANGED, row.seq, row.seq, detail))
            if row.seq <= last:
                self._misplaced(row.seq, last)
                continue
            last = row.seq
            seqs.append(last)
            hashes += leaf
        self.records = len(seqs)
        return self.records - before

    def _misplaced(self, seq: int, last: int) -> None:
        place = bisect.bisect_left(self._seqs, seq)
        if seq < 1 or (place < len(self._seqs) and self._seqs[place] == seq):
            self._findings.append(Finding(Kind.ADDED, seq, seq, "there is more than one record with this number"))
        else:
            self._findings.append(Finding(Kind.REORDERED, seq, seq, f"it comes after record {last}"))

    def leaf_hashes(self) -> bytes:
        """All leaf hashes, 32 bytes each, in the order in which the records were met."""
        return bytes(self._hashes)

    def own_findings(self, until: int) -> list[Finding]:
        """The records met that do not agree with themselves, and the numbers up to ``until`` that are not there."""
        holes = self._holes(0, len(self._seqs), self._after, until)
        gaps = [Finding(Kind.MISSING, first, last, "there is no such record") for first, last in holes]
        return _merged([*self._findings, *self._values, *gaps])

    def first_wrong(self) -> Finding | None:
        """The first of these in all that was met, if any."""
        return next(iter(self.own_findings(self._seqs[-1] if self._seqs else 0)), None)

    def judge(
        self,
        checkpoint: Checkpoint,
        *,
        leaves: bytes | None = None,
        nodes: Sequence[bytes] = (),
        earlier: Iterable[Checkpoint] = (),
    ) -> Report:
        """Compare what was met with ``checkpoint``.

        ``leaves`` are the leaf hashes of its time; ``InvalidInput`` if they are not. Without them records are
        told as exactly as the stored ``nodes`` (roots over 256 records each) and ``earlier`` checkpoints allow.
        """
        if leaves is not None and (
            len(leaves) != checkpoint.size * HASH_BYTES or root_of(_cut(leaves)) != checkpoint.root
        ):
            raise InvalidInput("these leaf hashes are not of this checkpoint: they give another root")
        inside = bisect.bisect_right(self._seqs, checkpoint.size)
        findings, gaps = [*self._findings, *self._values], [*self._gaps(inside, checkpoint.size)]
        if not self._is_head(checkpoint, inside):
            if leaves is not None:
                exact = _differences(_cut(leaves), self._seqs, _cut(self._hashes), checkpoint.size)
                # Values are kept by number: where records were renumbered, that theirs do not fit says nothing more.
                same_places = all(one.kind is Kind.CHANGED for one in exact)
                misplaced = [one for one in self._findings if one.kind is not Kind.CHANGED]
                findings = [*misplaced, *exact, *self._findings, *(self._values if same_places else ())]
            else:
                findings += self._missing(inside, checkpoint.size)
                if not findings:
                    findings.append(self._bracket(checkpoint, nodes, earlier))
        told = _merged(findings)
        more = max(0, len(told) - MOST_FINDINGS)
        return Report(checkpoint, self.records, self.records - inside, told[:MOST_FINDINGS], gaps, more)

    def _is_head(self, checkpoint: Checkpoint, inside: int) -> bool:
        if inside != checkpoint.size or (inside and self._seqs[inside - 1] != inside):
            return False
        return self.root(checkpoint.size) == checkpoint.root

    def root(self, size: int) -> bytes:
        """The root over the first ``size`` records met."""
        frontier = Frontier()
        frontier.extend(_cut(memoryview(self._hashes)[: size * HASH_BYTES]))
        return frontier.root()

    def _holes(self, start: int, end: int, last: int, until: int) -> Iterator[tuple[int, int]]:
        """Runs of numbers that are not there, between what was met from place ``start`` to ``end``."""
        if end - start == until - last and (start == end or self._seqs[end - 1] == until):
            return
        for seq in self._seqs[start:end]:
            if seq > last + 1:
                yield last + 1, seq - 1
            last = seq
        if last < until:
            yield last + 1, until

    def _missing(self, inside: int, size: int) -> Iterator[Finding]:
        for first, last in self._holes(0, inside, 0, size):
            yield Finding(Kind.MISSING, first, last, "the checkpoint counts it")

    def _gaps(self, inside: int, size: int) -> Iterator[tuple[int, int]]:
        if inside < len(self._seqs):
            yield from self._holes(inside, len(self._seqs), size, self._seqs[-1])

    def _bracket(self, checkpoint: Checkpoint, nodes: Sequence[bytes], earlier: Iterable[Checkpoint]) -> Finding:
        """The narrowest stretch of records that holds a change, where all records agree with themselves."""
        detail = "this stretch is not what was signed; the checkpoint's .leaves file tells the very record"
        found = tiles([*_cut(memoryview(self._hashes)[: checkpoint.size * HASH_BYTES])])
        for index, (mine, stored) in enumerate(zip(found, nodes, strict=False)):
            if mine != stored:
                return Finding(Kind.CHANGED, index * TILE + 1, (index + 1) * TILE, detail)
        frontier, begin = Frontier(), 0
        for one in sorted((*earlier, checkpoint), key=lambda one: one.size):
            frontier.extend(_cut(memoryview(self._hashes)[frontier.size * HASH_BYTES : one.size * HASH_BYTES]))
            if frontier.root() != one.root:
                return Finding(Kind.CHANGED, begin + 1, one.size, detail)
            begin = one.size
        raise AssertionError("the last of these is the checkpoint, which differs")


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    """Each record once, by what was found of it first; neighbours of whom the same is said are told together."""
    once = {(one.seq, one.until): one for one in reversed(findings)}
    found: list[Finding] = []
    for one in sorted(once.values(), key=lambda one: one.seq):
        last = found[-1] if found else None
        if last and last.until + 1 == one.seq and (last.kind, last.detail) == (one.kind, one.detail):
            found[-1] = last._replace(until=one.until)
        else:
            found.append(one)
    return found


def _cut(hashes: bytes | bytearray | memoryview) -> list[bytes]:
    return [bytes(hashes[at : at + HASH_BYTES]) for at in range(0, len(hashes), HASH_BYTES)]


def _differences(expected: Sequence[bytes], seqs: Sequence[int], hashes: Sequence[bytes], size: int) -> list[Finding]:
    """What became of each leaf that is not where it was. ``expected`` are by number, the others in step."""
    actual = dict(zip(seqs, hashes, strict=True))
    was = {seq: leaf for seq, leaf in enumerate(expected, start=1) if actual.get(seq) != leaf}
    place = {leaf: seq for seq, leaf in was.items()}
    now = {seq: leaf for seq, leaf in actual.items() if (seq in was if seq <= size else leaf in place)}
    moved = {place[leaf]: seq for seq, leaf in now.items() if leaf in place}
    lost = [seq for seq in was if seq not in moved]
    new = {seq for seq, leaf in now.items() if leaf not in place}
    found = [Finding(Kind.CHANGED, seq, seq, "its content is not what was signed") for seq in lost if seq in new]
    found += [_missing(seq, moved) for seq in lost if seq not in new]
    found += [Finding(Kind.ADDED, seq, seq, "it was not there") for seq in new.difference(lost)]
    return found + _moves(moved, counts_differ=len(found) > sum(one.kind is Kind.CHANGED for one in found))


def _missing(seq: int, moved: Mapping[int, int]) -> Finding:
    renumbered = moved.get(seq + 1) == seq
    detail = "the checkpoint counts it" + ("; the records after it were renumbered" if renumbered else "")
    return Finding(Kind.MISSING, seq, seq, detail)


def _moves(moved: Mapping[int, int], *, counts_differ: bool) -> list[Finding]:
    """Records that are elsewhere than they were.

    Where some are missing or added, those that only moved up or down with their neighbours are told as one.
    """
    order = sorted(moved)
    shifted = _longest_rise([moved[seq] for seq in order]) if counts_differ else set()
    found: list[Finding] = []
    runs: list[tuple[int, int, int]] = []
    for seq in order:
        by = moved[seq] - seq
        if moved[seq] not in shifted:
            found.append(Finding(Kind.REORDERED, seq, seq, f"it has the number {moved[seq]} now"))
        elif runs and runs[-1][1] == seq - 1 and runs[-1][2] == by:
            runs[-1] = (runs[-1][0], seq, by)
        else:
            runs.append((seq, seq, by))
    for first, last, by in runs:
        found.append(Finding(Kind.REORDERED, first, last, f"renumbered by {by:+d} behind a missing or added record"))
    return found


def _longest_rise(values: Sequence[int]) -> set[int]:
    """A longest rising subsequence of different numbers."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for value in values:
        place = bisect.bisect_left(tails, value)
        before[value] = tails[place - 1] if place else None
        tails[place : place + 1] = [value]
    found: set[int] = set()
    at = tails[-1] if tails else None
    while at is not None:
        found.add(at)
        at = before[at]
    return found
