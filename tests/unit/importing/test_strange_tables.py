"""Tables as spreadsheets, banks and log stores write them: read as a person would, or refused with what to do."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from infra.commands.shared.files import local_files
from risk.domain.errors import InvalidInput
from streaming.importing.source import Options
from tests.unit.importing.test_shapes import own, read, write

PLAIN = "id,timestamp,customer,amount\n"
ROW = "1,2026-01-01T10:00:00Z,a,1.5\n"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "statement.csv", "is a PDF; export"),
        (b"<!DOCTYPE html><html></html>", "login.csv", "is a web page"),
        (b"SQLite format 3\0" + bytes(99), "data.db", "SQLite database; export its tables"),
        (b"BZh91AY&SY", "a.csv.bz2", "bzip2; unpack"),
        (b"\x28\xb5\x2f\xfd\0\0", "a.csv.zst", "Zstandard; unpack"),
        (b"ARROW1\0\0" + bytes(99), "a.feather", "write it as Parquet"),
        (PLAIN.encode() + b"1,2026-01-01,a\0b,1\n", "nul.csv", "NUL characters"),
        (ROW.encode() * 2, "bare.csv", "looks like data: put the columns' names above it"),
        (PLAIN.encode() + b"1,31/12/2025 10:00,a,1\n2,2026-01-01,a,1\n", "mixed.csv", "each column needs one format"),
        (PLAIN.encode() + b"1,46023.5,a,1\n", "excel.csv", "format: excel"),
        (PLAIN.encode() + b"1,01/02/26,a,1\n", "short.csv", "may be %d/%m/%y or %m/%d/%y"),
    ],
)
def test_what_holds_no_table_is_answered_with_what_to_do(tmp_path: Path, content: bytes, name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(write(tmp_path, content, name))


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("1767225600000000", "2026-01-01T00:00:00"),
        ("1767225600123456", "2026-01-01T00:00:00.123456"),
        ("1767225600000000000", "2026-01-01T00:00:00"),
        ("31.12.25", "2025-12-31T00:00:00"),
        ("31-Dec-25", "2025-12-31T00:00:00"),
        ('"Jan 5, 2026, 10:00:00 PM"', "2026-01-05T22:00:00"),
    ],
)
def test_times_as_logs_and_spreadsheets_write_them_are_read(tmp_path: Path, time: str, at: str) -> None:
    found = read(write(tmp_path, f"{PLAIN}1,{time},a,1\n"))
    assert found.events[0].occurred_at.isoformat() == f"{at}+00:00"


def test_a_spreadsheets_day_number_is_a_time_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = own(occurred_at={"column": "timestamp", "format": "excel"}, account_id="customer")
    found = read(write(tmp_path, f"{PLAIN}1,46023.5,a,1\n"), Options(mapping=mapping))
    assert found.events[0].occurred_at.isoformat() == "2026-01-01T12:00:00+00:00"


def test_a_day_and_its_time_of_day_are_joined(tmp_path: Path) -> None:
    found = read(write(tmp_path, "id,date,time,customer\n1,31/12/2025,10:00:05,a\n2,30/12/2025,11:00:00,b\n"))
    assert [event.occurred_at.hour for event in found.events] == [11, 10]
    assert found.events[1].event_id.text == "1"
    assert found.events[1].attributes == {}


@pytest.mark.parametrize(
    ("cell", "decimal", "amount", "currency"),
    [
        ("€ 12.50", ".", "12.5", "EUR"),
        ("12.50 USD", ".", "12.5", "USD"),
        ("£1,250.00", ".", "1250", "GBP"),
        ("12,34,567.00", ".", "1234567", "CHF"),
        ("1.012,50 €", ",", "1012.5", "EUR"),
        ("1\u2019250.75", ".", "1250.75", "CHF"),
        ("-€5.00", ".", "5", "EUR"),
        ("(USD 20.00)", ".", "20", "USD"),
    ],
)
def test_an_amount_may_name_its_currency(tmp_path: Path, cell: str, decimal: str, amount: str, currency: str) -> None:
    mapping = own(
        occurred_at="timestamp", account_id="customer",
        amount={"column": "amount", "decimal": decimal, "negative": "absolute"},
    )  # fmt: skip
    found = read(write(tmp_path, f'{PLAIN}1,2026-01-01,a,"{cell}"\n'), Options(mapping=mapping, currency="CHF"))
    assert [(event.amount, event.currency) for event in found.events] == [(Decimal(amount), currency)]


def test_a_sign_that_several_currencies_have_is_not_guessed(tmp_path: Path) -> None:
    file = write(tmp_path, f"{PLAIN}1,2026-01-01,a,$5.00\n")
    assert "--currency USD" in read(file).refused[0].detail
    assert read(file, Options(currency="CAD")).events[0].currency == "CAD"


def test_a_title_above_the_header_is_passed_over_and_said(tmp_path: Path) -> None:
    found = read(write(tmp_path, f"Report of January\n\n{PLAIN}{ROW}"))
    assert len(found.events) == 1
    assert any("above the header, on line 3" in note for note in found.plan.notes)


def test_columns_of_the_same_name_are_said(tmp_path: Path) -> None:
    found = read(write(tmp_path, "id,timestamp,customer,amount,amount\n1,2026-01-01,a,1,2\n"))
    assert found.events[0].attributes["amount.1"] == 2
    assert any("amount.1" in note for note in found.plan.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    found = read(write(tmp_path, (PLAIN + "1,2026-01-01,Zoë,1\n" * 2).encode(encoding)))
    assert found.events[0].account_id == "Zoë"


def test_accents_in_column_names_are_no_hindrance(tmp_path: Path) -> None:
    found = read(write(tmp_path, "Buchungstag;Konto;Empfänger;Betrag;Währung\n13.01.2026;DE1;Shop;1,50;CHF\n"))
    event = found.events[0]
    assert (event.counterparty_id, event.currency, event.amount) == ("Shop", "CHF", Decimal("1.5"))


def test_nested_amounts_and_lists_within_an_object_are_found(tmp_path: Path) -> None:
    rows = [{"id": 1, "created": "2026-01-01", "user": {"id": "a"}, "amount": {"value": 1250, "currency": "EUR"}}]
    found = read(write(tmp_path, json.dumps({"transactions": rows, "meta": {"pages": 1}}), "export.json"))
    assert (found.events[0].amount, found.events[0].currency) == (Decimal(1250), "EUR")
    assert any("minor_units" in doubt for doubt in found.plan.doubts)


def test_a_folder_gives_its_tables_and_nothing_else(tmp_path: Path) -> None:
    for name in ("jan.csv", "2025/dec.tsv", "README.txt", "logo.png", ".hidden.csv", "jan.csv.refused.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    with local_files([str(tmp_path)]) as found:
        assert [path.name for path in found] == ["dec.tsv", "jan.csv"]
    (tmp_path / "pictures").mkdir()
    with pytest.raises(InvalidInput, match="ending of a table"), local_files([str(tmp_path / "pictures")]):
        pass
