"""Files that are wrong: a sentence that says what to do, and rows refused by number and field; nothing is guessed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from infra.cli import app
from risk.domain.errors import InvalidInput
from risk.domain.event_ids import EventId
from risk.domain.events import parse_record, to_json
from risk.domain.field_rules import MAX_ATTRIBUTES
from streaming.importing.row_to_event import Maker
from streaming.importing.source import Options, plan, read_lines
from streaming.importing.values import text
from streaming.simulator import simulate
from tests.unit.importing.test_shapes import HANDBOOK, NOW, PAYSIM, own, read, write

PLAIN = "id,timestamp,customer,amount\n"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b" \n\n ", "blank.csv", "blanks only"),
        (b"id,timestamp,customer\n", "header.csv", "no rows below its header"),
        (bytes(range(256)) * 40, "binary.csv", "is binary"),
        (b"PAR1 not really", "broken.parquet", "not a parquet file"),
        (b"not a table", "broken.parquet", "not a parquet file"),
        (b"no workbook", "broken.xlsx", "not a xlsx file"),
        (gzip.compress(HANDBOOK.encode() * 50)[:-20], "cut.csv.gz", "complete"),
        (b"a,b\n1,2\n", "unknown.csv", "--column"),
        (b'id,timestamp,customer\n1,"2026-01-01,a\n' + b"x,y,z\n" * 400_000, "quote.csv", "quotation mark"),
        (PLAIN.encode() + b"1,01/02/2026,a,1\n2,03/04/2026,b,2\n", "ambiguous.csv", "%d/%m/%Y"),
        (PLAIN.encode() + b"1,17,a,1\n", "hours.csv", "hours_since"),
        (b"<a><b/></a>", "other.xml", "root"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><Ntry>&x;</Ntry>", "entities.xml", "well-formed"),
        (b"[1, 2", "cut.json", "no JSON"),
        (HANDBOOK.replace("CUSTOMER_ID", "KUNDE").encode(), "renamed.csv", "account_id"),
    ],
)
def test_a_wrong_file_is_answered_with_what_to_do(tmp_path: Path, content: bytes, name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(write(tmp_path, content, name))


def test_a_column_that_the_mapping_reads_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no column sum, which the mapping"):
        plan(write(tmp_path, "at,who\n2026-01-01,a\n"), Options(mapping=own(amount="sum")))


@pytest.mark.parametrize(
    "mapping", ["occurred_at: at", "[1]", "{", "occurred_at: {column: at, format: soon}\naccount_id: a"]
)
def test_a_wrong_mapping_is_refused_with_the_field(tmp_path: Path, mapping: str) -> None:
    (tmp_path / "map.yaml").write_text(mapping)
    file = write(tmp_path, HANDBOOK)
    result = CliRunner().invoke(app, ["import", str(file), "--map", str(tmp_path / "map.yaml"), "--dry-run"])
    assert result.exit_code == 1
    assert "map.yaml" in result.output


def test_latin_1_mixed_line_ends_and_quoted_newlines_are_read(tmp_path: Path) -> None:
    content = 'id,timestamp,customer,note\r\n1,2026-01-01 10:00,Müller,"one\ntwo"\n2,2026-01-01 11:00,nan,c\r\n'
    found = read(write(tmp_path, content.encode("latin-1")))
    assert [(event.account_id, event.attributes["note"]) for event in found.events] == [("Müller", "one\ntwo")]
    assert [(row.row, row.field) for row in found.refused] == [(4, "account_id")]
    assert any("Windows-1252" in note for note in found.plan.notes)


def test_rows_that_are_too_short_or_too_long_are_refused_by_their_line(tmp_path: Path) -> None:
    found = read(write(tmp_path, PLAIN + "1,2026-01-01,a,1\n2,2026-01-01,b\n\n3,2026-01-01,c,3,4\n4,2026-01-02,d,1\n"))
    assert [(row.row, row.field) for row in found.refused] == [(3, None), (5, None)]
    assert len(found.events) == 2


def test_300_columns_are_read_and_those_left_out_are_said(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(300)]
    file = write(tmp_path, f"id,timestamp,customer,{','.join(names)}\n1,2026-01-01,a,{','.join('1' * 300)}\n")
    found = read(file)
    assert len(found.events[0].attributes) <= MAX_ATTRIBUTES
    assert any("columns are left out" in doubt for doubt in found.plan.doubts)


def test_an_id_that_comes_twice_is_refused_with_the_row_that_had_it_first(tmp_path: Path) -> None:
    found = read(write(tmp_path, PLAIN + "1,2026-01-03,a,1\n2,2026-01-02,b,2\n1,2026-01-01,c,3\n"))
    assert [event.account_id for event in found.events] == ["b", "a"]
    assert [str(row) for row in found.refused] == ["row 4, event_id: has the id of row 2"]


@pytest.mark.parametrize(
    ("header", "row", "field", "said"),
    [
        ("amount", "abc", "amount", "no amount"),
        ("amount", "-5", "amount", ""),
        ("amount", "1,5", "amount", "decimal: ','"),
        ("amount", "1e400", "amount", "too large"),
        ("country", "Germany", "country", "ISO 3166"),
        ("currency", "€", "currency", "ISO 4217"),
        ("customer", "nan", "account_id", "empty"),
        ("customer", "NULL", "account_id", "empty"),
        ("customer", "4.61331472197e+18", "account_id", "spreadsheet"),
        ("customer", "4613314721966000100.0", "account_id", "floating-point"),
        ("timestamp", "soon", "occurred_at", "ISO 8601"),
        ("timestamp", "2031-01-01", "occurred_at", "future"),
        ("is_fraud", "7", "fraud", "neither fraud"),
    ],
)
def test_a_bad_value_refuses_its_row_and_the_others_are_read(
    tmp_path: Path, header: str, row: str, field: str, said: str
) -> None:
    good = {
        "id": "1",
        "timestamp": "2026-01-01",
        "customer": "a",
        "amount": "1",
        "country": "DE",
        "currency": "EUR",
        "is_fraud": "0",
    }
    made = io.StringIO()
    writer = csv.DictWriter(made, good)
    writer.writeheader()
    writer.writerows([good, good | {"id": "2", header: row}, good | {"id": "3"}])
    mapping = own(
        event_id="id", occurred_at="timestamp", account_id="customer", amount="amount", country="country",
        currency="currency", label="is_fraud",
    )  # fmt: skip
    found = read(write(tmp_path, made.getvalue()), Options(mapping=mapping))
    assert [(one.row, one.field) for one in found.refused] == [(3, field)]
    assert said in found.refused[0].detail
    assert len(found.events) == 2


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([4613314721966000001.0, 4613314721966000100.0, 4613314721966000127.0], pa.float64()),
        pa.array([16777217.0, 16777218.0, 16777220.0], pa.float32()),
        pa.array([1.5, 2.5, 3.5], pa.float64()),
        pa.array([float("nan"), None, float("inf")], pa.float64()),
    ],
)
def test_ids_that_a_floating_point_column_may_have_merged_are_refused_not_guessed(tmp_path: Path, ids: Any) -> None:
    file = tmp_path / "ids.parquet"
    pq.write_table(pa.table({"at": ["2026-01-01"] * 3, "who": ids, "id": [1, 2, 3]}), file)
    found = read(file, Options(mapping=own(event_id="id")))
    assert found.events == []
    assert {row.field for row in found.refused} == {"account_id"}


def test_whole_numbers_stored_as_floats_keep_their_name(tmp_path: Path) -> None:
    file = tmp_path / "ids.parquet"
    pq.write_table(pa.table({"at": ["2026-01-01"] * 2, "who": [7.0, 4613314721966.0], "id": [1.0, 2.0]}), file)
    found = read(file, Options(mapping=own(event_id="id")))
    assert [event.account_id for event in found.events] == ["7", "4613314721966"]


@given(number=st.integers(0, 2**63 - 1))
def test_an_id_in_a_double_is_itself_or_refused(number: int) -> None:
    try:
        found = text(float(number), "account_id")
    except InvalidInput:
        assert number >= 2**53 - 1
    else:
        assert found == str(number)


@given(number=st.integers(0, 2**31))
def test_an_id_in_a_single_is_itself_or_refused(number: int) -> None:
    from streaming.importing.values import Inexact

    try:
        found = text(Inexact(float(np.float32(number)), float(2**24)), "account_id")
    except InvalidInput:
        assert number >= 2**24 - 1
    else:
        assert found == str(number)


def test_the_noise_of_doubles_is_rounded_away(tmp_path: Path) -> None:
    file = tmp_path / "noise.parquet"
    pq.write_table(pa.table({"at": ["2026-01-01"], "who": ["a"], "sum": [1.1 * 3]}), file)
    assert str(read(file, Options(mapping=own(amount="sum"))).events[0].amount) == "3.3"


def test_two_tables_with_the_same_ids_are_different_events_unless_of_one_source(tmp_path: Path) -> None:
    one, two = (read(write(tmp_path, HANDBOOK, f"{name}.csv")) for name in ("one", "two"))
    ids = [{event.event_id for event in found.events} for found in (one, two)]
    assert not ids[0] & ids[1]
    again = read(write(tmp_path, HANDBOOK, "two.csv"), Options(source="one"))
    assert {event.event_id for event in again.events} == ids[0]
    assert [event.event_id.text for event in one.events] == ["0", "1"]


@given(
    sources=st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8)), min_size=2, unique=True
    )
)
def test_a_source_and_an_id_are_one_event_and_no_other(sources: list[tuple[str, str]]) -> None:
    assert len({EventId.of(original, source) for source, original in sources}) == len(sources)


def test_a_folder_of_files_without_ids_has_no_rows_that_are_taken_for_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    for day in ("a", "b"):
        write(folder, PAYSIM, f"{day}.csv")
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["import", str(folder), "--to", "file", "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert (told["rows"], told["events"], told["labels"], told["refused"]) == (4, 4, 4, 0)


def test_events_and_labels_come_in_the_order_of_time_whatever_the_files_order(tmp_path: Path) -> None:
    rows = HANDBOOK.splitlines()
    found = read(write(tmp_path, "\n".join([rows[0], rows[2], rows[1]]) + "\n"))
    assert [event.event_id.text for event in found.events] == ["0", "1"]
    assert [label.known_at - event.occurred_at for label, event in zip(found.labels, found.events, strict=True)] == [
        timedelta(days=7)
    ] * 2


def test_the_event_never_tells_that_it_was_fraud(tmp_path: Path) -> None:
    innocent, guilty = (read(write(tmp_path, HANDBOOK.replace(",1,2\n", end))) for end in (",0,0\n", ",1,2\n"))
    assert innocent.events == guilty.events
    assert innocent.labels != guilty.labels


def test_refused_rows_go_to_a_file_and_nothing_read_at_all_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, PAYSIM.replace("9839.64", "much"))
    result = CliRunner().invoke(app, ["import", str(file), "--to", "file", "--out", "out.jsonl"])
    assert result.exit_code == 0, result.output
    assert "2 rows = 1 events + 1 refused" in result.output
    [row] = csv.DictReader((tmp_path / "file.csv.refused.csv").read_text().splitlines())
    assert (row["row"], row["field"]) == ("2", "amount")
    file = write(tmp_path, PAYSIM.replace("9839.64", "much").replace(",181.0,C8", ",lots,C8"))
    assert CliRunner().invoke(app, ["import", str(file), "--to", "file", "--out", "out.jsonl"]).exit_code == 1


def test_a_guess_is_shown_with_examples_and_can_be_saved_and_given_back(tmp_path: Path) -> None:
    file = write(tmp_path, "Order Nr;Datum;Kunde;Betrag;is_fraud\n1;31.01.2026 10:00;k1;1.234,50;0\n")
    options = ["--column", "account_id=Kunde", "--column", "event_id=Order Nr", "--dry-run"]
    result = CliRunner().invoke(app, ["import", str(file), *options, "--save-map", str(tmp_path / "map.yaml")])
    assert result.exit_code == 0, result.output
    assert "31.01.2026 10:00" in result.stderr
    again = CliRunner().invoke(app, ["import", str(file), "--map", str(tmp_path / "map.yaml"), "--dry-run"])
    assert again.stdout == result.stdout
    assert json.loads(again.stdout)["event"]["amount"] == "1234.5"


@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz"])
def test_the_streams_own_records_are_read_as_they_lie(tmp_path: Path, name: str) -> None:
    made = list(simulate(1, NOW - timedelta(hours=1), 5, label_delay=timedelta(seconds=5), seconds=60))
    lines = b"\xef\xbb\xbf" + b"".join(to_json(record) + b"\n" for record in made)
    file = write(tmp_path, gzip.compress(lines) if name.endswith(".gz") else lines, name)
    assert not plan(file).is_table
    assert list(read_lines(file, NOW)) == made


def test_a_bad_line_of_the_streams_records_is_refused_by_number_and_field(tmp_path: Path) -> None:
    good = to_json(next(simulate(1, NOW, 5)))
    file = write(tmp_path, b"\n".join([b"{", good.replace(b'"amount":"', b'"amount":"x'), good]), "records.jsonl")
    found = read(file)
    assert [row.row for row in found.refused] == [1, 2]
    assert len(found.events) == 1


ODD = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.dates())


@given(
    row=st.fixed_dictionaries(
        {
            "id": st.one_of(ODD, st.integers(0, 9)),
            "at": st.one_of(ODD, st.datetimes(datetime(1999, 1, 1), datetime(2027, 1, 1))),  # noqa: DTZ001
            "who": ODD,
            "sum": ODD,
            "land": st.one_of(ODD, st.sampled_from(["DE", "de"])),
            "more": ODD,
        }
    )
)
def test_any_row_is_an_event_that_the_stream_takes_or_is_refused_with_its_field(row: dict[str, Any]) -> None:
    maker = Maker(own(event_id="id", amount="sum", country="land", attributes=["more"]), "test", NOW)
    refused: InvalidInput | None = None
    try:
        made = maker.make(row, 1)
    except InvalidInput as error:
        refused = error
    else:
        assert made.event is not None
        assert parse_record(to_json(made.event), datetime.now(UTC)) == made.event
    assert refused is None or refused.field is not None
