"""Drift: the index and its bands, histograms, and what is counted while the engine scores."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from risk.features.catalog import FEATURES, INDEX
from risk.monitoring.psi import EPSILON, SCORE, Band, Histogram, Reference, band, measure, psi
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT
from risk.scoring.scorecard import SCORECARD
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.histograms import Bins, tenths

HALVES = Histogram(edges=[0.0], shares=[0.5, 0.5, 0.0])
Counts = st.lists(st.integers(0, 10_000), min_size=3, max_size=3)


def test_the_index_is_the_one_of_the_textbook() -> None:
    assert psi(HALVES, [500, 500, 0]) == 0.0
    expected = (0.8 - 0.5) * math.log(0.8 / 0.5) + (0.2 - 0.5) * math.log(0.2 / 0.5)
    assert psi(HALVES, [800, 200, 0]) == pytest.approx(expected)
    assert psi(HALVES, [8, 2, 0]) == pytest.approx(expected)


def test_an_empty_bin_is_finite_and_nothing_counted_is_no_drift() -> None:
    missing = psi(HALVES, [0, 0, 1_000])
    expected = (1 - EPSILON) * math.log(1 / EPSILON) + 2 * (EPSILON - 0.5) * math.log(EPSILON / 0.5)
    assert missing == pytest.approx(expected)
    assert psi(HALVES, [0, 0, 0]) == 0.0


@given(Counts, Counts)
def test_the_index_is_never_negative_and_the_same_either_way(one: list[int], other: list[int]) -> None:
    def histogram(counts: list[int]) -> Histogram:
        return Histogram(edges=[0.0], shares=[count / max(1, sum(counts)) for count in counts])

    assert psi(histogram(one), other) >= -1e-12
    if sum(one) and sum(other):
        assert psi(histogram(one), other) == pytest.approx(psi(histogram(other), one))


@pytest.mark.parametrize(
    ("index", "expected"),
    [(0.0, Band.STABLE), (0.0999, Band.STABLE), (0.1, Band.WATCH), (0.2499, Band.WATCH), (0.25, Band.SHIFTED)],
)
def test_bands_are_the_conventional_ones(index: float, expected: Band) -> None:
    assert band(index) is expected


def test_a_histogram_that_does_not_add_up_is_refused() -> None:
    for edges, shares in (([0.0], [0.5, 0.5]), ([1.0, 1.0], [0.5, 0.5, 0.0, 0.0]), ([], [1.5, 0.0])):
        with pytest.raises(ValidationError):
            Histogram(edges=edges, shares=shares)


def test_what_was_counted_by_other_bins_is_left_out() -> None:
    reference = Reference(features={"amount": HALVES, "gap": HALVES}, score=HALVES)
    found = measure(reference, {"amount": [9, 1, 0], "gap": [1, 2, 3, 4], "unknown": [1], SCORE: [5, 5, 0]})
    assert [(one.feature, one.band) for one in found] == [("amount", Band.SHIFTED), (SCORE, Band.STABLE)]


def test_bins_hold_their_upper_edge_and_what_is_not_known_is_apart() -> None:
    bins = Bins([[0.0, 2.0], [], [1.0]])
    columns = np.array([[-1, 0, 1, 2, 3, math.nan], [1, 2, 3, math.nan, math.inf, -math.inf], [1] * 6], np.float32)
    tally = bins.tally(columns)
    assert bins.counts(tally) == [[2, 2, 1, 1], [5, 1], [6, 0, 0]]
    assert bins.counts(tally + tally) == [[4, 4, 2, 2], [10, 2], [12, 0, 0]]
    assert bins.counts(bins.tally(columns[:, :0])) == [[0, 0, 0, 0], [0, 0], [0, 0, 0]]


@given(st.lists(st.floats(-1e6, 1e6, width=32) | st.just(math.nan), max_size=60))
def test_bins_count_as_a_search_for_each_value_does(values: list[float]) -> None:
    column = np.array(values, np.float32)
    edges = [-10.0, 0.0, 0.5, 1_000.0]
    bins = Bins([edges])
    (counts,) = bins.counts(bins.tally(column[None, :]))
    known = column[~np.isnan(column)]
    expected = np.bincount(np.searchsorted(np.array(edges, np.float32), known, side="left"), minlength=5)
    assert counts == [*expected.tolist(), int(np.isnan(column).sum())]


def test_tenths_hold_a_tenth_each_and_few_values_stay_apart() -> None:
    chance = np.random.default_rng(1)
    smooth, flag = chance.normal(size=10_000), (chance.random(10_000) < 0.02).astype(float)
    smooth[:1_000] = math.nan
    histograms = tenths(np.array([smooth, flag, np.full(10_000, math.nan)], np.float32))
    assert histograms[0].shares == pytest.approx([0.09] * 10 + [0.1], abs=1e-3)
    assert histograms[1].edges == [0.0]
    assert histograms[1].shares == pytest.approx([1 - flag.mean(), flag.mean(), 0.0])
    assert histograms[2] == Histogram(edges=[], shares=[0.0, 1.0])


NOON = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
VECTOR = tuple(float(place) for place in range(len(FEATURES)))


def test_live_events_are_counted_by_scorer_and_hour_and_taken_once() -> None:
    now = NOON
    counts, model = DriftCounts(lambda: now), Model.load(DEFAULT)
    counts.add(model, [VECTOR] * 3, [0.0, 0.5, 1.0])
    counts.add(model, [(math.nan, *VECTOR[1:])], [0.5])
    now = NOON + timedelta(hours=1)
    counts.add(model, [VECTOR], [0.5])
    counts.add(model, [], [])
    counts.add(SCORECARD, [VECTOR], [0.5])
    taken = counts.take()
    assert {one.scorer for one in taken} == {model.version}
    by = {(one.hour, one.feature): one.counts for one in taken}
    names = list(model.reference.features) if model.reference else []
    assert len(by) == 2 * (len(names) + 1)
    hours = [NOON.replace(minute=0), NOON.replace(minute=0) + timedelta(hours=1)]
    assert [sum(by[hour, SCORE]) for hour in hours] == [4, 1]
    assert by[hours[0], SCORE][0] == 1
    assert by[hours[0], FEATURES[0].name][-1] == 1
    assert sum(by[hours[0], "night"]) == 4
    assert counts.take() == []


def test_what_many_threads_count_is_all_there() -> None:
    counts, model, taken = DriftCounts(lambda: NOON), Model.load(DEFAULT), []

    def add() -> None:
        for _ in range(50):
            counts.add(model, [VECTOR] * 4, [0.5] * 4)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken += counts.take()
    taken += counts.take()
    assert sum(sum(one.counts) for one in taken if one.feature == SCORE) == 4 * 50 * 4


def test_the_examples_that_a_model_was_made_from_do_not_drift_from_it() -> None:
    reference = Model.load(DEFAULT).reference
    assert reference is not None
    counts = {name: [round(share * 1e6) for share in one.shares] for name, one in reference.features.items()}
    assert {one.band for one in measure(reference, counts)} == {Band.STABLE}
    shifted = counts | {"amount": [1_000, *[0] * (len(counts["amount"]) - 1)]}
    assert measure(reference, shifted)[INDEX["amount"]].band is Band.SHIFTED
