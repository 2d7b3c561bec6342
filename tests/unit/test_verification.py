"""Which record was changed, taken away, put in or moved: told from the hashes of before and after."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint
from risk.audit.diff import Finding, FindingKind
from risk.audit.record import Entry, seal
from risk.audit.verification import Chunk, LogCheck, Report, Row
from risk.domain.errors import InvalidInput

SIZE = 60
RECORDS = [
    seal(Entry(datetime(2026, 1, 31, tzinfo=UTC), "user:1", "x", f"alert:{number}")).record for number in range(200)
]
OTHER = [b'{"forged":%d}' % number for number in range(50)]
LEAVES = b"".join(merkle.leaf_hash(record) for record in RECORDS[:SIZE])
SIGNED = Checkpoint("log", SIZE, merkle.root_of([merkle.leaf_hash(record) for record in RECORDS[:SIZE]]))


def row(seq: int, record: bytes) -> Row:
    return seq, record, None, None, None, None, None, None, None


def judged(rows: list[Row], *, leaves: bytes | None = LEAVES) -> Report:
    log = LogCheck()
    log.meet(Chunk(rows, {}))
    return log.judge(SIGNED, leaves=leaves)


def numbered(records: list[bytes]) -> list[Row]:
    return [row(seq, record) for seq, record in enumerate(records, start=1)]


def told(report: Report) -> list[tuple[FindingKind, int, int]]:
    return [(one.kind, one.seq, one.until) for one in report.findings]


def test_the_same_log_and_a_longer_one_are_in_order() -> None:
    assert judged(numbered(RECORDS[:SIZE])).ok
    longer = judged(numbered(RECORDS[: SIZE + 7]))
    assert (longer.ok, longer.added_since, longer.records) == (True, 7, SIZE + 7)


def test_each_way_to_change_it_is_called_by_its_name() -> None:
    log = RECORDS[:SIZE]
    assert told(judged(numbered([*log[:9], OTHER[0], *log[10:]]))) == [(FindingKind.CHANGED, 10, 10)]
    assert told(judged(numbered(log[:-1]))) == [(FindingKind.MISSING, SIZE, SIZE)]
    assert told(judged([one for one in numbered(log) if one[0] != 10])) == [(FindingKind.MISSING, 10, 10)]
    assert told(judged([one for one in numbered(log) if not 10 <= one[0] <= 30])) == [(FindingKind.MISSING, 10, 30)]
    swapped = [*log[:9], log[19], *log[10:19], log[9], *log[20:]]
    assert told(judged(numbered(swapped))) == [(FindingKind.REORDERED, 10, 10), (FindingKind.REORDERED, 20, 20)]
    assert "it has the number 20 now" in str(judged(numbered(swapped)).findings[0])
    without = judged(numbered([*log[:9], *log[10:]]))
    assert told(without) == [(FindingKind.MISSING, 10, 10), (FindingKind.REORDERED, 11, SIZE)]
    assert "renumbered by -1" in without.findings[1].detail
    within = judged(numbered([*log[:9], OTHER[0], *log[9:]]))
    assert told(within) == [(FindingKind.ADDED, 10, 10), (FindingKind.REORDERED, 10, SIZE)]
    neighbours = judged(numbered([*log[:9], log[10], log[9], *log[11:]]))
    assert told(neighbours) == [(FindingKind.REORDERED, 10, 10), (FindingKind.REORDERED, 11, 11)]


def test_gaps_after_the_checkpoint_are_no_change_of_what_was_signed() -> None:
    report = judged([one for one in numbered(RECORDS[:70]) if one[0] not in (63, 64, 68)])
    assert (report.ok, report.gaps) == (True, [(63, 64), (68, 68)])


def test_leaf_hashes_of_another_log_are_refused() -> None:
    for wrong in (LEAVES[:-32], bytes(32) + LEAVES[32:], b""):
        with pytest.raises(InvalidInput, match="not of this checkpoint"):
            judged(numbered(RECORDS[:SIZE]), leaves=wrong)


def test_without_them_the_whole_stretch_is_told() -> None:
    report = judged(numbered([*RECORDS[:9], OTHER[0], *RECORDS[10:SIZE]]), leaves=None)
    assert told(report) == [(FindingKind.CHANGED, 1, SIZE)]


def test_what_is_no_record_is_told_as_changed() -> None:
    for odd in (b"", b"[]", b"\xff", b'{"actor":1}'):
        log = LogCheck()
        at = datetime(2026, 1, 31, tzinfo=UTC)
        log.meet(Chunk([(1, odd, hashlib.sha256(b"\x00" + odd).digest(), at, "a", "b", "c", "success", None)], {}))
        found = log.first_wrong()
        assert found is not None
        assert (found.kind, found.seq) == (FindingKind.CHANGED, 1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_done_is_found_and_what_was_not_touched_is_not_accused(data: st.DataObject) -> None:
    log = dict(enumerate(RECORDS[: SIZE + 10], start=1))
    touched: set[int] = set()
    for number in range(data.draw(st.integers(1, 4))):
        seq = data.draw(st.sampled_from([one for one in sorted(log) if one <= SIZE]))
        deed = data.draw(st.sampled_from(["change", "delete", "swap"]))
        touched.add(seq)
        if deed == "change":
            log[seq] = OTHER[number]
        elif deed == "delete":
            del log[seq]
        else:
            other = data.draw(st.sampled_from([one for one in sorted(log) if one <= SIZE]))
            touched.add(other)
            log[seq], log[other] = log[other], log[seq]
    report = judged([row(seq, log[seq]) for seq in sorted(log)])
    really = {seq for seq in range(1, SIZE + 1) if log.get(seq) != RECORDS[seq - 1]}
    accused: set[int] = set()
    for one in report.findings:
        accused |= set(range(one.seq, one.until + 1))
    assert report.ok is not bool(really)
    assert really <= accused <= touched, report.findings


def test_findings_read_as_sentences() -> None:
    assert str(Finding(FindingKind.MISSING, 3, 3, "why")) == "record 3 missing: why"
    assert str(Finding(FindingKind.MISSING, 3, 5, "why")) == "records 3 to 5 missing: why"
