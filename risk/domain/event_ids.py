"""The sender's own id of an event, bound to its source: two sources with one id have two events.

What is stored, and counts everywhere, is a key of 128 bits that follows from source and id alone. A UUID of the
stream's own senders is its key; all else gets a UUID of version 8, which no such id can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from risk.domain.field_rules import SENDER_ID_LENGTH, Word, refused, shown, text_schema, visible

STREAM = "stream"
"""The source of records that name none, and of what people send who are signed in."""
_DERIVED = 8
_MARKS = 0xF << 76 | 0b11 << 62
"""The bits of a UUID's version and variant (RFC 9562)."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)

EventSource = Annotated[Word, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 64})]
"""Whose ids they are: an API key's, an import's, the stream's. Names with a colon are given by the system alone."""


class EventId(UUID):
    """The key of an event, which shows as the id by which its ``source`` knows it: ``text``.

    Compares, hashes and is stored as the key.
    """

    __slots__ = ("source", "text")
    text: str
    source: str

    def __init__(self, key: UUID, text: str, source: str = STREAM) -> None:
        super().__init__(int=key.int)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "source", source)

    @classmethod
    def of(cls, text: str, source: str = STREAM) -> EventId:
        """The id that ``source`` calls ``text``, which is in its normal form."""
        return cls(key_of(text, source), text, source)

    @classmethod
    def stored(cls, key: UUID, text: str | None, source: str | None) -> EventId:
        """The id as it is stored: ``text`` and ``source`` are null where they are the key's and the stream's own."""
        return cls(key, str(UUID(int=key.int)) if text is None else text, source or STREAM)

    @property
    def key(self) -> UUID:
        """What is stored."""
        return UUID(int=self.int)

    @property
    def columns(self) -> tuple[str | None, str | None]:
        """Text and source as they are stored beside the key."""
        return stored_names(self, self.text, self.source)

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Callable[..., EventId], tuple[UUID, str, str]]:
        return EventId, (self.key, self.text, self.source)


def stored_names(key: UUID, text: str, source: str) -> tuple[str | None, str | None]:
    """``text`` and ``source`` of ``key``; null where they are the key's and the stream's own."""
    own = source == STREAM
    return (None if own and text == str(UUID(int=key.int)) else text), (None if own else source)


def key_of(text: str, source: str) -> UUID:
    """The key of the event that ``source`` calls ``text``: the same in every process and every run."""
    if source == STREAM and _UUID.fullmatch(text):
        found = UUID(text)
        if found.version != _DERIVED:
            return found
    number = int.from_bytes(sha256(f"{source}\0{text}".encode()).digest()[:16])
    return UUID(int=number & ~_MARKS | _DERIVED << 76 | 0b10 << 62)


def normal_id(text: str) -> str:
    """The normal form of an event's id: as of an account's; a UUID in lower case."""
    if len(text) == 36 and _UUID.fullmatch(text):
        return text.lower()
    return visible(text, SENDER_ID_LENGTH)


def _reader(source_field: str) -> PlainValidator:
    def read(value: Any, info: ValidationInfo) -> EventId:
        source = (info.data or {}).get(source_field, STREAM)
        if isinstance(value, EventId):
            if value.source != source:
                raise ValueError(f"{value.text} is an id of {value.source}; {source_field} says {source}")
            return value
        if isinstance(value, UUID):
            return EventId.of(str(value), source)
        if not isinstance(value, str):
            raise refused(f"it was {shown(value)}")
        return EventId.of(normal_id(value), source)

    return PlainValidator(read, json_schema_input_type=str)


_SHOWN = PlainSerializer(str, return_type=str)
EventIdField = Annotated[EventId, _reader("event_source"), _SHOWN, text_schema(SENDER_ID_LENGTH)]
"""An id in a model that has ``event_source`` before it."""
TopEventIdField = Annotated[EventId, _reader("top_event_source"), _SHOWN, text_schema(SENDER_ID_LENGTH)]
"""The same, of ``top_event_source``."""
SenderId = Annotated[str, AfterValidator(normal_id), text_schema(SENDER_ID_LENGTH)]
"""The text of an id, whoever's it is."""
