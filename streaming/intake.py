"""From raw records of a stream to rows of the graph: parsed, checked, met once, with their profiles at hand.

What cannot be scored becomes a dead letter here, with its reason; it never reaches a profile. An event
is known if it has been stored or is on its way; whatever repeats its id is a dead letter too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson

from risk.errors import InvalidInput
from risk.events import MAX_RECORD_BYTES, Event, Label, parse_record, to_json
from risk.profiles import Observation
from risk.store.profiles import ACCOUNT, COUNTERPARTY, Key

logger = logging.getLogger(__name__)

RAW_KEPT = 64 * 1024
_NOTHING = Observation("", 0, "", None, None, None, None, None)


class RawRecord(NamedTuple):
    """One record as a stream gave it: where it stood, when it came in (UTC), what it holds."""

    position: str
    received_at: datetime
    data: bytes


class RowKind(StrEnum):
    """What a row of the graph is."""

    EVENT = "event"
    LABEL = "label"
    DEAD = "dead"


class Row(NamedTuple):
    """A row on its way into the graph; ``data`` is JSON: the record, or what a dead letter says of it."""

    kind: RowKind
    position: str
    received_at: datetime
    observation: Observation
    data: bytes


class Memory(Protocol):
    """What the intake must look up."""

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of ``event_ids`` that are stored already."""

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
    """Ids of events that are in the graph and not yet stored."""

    def __init__(self) -> None:
        self._ids: set[UUID] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def enter(self, event_id: UUID) -> bool:
        """Note ``event_id``; False if it is on its way already."""
        with self._lock:
            if event_id in self._ids:
                return False
            self._ids.add(event_id)
            return True

    def leave(self, event_ids: Iterable[UUID]) -> None:
        """These are stored, or were turned away."""
        with self._lock:
            self._ids.difference_update(event_ids)


class Intake:
    """Turns raw records into rows. One for all sources of an engine; safe to call from several threads."""

    def __init__(
        self, memory: Memory, profiles: ProfileCache, in_flight: InFlight, clock: Callable[[], datetime]
    ) -> None:
        self._memory = memory
        self._profiles = profiles
        self._in_flight = in_flight
        self._clock = clock

    def admit(self, records: Sequence[RawRecord]) -> list[Row]:
        """One row for each record, in their order.

        Raises what the memory raises, and then has forgotten the batch: it can be admitted again.
        """
        now = self._clock()
        parsed: list[Event | Label | Row] = [self._parse(record, now) for record in records]
        entered: set[UUID] = set()
        duplicates: set[int] = set()
        for place, found in enumerate(parsed):
            if isinstance(found, Event):
                if self._in_flight.enter(found.event_id):
                    entered.add(found.event_id)
                else:
                    duplicates.add(place)
        try:
            stored = self._memory.known_ids(list(entered)) if entered else set()
            rows = [
                found
                if isinstance(found, Row)
                else _dead_duplicate(record, found)
                if isinstance(found, Event) and (place in duplicates or found.event_id in stored)
                else _row(record, found)
                for place, (record, found) in enumerate(zip(records, parsed, strict=True))
            ]
            self._profiles.fetch(_keys(rows), self._memory.load_profiles)
        except BaseException:
            self._in_flight.leave(entered)
            raise
        self._in_flight.leave(stored)
        return rows

    @staticmethod
    def _parse(record: RawRecord, now: datetime) -> Event | Label | Row:
        try:
            return parse_record(record.data, now)
        except InvalidInput as error:
            return _dead(record, _reason(record, error), error.detail, field=error.field, event_id=_id_of(record))
        except Exception as error:
            # Not foreseen, and no reason to stop the stream for everybody else.
            logger.exception("a record could not even be refused in the usual way")
            return _dead(record, "invalid", f"{type(error).__name__}: {error}", field=None, event_id=None)


def _reason(record: RawRecord, error: InvalidInput) -> str:
    if len(record.data) > MAX_RECORD_BYTES:
        return "oversized"
    return "future" if "in the future" in error.detail else "invalid"


def _id_of(record: RawRecord) -> UUID | None:
    """The id in a record that is otherwise wrong, if it can be read that far."""
    with suppress(ValueError, KeyError, TypeError):
        return UUID(str(orjson.loads(record.data)["event_id"]))
    return None


def _row(record: RawRecord, found: Event | Label) -> Row:
    if isinstance(found, Label):
        return Row(RowKind.LABEL, record.position, record.received_at, _NOTHING, to_json(found))
    return Row(RowKind.EVENT, record.position, record.received_at, Observation.of(found), to_json(found))


def _dead(record: RawRecord, reason: str, detail: str, *, field: str | None, event_id: UUID | None) -> Row:
    letter = {
        "reason": reason,
        "detail": detail,
        "field": field,
        "event_id": event_id,
        "raw": record.data[:RAW_KEPT].hex(),
        "raw_bytes": len(record.data),
    }
    return Row(RowKind.DEAD, record.position, record.received_at, _NOTHING, orjson.dumps(letter))


def _dead_duplicate(record: RawRecord, event: Event) -> Row:
    return _dead(
        record,
        "duplicate",
        f"event_id: {event.event_id} was scored already, or is being scored; it counts once",
        field="event_id",
        event_id=event.event_id,
    )


def _keys(rows: Iterable[Row]) -> Iterable[Key]:
    for row in rows:
        if row.kind is RowKind.EVENT:
            yield ACCOUNT, row.observation.account_id
            if row.observation.counterparty_id is not None:
                yield COUNTERPARTY, row.observation.counterparty_id
