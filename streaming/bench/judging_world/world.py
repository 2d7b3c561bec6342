"""Simulates a world and writes it as JSON lines, with the truth in a separate file for the judge."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from streaming.bench.judging_world import (
    account_fraud,
    card_fraud,
    customers,
    everyday,
    labels,
    lookalikes,
    merchants,
    recipe,
)
from streaming.bench.judging_world.rows import Row
from streaming.bench.judging_world.scene import Scene

START = datetime(2026, 1, 5, tzinfo=UTC)
PER_DAY = 5_833
"""Approximate payments a day."""
_PER_CUSTOMER = 1.12


@dataclass(frozen=True)
class Written:
    """What was written: payments, other events, labels, and frauds by kind."""

    payments: int
    others: int
    labels: int
    frauds: Counter[str]


def play(seed: int, days: int, *, per_day: int = PER_DAY) -> tuple[Scene, recipe.Recipe]:
    """All events of the world of ``seed``, in order of time."""
    rng = Random(f"world {seed}")  # noqa: S311
    drawn = recipe.draw(seed, days * per_day)
    shops = merchants.build(rng, drawn)
    people = customers.build(rng, max(50, round(per_day / _PER_CUSTOMER)), days, shops)
    scene = Scene(rng, drawn, days, shops, people)
    lookalikes.plan_travel(scene)
    everyday.play(scene)
    lookalikes.play(scene)
    for kind, story in (
        ("friendly", card_fraud.deny),
        ("compromised_merchant", card_fraud.compromise_merchants),
        ("card_testing", card_fraud.test_cards),
        ("slow_small", card_fraud.take_little),
        ("device_farm", account_fraud.farm),
        ("account_takeover", account_fraud.take_over),
        ("mule_chain", account_fraud.move_money),
    ):
        story(scene, drawn.frauds[kind])
    scene.rows.sort(key=lambda row: row.at)
    return scene, drawn


def truth_file(out: Path) -> Path:
    """The path of the truth about the events in ``out``."""
    return out.with_name(f"{out.name}.truth.jsonl")


def write(seed: int, days: int, out: Path, *, per_day: int = PER_DAY) -> Written:
    """Write the world's events and labels in the order in which they become known, and the truth beside them.

    Labels known only after the end of the world are left out. The same arguments write the same bytes.
    """
    scene, drawn = play(seed, days, per_day=per_day)
    rng = Random(f"labels {seed}")  # noqa: S311
    lines: list[tuple[float, int, str]] = []
    counts: Counter[str] = Counter()
    frauds: Counter[str] = Counter()
    with truth_file(out).open("w") as truth:
        for place, row in enumerate(scene.rows):
            event_id = str(UUID(int=rng.getrandbits(128), version=4))
            lines.append((row.at, place, _line(_event(event_id, row))))
            counts[row.type] += 1
            if row.type != "payment":
                continue
            if row.fraud:
                frauds[row.story] += 1
            truth.write(_line({"event_id": event_id, "fraud": row.fraud, "kind": row.story}))
            for told in labels.labels(rng, drawn, row):
                if told.at < scene.end:
                    lines.append((told.at, place, _line(_label(event_id, told))))
                    counts["label"] += 1
    lines.sort(key=lambda line: line[:2])
    with out.open("w") as file:
        file.writelines(line for _, _, line in lines)
    payments = counts["payment"]
    return Written(payments, counts.total() - payments - counts["label"], counts["label"], frauds)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _moment(seconds: float) -> str:
    return (START + timedelta(milliseconds=int(seconds * 1_000))).isoformat().replace("+00:00", "Z")


def _event(event_id: str, row: Row) -> dict[str, Any]:
    told = {
        "kind": "event",
        "event_id": event_id,
        "event_type": row.type,
        "occurred_at": _moment(row.at),
        "account_id": row.account,
        "counterparty_id": row.counterparty,
        "amount": None if row.amount is None else str(row.amount),
        "currency": row.currency,
        "channel": row.channel,
        "device_id": row.device,
        "ip": row.ip,
        "country": row.country,
        "attributes": row.attributes or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _label(event_id: str, told: labels.Told) -> dict[str, Any]:
    known_at = (START + timedelta(seconds=labels.rounded(told.at))).isoformat().replace("+00:00", "Z")
    return {"kind": "label", "event_id": event_id, "fraud": told.fraud, "known_at": known_at, "source": told.source}
