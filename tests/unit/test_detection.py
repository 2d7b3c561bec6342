"""The detection bench: honest about what was known when, and right about what it measures."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from typer.testing import CliRunner

from infra.cli import app
from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURES
from risk.features.sliding_windows import DAY
from streaming.bench.detection import check_folds
from streaming.training.evaluation import Fold, card_precision
from streaming.training.event_history import Transactions, read_transactions

START = int(np.datetime64("2018-06-01", "D").astype(int))
DAYS, CARDS, TERMINALS = 40, 2_000, 40


def table(seed: int = 1, count: int = 6_000) -> Any:
    chance = np.random.default_rng(seed)
    seconds = np.sort(chance.integers(0, DAYS * DAY, count)) + START * DAY
    cards, terminals = chance.integers(0, CARDS, count), chance.integers(0, TERMINALS, count)
    amounts = np.round(chance.gamma(4, 10, count), 2)
    # Some terminals are compromised for two weeks at a time; and who pays a lot is a fraud.
    bad = (terminals % 8 == (seconds // DAY // 14) % 8) & (chance.random(count) < 0.5)
    fraud = bad | (amounts > 130)
    return pa.table(
        {
            "TRANSACTION_ID": np.arange(count) + 1_000,
            "TX_DATETIME": pa.array(seconds * 1_000, pa.timestamp("ms")),
            "CUSTOMER_ID": cards,
            "TERMINAL_ID": terminals,
            "TX_AMOUNT": amounts,
            "TX_FRAUD": fraud,
            "TX_FRAUD_SCENARIO": np.where(bad, 2, np.where(fraud, 1, 0)),
        }
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    pq.write_table(table(), tmp_path / "transactions.parquet")
    return tmp_path / "transactions.parquet"


def everything(transactions: Transactions) -> np.ndarray[Any, np.dtype[np.float32]]:
    return transactions.matrix(np.ones(len(transactions), bool), lambda _: None)


def test_no_feature_reads_which_kind_of_fraud_it_was(data: Path, tmp_path: Path) -> None:
    original = pq.read_table(data)
    shuffled = np.random.default_rng(5).permutation(original.column("TX_FRAUD_SCENARIO").to_numpy())
    place = original.schema.get_field_index("TX_FRAUD_SCENARIO")
    pq.write_table(original.set_column(place, "TX_FRAUD_SCENARIO", pa.array(shuffled)), tmp_path / "shuffled.parquet")
    pq.write_table(original.drop_columns(["TX_FRAUD_SCENARIO"]), tmp_path / "without.parquet")
    expected = everything(read_transactions(data))
    assert expected.shape == (6_000, len(FEATURES))
    for other in ("shuffled", "without"):
        np.testing.assert_array_equal(everything(read_transactions(tmp_path / f"{other}.parquet")), expected)


@pytest.mark.parametrize("day", [8, 15, 27])
def test_labels_not_yet_known_change_no_vector(data: Path, day: int) -> None:
    transactions = read_transactions(data)
    now = (START + day) * DAY + 12_345
    unknown = transactions.at + 7 * DAY > now
    flipped = replace(transactions, fraud=transactions.fraud ^ unknown)
    until = transactions.at <= now
    one, other = transactions.matrix(until, lambda _: None), flipped.matrix(until, lambda _: None)
    np.testing.assert_array_equal(one, other)
    known = replace(transactions, fraud=transactions.fraud ^ ~unknown)
    assert not np.array_equal(one, known.matrix(until, lambda _: None), equal_nan=True)


def test_a_fold_learns_only_from_what_was_known_when_its_week_began(data: Path) -> None:
    transactions = read_transactions(data)
    fold = Fold(START + 28, 14)
    known_at = transactions.at[fold.train(transactions)] + 7 * DAY
    assert known_at.max() < fold.start * DAY
    assert transactions.at[fold.train(transactions)].min() >= (fold.start - 21) * DAY
    week = transactions.at[fold.test(transactions)] // DAY
    assert set(week) == set(range(fold.start, fold.start + 7))


def test_no_score_of_a_week_depends_on_a_label_that_is_known_only_after_it(data: Path, tmp_path: Path) -> None:
    original = pq.read_table(data)
    days = original.column("TX_DATETIME").cast(pa.int64()).to_numpy() // (DAY * 1_000)
    start, place = START + 21, original.schema.get_field_index("TX_FRAUD")
    scores = []
    # At the end of the week no label of its own days is known; of the days just before it some are, by then.
    for name, changed in (("as", days > start + 40), ("not_known", days >= start), ("known", days < start - 7)):
        flipped = original.column("TX_FRAUD").to_numpy() ^ (changed & (days % 3 == 0))
        pq.write_table(original.set_column(place, "TX_FRAUD", pa.array(flipped)), tmp_path / f"{name}.parquet")
        out = tmp_path / f"scores_{name}.parquet"
        files = ["--data", str(tmp_path / f"{name}.parquet"), "--out", str(out)]
        result = CliRunner().invoke(app, ["bench", "detection", *files, "--folds", "2018-06-22"])
        assert result.exit_code == 0, result.output
        scores.append(pq.read_table(out).column("score").to_numpy())
    np.testing.assert_array_equal(scores[0], scores[1])
    assert not np.array_equal(scores[0], scores[2])


def test_cards_known_to_be_compromised_are_not_judged(data: Path) -> None:
    transactions = read_transactions(data)
    fold = Fold(START + 28, 7)
    days, judged = transactions.at // DAY, fold.judged(transactions)
    for place in np.flatnonzero(fold.test(transactions)):
        card, day = transactions.accounts[place], days[place]
        theirs = (transactions.accounts == card) & transactions.fraud
        known = theirs & (days >= fold.start - 14) & (days <= max(fold.start - 8, day - 8))
        assert judged[place] == (not known.any())


def test_card_precision_counts_cards_and_forgets_those_found() -> None:
    days, cards = np.array([1, 1, 1, 2, 2]), np.array([1, 1, 2, 1, 3])
    fraud, scores = np.array([True, False, False, True, True]), np.array([0.2, 0.9, 0.8, 0.9, 0.1])
    # Day 1: card 1 (riskiest, compromised) of two. Day 2: card 1 is out; card 3 is found.
    assert card_precision(days, cards, fraud, scores, top=2) == 0.5
    assert card_precision(days, cards, fraud, scores, top=1) == 1.0


def test_a_week_that_the_file_does_not_hold_is_refused(data: Path) -> None:
    transactions = read_transactions(data)
    with pytest.raises(InvalidInput, match="nothing to judge"):
        check_folds(transactions, [date(2019, 1, 1)], 7)
    with pytest.raises(InvalidInput, match="frauds were known"):
        check_folds(transactions, [date(2018, 6, 6)], 7)


def test_the_bench_writes_every_transaction_of_the_weeks_once_and_ends_with_json(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.parquet"
    arguments = ["bench", "detection", "--data", str(data), "--out", str(out), "--json", "--folds"]
    result = CliRunner().invoke(app, [*arguments, "2018-06-22", "2018-06-29"])
    assert result.exit_code == 0, result.output
    summary = json.loads(result.output.splitlines()[-1])
    assert summary["ratio"] == pytest.approx(summary["ap"] / summary["baseline"]["ap"], abs=1e-3)
    scores = pq.read_table(out).to_pandas()
    transactions = read_transactions(data)
    for fold, week in scores.groupby("fold"):
        day = int(np.datetime64(fold, "D").astype(int))
        assert sorted(week.transaction_id) == sorted(transactions.ids[Fold(day, 7).test(transactions)])
    assert list(scores.columns) == ["fold", "transaction_id", "score"]


def test_a_file_with_other_columns_is_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(table().drop_columns(["TX_FRAUD"]), tmp_path / "other.parquet")
    arguments = ["bench", "detection", "--data", str(tmp_path / "other.parquet"), "--out", str(tmp_path / "s.parquet")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "TX_FRAUD" in result.output


def as_texts(original: Any, name: str) -> Any:
    texts = pa.array([f"id-{value:06d}" for value in original.column(name).to_pylist()])
    return original.set_column(original.schema.get_field_index(name), name, texts)


def test_neither_the_order_of_rows_nor_the_type_of_ids_and_times_matters(data: Path, tmp_path: Path) -> None:
    original = pq.read_table(data)
    other = original.take(np.random.default_rng(7).permutation(len(original)))
    for name in ("TRANSACTION_ID", "CUSTOMER_ID", "TERMINAL_ID"):
        other = as_texts(other, name)
    zoned = other.column("TX_DATETIME").cast(pa.timestamp("ns", "UTC"))
    pq.write_table(other.set_column(1, "TX_DATETIME", zoned), tmp_path / "other.parquet")
    one, another = read_transactions(data), read_transactions(tmp_path / "other.parquet")
    assert [f"id-{number:06d}" for number in one.ids] == list(another.ids)
    np.testing.assert_array_equal(everything(one), everything(another))
    out = tmp_path / "scores.parquet"
    arguments = ["bench", "detection", "--data", str(tmp_path / "other.parquet"), "--out", str(out), "--folds"]
    result = CliRunner().invoke(app, [*arguments, "2018-06-22"])
    assert result.exit_code == 0, result.output
    assert pq.read_table(out).to_pylist()[0]["transaction_id"].startswith("id-")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("TX_AMOUNT", pa.array([math.nan, *[1.0] * 5_999]), "without TX_AMOUNT"),
        ("TX_AMOUNT", pa.array(["much"] * 6_000), "TX_AMOUNT does not hold numbers"),
        ("TX_DATETIME", pa.array(["today"] * 6_000), "TX_DATETIME does not hold times"),
        ("TX_FRAUD", pa.array(["maybe"] * 6_000), "TX_FRAUD does not hold true and false"),
        ("TRANSACTION_ID", pa.array([7, 7, *range(100, 6_098)]), "TRANSACTION_ID 7 is there more than once"),
        ("CUSTOMER_ID", pa.array([None, *range(5_999)]), "without CUSTOMER_ID"),
    ],
)
def test_a_file_with_a_wrong_value_is_refused_by_its_column(
    data: Path, tmp_path: Path, column: str, values: Any, said: str
) -> None:
    original = pq.read_table(data)
    place = original.schema.get_field_index(column)
    pq.write_table(original.set_column(place, column, values), tmp_path / "wrong.parquet")
    with pytest.raises(InvalidInput, match=said):
        read_transactions(tmp_path / "wrong.parquet")
