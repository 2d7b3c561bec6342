"""Replaying a file: the same rows are the same events, and what was fraud is not told in them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, EventType, Label, parse_record, to_json
from streaming.offline.record_files import Refused, _payment, column_map, count_rows, read_lines, read_table
from streaming.simulator import simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = datetime(2018, 4, 1, 0, 0, 31)  # noqa: DTZ001  (the data has no zones)
ROWS: dict[str, list[Any]] = {
    "TRANSACTION_ID": [0, 1, 2],
    "TX_DATETIME": [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=9)],
    "CUSTOMER_ID": [596, 4961, 2],
    "TERMINAL_ID": [3156, 3412, 1365],
    "TX_AMOUNT": [57.16, 81.51, 146.0],
    "TX_FRAUD": [False, True, False],
    "TX_FRAUD_SCENARIO": [0, 2, 0],
}


def table(folder: Path, **changes: list[Any]) -> Path:
    file = folder / "transactions.parquet"
    pq.write_table(pa.table({**ROWS, **changes}), file)
    return file


def read(file: Path, *columns: str, **options: Any) -> list[Event | Label | Refused]:
    return list(read_table(file, column_map(columns), NOW, **options))


def test_a_row_becomes_a_payment_in_utc(tmp_path: Path) -> None:
    event = read(table(tmp_path))[0]
    assert isinstance(event, Event)
    assert event.event_type is EventType.PAYMENT
    assert event.occurred_at == FIRST.replace(tzinfo=UTC)
    assert (event.account_id, event.counterparty_id) == ("596", "3156")
    assert (event.amount, event.currency) == (Decimal("57.16"), "EUR")


def test_a_repeated_replay_is_the_same_events(tmp_path: Path) -> None:
    once, again = read(table(tmp_path)), read(table(tmp_path))
    assert once == again
    assert len({record.event_id for record in once if isinstance(record, Event)}) == 3


def test_the_event_never_tells_that_it_was_fraud(tmp_path: Path) -> None:
    innocent = read(table(tmp_path), labels=False)
    guilty = read(table(tmp_path, TX_FRAUD=[True] * 3, TX_FRAUD_SCENARIO=[3] * 3))
    assert innocent == guilty
    assert all(isinstance(record, Event) and b"raud" not in to_json(record) for record in guilty)


def test_labels_come_seven_days_after_their_events_in_order_of_time(tmp_path: Path) -> None:
    first, second, label, other, third, last = read(table(tmp_path), labels=True)
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert isinstance(label, Label)
    assert isinstance(other, Label)
    assert isinstance(third, Event)
    assert isinstance(last, Label)
    assert (label.event_id, label.fraud) == (first.event_id, False)
    assert (other.event_id, other.fraud) == (second.event_id, True)
    assert label.known_at - first.occurred_at == timedelta(days=7)
    assert last.event_id == third.event_id


def test_a_label_that_nobody_knows_yet_is_not_sent(tmp_path: Path) -> None:
    now = FIRST.replace(tzinfo=UTC) + timedelta(days=10)
    records = list(read_table(table(tmp_path), column_map(), now, labels=True))
    assert sum(isinstance(record, Label) for record in records) == 2


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"CUSTOMER_ID": [596, None, 2]}, "account_id", "empty"),
        ({"TX_AMOUNT": [1.0, -5.0, 2.0]}, "amount", "-5.0"),
        ({"TX_AMOUNT": [1.0, float("nan"), 2.0]}, "amount", "finite"),
        ({"TX_DATETIME": ["2018-04-01 00:00:31", "soon", "2018-04-03"]}, "occurred_at", "soon"),
        ({"TX_DATETIME": [FIRST, datetime(2030, 1, 1), FIRST]}, "occurred_at", "future"),  # noqa: DTZ001
        ({"TX_FRAUD": [0, 7, 1]}, "fraud", "7"),
    ],
)
def test_a_bad_row_is_refused_by_number_and_field_and_the_others_are_sent(
    tmp_path: Path, changes: dict[str, list[Any]], field: str, said: str
) -> None:
    records = read(table(tmp_path, **changes), labels=True)
    [refused] = [record for record in records if isinstance(record, Refused)]
    assert (refused.row, refused.field) == (2, field)
    assert said in refused.detail
    assert str(refused).startswith(f"row 2, {field}: ")
    assert sum(isinstance(record, Event) for record in records) == 2


def test_columns_may_be_named_otherwise_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "mine.parquet"
    names = {"TRANSACTION_ID": "id", "TX_DATETIME": "at", "CUSTOMER_ID": "card", "TX_AMOUNT": "sum"}
    pq.write_table(pa.table({**{new: ROWS[old] for old, new in names.items()}, "land": ["DE", "XX", "FR"]}), file)
    first, second, third = read(
        file, "event_id=id", "occurred_at=at", "account_id=card", "amount=sum", "counterparty_id=", "country=land",
        currency="USD",
    )  # fmt: skip
    assert isinstance(first, Event)
    assert (first.account_id, first.counterparty_id, first.country, first.currency) == ("596", None, "DE", "USD")
    assert isinstance(second, Refused)
    assert second.field == "country"
    assert isinstance(third, Event)


def test_a_missing_column_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no column CARD \(for account_id\).*CUSTOMER_ID.*--column"):
        read(table(tmp_path), "account_id=CARD")


@pytest.mark.parametrize("override", ["account_id", "colour=RED", "account_id="])
def test_a_wrong_mapping_is_refused(override: str) -> None:
    with pytest.raises(InvalidInput):
        column_map([override])


def test_whole_numbers_stored_as_floats_keep_their_name(tmp_path: Path) -> None:
    records = read(table(tmp_path, CUSTOMER_ID=[7.0, 8.0, None]))
    assert [r.account_id for r in records if isinstance(r, Event)] == ["7", "8"]


def test_times_finer_than_a_microsecond_are_cut_off(tmp_path: Path) -> None:
    fine = pa.array([1_522_540_831_000_000_123] * 3, pa.timestamp("ns"))
    event = read(table(tmp_path, TX_DATETIME=fine))[0]
    assert isinstance(event, Event)
    assert event.occurred_at == FIRST.replace(tzinfo=UTC)


def test_the_noise_of_doubles_is_rounded_away(tmp_path: Path) -> None:
    event = read(table(tmp_path, TX_AMOUNT=[0.1 + 0.2, 1.0, 2.0]))[0]
    assert isinstance(event, Event)
    assert event.amount == Decimal("0.3")


def test_a_limit_counts_rows(tmp_path: Path) -> None:
    assert sum(isinstance(record, Event) for record in read(table(tmp_path), limit=2, labels=True)) == 2
    assert count_rows(table(tmp_path)) == 3


def test_a_file_that_is_no_table_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"not a table")
    with pytest.raises(InvalidInput, match=r"broken\.parquet is not a parquet file"):
        read(tmp_path / "broken.parquet")
    with pytest.raises(InvalidInput, match=r"neither \.parquet nor \.jsonl"):
        count_rows(tmp_path / "broken.csv")


@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz"])
def test_what_was_simulated_into_a_file_is_read_back(tmp_path: Path, name: str) -> None:
    records = list(simulate(1, NOW - timedelta(hours=1), 5, label_delay=timedelta(seconds=5), seconds=60))
    lines = b"".join(to_json(record) + b"\n" for record in records)
    file = tmp_path / name
    file.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    assert list(read_lines(file, NOW)) == records
    assert count_rows(file) == len(records)


def test_a_bad_line_is_refused_by_number_and_field(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    good = to_json(next(simulate(1, NOW, 5)))
    file.write_bytes(b"\n".join([good, good.replace(b'"event_type":"', b'"event_type":"un'), good]))
    first, refused, last = read_lines(file, NOW)
    assert isinstance(first, Event)
    assert isinstance(refused, Refused)
    assert (refused.row, refused.field) == (2, "event_type")
    assert first == last


def test_a_compressed_file_that_breaks_off_is_an_error_not_a_short_replay(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl.gz"
    file.write_bytes(gzip.compress(b"".join(to_json(r) + b"\n" for r in simulate(1, NOW, 5, seconds=60)))[:-20])
    with pytest.raises(InvalidInput, match="complete"):
        list(read_lines(file, NOW))


ODD = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.dates())


@given(
    row=st.fixed_dictionaries(
        {
            "event_id": st.one_of(ODD, st.integers(0, 9)),
            "occurred_at": st.one_of(ODD, st.datetimes(datetime(1999, 1, 1), datetime(2027, 1, 1))),  # noqa: DTZ001
            "account_id": ODD,
            "amount": ODD,
            "country": st.one_of(ODD, st.sampled_from(["DE", "de"])),
        }
    )
)
def test_any_row_is_an_event_the_stream_takes_or_is_refused_with_its_field(row: dict[str, Any]) -> None:
    refused: InvalidInput | None = None
    try:
        event = _payment(row, NOW, "EUR")
    except InvalidInput as error:
        refused = error
    else:
        assert parse_record(to_json(event), NOW) == event
    assert refused is None or refused.field in row


@pytest.mark.parametrize("seed", range(4))
def test_labels_come_when_they_are_known_wherever_their_lines_stand(tmp_path: Path, seed: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    records = list(simulate(3, start, 5.0, label_delay=timedelta(seconds=40), seconds=120))
    events = [record for record in records if isinstance(record, Event)]
    labels = [record for record in records if isinstance(record, Label)]
    assert labels
    behind = [one for event in events for one in (event, *(each for each in labels if each.event_id == event.event_id))]
    places = [records, labels + events, events + labels, behind]
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"".join(to_json(record) + b"\n" for record in places[seed]))
    assert list(read_lines(file, NOW)) == records
