"""From raw records of a stream to items of the graph: parsed, checked, met once, with their profiles at hand.

What cannot be scored becomes a dead letter here, with its reason; it never reaches a profile. An event
is known if it has been stored or is on its way; whatever repeats its id is a dead letter too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson

from risk.errors import InvalidInput
from risk.events import MAX_RECORD_BYTES, Event, Label, as_json, parse_record
from risk.profiles import Observation
from risk.store.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.items import NO_ID, Item, ItemKind

logger = logging.getLogger(__name__)

RAW_KEPT = 64 * 1024
_NOTHING = Observation("", 0, "", None, None, None, None, None)


class RawRecord(NamedTuple):
    """One record as a stream gave it: where it stood, when it came in (UTC), what it holds."""

    position: str
    received_at: datetime
    data: bytes


LabelKey = tuple[UUID, datetime, str]
"""Event, when it was known, who said it: what makes two labels one."""


class Memory(Protocol):
    """What the intake must look up."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of ``event_ids`` that are stored already."""

    def known_labels(self, labels: Sequence[LabelKey]) -> set[LabelKey]:
        """Those of ``labels`` that are stored already."""

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:
        """What there was to see of those of these events that are stored."""

    def load_profiles(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """The stored states of those of ``keys`` that have one."""


class ProfileCache:
    """Stored profiles, fetched a batch at a time before the graph first asks for them."""

    def __init__(self) -> None:
        self._states: dict[Key, bytes] = {}
        self._seen: set[Key] = set()
        self._lock = threading.Lock()

    def fetch(self, keys: Iterable[Key], load: Callable[[Sequence[Key]], dict[Key, bytes]]) -> None:
        """Have the states of ``keys`` ready; each is loaded once in the life of the engine."""
        with self._lock:
            wanted = [key for key in dict.fromkeys(keys) if key not in self._seen]
            if wanted:
                self._states.update(load(wanted))
                self._seen.update(wanted)

    def take(self, key: Key) -> bytes | None:
        """The fetched state, handed over; the graph keeps it from then on."""
        return self._states.pop(key, None)


class InFlight:
    """Events and labels that are in the graph and not yet stored."""

    def __init__(self) -> None:
        self._events: dict[UUID, Observation] = {}
        self._labels: set[LabelKey] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._events)

    def enter(self, found: Event | Label) -> bool:
        """Note it; False if it is on its way already."""
        with self._lock:
            if isinstance(found, Label):
                if label_key(found) in self._labels:
                    return False
                self._labels.add(label_key(found))
            elif found.event_id in self._events:
                return False
            else:
                self._events[found.event_id] = Observation.of(found)
            return True

    def find(self, event_id: UUID) -> Observation | None:
        """What there is to see of an event on its way."""
        return self._events.get(event_id)

    def leave(self, event_ids: Iterable[UUID] = (), labels: Iterable[LabelKey] = ()) -> None:
        """These are stored, or were turned away."""
        with self._lock:
            for event_id in event_ids:
                self._events.pop(event_id, None)
            self._labels.difference_update(labels)


def label_key(label: Label) -> LabelKey:
    """What makes two labels one."""
    return label.event_id, label.known_at, label.source


class Intake:
    """Turns raw records into items. One for all sources of an engine; safe to call from several threads."""

    def __init__(
        self, memory: Memory, profiles: ProfileCache, in_flight: InFlight, clock: Callable[[], datetime]
    ) -> None:
        self._memory = memory
        self._profiles = profiles
        self._in_flight = in_flight
        self._clock = clock

    def admit(self, source: str, records: Sequence[RawRecord]) -> list[Item]:
        """One item for each record of ``source``, in their order.

        Raises what the memory raises, and then has forgotten the batch: it can be admitted again.
        """
        now = self._clock()
        read: list[Event | Label | _Unread] = [_parse(record, now) for record in records]
        first = [not isinstance(found, _Unread) and self._in_flight.enter(found) for found in read]
        events = [found.event_id for found, new in zip(read, first, strict=True) if new and isinstance(found, Event)]
        labels = [found for found, new in zip(read, first, strict=True) if new and isinstance(found, Label)]
        label_keys = [label_key(label) for label in labels]
        try:
            stored = self._memory.known_ids(events) if events else set()
            told = self._memory.known_labels(label_keys) if labels else set()
            seen = self._of_labels(labels)
            items = []
            for record, found, new in zip(records, read, first, strict=True):
                where = source, record.position, int(record.received_at.timestamp() * 1000)
                if isinstance(found, _Unread):
                    items.append(_dead(where, record, found))
                elif not new or found.event_id in stored or (isinstance(found, Label) and label_key(found) in told):
                    items.append(_dead(where, record, _duplicate(found)))
                elif isinstance(found, Event):
                    observation = self._in_flight.find(found.event_id) or Observation.of(found)
                    items.append(Item(ItemKind.EVENT, *where, found.event_id, observation, as_json(found)))
                else:
                    label = (int(found.known_at.timestamp()), found.fraud)
                    of_event = seen.get(found.event_id, _NOTHING)
                    items.append(Item(ItemKind.LABEL, *where, NO_ID, of_event, as_json(found), label))
            self._profiles.fetch(_keys(items), self._memory.load_profiles)
        except BaseException:
            self._in_flight.leave(events, label_keys)
            raise
        self._in_flight.leave(stored, told)
        return items

    def _of_labels(self, labels: Sequence[Label]) -> dict[UUID, Observation]:
        """What there was to see of the events that these labels speak of."""
        seen = {label.event_id: self._in_flight.find(label.event_id) for label in labels}
        missing = [event_id for event_id, observation in seen.items() if observation is None]
        known = {event_id: observation for event_id, observation in seen.items() if observation is not None}
        return known | (self._memory.find_events(missing) if missing else {})


class _Unread(NamedTuple):
    """Why a record cannot be scored."""

    reason: str
    detail: str
    field: str | None = None
    event_id: UUID | None = None


def _parse(record: RawRecord, now: datetime) -> Event | Label | _Unread:
    try:
        return parse_record(record.data, now)
    except InvalidInput as error:
        return _Unread(_reason(record, error), error.detail, error.field, _id_of(record))
    except Exception as error:
        # Not foreseen, and no reason to stop the stream for everybody else.
        logger.exception("a record could not even be refused in the usual way")
        return _Unread("invalid", f"{type(error).__name__}: {error}")


def _reason(record: RawRecord, error: InvalidInput) -> str:
    if len(record.data) > MAX_RECORD_BYTES:
        return "oversized"
    return "future" if "in the future" in error.detail else "invalid"


def _id_of(record: RawRecord) -> UUID | None:
    """The id in a record that is otherwise wrong, if it can be read that far."""
    with suppress(ValueError, KeyError, TypeError):
        return UUID(str(orjson.loads(record.data)["event_id"]))
    return None


def _duplicate(found: Event | Label) -> _Unread:
    if isinstance(found, Label):
        detail = f"event_id: this label of {found.event_id} is stored already, or on its way; it counts once"
        return _Unread("duplicate", detail, "event_id")
    detail = f"event_id: {found.event_id} was scored already, or is being scored; it counts once"
    return _Unread("duplicate", detail, "event_id", found.event_id)


def _dead(where: tuple[str, str, int], record: RawRecord, why: _Unread) -> Item:
    letter = why._asdict() | {"raw": record.data[:RAW_KEPT], "raw_bytes": len(record.data)}
    return Item(ItemKind.DEAD, *where, NO_ID, _NOTHING, letter)


def _keys(items: Iterable[Item]) -> Iterable[Key]:
    for item in items:
        if item.observation.account_id:
            yield ACCOUNT, item.observation.account_id
            if item.observation.counterparty_id is not None:
                yield COUNTERPARTY, item.observation.counterparty_id
