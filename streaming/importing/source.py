"""Files of any format as stream records: planned (columns recognized), read, sorted by time."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple, cast
from unicodedata import normalize
from uuid import UUID

from pydantic_core import PydanticCustomError

from risk.domain.errors import InvalidInput
from risk.domain.event_ids import STREAM, EventId
from risk.domain.events import Event, Label, parse_record
from risk.domain.field_rules import WORD_LENGTH, word
from risk.domain.label_origin import OUTSIDE_PATTERN
from streaming.importing.duplicates import Duplicates
from streaming.importing.formats.tables import BadRow, Row, open_table
from streaming.importing.guessing import guess
from streaming.importing.label_order import labels_when_known
from streaming.importing.label_table import LabelColumns, LabelMaker, label_columns
from streaming.importing.mapping import FIELDS, Mapping, build, recognize
from streaming.importing.ordering import Sorter, key
from streaming.importing.row_to_event import Made, Maker

SAMPLED = 500
REQUIRED = ("occurred_at", "account_id")
MAPPABLE = (*FIELDS, "occurred_at", "amount", "fraud")
_STREAM_ENDINGS = (".jsonl", ".ndjson", ".json")


class Refused(NamedTuple):
    """A refused row: its number in the file (from 1), the field at fault if known, and the reason."""

    row: int
    field: str | None
    detail: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field or 'record'}: {self.detail}"


@dataclass(frozen=True)
class Options:
    """Options of a person: see ``risk import``."""

    mapping: Mapping | None = None
    columns: tuple[str, ...] = ()
    source: str | None = None
    currency: str = "EUR"
    labels: bool = True
    encoding: str | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Plan:
    """How a file is read: as the stream's own records, or as a table by ``mapping``, its ids in ``source``."""

    path: Path
    mapping: Mapping | None
    source: str
    rows_of: str = ""
    """Prefix of row-number ids when several files share a source."""
    notes: tuple[str, ...] = ()
    examples: dict[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    labels: LabelColumns | None = None
    """Of a table of labels alone."""

    @property
    def is_table(self) -> bool:
        """Whether rows are mapped, or are stream records already."""
        return self.mapping is not None or self.labels is not None


@dataclass
class Counts:
    """Rows so far and their outcomes: rows = events + refused, plus labels in stream records and tables of labels."""

    rows: int = 0
    events: int = 0
    labels: int = 0
    refused: int = 0


def plan(path: Path, options: Options = Options()) -> Plan:
    """Plan how ``path`` is read. ``InvalidInput`` says what to do if that is unclear."""
    if _is_stream(path):
        if options.columns or options.mapping:
            raise InvalidInput("--column and --map are for tables: JSON lines are the stream's own records")
        return Plan(path, None, own_source(options.source) if options.source else "")
    with open_table(path, encoding=options.encoding, root=options.mapping.root if options.mapping else "") as table:
        sample = [row.values for row in islice(table.rows, SAMPLED) if isinstance(row, Row)]
        if not sample:
            raise InvalidInput(
                f"{path.name} has no rows{' below its header' if len(table.columns) > 1 else ''}; export it again",
                field="file",
            )
        overrides = _overrides(options.columns)
        mapping = options.mapping or recognize(table.columns)
        examples: dict[str, str] = {}
        doubts: list[str] = []
        if mapping is None and (of := label_columns(table.columns, sample, overrides, doubts)) is not None:
            if not options.labels:
                raise InvalidInput(f"{path.name} holds labels alone", field="labels")
            source = own_source(options.source) if options.source else STREAM
            return Plan(
                path, None, source, notes=tuple(table.notes), doubts=tuple(doubts), columns=table.columns, labels=of
            )
        if mapping is None:
            mapping, examples, doubts = guess(table.columns, sample, overrides)
        elif overrides:
            mapping = _overridden(mapping, overrides)
        if not options.labels:
            mapping = mapping.model_copy(update={"label": None})
        mapping.check(table.columns, path.name)
        notes = [*table.notes, *([mapping.lacks] if mapping.lacks else [])]
    source = own_source(options.source) if options.source else source_named(path.name.partition(".")[0])
    return Plan(
        path, mapping, source, notes=tuple(notes), examples=examples, doubts=tuple(doubts), columns=table.columns
    )


def own_source(name: str) -> str:
    """The normal form of a source that a person names; ``InvalidInput`` if it is the system's to give."""
    try:
        found = word(name)
    except PydanticCustomError as error:
        raise InvalidInput(
            f"the name of a source is text of 1 to 64 characters; {error.message()}", field="source"
        ) from None
    if found != STREAM and not re.match(OUTSIDE_PATTERN, found):
        raise InvalidInput(
            f"{found!r} cannot be the name of a source: it begins with a letter or digit and has no colon",
            field="source",
        )
    return found


def source_named(name: str) -> str:
    """The source of the ids of a file or folder with this name, if nobody names another."""
    plain = re.sub(r"[^\w .,()&+#-]", "-", normalize("NFC", name)).strip(" -_.,()&+#")
    return plain[:WORD_LENGTH].strip() or "file"


def _overrides(columns: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for override in columns:
        name, separator, column = (part.strip() for part in override.partition("="))
        if not separator or name not in MAPPABLE:
            raise InvalidInput(f"{override!r} is not field=COLUMN; fields are {', '.join(MAPPABLE)}", field="column")
        if not column and name in REQUIRED:
            raise InvalidInput(f"{name} cannot be left out: an event needs it", field="column")
        found["label" if name == "fraud" else name] = column or None
    return found


def _overridden(mapping: Mapping, overrides: dict[str, str | None]) -> Mapping:
    plain = mapping.model_dump(mode="python", exclude_defaults=True)
    for name, column in overrides.items():
        if column is None:
            plain.pop(name, None)
        elif name in ("occurred_at", "amount", "label") and name in plain:
            plain[name] = plain[name] | {"column": column}
        else:
            plain[name] = column
    return build(plain, "--column")


def _is_stream(path: Path) -> bool:
    """Whether the file holds the stream's own records, by the first line that is JSON."""
    if not path.name.removesuffix(".gz").endswith(_STREAM_ENDINGS):
        return False
    with suppress(EOFError, OSError, zlib.error), _open_lines(path) as lines:
        for line in islice(lines, SAMPLED):
            with suppress(ValueError):
                found = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
                return isinstance(found, dict) and (
                    found.get("kind") in ("event", "label") or {"event_id", "event_type", "account_id"} <= found.keys()
                )
        return path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson")) and path.stat().st_size > 0
    return False


def _open_lines(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def read_lines(path: Path, now: datetime, *, limit: int | None = None) -> Iterator[Event | Label | Refused]:
    """Records of the first ``limit`` rows of JSON lines (``.gz`` or not): events as they lie, labels when known.

    A label comes before the first event at or after the moment it was known, wherever its line stands. Blank lines
    are passed over. Raises ``InvalidInput`` when the file breaks off.
    """
    # Two passes, so that only labels are held in memory.
    labels = (_read_line(row, text, now) for row, text in _lines(path, limit) if _LABEL in text)
    known = [label for label in labels if isinstance(label, Label)]
    yield from labels_when_known((_read_line(row, text, now) for row, text in _lines(path, limit)), known)


_LABEL = b'"label"'


def of_source(record: Event | Label, source: str) -> Event | Label:
    """The record with its id one of ``source``, unless it names a source itself."""
    if not source or record.event_source != STREAM:
        return record
    own = EventId.of(record.event_id.text, source)
    return record.model_copy(update={"event_source": source, "event_id": own})


def _frauds(chosen: Plan, now: datetime, limit: int | None) -> set[UUID]:
    """The events that the last label of each in a file of the stream's records calls fraud."""
    said = (_read_line(row, text, now) for row, text in _lines(chosen.path, limit) if _LABEL in text)
    found = (of_source(one, chosen.source) for one in said if not isinstance(one, Refused))
    labels = sorted((one for one in found if isinstance(one, Label)), key=lambda label: label.known_at)
    last = {label.event_id: label.fraud and not label.withdrawn for label in labels}
    return {event_id for event_id, fraud in last.items() if fraud}


def _read_line(row: int, text: bytes, now: datetime) -> Event | Label | Refused:
    try:
        return parse_record(text, now)
    except InvalidInput as error:
        return Refused(row, error.field, error.detail)


def _lines(path: Path, limit: int | None) -> Iterator[tuple[int, bytes]]:
    with _open_lines(path) as lines:
        try:
            for row, line in enumerate(islice(lines, limit), start=1):
                text = line.removeprefix(b"\xef\xbb\xbf").strip() if row == 1 else line.strip()
                if text:
                    yield row, text
        except (EOFError, OSError, zlib.error) as error:
            raise InvalidInput(
                f"{path.name} cannot be read to its end ({error}); is it complete?", field="file"
            ) from error


def read_rows(
    chosen: Plan, now: datetime, options: Options, at: Callable[[int, int], None] = lambda *_: None
) -> Iterator[tuple[int, Made | Refused]]:
    """Yield each row of a table by number: its records, or why it is refused. In the table's order.

    ``at`` receives the bytes read so far, and the total.
    """
    make = _maker(chosen, now, options)
    root = "" if chosen.mapping is None else chosen.mapping.root
    with open_table(chosen.path, encoding=options.encoding, root=root) as table:
        for count, row in enumerate(islice(table.rows, options.limit)):
            if count % 1_000 == 0:
                at(table.position(), table.size)
            yield row.number, _made(make, row)
        at(table.size, table.size)


def _maker(chosen: Plan, now: datetime, options: Options) -> Callable[[Row], Made]:
    if chosen.mapping is not None:
        events = Maker(chosen.mapping, chosen.source, now, currency=options.currency, rows_of=chosen.rows_of)
        return lambda row: events.make(row.values, row.number)
    if chosen.labels is None:
        raise ValueError("the stream's own records are no table")
    labels = LabelMaker(chosen.labels, chosen.source, now)
    return lambda row: Made(None, labels.make(row.values))


def _made(make: Callable[[Row], Made], row: Row | BadRow) -> Made | Refused:
    if isinstance(row, BadRow):
        return Refused(row.number, None, row.detail)
    try:
        return make(row)
    except InvalidInput as error:
        return Refused(row.number, error.field, error.detail)


class Records:
    """The records of planned files, once over, in order; ``counts`` is whole when they have all been taken.

    ``frauds`` are the events that a label of the files calls fraud: known when the first record comes.

    A table's rows are read before the first record comes: they are put in the order of time, labels when they became
    known, and an id that comes twice is refused. Of the stream's own
    records the events come as they lie in the file, labels when they became known.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        now: datetime,
        options: Options,
        refuse: Callable[[Plan, Refused], None],
        folder: Path,
        at: Callable[[int, int], None],
    ) -> None:
        self._plans, self._now, self._options, self._refuse, self._at = plans, now, options, refuse, at
        self._folder = folder
        self.counts = Counts()
        self.frauds: set[UUID] = set()

    def __iter__(self) -> Iterator[Event | Label]:
        tables = [one for one in self._plans if one.is_table]
        for one in self._plans:
            if not one.is_table:
                self.frauds |= _frauds(one, self._now, self._options.limit)
        if tables:
            yield from self._sorted(tables)
        for one in self._plans:
            if not one.is_table:
                yield from self._streamed(one)

    def _streamed(self, chosen: Plan) -> Iterator[Event | Label]:
        for record in read_lines(chosen.path, self._now, limit=self._options.limit):
            self.counts.rows += 1
            if isinstance(record, Refused):
                self._refused(chosen, record)
                continue
            self.counts.events += isinstance(record, Event)
            self.counts.labels += isinstance(record, Label)
            yield of_source(record, chosen.source)

    def _sorted(self, tables: Sequence[Plan]) -> Iterator[Event | Label]:
        sorter, ids = Sorter(self._folder), Duplicates(self._folder)
        where: list[tuple[int, Plan]] = []
        total = 0
        for chosen in tables:
            where.append((total, chosen))
            last = 0
            for number, made in read_rows(chosen, self._now, self._options, self._at):
                self.counts.rows += 1
                last = number
                if isinstance(made, Refused):
                    self._refused(chosen, made)
                    continue
                if made.event is not None:
                    ids.add(made.event.event_id, total + number)
                    sorter.add(key(made.event, total + number))
                if made.label is not None:
                    if made.label.fraud:
                        self.frauds.add(made.label.event_id)
                    sorter.add(key(made.label, total + number))
            total += last
        repeated = ids.repeated()
        for number, first in sorted(repeated.items()):
            offset, chosen = next((start, one) for start, one in reversed(where) if start < number)
            origin, other = next((start, one) for start, one in reversed(where) if start < first)
            there = "" if other is chosen else f" of {other.path.name}"
            self._refused(chosen, Refused(number - offset, "event_id", f"has the id of row {first - origin}{there}"))
        for _, rank, number, line in sorter.merged():
            if number in repeated:
                continue
            if rank:
                self.counts.labels += 1
                yield Label.model_validate_json(line)
            else:
                self.counts.events += 1
                yield Event.model_validate_json(line)

    def _refused(self, chosen: Plan, row: Refused) -> None:
        self.counts.refused += 1
        self._refuse(chosen, row)


@contextmanager
def records(
    plans: Sequence[Plan],
    now: datetime,
    options: Options = Options(),
    *,
    refuse: Callable[[Plan, Refused], None] = lambda *_: None,
    at: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Records]:
    """``Records`` of ``plans``; ``refuse`` receives each refused row. Temporary files are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="risk-import-") as folder:
        yield Records(plans, now, options, refuse, Path(folder), at)


def read_records(
    path: Path, now: datetime, *, labels: bool = False, limit: int | None = None
) -> Iterator[Event | Label]:
    """The records of one file whose columns are recognized, without those rows that cannot be read."""
    options = Options(labels=labels, limit=limit)
    with records([plan(path, options)], now, options) as found:
        yield from found


def preview(chosen: Plan, now: datetime, options: Options, count: int) -> list[dict[str, Any]]:
    """Preview the first ``count`` rows: event, label, or the reason of refusal."""
    from risk.domain.events import as_json

    found: list[dict[str, Any]] = []
    if not chosen.is_table:
        for record in read_lines(chosen.path, now, limit=count):
            refused = isinstance(record, Refused)
            found.append({"refused": str(record)} if refused else as_json(cast(Event | Label, record)))
        return found
    for number, made in islice(read_rows(chosen, now, options), count):
        if isinstance(made, Refused):
            found.append({"row": number, "refused": str(made)})
        else:
            event = {} if made.event is None else {"event": as_json(made.event)}
            label = {} if made.label is None else {"label": as_json(made.label)}
            found.append({"row": number, **event, **label})
    return found
