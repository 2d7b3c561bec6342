"""Every command that takes a file reads it by the same mapping: score, train, replay and the detection bench."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from typer.testing import CliRunner

from infra.cli import app
from tests.paysim import write_paysim
from tests.services import Services

pytestmark = pytest.mark.integration

ROWS = 4_500
MAPPING = """
occurred_at: {column: Stunde, format: hours_since, start: 2025-01-01T00:00:00Z}
event_id: {row: true}
account_id: Zahler
counterparty_id: Ziel
amount: {column: Betrag, decimal: ","}
currency: {constant: CHF}
label: {column: Betrug, fraud: [ja], clean: [nein], delay: 7d}
"""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """A file that only its mapping explains, and the options that give it."""
    folder = tmp_path_factory.mktemp("theirs")
    write_paysim(folder / "paysim.csv", ROWS)
    lines = ["Stunde;Zahler;Ziel;Betrag;Betrug"]
    for line in (folder / "paysim.csv").read_text().splitlines()[1:]:
        step, _, amount, payer, _, _, payee, _, _, fraud, _ = line.split(",")
        lines.append(f"{step};{payer};{payee};{amount.replace('.', ',')};{'ja' if fraud == '1' else 'nein'}")
    (folder / "zahlungen.csv").write_text("\n".join(lines))
    (folder / "map.yaml").write_text(MAPPING)
    return str(folder / "zahlungen.csv"), ["--map", str(folder / "map.yaml"), "--source", "theirs"]


def run(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_score_reads_by_the_mapping(theirs: tuple[str, list[str]], tmp_path: Path) -> None:
    file, options = theirs
    assert run("score", file, "--out", str(tmp_path / "s.parquet"), *options, "--json")["events"] == ROWS
    rows = pq.read_table(tmp_path / "s.parquet").to_pylist()
    assert {row["currency"] for row in rows} == {"CHF"}
    assert (rows[0]["event_source"], rows[0]["event_id"]) == ("theirs", "2")


def test_train_reads_by_the_mapping(theirs: tuple[str, list[str]], tmp_path: Path) -> None:
    file, options = theirs
    found = run("train", "--file", file, "--out", str(tmp_path / "model"), *options[:2], "--json")
    assert min(part["from"] for part in found["period"].values()).startswith("2025-01-01")
    assert sum(part["frauds"] for part in found["period"].values()) > 0


def test_replay_reads_by_the_mapping(theirs: tuple[str, list[str]], services: Services) -> None:
    file, options = theirs
    stream = services.stream(1)
    where = ["--endpoint-url", services.endpoint, "--stream", stream]
    assert run("replay", file, "--limit", "300", *where, *options, "--json")["events"] == 300
    sent = services.read(stream)
    assert len(sent) == 300
    assert {(event["currency"], event["kind"]) for event in sent} == {("CHF", "event")}
    assert ("theirs", "2") in {(event["event_source"], event["event_id"]) for event in sent}


def test_the_detection_bench_reads_by_the_mapping(theirs: tuple[str, list[str]], tmp_path: Path) -> None:
    file, options = theirs
    out = tmp_path / "scores.parquet"
    folds = ["--folds", "2025-01-24", "--train-days", "14"]
    found = run("bench", "detection", "--data", file, "--out", str(out), *folds, *options, "--json")
    assert 0 < found["auc"] <= 1
    judged = {row["transaction_id"] for row in pq.read_table(out).to_pylist()}
    assert judged <= {str(number) for number in range(2, ROWS + 2)}, "ids are not those of the file"
    assert len(judged) > 100
