"""The combiner: rows in order, and one bad event that spoils nothing but itself."""

from __future__ import annotations

import math
from typing import Any

import pytest

from risk.features import ACCOUNT_FEATURES
from risk.profiles import AccountProfile, Observation
from risk.store.profiles import ACCOUNT, COUNTERPARTY
from streaming import pipeline
from streaming.items import Item, pack, unpack
from tests.streaming.events import events

SEEN = [Observation.of(event)._replace(account_id="a") for event in events(12, seed=4)]


def rows(observations: list[Observation], first: int = 0) -> list[tuple[tuple[int, str, bytes], int]]:
    items = [pack(Item("shard", str(place), 0, seen, b"{}")) for place, seen in enumerate(observations)]
    return [((first + place, "a", item), 1) for place, item in enumerate(items)]


def vectors(state: Any) -> list[tuple[float, ...]]:
    return [unpack(item).vector for _, _, item in state[1]]


def same(one: list[tuple[float, ...]], other: list[tuple[float, ...]]) -> bool:
    return [[None if math.isnan(x) else x for x in row] for row in one] == [
        [None if math.isnan(x) else x for x in row] for row in other
    ]


def expected(observations: list[Observation]) -> list[tuple[float, ...]]:
    profile = AccountProfile()
    return [profile.observe(seen) for seen in observations]


def test_rows_of_a_batch_are_met_in_order_of_arrival_and_batches_go_on_from_each_other() -> None:
    combine = pipeline._combiner(ACCOUNT, lambda _: None)
    first = combine(None, list(reversed(rows(SEEN[:5]))))
    second = combine(first, rows(SEEN[5:], first=5))
    assert same(vectors(first) + vectors(second), expected(SEEN))
    assert [arrival for arrival, _, _ in second[1]] == list(range(5, 12))


def test_a_key_that_was_stored_goes_on_from_its_stored_state() -> None:
    before = AccountProfile()
    for seen in SEEN[:6]:
        before.observe(seen)
    states = {(ACCOUNT, "a"): before.dump()}
    combine = pipeline._combiner(ACCOUNT, lambda key: states.pop(key, None))
    assert same(vectors(combine(None, rows(SEEN[6:]))), expected(SEEN)[6:])


def test_an_event_that_a_profile_refuses_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    observe = AccountProfile.observe

    def fussy(self: AccountProfile, seen: Observation) -> tuple[float, ...]:
        vector = observe(self, seen)  # the profile has changed by then, as in a true failure half way
        if seen is not None and seen.at == SEEN[3].at:
            raise ZeroDivisionError("of no use")
        return vector

    monkeypatch.setattr(AccountProfile, "observe", fussy)
    state = pipeline._combiner(ACCOUNT, lambda _: None)(None, rows(SEEN))
    monkeypatch.undo()
    items = [unpack(item) for _, _, item in state[1]]
    assert [item.error for item in items if item.error] == ["ZeroDivisionError: of no use"]
    good = SEEN[:3] + SEEN[4:]
    assert same([item.vector for item in items if not item.error], expected(good))


def test_events_without_a_counterparty_are_remembered_of_nobody() -> None:
    alone = [((place, "", item), count) for (place, _, item), count in rows(SEEN)]
    state, out, _ = pipeline._combiner(COUNTERPARTY, lambda _: None)(None, alone)
    assert state == b""
    assert len(out) == len(SEEN)
    assert all(math.isnan(value) for value in unpack(out[0][2]).vector)
    assert len(unpack(out[0][2]).vector) < len(ACCOUNT_FEATURES)
