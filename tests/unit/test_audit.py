"""Records of the audit log: canonical, and without a personal value."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from risk.audit.record import Entry, commitment, seal

AT = datetime(2026, 1, 31, 9, 30, 0, 120, tzinfo=UTC)


def test_a_record_is_canonical_json() -> None:
    entry = Entry(
        AT.astimezone(timezone(timedelta(hours=5))),
        "user:1",
        "alert.resolve",
        "alert:2",
        request_id="r",
        details={"b": 1e21, "a": "é€\n", "€": [True, None, 0.000001]},
    )
    sealed = seal(entry, new_id=lambda: UUID(int=7))
    assert sealed.record.decode() == (
        '{"action":"alert.resolve","actor":"user:1","at":"2026-01-31T09:30:00.000120Z",'
        '"details":{"a":"é€\\n","b":1e+21,"€":[true,null,0.000001]},"id":"00000000-0000-0000-0000-000000000007",'
        '"outcome":"success","personal":{},"request_id":"r","subject":"alert:2","v":1}'
    )
    assert sealed.personal == {}


def test_personal_values_are_committed_to_and_not_in_the_record() -> None:
    entry = Entry(AT, "user:1", "sign-in", "user:1", personal={"email": "ada@example.com", "address": "10.1.2.3"})
    sealed = seal(entry)
    assert b"ada@" not in sealed.record
    assert b"10.1.2.3" not in sealed.record
    commitments = json.loads(sealed.record)["personal"]
    assert commitments == {name: commitment(salt, value) for name, (salt, value) in sealed.personal.items()}
    assert {len(salt) for salt, _ in sealed.personal.values()} == {16}
    again = seal(entry)
    # Another salt each time: the same person cannot be followed from record to record.
    assert json.loads(again.record)["personal"]["email"] != commitments["email"]


def test_records_of_equal_entries_differ() -> None:
    entry = Entry(AT, "user:1", "sign-in", "user:1")
    assert seal(entry).record != seal(entry).record
