"""Texts that were made to hang, to run, to lead elsewhere, or to give somebody away."""

from __future__ import annotations

import time
from ipaddress import ip_address

import pytest

from functions.api.http.conventions.exports import write_csv
from functions.api.labels.schemas import LabelInput
from risk.alerts.webhook_url import check_url, is_public
from risk.domain.errors import InvalidInput
from risk.explanations.pseudonyms import Pseudonyms
from risk.explanations.retrieval import chunking


@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * 80_000 + "x",
        "# a" + " #" * 40_000 + " x",
        "[" + "a](http://" * 20_000,
        "[a](http://" * 20_000,
        "[" * 200_000,
        "[a](http://x " * 20_000,
        "\n \n" * 60_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_document_is_cut_in_a_time_that_grows_with_its_length(text: str) -> None:
    started = time.process_time()
    chunking.title_of(text, "untitled")
    chunking.cut(text, "untitled")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("line", "title"), [("# A title", "A title"), ("##  Two ## ", "Two"), ("# C#", "C"), ("# #", "#"), ("#none", "no")]
)
def test_headings_are_what_they_were(line: str, title: str) -> None:
    assert chunking.title_of(line, "no") == title


@pytest.mark.parametrize(
    "cell",
    ["=1+1", ";=1+1", " =1+1",
     "\u00a0=1+1", "\u3000=1+1", "\uff1d1+1", "\ufeff=1", "\u200b@x", "'=1", '"=1', ",+1", "|-1",
     "\t=1", "\r=1", "\n=1", "\uff0b1", "\uff20x", "\u2007=1"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_could_run_begins_with_a_quote(cell: str) -> None:
    line = write_csv(["a"], [{"a": cell}], header=False).decode()
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("cell", ["ada", "a=b", "1;2", "", "ünder", "(x)"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert write_csv(["a"], [{"a": cell}], header=False).decode().strip('"\r\n') == cell


INSIDE = [
    "::127.0.0.1", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808", "64:ff9b::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "::", "::1", "fe80::1", "fec0::1", "fc00::1", "ff02::1", "127.1.2.3",
    "0.0.0.0",
    "10.1.2.3", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "224.0.0.1",
    "2001::7f00:1", "2001:db8::1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_the_inside_is_none_of_the_internet_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(InvalidInput):
        check_url(f"https://{host}/hook", private=False)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_an_address_of_the_internet_is_one(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("text", ["ada-9", "ADA-9", "Ada-9"])
def test_who_is_known_is_hidden_however_the_name_is_written(text: str) -> None:
    names = Pseudonyms({"Ada-9": "ACCOUNT"})
    hidden = names.hide(f"paid by {text} today")
    assert text not in hidden
    assert names.show(hidden) == f"paid by {text} today"


@pytest.mark.parametrize("moment", ["2026-01-31 09:30:00", "2026-01-31T09:30:00Z", "2026-01-31 09 30 00", "2026-01-31"])
def test_a_moment_is_no_telephone_number(moment: str) -> None:
    assert moment in Pseudonyms({}).hide(f"seen {moment} in Berlin")


@pytest.mark.parametrize("number", ["+49 170 1234567", "0170-123 45 67 8", "4111 1111 1111 1111"])
def test_a_telephone_or_card_number_is_hidden(number: str) -> None:
    assert number not in Pseudonyms({}).hide(f"call {number} now")


@pytest.mark.parametrize(
    "source",
    ["analyst:admin@example.com", "alert:0055cc87", ":x", "analyst\uff1aada", "analyst\u2236ada", "analyst\ua789ada",
     "analyst\u0589ada", "an\u200balyst:x", "ada@example.com", "_x"],
)  # fmt: skip
def test_nobody_outside_says_that_a_label_is_of_the_system(source: str) -> None:
    with pytest.raises(ValueError, match="source"):
        LabelInput(fraud=True, source=source)


@pytest.mark.parametrize("source", ["chargebacks", "Rückbuchungen 2026", "issuer/visa", "replay", "A & B (weekly)"])
def test_outside_sources_have_names_of_their_own(source: str) -> None:
    assert LabelInput(fraud=True, source=source).source == source
