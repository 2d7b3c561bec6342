"""Compares two sequences of records: which are changed, missing, added or moved."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class FindingKind(StrEnum):
    """What happened to a record."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"


class Finding(NamedTuple):
    """What is wrong with the records from ``seq`` to ``until`` (both included)."""

    kind: FindingKind
    seq: int
    until: int
    detail: str

    def __str__(self) -> str:
        if self.seq == self.until:
            return f"record {self.seq} {self.kind}: {self.detail}"
        return f"records {self.seq} to {self.until} {self.kind}: {self.detail}"


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """Findings with each record once; adjacent records with the same finding are merged."""
    once = {(one.seq, one.until): one for one in reversed(findings)}
    found: list[Finding] = []
    for one in sorted(once.values(), key=lambda one: (one.seq, one.until)):
        last = found[-1] if found else None
        if last and last.until + 1 == one.seq and (last.kind, last.detail) == (one.kind, one.detail):
            found[-1] = last._replace(until=one.until)
        else:
            found.append(one)
    return found


def differences(expected: Sequence[bytes], seqs: Sequence[int], hashes: Sequence[bytes], size: int) -> list[Finding]:
    """How each leaf differs. ``expected`` are by number, the others in order."""
    actual = dict(zip(seqs, hashes, strict=True))
    was = {seq: leaf for seq, leaf in enumerate(expected, start=1) if actual.get(seq) != leaf}
    place = {leaf: seq for seq, leaf in was.items()}
    now = {seq: leaf for seq, leaf in actual.items() if (seq in was if seq <= size else leaf in place)}
    moved = {place[leaf]: seq for seq, leaf in now.items() if leaf in place}
    lost = [seq for seq in was if seq not in moved]
    new = {seq for seq, leaf in now.items() if leaf not in place}
    found = [Finding(FindingKind.CHANGED, seq, seq, "its content is not what was signed") for seq in lost if seq in new]
    found += [_missing(seq, moved) for seq in lost if seq not in new]
    found += [Finding(FindingKind.ADDED, seq, seq, "it was not there") for seq in new.difference(lost)]
    return found + _moves(moved, counts_differ=len(found) > sum(one.kind is FindingKind.CHANGED for one in found))


def _missing(seq: int, moved: Mapping[int, int]) -> Finding:
    renumbered = moved.get(seq + 1) == seq
    detail = "the checkpoint counts it" + ("; the records after it were renumbered" if renumbered else "")
    return Finding(FindingKind.MISSING, seq, seq, detail)


def _moves(moved: Mapping[int, int], *, counts_differ: bool) -> list[Finding]:
    """Records that moved. Where records are missing or added, neighbours that only shifted count as one finding."""
    order = sorted(moved)
    shifted = _longest_rise([moved[seq] for seq in order]) if counts_differ else set()
    found: list[Finding] = []
    runs: list[tuple[int, int, int]] = []
    for seq in order:
        by = moved[seq] - seq
        if moved[seq] not in shifted:
            found.append(Finding(FindingKind.REORDERED, seq, seq, f"it has the number {moved[seq]} now"))
        elif runs and runs[-1][1] == seq - 1 and runs[-1][2] == by:
            runs[-1] = (runs[-1][0], seq, by)
        else:
            runs.append((seq, seq, by))
    for first, last, by in runs:
        found.append(
            Finding(FindingKind.REORDERED, first, last, f"renumbered by {by:+d} after a missing or added record")
        )
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
