"""The worlds that the shipped model is trained on: repeatable, unlike each other, and by the stream's contract."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from random import Random
from uuid import UUID

import pytest

from risk.domain.events import Event
from streaming.training.default_model import APART
from streaming.training.worlds.installation import KINDS, draw
from streaming.training.worlds.scene import Happening, Scene
from streaming.training.worlds.world import Told, play, world

START = datetime(2020, 1, 1, tzinfo=UTC)
SMALL = 10


@cache
def told(number: int = SMALL) -> list[Told]:
    return world(number, START)


@cache
def scene(number: int = SMALL) -> Scene:
    return play(number)


def test_a_number_is_a_world_and_another_number_another() -> None:
    assert world(SMALL, START) == told()
    assert world(SMALL + 1, START)[:50] != told()[:50]


def test_every_event_is_one_that_the_stream_takes_and_in_order() -> None:
    for one in told():
        Event.model_validate({"event_id": UUID(int=1), **one.past.event})
    times = [one.past.observation.at for one in told()]
    assert times == sorted(times)
    assert times[-1] - times[0] < APART.total_seconds()


def test_every_kind_of_fraud_happens_and_fraud_is_rare() -> None:
    frauds = Counter(one.fraud for one in scene().happened if one.fraud)
    assert set(frauds) == set(KINDS)
    assert 0.001 < sum(one.fraud for one in told()) / len(told()) < 0.03


def test_no_label_is_known_before_its_event() -> None:
    labelled = [one.past for one in told() if one.past.known_at is not None]
    assert labelled
    assert all(one.known_at is not None and one.known_at >= one.observation.at for one in labelled)


@pytest.mark.parametrize("name", ["device_id", "ip", "country"])
def test_every_field_is_missing_among_honest_and_fraudulent_alike(name: str) -> None:
    payments = [one for one in scene().happened if one.event["event_type"] == "payment"]
    for fraud in (False, True):
        given = [name in one.event for one in payments if bool(one.fraud) is fraud]
        assert 0 < sum(given) < len(given), fraud


@pytest.mark.parametrize("name", ["device_told", "ip_told", "country_told", "card_told", "status_told", "logins_told"])
def test_some_installations_never_send_a_field_and_others_do(name: str) -> None:
    def told_by(number: int) -> float:
        share = getattr(draw(Random(number)), name)
        return float(max(share.values()) if isinstance(share, dict) else share)

    shares = [told_by(number) for number in range(200)]
    assert min(shares) == 0
    assert max(shares) > 0.3


def test_mules_are_sent_money_before_they_pass_it_on() -> None:
    happened = sorted(scene().happened, key=lambda one: one.at)
    first: dict[str, Happening] = {}
    for one in happened:
        if one.fraud == "mule":
            first.setdefault(one.event["account_id"], one)
    assert first
    for account, out in first.items():
        came = [one for one in happened if one.at < out.at and one.event.get("counterparty_id") == account]
        assert came, account
