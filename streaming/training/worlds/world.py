"""A training world: the events of an installation in order, with their truth and labels."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

from risk.domain.event_types import SHIPPED_TYPES
from risk.features.profiles.observation import Observation
from risk.features.sliding_windows import DAY
from streaming.training.event_history import Past
from streaming.training.worlds.everyday import live
from streaming.training.worlds.frauds import defraud
from streaming.training.worlds.installation import draw
from streaming.training.worlds.scene import Happening, Scene

FRIENDLY = "friendly_fraud"


class Told(NamedTuple):
    """An event with its label, and whether it is a detectable fraud."""

    past: Past
    fraud: bool


def world(seed: int, start: datetime) -> list[Told]:
    """The events of installation ``seed`` from ``start`` on, in the order of their times."""
    scene = play(seed)
    first = int(start.timestamp())
    happened = sorted((one for one in scene.happened if 0 <= one.at < scene.end()), key=lambda one: one.at)
    return [_told(scene, one, first) for one in happened]


def play(seed: int) -> Scene:
    """Everything that happens in installation ``seed``."""
    rng = Random(f"installation/{seed}")  # noqa: S311  (invented data, not a secret)
    scene = Scene(draw(rng), rng)
    live(scene)
    defraud(scene)
    return scene


def _told(scene: Scene, one: Happening, first: int) -> Told:
    at = first + int(one.at)
    event = one.event
    event["occurred_at"] = datetime.fromtimestamp(at, UTC).isoformat()
    observation = Observation(
        event["event_type"], at, event["account_id"], event.get("counterparty_id"), event.get("amount"),
        event.get("currency"), event.get("device_id"), event.get("country"),
    )  # fmt: skip
    observation = observation.of_type(SHIPPED_TYPES.find(event["event_type"]))
    rng, like = scene.rng, scene.like
    known: bool | None = None
    if rng.random() < (like.reported if one.fraud else like.reviewed):
        known = bool(one.fraud)
    delay = int(rng.lognormvariate(math.log(like.report_days), 0.7) * DAY)
    past = Past(observation, event, known, None if known is None else at + delay)
    return Told(past, bool(one.fraud) and one.fraud != FRIENDLY)
