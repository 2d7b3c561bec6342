"""Scenarios of packs: played the same from a seed, refused where they make no events, and found by the packs' rules."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from infra.cli import app
from risk.domain.errors import InvalidInput
from risk.packs.folder import shipped
from risk.packs.pack import Pack
from risk.packs.scenario import Scenario
from streaming.bench.pack_detection import judge
from streaming.simulator.scenario_runner import DAY, Truth, play

START = datetime(2026, 3, 2, tzinfo=UTC)
SEED = 100
"""Of none of the runs by which rules were written."""
WORLD: dict[str, Any] = {
    "warm_up_days": 2,
    "judged_days": 1,
    "populations": {"meters": {"count": 3, "fields": {"base": {"choice": [10.0, 20.0]}}}},
    "activities": [
        {
            "name": "readings",
            "of": "meters",
            "every_minutes": 60,
            "given": {"factor": 1.0},
            "event": {
                "event_type": "metric",
                "account_id": "meter-{me.id}",
                "attributes": {
                    "value": {"product": ["$me.base", "$factor", {"by_hour": [1.0] * 12 + [2.0] * 12}]},
                    "seen": "$me.seen",
                },
            },
            "remember": {"seen": {"sum": ["$me.seen", 1]}},
        }
    ],
    "anomalies": [
        {
            "kind": "leak",
            "of": "meters",
            "per_day": 4,
            "found_by": ["high"],
            "change": {"activity": "readings", "minutes": 240, "given": {"factor": 5.0}},
        }
    ],
}
WORLD["populations"]["meters"]["fields"]["seen"] = 0
METERS: dict[str, Any] = {
    "name": "meters",
    "version": 1,
    "title": "Meters",
    "description": "Meters that leak.",
    "rules": [
        {"name": "high", "expression": "event.attributes.value > 60.0", "points": 1.0, "reason_text": "high"},
    ],
    "scenario": WORLD,
}


def played(scenario: dict[str, Any] = WORLD, seed: int = 1, days: float = 3) -> list[Truth]:
    pack = Pack.model_validate(METERS | {"scenario": scenario})
    return list(play(pack, seed, START, days * DAY))


def test_the_same_seed_plays_the_same_events_in_order_of_time() -> None:
    once = played()
    assert once == played()
    assert [one.event.occurred_at for one in once] != [one.event.occurred_at for one in played(seed=2)]
    assert all(earlier.event.occurred_at <= later.event.occurred_at for earlier, later in pairwise(once))
    assert len(once) == pytest.approx(3 * 24 * 3, abs=3)
    assert len({one.event.event_id for one in once}) == len(once)


def test_values_follow_the_hour_and_what_a_member_remembers() -> None:
    calm = [one.event for one in played(WORLD | {"anomalies": []}) if one.event.account_id == "meter-0"]
    assert [event.attributes["seen"] for event in calm] == list(range(len(calm)))
    noon = {event.occurred_at.hour >= 12: event.attributes["value"] for event in calm}
    assert float(str(noon[True])) == 2 * float(str(noon[False]))


def test_a_change_lasts_its_time_at_one_member_after_the_warm_up_and_is_the_truth() -> None:
    truths = played(days=6)
    leaking = [one for one in truths if one.kind == "leak"]
    assert min(one.event.occurred_at for one in leaking) > datetime(2026, 3, 4, tzinfo=UTC)
    assert {float(str(one.event.attributes["value"])) for one in leaking} <= {50.0, 100.0, 200.0}
    for events in Counter(one.episode for one in leaking).values():
        assert events <= 5
    for episode in {one.episode for one in leaking}:
        assert len({one.event.account_id for one in leaking if one.episode == episode}) == 1


def test_recall_and_precision_are_counted_of_what_the_rules_hit() -> None:
    found = judge(Pack.model_validate(METERS), 1, 20)
    leak = found.kinds["leak"]
    # Only a leak makes a value above 60; a meter of 10 that leaks at night stays below it.
    assert leak.precision == 1.0
    assert 0.3 < leak.recall < 1.0
    assert leak.events == found.total.events
    assert leak.caught == leak.hits


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"populations": {}}, "there is no population meters"),
        ({"activities": [WORLD["activities"][0] | {"per_day": 3}]}, "give per_day or every_minutes"),
        ({"activities": [WORLD["activities"][0] | {"event": {"event_type": "x"}}]}, "needs event_type and account_id"),
        (
            {"activities": [WORLD["activities"][0] | {"given": {"factor": {"uniform": [1]}}}]},
            "uniform takes a list of 2",
        ),
        (
            {"activities": [WORLD["activities"][0] | {"given": {"x": {"member": "cars"}}}]},
            "there is no population cars",
        ),
        ({"anomalies": [WORLD["anomalies"][0] | {"found_by": []}]}, "give the rules that find it"),
        ({"anomalies": [WORLD["anomalies"][0] | {"change": None}]}, "give a change, or steps"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_refused_when_it_is_written(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Scenario.model_validate(WORLD | change)


def test_a_pack_names_only_its_own_rules_as_those_that_find_an_anomaly() -> None:
    with pytest.raises(ValidationError, match="scenario: leak: there is no rule low"):
        Pack.model_validate(
            METERS | {"scenario": WORLD | {"anomalies": [WORLD["anomalies"][0] | {"found_by": ["low"]}]}}
        )


def test_what_a_scenario_names_and_nobody_made_is_said() -> None:
    wrong = WORLD["activities"][0] | {"event": {"event_type": "metric", "account_id": "m-{me.nmae}"}}
    with pytest.raises(InvalidInput, match=r"names me\.nmae, and there is no nmae"):
        played(WORLD | {"activities": [wrong]})


def test_the_simulator_plays_a_pack_with_labels_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "cards.jsonl.gz"
    options = ["--pack", "card-payments", "--to", "file", "--out", str(out), "--seconds", "21600", "--history", "3"]
    result = CliRunner().invoke(app, ["simulate", *options, "--json"])
    assert result.exit_code == 0, result.output
    records = [json.loads(line) for line in gzip.decompress(out.read_bytes()).splitlines()]
    kinds = Counter(record["kind"] for record in records)
    assert kinds["event"] > 10_000
    assert any(record.get("fraud") for record in records)
    summary = json.loads(result.output.splitlines()[-1])
    assert sum(summary["fraud"].values()) > 50


@pytest.mark.parametrize("name", [name for name, pack in shipped().items() if pack.scenario is not None])
def test_the_rules_of_a_shipped_pack_find_its_anomalies_on_a_seed_that_they_did_not_see(name: str) -> None:
    found = judge(shipped()[name], SEED)
    for kind, one in found.kinds.items():
        assert len(one.caught_episodes) >= 0.8 * len(one.episodes), (kind, one)
        assert one.precision >= 0.5, (kind, one)
        assert one.recall >= 0.5, (kind, one)
