"""The world that judges: repeatable, by the stream's contract, and with honest people who look like fraudsters."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli import app
from risk.domain.events import Event, Label, parse_record
from streaming.bench.judging_world.recipe import KINDS
from streaming.bench.judging_world.world import truth_file, write

DAYS, PER_DAY = 30, 600
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("world") / "world.jsonl"
    write(5, DAYS, out, per_day=PER_DAY)
    return out


@pytest.fixture(scope="module")
def records(world: Path) -> list[Event | Label]:
    return [parse_record(line, NOW) for line in world.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def truth(world: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in truth_file(world).read_text().splitlines()]
    return {row["event_id"]: row for row in rows}


def test_a_seed_is_a_world_and_another_seed_another(tmp_path: Path) -> None:
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(seed, 10, tmp_path / name, per_day=60)
        texts.append((tmp_path / name).read_bytes() + truth_file(tmp_path / name).read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_every_kind_of_fraud_happens_and_fraud_is_rare(truth: dict[str, dict[str, Any]]) -> None:
    frauds = Counter(row["kind"] for row in truth.values() if row["fraud"])
    assert set(frauds) == set(KINDS)
    assert 0.004 < frauds.total() / len(truth) < 0.01


def test_honest_people_do_what_fraudsters_do(truth: dict[str, dict[str, Any]]) -> None:
    honest = {row["kind"] for row in truth.values() if not row["fraud"]}
    assert {"travel", "new_phone", "rare_large", "dormant", "pensioner", "business", "subscription", "wages"} <= honest


def test_every_optional_field_is_missing_among_honest_and_fraudulent_alike(
    records: list[Event | Label], truth: dict[str, dict[str, Any]]
) -> None:
    payments = [one for one in records if isinstance(one, Event) and str(one.event_id) in truth]
    for fraud in (False, True):
        chosen = [one for one in payments if truth[str(one.event_id)]["fraud"] is fraud]
        for name in ("counterparty_id", "channel", "device_id", "ip", "country"):
            given = sum(getattr(one, name) is not None for one in chosen)
            assert 0 < given < len(chosen), (fraud, name)


def test_one_address_serves_many_honest_people(records: list[Event | Label], truth: dict[str, dict[str, Any]]) -> None:
    people: dict[str, set[str]] = {}
    for one in records:
        if isinstance(one, Event) and one.ip and not truth.get(str(one.event_id), {"fraud": True})["fraud"]:
            people.setdefault(one.ip, set()).add(one.account_id)
    assert max(len(accounts) for accounts in people.values()) > 30


def test_records_come_in_the_order_of_being_known_and_no_label_before_its_event(
    records: list[Event | Label],
) -> None:
    at = [one.occurred_at if isinstance(one, Event) else one.known_at for one in records]
    assert all((later - earlier).total_seconds() > -1 for earlier, later in pairwise(at))
    happened = {one.event_id: one.occurred_at for one in records if isinstance(one, Event)}
    assert all(one.known_at >= happened[one.event_id] for one in records if isinstance(one, Label))


def test_some_frauds_are_never_told_of_and_some_labels_are_corrected(
    records: list[Event | Label], truth: dict[str, dict[str, Any]]
) -> None:
    said: dict[str, list[bool]] = {}
    for one in records:
        if isinstance(one, Label):
            said.setdefault(str(one.event_id), []).append(one.fraud)
    frauds = [event_id for event_id, row in truth.items() if row["fraud"]]
    assert any(event_id not in said for event_id in frauds)
    assert any(len(set(labels)) == 2 for labels in said.values())


@pytest.mark.integration
def test_the_judge_compares_the_engine_and_the_baseline_kind_by_kind(world: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "judge", str(world), "--train-days", "20", "--json"])
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout.splitlines()[-1])
    for name in ("engine", "baseline"):
        assert 0.4 < summary[name]["auc"] <= 1, summary
        assert 0 < summary[name]["ap"] <= 1, summary
        for bar in ("HIGH", "CRITICAL"):
            assert set(summary[bar][name]["by_kind"]) <= set(KINDS)
    assert summary["HIGH"]["engine"]["recall"] >= summary["CRITICAL"]["engine"]["recall"]
    assert summary["baseline"]["auc"] > 0.7
