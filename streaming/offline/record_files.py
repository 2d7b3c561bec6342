"""Records from a file, to be sent again: a table of transactions (parquet) or the stream's own JSON lines.

What a transaction turned out to be (fraud, scenario) never enters its event; it can become a Label.
"""

from __future__ import annotations

import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple, cast
from uuid import NAMESPACE_OID, uuid5

from pydantic import ValidationError

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, EventType, Label, check_time, parse_record

TRANSACTIONS = uuid5(NAMESPACE_OID, "realtime-risk/transactions")
LABEL_DELAY = timedelta(days=7)
BATCH_ROWS = 4096

# The columns of the Fraud Detection Handbook's transactions; any field may come from another one.
HANDBOOK: Mapping[str, str] = {
    "event_id": "TRANSACTION_ID",
    "occurred_at": "TX_DATETIME",
    "account_id": "CUSTOMER_ID",
    "counterparty_id": "TERMINAL_ID",
    "amount": "TX_AMOUNT",
    "fraud": "TX_FRAUD",
}
REQUIRED = ("event_id", "occurred_at", "account_id")
MAPPABLE = (*HANDBOOK, "currency", "channel", "device_id", "ip", "country")
_TEXTS = ("account_id", "counterparty_id", "currency", "channel", "device_id", "ip", "country")


class Refused(NamedTuple):
    """A row that is not sent: its number in the file (from 1), the field at fault if known, and why."""

    row: int
    field: str | None
    detail: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field or 'record'}: {self.detail}"


class Accepted:
    """The records of ``records`` that can be sent, once over; each refused row is given to ``refuse``.

    ``taken`` and ``refused`` count rows so far. A label is a row of its own when ``label_rows``: in JSON
    lines, not in a table.
    """

    def __init__(
        self, records: Iterator[Event | Label | Refused], refuse: Callable[[Refused], None], *, label_rows: bool
    ) -> None:
        self._records, self._refuse, self._label_rows = records, refuse, label_rows
        self.taken = 0
        self.refused = 0

    def __iter__(self) -> Iterator[Event | Label]:
        for record in self._records:
            self.taken += self._label_rows or not isinstance(record, Label)
            if isinstance(record, Refused):
                self.refused += 1
                self._refuse(record)
            else:
                yield record


def column_map(overrides: Sequence[str] = ()) -> dict[str, str]:
    """The Handbook's columns with ``overrides`` such as ``account_id=CARD``; ``amount=`` leaves a field out.

    Raises ``InvalidInput`` for a field that events do not have, or that they cannot do without.
    """
    columns = dict(HANDBOOK)
    for override in overrides:
        name, separator, column = (part.strip() for part in override.partition("="))
        if not separator or name not in MAPPABLE:
            raise InvalidInput(f"{override!r} is not field=COLUMN; fields are {', '.join(MAPPABLE)}", field="column")
        if column:
            columns[name] = column
        elif name in REQUIRED:
            raise InvalidInput(f"{name} cannot be left out: an event needs it", field="column")
        else:
            columns.pop(name, None)
    return columns


def is_table(path: Path) -> bool:
    """Whether ``path`` is parquet rather than JSON lines, by its name; ``InvalidInput`` if neither."""
    name = path.name.removesuffix(".gz")
    if path.suffix == ".parquet":
        return True
    if name.endswith((".jsonl", ".ndjson", ".json")):
        return False
    raise InvalidInput(f"{path.name} is neither .parquet nor .jsonl (or .jsonl.gz)", field="file")


def read_records(
    path: Path,
    now: datetime,
    *,
    column: Sequence[str] = (),
    currency: str = "EUR",
    labels: bool = False,
    limit: int | None = None,
) -> Iterator[Event | Label | Refused]:
    """The first ``limit`` rows of a file of either kind; ``column``, ``currency`` and ``labels`` are for tables.

    See ``column_map``, ``read_table`` and ``read_lines``. Raises ``InvalidInput`` when the file is neither.
    """
    if is_table(path):
        return read_table(path, column_map(column), now, currency=currency, labels=labels, limit=limit)
    if column or labels:
        raise InvalidInput("--column and --labels are for tables: JSON lines are the stream's own records")
    return read_lines(path, now, limit=limit)


def count_rows(path: Path) -> int:
    """How many rows the file holds: events of a table, records of JSON lines."""
    if is_table(path):
        return int(open_table(path).metadata.num_rows)
    with _open_lines(path) as lines:
        try:
            return sum(1 for line in lines if line.strip())
        except (EOFError, OSError, zlib.error) as error:
            raise _unreadable(path, error) from error


def read_table(
    path: Path,
    columns: Mapping[str, str],
    now: datetime,
    *,
    currency: str = "EUR",
    labels: bool = False,
    limit: int | None = None,
) -> Iterator[Event | Label | Refused]:
    """Payments of the first ``limit`` rows of a parquet file, in its order.

    With ``labels``, the truth about each follows seven days after it.

    The id of an event follows from the transaction's, so that a repeated replay is the same events.
    Times without a zone are UTC. Labels that would be known only after ``now`` are left out.
    Raises ``InvalidInput`` when the file is no parquet, or lacks a column.
    """
    table = open_table(path)
    wanted = {name: column for name, column in columns.items() if labels or name != "fraud"}
    missing = [f"{column} (for {name})" for name, column in wanted.items() if column not in table.schema_arrow.names]
    if missing:
        raise InvalidInput(
            f"{path.name} has no column {', '.join(missing)}; it has {', '.join(table.schema_arrow.names)}. "
            "Say which to use with --column field=COLUMN (field= for none)",
            field="column",
        )
    return _with_labels(islice(_payments(table, wanted, now, currency), limit), now)


def read_lines(path: Path, now: datetime, *, limit: int | None = None) -> Iterator[Event | Label | Refused]:
    """Records of the first ``limit`` rows of JSON lines (``.gz`` or not): events in their order, labels when known.

    A label comes before the first event at or after the moment it was known, wherever its line stands. Blank lines
    are passed over. Raises ``InvalidInput`` when the file breaks off.
    """
    # Two passes, so that only labels are held in memory.
    labels = [
        found
        for row, line in _lines(path, limit)
        if _LABEL in line and isinstance(found := _parsed(row, line, now), Label)
    ]
    return labels_when_known((_parsed(row, line, now) for row, line in _lines(path, limit)), labels)


_LABEL = b'"label"'


def labels_when_known(
    records: Iterable[Event | Label | Refused], labels: Iterable[Label]
) -> Iterator[Event | Label | Refused]:
    """``records`` in their order, but each of ``labels`` before the first event at or after it was known.

    No label comes before its event. Labels among ``records`` are passed over.
    """
    waiting = deque(sorted(labels, key=lambda label: label.known_at))
    missing = {label.event_id for label in waiting}
    overdue: dict[Any, list[Label]] = {}
    for record in records:
        if isinstance(record, Label):
            continue
        if isinstance(record, Event):
            while waiting and waiting[0].known_at <= record.occurred_at:
                label = waiting.popleft()
                if label.event_id in missing:
                    overdue.setdefault(label.event_id, []).append(label)
                else:
                    yield label
            yield record
            missing.discard(record.event_id)
            yield from overdue.pop(record.event_id, ())
        else:
            yield record
    for late in overdue.values():
        yield from late
    yield from waiting


def _parsed(row: int, line: bytes, now: datetime) -> Event | Label | Refused:
    try:
        return parse_record(line, now)
    except InvalidInput as error:
        return Refused(row, error.field, error.detail)


def _lines(path: Path, limit: int | None) -> Iterator[tuple[int, bytes]]:
    with _open_lines(path) as lines:
        try:
            for row, line in enumerate(islice(lines, limit), start=1):
                if line.strip():
                    yield row, line.strip()
        except (EOFError, OSError, zlib.error) as error:
            raise _unreadable(path, error) from error


def _open_lines(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _unreadable(path: Path, error: Exception) -> InvalidInput:
    return InvalidInput(f"{path.name} cannot be read to its end ({error}); is it complete?", field="file")


def open_table(path: Path) -> Any:
    """The parquet file at ``path``, as pyarrow opens it; ``InvalidInput`` if it is none."""
    # Not at the top: the streaming container, which never replays a file, does without pyarrow.
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    try:
        return pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InvalidInput(f"{path.name} is not a parquet file: {error}", field="file") from error


def _rows(table: Any, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    try:
        for batch in table.iter_batches(BATCH_ROWS, columns=list(set(columns.values()))):
            values = []
            for column in columns.values():
                array = batch.column(column)
                # Python's datetime ends at microseconds; what is finer is cut off rather than refused.
                if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
                    array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
                values.append(array.to_pylist())
            for row in zip(*values, strict=True):
                yield dict(zip(columns, row, strict=True))
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"the table cannot be read to its end: {error}", field="file") from error


def _payments(
    table: Any, columns: Mapping[str, str], now: datetime, currency: str
) -> Iterator[tuple[Event, bool | None] | Refused]:
    for number, row in enumerate(_rows(table, columns), start=1):
        try:
            yield _payment(row, now, currency), _fraud(row.get("fraud"))
        except InvalidInput as error:
            yield Refused(number, error.field, error.detail)


def _payment(row: Mapping[str, Any], now: datetime, currency: str) -> Event:
    for name in REQUIRED:
        if row[name] is None:
            raise InvalidInput("is empty", field=name)
    texts = {name: _text(row.get(name)) for name in _TEXTS}
    if texts["currency"] is None and row.get("amount") is not None:
        texts["currency"] = currency
    try:
        event = Event.model_validate(
            {
                "event_id": uuid5(TRANSACTIONS, str(_text(row["event_id"]))),
                "event_type": EventType.PAYMENT,
                "occurred_at": _utc(row["occurred_at"]),
                "amount": _amount(row.get("amount")),
                **texts,
            }
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise InvalidInput(
            f"{first['msg']} (it is {str(first['input'])[:80]!r})", field=".".join(map(str, first["loc"]))
        ) from error
    check_time(event, now)
    return event


def _text(value: object) -> str | None:
    """``value`` as an identifier: a column of whole numbers with gaps is one of floats, 7.0 for 7."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _amount(value: object) -> object:
    # Sums of doubles carry noise past the sixth decimal, which is where an event's amount ends.
    return round(value, 6) if isinstance(value, float) else value


def _utc(value: object) -> datetime:
    moment = value
    if isinstance(value, str):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value)
    if not isinstance(moment, datetime):
        raise InvalidInput(f"{str(value)[:80]!r} is not a date and time", field="occurred_at")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _fraud(value: object) -> bool | None:
    if value is None:
        return None
    if value not in (0, 1):
        raise InvalidInput(f"{str(value)[:80]!r} is neither 0 nor 1, false nor true", field="fraud")
    return bool(value)


def _with_labels(
    payments: Iterator[tuple[Event, bool | None] | Refused], now: datetime
) -> Iterator[Event | Label | Refused]:
    waiting: deque[Label] = deque()
    for payment in payments:
        if isinstance(payment, Refused):
            yield payment
            continue
        event, fraud = payment
        while waiting and waiting[0].known_at <= event.occurred_at:
            yield waiting.popleft()
        yield event
        known_at = event.occurred_at + LABEL_DELAY
        if fraud is not None and known_at <= now:
            waiting.append(
                Label(kind="label", event_id=event.event_id, fraud=fraud, known_at=known_at, source="replay")
            )
    yield from waiting
