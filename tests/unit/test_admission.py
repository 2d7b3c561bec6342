"""From raw records to items: one item each, what repeats or cannot be read as a dead letter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from risk.domain.events import Label, to_json
from risk.domain.label_origin import is_genuine, prove
from risk.domain.label_precedence import Said
from risk.features.profiles.observation import Observation, Outcome
from risk.store.engine_state.profiles import Key, StoredLabel
from streaming.engine.sources.admission import InFlight, Intake, RawRecord, label_of
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages.batch import ItemKind, LabelChange
from tests.streaming.events import events, record

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Memory:
    def __init__(self, stored: Sequence[UUID] = (), *, broken: bool = False) -> None:
        self.stored, self.broken, self.loaded = set(stored), broken, list[Key]()
        self.labels: dict[UUID, list[StoredLabel]] = {}

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:
        return self.stored & set(event_ids)

    def find_labels(self, event_ids: Sequence[UUID]) -> dict[UUID, list[StoredLabel]]:
        return {event_id: self.labels[event_id] for event_id in event_ids if event_id in self.labels}

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:
        return {
            event.event_id: Observation.of(event) for event in MADE if event.event_id in set(event_ids) & self.stored
        }

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        if self.broken:
            raise ConnectionError("gone")
        self.loaded += keys
        return dict.fromkeys(keys, b"state")


def raw(data: bytes, position: str = "1") -> RawRecord:
    return RawRecord(position, NOW, data)


def intake(memory: Memory) -> tuple[Intake, ProfileCache, InFlight]:
    profiles, in_flight = ProfileCache(), InFlight()
    return Intake(memory, profiles, in_flight, lambda: NOW), profiles, in_flight


MADE = events(5, seed=1)
RAW = [raw(record(event).data, str(place)) for place, event in enumerate(MADE)]


def test_every_record_becomes_one_item_in_its_place() -> None:
    records = [RAW[0], raw(b"{"), RAW[1], RAW[0]]
    rows = intake(Memory())[0].admit("shard", records)
    assert [row.kind for row in rows] == [ItemKind.EVENT, ItemKind.DEAD, ItemKind.EVENT, ItemKind.DEAD]
    letters = [row.data for row in rows if row.kind is ItemKind.DEAD]
    assert [letter["reason"] for letter in letters] == ["invalid", "duplicate"]
    assert letters[0]["raw"] == b"{"


def test_what_is_on_its_way_or_stored_is_a_duplicate_and_what_left_is_looked_up() -> None:
    door, _, in_flight = intake(Memory([MADE[1].event_id]))
    assert [row.kind for row in door.admit("shard", RAW[:2])] == [ItemKind.EVENT, ItemKind.DEAD]
    assert [row.kind for row in door.admit("shard", RAW[:1])] == [ItemKind.DEAD]
    assert len(in_flight) == 1


@pytest.mark.parametrize("stored", [True, False])
def test_another_event_under_a_known_id_is_told_apart_from_one_sent_again(
    stored: bool, caplog: pytest.LogCaptureFixture
) -> None:
    door, _, _ = intake(Memory([MADE[0].event_id] if stored else []))
    if not stored:
        door.admit("shard", RAW[:1])
    squatter = MADE[0].model_copy(update={"account_id": "somebody-else", "amount": Decimal("0.01")})
    again, other = door.admit("shard", [RAW[0], raw(record(squatter).data)])
    assert (again.data["reason"], other.data["reason"]) == ("duplicate", "conflict")
    assert "account_id, amount differ" in other.data["detail"]
    assert [entry.message for entry in caplog.records if entry.levelname == "ERROR"] == [
        "an id was used for two events"
    ]


def test_a_batch_that_failed_can_be_admitted_again() -> None:
    memory = Memory(broken=True)
    door, _, in_flight = intake(memory)
    with pytest.raises(ConnectionError):
        door.admit("shard", RAW)
    assert len(in_flight) == 0
    memory.broken = False
    assert all(row.kind is ItemKind.EVENT for row in door.admit("shard", RAW))


def test_each_profile_is_fetched_once_and_handed_over_once() -> None:
    memory = Memory()
    door, profiles, _ = intake(memory)
    door.admit("shard", RAW)
    door.admit("shard", [raw(record(event).data) for event in events(5, seed=2)])
    assert len(memory.loaded) == len(set(memory.loaded))
    key = ("account", MADE[0].account_id)
    assert profiles.take(key) == b"state"
    assert profiles.take(key) is None


def test_a_dead_letter_names_reason_field_and_id() -> None:
    event = json.loads(RAW[0].data)
    future, wrong = event | {"occurred_at": "2027-01-01T00:00:00Z"}, event | {"amount": "gold"}
    big = {"event_id": event["event_id"], "text": "x" * 20_000}
    rows = intake(Memory())[0].admit("shard", [raw(json.dumps(found).encode()) for found in (future, wrong, big)])
    letters = [row.data for row in rows]
    assert [(letter["reason"], letter["field"]) for letter in letters] == [
        ("future", "occurred_at"), ("invalid", "amount"), ("oversized", None),
    ]  # fmt: skip
    assert {str(letter["event_id"]) for letter in letters} == {event["event_id"]}


KNOWN = datetime(2026, 5, 30, tzinfo=UTC)


def label(place: int, **changes: Any) -> RawRecord:
    made = {"kind": "label", "event_id": str(MADE[place].event_id), "fraud": True, "source": "bank"}
    return raw(json.dumps(made | {"known_at": KNOWN.isoformat()} | changes).encode())


def test_a_label_is_of_the_account_of_its_event_stored_or_on_its_way() -> None:
    door, _, _ = intake(Memory([MADE[1].event_id]))
    door.admit("shard", RAW[:1])
    on_its_way, stored, unknown = door.admit("shard", [label(0), label(1), label(2)])
    assert on_its_way.observation == Observation.of(MADE[0])
    assert stored.observation == Observation.of(MADE[1])
    assert unknown.observation.account_id == ""
    assert {row.kind for row in (on_its_way, stored, unknown)} == {ItemKind.LABEL}
    assert on_its_way.label == LabelChange(Outcome(int(KNOWN.timestamp()), True))
    assert unknown.label == LabelChange(None)


def test_a_label_that_is_said_again_counts_once() -> None:
    memory = Memory()
    door, _, _ = intake(memory)
    assert [row.kind for row in door.admit("shard", [label(0), label(0)])] == [ItemKind.LABEL, ItemKind.DEAD]
    again = Intake(memory, ProfileCache(), InFlight(), lambda: NOW)
    memory.labels = {MADE[0].event_id: [StoredLabel(Said(KNOWN, "bank", fraud=True), learnt=True, sequence=7)]}
    assert [row.kind for row in again.admit("shard", [label(0)])] == [ItemKind.DEAD]


def test_a_correction_takes_back_what_was_known_of_the_event_and_a_withdrawal_what_counts() -> None:
    memory = Memory([MADE[0].event_id])
    door, _, in_flight = intake(memory)
    later = KNOWN + timedelta(hours=1)
    fraud, cleared = Outcome(int(KNOWN.timestamp()), True), Outcome(int(later.timestamp()), False)
    first, second = door.admit("shard", [label(0), label(0, fraud=False, known_at=later.isoformat())])
    assert (first.label, second.label) == (LabelChange(fraud), LabelChange(cleared, fraud))
    in_flight.leave(labels=[label_of(first.data)])  # it is stored
    memory.labels = {MADE[0].event_id: [StoredLabel(Said(KNOWN, "bank", fraud=True), learnt=True, sequence=7)]}
    earlier = (KNOWN - timedelta(hours=1)).isoformat()
    withdrawal, late = door.admit(
        "shard", [label(0, fraud=False, known_at=later.isoformat(), withdrawn=True), label(0, known_at=earlier)]
    )
    assert withdrawal.label == LabelChange(fraud, cleared, withdraws=True)
    assert late.label == LabelChange(fraud, fraud)  # what is known from earlier on changes nothing


@pytest.mark.parametrize(
    "source", ["analyst:admin@example.com", "alert:0055cc87", "analyst\uff1aada", "ada@example.com"]
)
def test_a_label_on_the_stream_names_a_source_of_the_system_only_with_the_apis_proof(source: str) -> None:
    key, other = "k" * 32, "o" * 32
    label = Label(kind="label", event_id=MADE[0].event_id, fraud=True, known_at=NOW, source=source)
    proven = prove(label, key)
    altered = proven.model_copy(update={"fraud": False})
    moved = proven.model_copy(update={"source": "analyst:boss@example.com"})
    engine = Intake(Memory(), ProfileCache(), InFlight(), lambda: NOW, genuine=partial(is_genuine, key=key))
    sent = [label, prove(label, other), altered, moved, proven]
    items = engine.admit("s", [raw(to_json(one), str(place)) for place, one in enumerate(sent)])
    assert [item.kind for item in items] == [ItemKind.DEAD] * 4 + [ItemKind.LABEL]
    assert {item.data["reason"] for item in items[:4]} == {"forged"}
    assert "proof" not in items[4].data
    keyless = Intake(Memory(), ProfileCache(), InFlight(), lambda: NOW, genuine=partial(is_genuine, key=""))
    assert [item.kind for item in keyless.admit("s", [raw(to_json(prove(label, "")))])] == [ItemKind.DEAD]


def test_a_label_with_an_outside_source_takes_no_proof() -> None:
    label = Label(kind="label", event_id=MADE[0].event_id, fraud=True, known_at=NOW, source="chargebacks")
    assert prove(label, "k" * 32) == label
    engine = Intake(Memory(), ProfileCache(), InFlight(), lambda: NOW, genuine=partial(is_genuine, key=""))
    assert [item.kind for item in engine.admit("s", [raw(to_json(label))])] == [ItemKind.LABEL]
