"""Verifies the audit log: each record, all of them against a checkpoint, and names what is wrong.

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
from typing import Any, NamedTuple

import orjson

from risk.audit.checkpoint import Checkpoint
from risk.audit.diff import Finding, FindingKind, differences, merged
from risk.audit.merkle import HASH_BYTES, TILE, Frontier, root_of, tiles
from risk.domain.errors import InvalidInput

MOST_FINDINGS = 1_000


Row = tuple[int, bytes, bytes | None, datetime | None, str | None, str | None, str | None, str | None, str | None]
"""A record as it is stored: seq, record, leaf hash, then what its columns repeat of it: at, actor, action, subject,
outcome, request id. Where only the record is at hand, leaf hash and at are None."""
Kept = Mapping[str, tuple[bytes, str]]
"""Salt and value of the personal fields of a record that are not erased."""
_NOTHING: Kept = {}


class Chunk(NamedTuple):
    """A chunk of records in order, with their personal values by seq."""

    rows: Sequence[Row]
    kept: Mapping[int, Kept]


@dataclass
class Report:
    """The result of a verification.

    ``gaps`` are sequence numbers after the checkpoint that are not stored: of transactions rolled back by a crash, or
    of records deleted before a checkpoint covered them.
    """

    checkpoint: Checkpoint
    records: int
    added_since: int
    findings: list[Finding] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether the log is unchanged."""
        return not self.findings


_COLUMNS = ("actor", "action", "subject", "outcome", "request_id")


class _Disagreement(NamedTuple):
    """Inconsistencies within a record. ``of_value`` restricts it to one personal value."""

    detail: str
    of_value: bool = False


def _disagreement(row: Row, leaf: bytes, kept: Kept) -> _Disagreement | None:
    _, record, stored, at, actor, action, subject, outcome, request_id = row
    if stored is not None and stored != leaf:
        return _Disagreement("its content does not have the hash that is stored with it")
    try:
        fields: dict[str, Any] = orjson.loads(record)
        if at is not None and (
            fields["actor"] != actor
            or fields["action"] != action
            or fields["subject"] != subject
            or fields["outcome"] != outcome
            or fields["request_id"] != request_id
            or datetime.fromisoformat(fields["at"]) != at
        ):
            return _Disagreement(_which(row, fields))
        for name, (salt, value) in kept.items():
            if hashlib.sha256(salt + value.encode()).hexdigest() != fields["personal"].get(name):
                return _Disagreement(f"the value kept of {name} is not the one that was recorded", of_value=True)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _Disagreement(f"it is not a record ({type(error).__name__})")
    return None


def _which(row: Row, fields: Mapping[str, Any]) -> str:
    for name, mine in zip(_COLUMNS, row[4:], strict=True):
        if mine != fields[name]:
            return f"the column {name} says {mine!r}, its record {fields[name]!r}"
    return f"the column at says {row[3]}, its record {fields['at']}"


class LogCheck:
    """Reads records in order after ``after``, then judges the whole log."""

    def __init__(self, after: int = 0) -> None:
        self.records = 0
        self._after = after
        self._seqs = array("q")
        self._hashes = bytearray()
        self._findings: list[Finding] = []
        self._values: list[Finding] = []

    def meet(self, chunk: Chunk) -> None:
        """Check each record of ``chunk`` by itself, and remember its hash."""
        sha256, hashes, seqs = hashlib.sha256, self._hashes, self._seqs
        last = seqs[-1] if seqs else self._after
        kept = chunk.kept
        for row in chunk.rows:
            seq = row[0]
            leaf = sha256(b"\x00" + row[1]).digest()
            wrong = _disagreement(row, leaf, kept.get(seq, _NOTHING))
            if wrong:
                told = self._values if wrong.of_value else self._findings
                told.append(Finding(FindingKind.CHANGED, seq, seq, wrong.detail))
            if seq <= last:
                self._misplaced(seq, last)
                continue
            last = seq
            seqs.append(seq)
            hashes += leaf
        self.records = len(seqs)

    def _misplaced(self, seq: int, last: int) -> None:
        place = bisect.bisect_left(self._seqs, seq)
        if seq < 1 or (place < len(self._seqs) and self._seqs[place] == seq):
            self._findings.append(Finding(FindingKind.ADDED, seq, seq, "more than one record has this number"))
        else:
            self._findings.append(Finding(FindingKind.REORDERED, seq, seq, f"it comes after record {last}"))

    def leaf_hashes(self) -> bytes:
        """All leaf hashes, 32 bytes each, in order."""
        return bytes(self._hashes)

    def own_findings(self, until: int) -> list[Finding]:
        """Records that are inconsistent, and missing sequence numbers up to ``until``."""
        holes = self._holes(0, len(self._seqs), self._after, until)
        gaps = [Finding(FindingKind.MISSING, first, last, "it is missing") for first, last in holes]
        return merged([*self._findings, *self._values, *gaps])

    def first_wrong(self) -> Finding | None:
        """The first finding so far, if any."""
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
                exact = differences(_cut(leaves), self._seqs, _cut(self._hashes), checkpoint.size)
                # Values are stored by number: after renumbering, a mismatch of values proves nothing more.
                same_places = all(one.kind is FindingKind.CHANGED for one in exact)
                misplaced = [one for one in self._findings if one.kind is not FindingKind.CHANGED]
                findings = [*misplaced, *exact, *self._findings, *(self._values if same_places else ())]
            else:
                findings += self._missing(inside, checkpoint.size)
                if not findings:
                    findings.append(self._bracket(checkpoint, nodes, earlier))
        told = merged(findings)
        more = max(0, len(told) - MOST_FINDINGS)
        return Report(checkpoint, self.records, self.records - inside, told[:MOST_FINDINGS], gaps, more)

    def _is_head(self, checkpoint: Checkpoint, inside: int) -> bool:
        if inside != checkpoint.size or (inside and self._seqs[inside - 1] != inside):
            return False
        return self.root(checkpoint.size) == checkpoint.root

    def root(self, size: int) -> bytes:
        """The root over the first ``size`` records read."""
        frontier = Frontier()
        frontier.extend(_cut(memoryview(self._hashes)[: size * HASH_BYTES]))
        return frontier.root()

    def _holes(self, start: int, end: int, last: int, until: int) -> Iterator[tuple[int, int]]:
        """Runs of missing sequence numbers between positions ``start`` and ``end``."""
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
            yield Finding(FindingKind.MISSING, first, last, "the checkpoint counts it")

    def _gaps(self, inside: int, size: int) -> Iterator[tuple[int, int]]:
        if inside < len(self._seqs):
            yield from self._holes(inside, len(self._seqs), size, self._seqs[-1])

    def _bracket(self, checkpoint: Checkpoint, nodes: Sequence[bytes], earlier: Iterable[Checkpoint]) -> Finding:
        """The narrowest range of records that holds a change, if every record is consistent by itself."""
        detail = "this stretch is not what was signed; the checkpoint's .leaves file tells the very record"
        found = tiles([*_cut(memoryview(self._hashes)[: checkpoint.size * HASH_BYTES])])
        for index, (mine, stored) in enumerate(zip(found, nodes, strict=False)):
            if mine != stored:
                return Finding(FindingKind.CHANGED, index * TILE + 1, (index + 1) * TILE, detail)
        frontier, begin = Frontier(), 0
        for one in sorted((*earlier, checkpoint), key=lambda one: one.size):
            frontier.extend(_cut(memoryview(self._hashes)[frontier.size * HASH_BYTES : one.size * HASH_BYTES]))
            if frontier.root() != one.root:
                return Finding(FindingKind.CHANGED, begin + 1, one.size, detail)
            begin = one.size
        raise AssertionError("the last of these is the checkpoint, which differs")


def _cut(hashes: bytes | bytearray | memoryview) -> list[bytes]:
    return [bytes(hashes[at : at + HASH_BYTES]) for at in range(0, len(hashes), HASH_BYTES)]
