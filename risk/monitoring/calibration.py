"""Calibration: whether events scored 30 % turn out to be fraud about 30 % of the time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel

BINS = 10


class BinCount(NamedTuple):
    """Events whose probability lies in bin ``place`` (from 0): all, those with a label, and the frauds of these.

    ``predicted`` is the sum of the labelled events' probabilities.
    """

    place: int
    events: int
    labelled: int
    frauds: int
    predicted: float


class ReliabilityBin(BaseModel):
    """Probabilities from ``lower`` until below ``upper`` (1 belongs to the last bin).

    ``predicted`` is the mean probability of its labelled events, ``observed`` the share of fraud among them; both
    are null without labels. ``events`` counts those without a label, too.
    """

    lower: float
    upper: float
    events: int
    labelled: int
    frauds: int
    predicted: float | None
    observed: float | None


class ScorerCalibration(BaseModel):
    """Ten bins of one scorer's own probability, lowest first.

    ``error`` is the expected calibration error: the mean distance of predicted and observed, by labelled events.
    """

    scorer: str
    events: int
    labelled: int
    error: float | None
    bins: list[ReliabilityBin]


class Calibration(BaseModel):
    """The scorers in force on events that occurred from ``since`` until before ``until``, by labels known at ``as_of``.

    ``challenger`` is null while none scores in the champion's shadow.
    """

    as_of: datetime
    since: datetime
    until: datetime
    champion: ScorerCalibration
    challenger: ScorerCalibration | None


def calibration(scorer: str, counts: Iterable[BinCount]) -> ScorerCalibration:
    """What ``counts`` say of a scorer; bins that are not counted are empty."""
    by_place = {one.place: one for one in counts}
    found = [by_place.get(place, BinCount(place, 0, 0, 0, 0.0)) for place in range(BINS)]
    labelled = sum(one.labelled for one in found)
    return ScorerCalibration(
        scorer=scorer,
        events=sum(one.events for one in found),
        labelled=labelled,
        error=sum(abs(one.predicted - one.frauds) for one in found) / labelled if labelled else None,
        bins=[
            ReliabilityBin(
                lower=one.place / BINS,
                upper=(one.place + 1) / BINS,
                events=one.events,
                labelled=one.labelled,
                frauds=one.frauds,
                predicted=one.predicted / one.labelled if one.labelled else None,
                observed=one.frauds / one.labelled if one.labelled else None,
            )
            for one in found
        ],
    )
