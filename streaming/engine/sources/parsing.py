"""Parses and validates stream records, in a second process where there is a second core.

Validating a record takes as long as updating its profiles, and needs no state. So the
engine sends whole reads to a separate process (``ParserProcess``), which returns plain values, and keeps
scoring meanwhile. ``python -m streaming.engine.sources.parsing`` is that process: it serves requests on its
standard input, and ends with it. Values go between the two as ``marshal`` writes them: both run the same Python.
"""

from __future__ import annotations

import logging
import marshal
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from struct import Struct
from typing import IO, Any, NamedTuple
from uuid import UUID

import orjson
from pydantic_core import PydanticCustomError

from risk.domain.errors import InvalidInput
from risk.domain.event_ids import STREAM, EventId, normal_id
from risk.domain.events import Event, Label, as_json, is_oversized, parse_record
from risk.domain.field_rules import word
from risk.features.profiles.observation import Observation

logger = logging.getLogger(__name__)

_LENGTH = Struct("<Q")


class Read(NamedTuple):
    """An event: its id, its observation for profiles, and its fields in JSON form."""

    event_id: UUID
    observation: Observation
    data: dict[str, Any]


class Unread(NamedTuple):
    """Why a record cannot be scored."""

    reason: str
    detail: str
    field: str | None = None
    event_id: UUID | None = None
    sender_event_id: str | None = None
    event_source: str | None = None


Parsed = Read | Label | Unread
Parse = Callable[[Sequence[bytes], datetime], list[Parsed]]
"""Parses records; the time bounds how far in the future one may lie."""


def parse_all(records: Sequence[bytes], now: datetime) -> list[Parsed]:
    """The parsed result of each record; never an exception."""
    return [_parse(record, now) for record in records]


def _parse(record: bytes, now: datetime) -> Parsed:
    try:
        found = parse_record(record, now)
        if isinstance(found, Event):
            return Read(found.event_id.key, Observation.of(found), as_json(found))
        return found
    except InvalidInput as error:
        return Unread(_reason(error), error.detail, error.field, *_id_of(record))
    except Exception as error:
        # Unforeseen, but one record must not stop the stream.
        logger.exception("a record could not even be refused in the usual way")
        return Unread("invalid", f"{type(error).__name__}: {error}")


def _reason(error: InvalidInput) -> str:
    if is_oversized(error):
        return "oversized"
    return "future" if "in the future" in error.detail else "invalid"


def _id_of(record: bytes) -> tuple[UUID | None, str | None, str | None]:
    """The id in a record that is otherwise wrong, as columns, if it can be read that far."""
    with suppress(ValueError, KeyError, TypeError, PydanticCustomError):
        found = orjson.loads(record)
        source = word(str(found["event_source"])) if "event_source" in found else STREAM
        event_id = EventId.of(normal_id(str(found["event_id"])), source)
        return event_id.key, *event_id.columns
    return None, None, None


class ParserProcess:
    """``parse_all`` in a separate process; thread-safe, one call at a time.

    Raises ``ChildProcessError`` when the process has died: then the engine should restart.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streaming.engine.sources.parsing"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __call__(self, records: Sequence[bytes], now: datetime) -> list[Parsed]:
        """The parsed result of each record."""
        asked = marshal.dumps((now.timestamp(), [bytes(record) for record in records]))
        with self._lock:
            if self._process.stdin is None or self._process.stdout is None:
                raise ChildProcessError("the parser has no pipes")
            try:
                _write(self._process.stdin, asked)
                answer = _read(self._process.stdout)
            except (OSError, ValueError) as error:
                raise ChildProcessError(f"the parser is gone: {error}") from error
        if answer is None:
            raise ChildProcessError("the parser ended by itself")
        return [_from_plain(plain) for plain in marshal.loads(answer)]  # noqa: S302  (our own process)

    def close(self) -> None:
        """End it."""
        with self._lock, suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def parser() -> Iterator[Parse]:
    """The parser: a separate process if there is a second core for it."""
    if (_cores() or 1) < 2:
        yield parse_all
        return
    process = ParserProcess()
    try:
        process([], datetime.now(UTC))  # it is there when it has answered once
        yield process
    finally:
        process.close()


def _cores() -> int | None:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _to_plain(parsed: Parsed) -> Any:
    if isinstance(parsed, Read):
        return parsed.event_id.int, tuple(parsed.observation), parsed.data
    if isinstance(parsed, Unread):
        reason, detail, field, event_id, *names = parsed
        return reason, detail, field, event_id and event_id.int, *names
    return as_json(parsed)


def _from_plain(plain: Any) -> Parsed:
    if isinstance(plain, dict):
        return Label.model_validate(plain)
    if len(plain) == len(Read._fields):
        return Read(UUID(int=plain[0]), Observation._make(plain[1]), plain[2])
    reason, detail, field, number, *names = plain
    return Unread(reason, detail, field, None if number is None else UUID(int=number), *names)


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """The next message; None at the end."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


def main() -> None:
    """Serve until standard input ends. The parent decides when, so signals to the group are ignored."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    with suppress(BrokenPipeError):
        while (asked := _read(sys.stdin.buffer)) is not None:
            seconds, records = marshal.loads(asked)  # noqa: S302  (our own process)
            parsed = parse_all(records, datetime.fromtimestamp(seconds, UTC))
            _write(sys.stdout.buffer, marshal.dumps([_to_plain(one) for one in parsed]))


if __name__ == "__main__":
    main()
