"""Admits parsed records to the graph: drops duplicates and loads the profiles they need.

What cannot be scored becomes a dead letter here, with its reason; it never reaches a profile. An event
is known if it has been stored or is on its way; whatever repeats its id is a dead letter too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from risk.domain.event_ids import STREAM, stored_names
from risk.domain.event_types import SHIPPED_TYPES, UNREGISTERED, EventTypes
from risk.domain.events import Label, as_json, requirement
from risk.domain.label_origin import Claim, SentId, is_outside
from risk.domain.label_precedence import Said
from risk.features.definitions.definition_set import DefinitionSet
from risk.features.profiles.observation import Observation
from risk.rules.filters import shipped_set
from risk.store.db.engine import is_transient
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key, StoredLabel
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.sources.label_changes import LabelKey, label_changes, label_key, said_of
from streaming.engine.sources.parsing import Parse, Parsed, Read, Unread, parse_all
from streaming.engine.stages.batch import NO_ID, Item, ItemKind

logger = logging.getLogger(__name__)

RAW_KEPT = 64 * 1024
_NOTHING = Observation("", 0, "", None, None, None, None, None)


class RawRecord(NamedTuple):
    """A stream record: its position, time of receipt (UTC), and data."""

    position: str
    received_at: datetime
    data: bytes


class Memory(Protocol):
    """Look-ups of the intake."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of ``event_ids`` that are stored already."""

    def find_labels(self, event_ids: Sequence[UUID]) -> dict[UUID, list[StoredLabel]]:
        """The labels of those of these events that have some, in the order received."""

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:
        """What there was to see of those of these events that are stored."""

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """The stored states of ``keys``."""


class InFlight:
    """Events and labels that are in the graph and not yet stored."""

    def __init__(self) -> None:
        # Keyed by a UUID's integer, which hashes several times faster.
        self._events: dict[int, Observation] = {}
        self._labels: set[LabelKey] = set()
        self._said: dict[UUID, list[Said]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._events)

    def enter_event(self, event_id: UUID, observation: Observation) -> bool:
        """Note an event; False if it is in flight already."""
        # One atomic step: the previous value shows who was first.
        return self._events.setdefault(event_id.int, observation) is observation

    def enter_label(self, label: Label) -> bool:
        """Note a label; False if it is in flight already."""
        with self._lock:
            key = label_key(label)
            if key in self._labels:
                return False
            self._labels.add(key)
            return True

    def will_withdraw(self, label: Label) -> bool:
        """Whether the label that this one withdraws is in flight."""
        with self._lock:
            return (label.event_id, label.known_at, label.source, False) in self._labels

    def say(self, label: Label) -> list[Said]:
        """Note a label of a scored event; returns its earlier labels in flight."""
        with self._lock:
            said = self._said.setdefault(label.event_id, [])
            before = list(said)
            said.append(said_of(label))
            return before

    def find(self, event_id: UUID) -> Observation | None:
        """The observation of an event in flight."""
        return self._events.get(event_id.int)

    def leave(self, event_ids: Iterable[UUID] = (), labels: Iterable[LabelKey] = ()) -> None:
        """Remove items that were stored or refused."""
        for event_id in event_ids:
            self._events.pop(event_id.int, None)
        with self._lock:
            for event_id, known_at, source, withdrawn in labels:
                self._labels.discard((event_id, known_at, source, withdrawn))
                if event_id in self._said:
                    key = known_at, source, withdrawn
                    left = [one for one in self._said[event_id] if (one.known_at, one.source, one.withdrawn) != key]
                    self._said[event_id] = left
                    if not left:
                        del self._said[event_id]


def label_of(data: Mapping[str, Any]) -> LabelKey:
    """The identity of a label, from its item's data."""
    return label_key(Label.model_validate(data))


class Intake:
    """Turns raw records into items. Shared by all sources of an engine; thread-safe."""

    def __init__(
        self,
        memory: Memory,
        profiles: ProfileCache,
        in_flight: InFlight,
        clock: Callable[[], datetime],
        parse: Parse = parse_all,
        definitions: Callable[[], DefinitionSet] = shipped_set,
        *,
        genuine: Callable[[Claim], bool] = is_outside,
        event_types: Callable[[], EventTypes] = lambda: SHIPPED_TYPES,
    ) -> None:
        self._event_types = event_types
        self._genuine = genuine
        self._definitions = definitions
        self._parse = parse
        self._memory = memory
        self.profiles = profiles
        self._in_flight = in_flight
        self._clock = clock

    def admit(self, source: str, records: Sequence[RawRecord]) -> list[Item]:
        """One item for each record of ``source``, in their order.

        Raises the errors of an unavailable database, after which the batch can be admitted again. Any
        other error is due to a record: the batch is split until the guilty one is alone, and becomes a dead letter.
        """
        try:
            return self._admit(source, records)
        except Exception as error:
            if is_transient(error) or isinstance(error, OSError):
                raise
            if len(records) > 1:
                half = len(records) // 2
                return self.admit(source, records[:half]) + self.admit(source, records[half:])
            logger.exception("a record of %s could not be admitted and becomes a dead letter", source)
            return [self.refuse(source, record, "failed", f"{type(error).__name__}: {error}") for record in records]

    @staticmethod
    def refuse(source: str, record: RawRecord, reason: str, detail: str) -> Item:
        """The dead letter of ``record``, without further processing."""
        where = source, record.position, int(record.received_at.timestamp() * 1000)
        return _dead(where, record, Unread(reason, detail))

    def _admit(self, source: str, records: Sequence[RawRecord]) -> list[Item]:
        types = self._event_types()
        read = self._parse([record.data for record in records], self._clock())
        parsed = [self._of_type(one, types) if isinstance(one, Read) else one for one in map(self._checked, read)]
        first = [self._enter(found) for found in parsed]
        events = [found.event_id for found, new in zip(parsed, first, strict=True) if new and isinstance(found, Read)]
        labels = [found for found, new in zip(parsed, first, strict=True) if new and isinstance(found, Label)]
        label_keys = [label_key(label) for label in labels]
        try:
            stored = self._memory.known_ids(events) if events else set()
            seen = self._of_labels(labels)
            # Checked before the store, so that an event stored in between is found in one of the two.
            awaited = {label_key(label) for label in labels if self._in_flight.will_withdraw(label)}
            changes, told, unmatched = label_changes(labels, seen, self._in_flight.say, self._memory.find_labels)
            entered = zip(parsed, first, strict=True)
            before = self._before(
                [one for one, new in entered if isinstance(one, Read) and (not new or one.event_id in stored)]
            )
            items = []
            for record, found, new in zip(records, parsed, first, strict=True):
                where = source, record.position, int(record.received_at.timestamp() * 1000)
                if isinstance(found, Read):
                    if new and not (stored and found.event_id in stored):
                        items.append(Item(ItemKind.EVENT, *where, *found))
                    else:
                        items.append(_dead(where, record, _repeated(found, before.get(found.event_id))))
                elif isinstance(found, Unread):
                    items.append(_dead(where, record, found))
                elif not new or label_key(found) in told:
                    items.append(_dead(where, record, _duplicate(found)))
                elif label_key(found) in unmatched - awaited:
                    items.append(_dead(where, record, _nothing_to_withdraw(found)))
                else:
                    of_event, change = seen.get(found.event_id, _NOTHING), changes[label_key(found)]
                    items.append(Item(ItemKind.LABEL, *where, NO_ID, of_event, as_json(found), change))
            self.profiles.fetch(_keys(items, self._definitions()), self._memory.load_profiles)
        except BaseException:
            self._in_flight.leave(events, label_keys)
            raise
        self._in_flight.leave(stored, told | (unmatched - awaited))
        return items

    @staticmethod
    def _of_type(found: Read, types: EventTypes) -> Parsed:
        """The event with its registered type; or why it is refused, if required fields are missing."""
        event_id, seen, data = found
        kind = types.find(seen.event_type)
        if kind.required and (missing := kind.missing(data)) is not None:
            return _unread("invalid", requirement(seen.event_type, missing), missing, found)
        data["family"], data["amount_flow"] = kind.family.value, kind.amounts.value
        if kind is UNREGISTERED:
            data["unregistered"] = True
        return found if kind is SHIPPED_TYPES.find(seen.event_type) else Read(event_id, seen.of_type(kind), data)

    def _checked(self, found: Parsed) -> Parsed:
        """What is of the source that it says; else why not. The proof has done its work then, and is not kept."""
        if isinstance(found, Read):
            return self._of_source(found)
        if not isinstance(found, Label):
            return found
        if self._genuine(found):
            return found.model_copy(update={"proof": None}) if found.proof else found
        logger.error("a label claims a source of the system", extra={"event_id": str(found.event_id)})
        detail = f"source: {found.source!r} is reserved, and this label does not prove that the API sent it"
        return Unread("forged", detail, "source", found.event_id.key, *found.event_id.columns)

    def _of_source(self, found: Read) -> Parsed:
        """The event, unless its id is of a source that did not send it."""
        source, proof = found.data.get("event_source"), found.data.pop("proof", None)
        if source is None or self._genuine(SentId(source, found.data["event_id"], proof)):
            return found
        logger.error("an event claims a source of the system", extra={"event_source": source})
        detail = f"event_source: {source!r} is reserved, and this event does not prove that the API sent it"
        return _unread("forged", detail, "event_source", found)

    def _enter(self, found: Parsed) -> bool:
        """Note an item in flight; False if it is already, or cannot be."""
        if isinstance(found, Read):
            return self._in_flight.enter_event(found.event_id, found.observation)
        return isinstance(found, Label) and self._in_flight.enter_label(found)

    def _before(self, repeated: Sequence[Read]) -> dict[UUID, Observation]:
        """What there was to see of the first events of these ids."""
        if not repeated:
            return {}
        stored = self._memory.find_events([found.event_id for found in repeated])
        on_their_way = {found.event_id: self._in_flight.find(found.event_id) for found in repeated}
        return {event_id: seen for event_id, seen in on_their_way.items() if seen is not None} | stored

    def _of_labels(self, labels: Sequence[Label]) -> dict[UUID, Observation]:
        """What there was to see of the events that these labels speak of."""
        seen = {label.event_id: self._in_flight.find(label.event_id) for label in labels}
        missing = [event_id for event_id, observation in seen.items() if observation is None]
        known = {event_id: observation for event_id, observation in seen.items() if observation is not None}
        return known | (self._memory.find_events(missing) if missing else {})


def _duplicate(found: Label) -> Unread:
    detail = f"event_id: this label of {found.event_id} is stored already, or on its way; it counts once"
    return Unread("duplicate", detail, "event_id")


def _nothing_to_withdraw(found: Label) -> Unread:
    detail = (
        f"event_id: no label of {found.event_id} known at {found.known_at.isoformat()} from {found.source} is stored "
        "or on its way, so there is none to withdraw; a withdrawal repeats event_id, known_at and source of its label"
    )
    return Unread("invalid", detail, "event_id")


def _unread(reason: str, detail: str, field: str, found: Read) -> Unread:
    names = stored_names(found.event_id, found.data["event_id"], found.data.get("event_source", STREAM))
    return Unread(reason, detail, field, found.event_id, *names)


def _repeated(found: Read, before: Observation | None) -> Unread:
    """A repeat of an event, or another event under its id: somebody took the id of one to come, or sends it anew."""
    name = found.data["event_id"]
    if before is not None and (other := found.observation.differences(before)):
        logger.error("an id was used for two events", extra={"event_id": name, "fields": other})
        detail = (
            f"event_id: {name} was scored already, or is being scored, as another event: {', '.join(other)} "
            "differ; this one was not scored"
        )
        return _unread("conflict", detail, "event_id", found)
    detail = f"event_id: {name} was scored already, or is being scored; it counts once"
    return _unread("duplicate", detail, "event_id", found)


def _dead(where: tuple[str, str, int], record: RawRecord, why: Unread) -> Item:
    letter = why._asdict() | {"raw": record.data[:RAW_KEPT], "raw_bytes": len(record.data)}
    return Item(ItemKind.DEAD, *where, NO_ID, _NOTHING, letter)


def _keys(items: Iterable[Item], definitions: DefinitionSet) -> Iterable[Key]:
    for item in items:
        if item.observation.account_id:
            yield ACCOUNT, item.observation.account_id
            if item.observation.counterparty_id is not None:
                yield COUNTERPARTY, item.observation.counterparty_id
        if item.kind is ItemKind.EVENT:
            yield from definitions.keys(item.data)
