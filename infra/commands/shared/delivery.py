"""Sends records to the stream, the API or a file, at the right time, with retries."""

from __future__ import annotations

import gzip
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, TypeVar, cast

import httpx
from botocore.exceptions import BotoCoreError

from infra.commands.shared.api_session import ApiSession, problem_text
from risk.adapters.kinesis import Record, put_records
from risk.domain.errors import Unavailable
from risk.domain.events import Event, Label, to_json

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

TICK = 0.05
MAX_BATCH = 2_000
API_BATCH = 500
_JSON = {"content-type": "application/json"}
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
# The sender stops after this long without a single delivered record.
GIVE_UP_AFTER = 120.0

T = TypeVar("T")


@dataclass(frozen=True)
class Attempt:
    """The outcome of a send: records to send ``again`` and why, and records ``refused`` for good."""

    again: Sequence[Event | Label] = ()
    trouble: str = ""
    refused: Sequence[tuple[Event | Label, str]] = ()


class Target(Protocol):
    """Somewhere records are sent."""

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        """Try once; expected failures are returned, not raised."""
        ...

    def close(self) -> None:
        """Release connections and files."""
        ...


def as_record(record: Event | Label) -> Record:
    """The record as the stream carries it. A label has no account, so its partition key is its event's id."""
    return Record(record.account_id if isinstance(record, Event) else str(record.event_id), to_json(record))


class KinesisTarget:
    """A Kinesis stream."""

    def __init__(self, client: KinesisClient, stream: str) -> None:
        self._client, self._stream = client, stream

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        """Put ``records``, with two tries for each."""
        entries = [as_record(record) for record in records]
        try:
            failures = put_records(self._client, self._stream, entries, attempts=2)
        except BotoCoreError as error:
            raise Unavailable(f"the stream {self._stream} cannot be written to: {error}") from error
        trouble = f"{failures[0].code}: {failures[0].message}" if failures else ""
        return Attempt([records[failure.index] for failure in failures], trouble)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class ApiTarget:
    """The REST API. It takes events only: labels are refused here."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        """Post the events in lists of at most 500; sign in first, and signs in again when the token has expired."""
        events = [record for record in records if isinstance(record, Event)]
        refused: list[tuple[Event | Label, str]] = [
            (record, "the API takes no labels") for record in records if isinstance(record, Label)
        ]
        for first in range(0, len(events), API_BATCH):
            attempt = self._post(events[first : first + API_BATCH])
            refused += attempt.refused
            if attempt.again:
                return Attempt([*attempt.again, *events[first + API_BATCH :]], attempt.trouble, refused)
        return Attempt(refused=refused)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(self, events: list[Event]) -> Attempt:
        body = b"[" + b",".join(map(to_json, events)) + b"]"
        try:
            answer = self._session.request("POST", "events", content=body, headers=_JSON)
        except httpx.TransportError as error:
            return Attempt(events, f"{type(error).__name__}: {error}")
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            return Attempt(events, problem_text(answer))
        if answer.status_code in (401, 403):
            raise Unavailable(f"the API does not let this user write events: {problem_text(answer)}")
        if answer.status_code != 202:
            return self._halves(events, answer)
        items = cast(list[dict[str, str]], answer.json()["items"])
        results = list(zip(events, items, strict=True))
        again = [event for event, item in results if item["status"] == "failed"]
        trouble = next((item["detail"] for item in items if item["status"] == "failed"), "")
        refused = [(event, f"422 {item['detail']}") for event, item in results if item["status"] == "refused"]
        return Attempt(again, trouble, refused)

    def _halves(self, events: list[Event], answer: httpx.Response) -> Attempt:
        """A list whose body is too large is refused whole, so send it in halves."""
        if len(events) == 1:
            return Attempt(refused=[(events[0], problem_text(answer))])
        middle = len(events) // 2
        first = self._post(events[:middle])
        if first.again:  # keep the order: what waits goes first
            return Attempt([*first.again, *events[middle:]], first.trouble, first.refused)
        second = self._post(events[middle:])
        return Attempt(second.again, second.trouble, [*first.refused, *second.refused])


class FileTarget:
    """A file of JSON lines, as the stream would carry them; compressed when its name ends in ``.gz``."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Held open between batches; close() closes it.
        compressed = path.suffix == ".gz"
        self._file = cast(IO[bytes], gzip.open(path, "wb")) if compressed else path.open("wb")  # noqa: SIM115

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        """Write ``records``, a line each."""
        self._file.writelines(to_json(record) + b"\n" for record in records)
        return Attempt()

    def close(self) -> None:
        """Write what is buffered."""
        self._file.close()


@dataclass
class Delivery:
    """Sends to ``target`` until each record is through, and counts.

    ``say`` reports trouble and its end to a person; ``delivered`` receives what was delivered.
    """

    target: Target
    say: Callable[[str], None]
    delivered: Callable[[Sequence[Event | Label]], None] = lambda _: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    sent: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def send(self, records: Sequence[Event | Label]) -> None:
        """Return when ``records`` are delivered or refused; raises ``Unavailable`` after two minutes of trouble.

        When interrupted, what was not confirmed counts as failed.
        """
        waiting = records
        try:
            for attempt in self._attempts(records):
                waiting = attempt.again
        except BaseException:
            self.failed += len(waiting)
            raise

    def _attempts(self, waiting: Sequence[Event | Label]) -> Iterator[Attempt]:
        wait, since = FIRST_WAIT, self.clock()
        in_trouble = False
        while waiting:
            attempt = self.target.send(waiting)
            self._count(waiting, attempt)
            yield attempt
            if len(attempt.again) < len(waiting):
                wait, since = FIRST_WAIT, self.clock()
            waiting = attempt.again
            if not waiting:
                break
            in_trouble = True
            if self.clock() - since > GIVE_UP_AFTER:
                raise Unavailable(f"gave up after {GIVE_UP_AFTER:.0f} s without success: {attempt.trouble}")
            self.say(f"{attempt.trouble or 'not taken'}; {len(waiting)} waiting, trying again in {wait:g} s")
            self.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        if in_trouble:
            self.say("sending works again")

    def _count(self, given: Sequence[Event | Label], attempt: Attempt) -> None:
        left = {id(record) for record in attempt.again} | {id(record) for record, _ in attempt.refused}
        through = [record for record in given if id(record) not in left]
        self.sent.update(kind(record) for record in through)
        self.refused.update(why for _, why in attempt.refused)
        self.delivered(through)

    @property
    def events(self) -> int:
        """The number of delivered events."""
        return self.sent.total() - self.sent["label"]


def kind(record: Event | Label) -> str:
    """The name under which a record is counted: its event type, or ``label``."""
    return record.event_type if isinstance(record, Event) else "label"


def moment(record: Event | Label) -> datetime:
    """When a record happened or became known."""
    return record.occurred_at if isinstance(record, Event) else record.known_at


class Schedule:
    """When a record is due, in seconds after the first: its distance in time divided by ``speed``.

    With ``speed`` 0 everything is due at once.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._first: datetime | None = None

    def __call__(self, record: Event | Label) -> float:
        """The seconds after the first record passed in."""
        if not self._speed:
            return 0.0
        at = moment(record)
        if self._first is None:
            self._first = at
        return (at - self._first).total_seconds() / self._speed


def paced(
    records: Iterable[T],
    due: Callable[[T], float],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[list[T]]:
    """Batches of ``records``, each when it is due: ``due`` gives the seconds after now.

    Waits are measured from the start, so that lateness does not add up: after a delay, what is overdue
    comes at once.
    """
    start = clock()
    batch: list[T] = []
    for record in records:
        if len(batch) == MAX_BATCH:
            yield batch
            batch = []
        at = due(record)
        if at > clock() - start:
            if batch:
                yield batch
                batch = []
            while (wait := at - (clock() - start)) > 0:
                # At least a tick, so that a fast schedule sends batches rather than single records.
                sleep(max(wait, TICK))
        batch.append(record)
    if batch:
        yield batch
