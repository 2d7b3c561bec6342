"""What a sender does not tell costs accuracy, never all detection."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from risk.domain.assessment import Thresholds
from risk.domain.events import Event, Label
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT
from streaming.simulator import simulate_with_truth
from streaming.training.event_history import vectors
from streaming.training.labelled_examples import past_of

START = datetime(2026, 3, 4, 9, tzinfo=UTC)
FIELDS = ("device_id", "ip", "country", "counterparty_id", "channel", "currency", "amount", "attributes")


@cache
def outcomes() -> list[tuple[Event | Label, str | None]]:
    return [(one.record, one.fraud) for one in simulate_with_truth(31, START, 5, 0.04, seconds=400)]


def flagged(without: str) -> tuple[int, int, int]:
    """How many events are at HIGH and above where this field is never sent, and how many of them are fraud, of all."""
    gone: dict[str, Any] = {"attributes": {}} if without == "attributes" else {without: None}
    if without == "amount":
        gone["currency"] = None
    records = [one.model_copy(update=gone) if without and isinstance(one, Event) else one for one, _ in outcomes()]
    fraud = [kind is not None for one, kind in outcomes() if isinstance(one, Event)]
    past = list(past_of(records))
    high = Thresholds().medium
    scores = Model.load(DEFAULT).probabilities([one.observation for one in past], list(vectors(past)))
    raised = [score >= high for score in scores]
    return sum(raised), sum(up and bad for up, bad in zip(raised, fraud, strict=True)), sum(fraud)


@pytest.mark.parametrize("field", ["", *FIELDS])
def test_frauds_are_still_found_when_a_field_is_never_sent(field: str) -> None:
    raised, right, frauds = flagged(field)
    assert right >= 0.1 * frauds, (field, raised, right, frauds)
    assert right >= 0.5 * raised, (field, raised, right, frauds)
