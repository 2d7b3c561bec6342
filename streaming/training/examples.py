"""Labelled examples, and which labels were known at a given moment.

A maturity window, not a label, makes an event legitimate: unreported for that long, it counts as clean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from risk.domain.errors import InvalidInput
from risk.features.catalog import BUILT_IN, Catalog
from risk.features.sliding_windows import DAY, HOUR

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).max
"""``known_at`` of an event without a label."""
MIN_FRAUDS = 50
MIN_LEARNT, MIN_JUDGED = 25, 10
"""The minimum number of frauds for training and for evaluation."""
JUDGED_SHARE = 0.25
MATURE_SHARE = 0.9
"""By default an event is mature at the age by which this share of frauds was reported."""
LONGEST_MATURITY = 0.4
"""... but at most this share of the whole period, so that enough data is left."""


@dataclass(frozen=True)
class Examples:
    """Vectors (examples, features), whether each was fraud, when it happened and when that became known (s).

    ``known_at`` is ``NEVER`` for what nobody labelled. ``population`` are vectors of all events of the period, where
    not each of them is an example: what is live is compared with all. Vectors are in the order of ``catalog``.
    """

    vectors: NDArray[np.float32]
    fraud: NDArray[np.bool_]
    at: NDArray[np.int64]
    known_at: NDArray[np.int64]
    population: NDArray[np.float32] | None = None
    catalog: Catalog = BUILT_IN

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: NDArray[Any]) -> Examples:
        """The ``chosen`` examples: a mask, or indices."""
        return Examples(
            self.vectors[chosen], self.fraud[chosen], self.at[chosen], self.known_at[chosen], catalog=self.catalog
        )

    def as_known(self, now: int, maturity: int) -> Examples:
        """The events that are mature at ``now``, with the frauds among them that were known by then."""
        mature = self.take(self.at <= now - maturity)
        return replace(mature, fraud=mature.fraud & (mature.known_at <= now))

    @property
    def end(self) -> int:
        """The latest known moment."""
        labelled = self.known_at[self.known_at != NEVER]
        return int(max(self.at.max(initial=0), labelled.max(initial=0)))


class Parts(NamedTuple):
    """The split: ``whole`` for the kept model, ``learnt`` and ``judged`` for its evaluation.

    ``maturity`` and ``gap`` are in seconds: how long an event waits for its label, and how long before the evaluation
    part the learnt one ends.
    """

    whole: Examples
    learnt: Examples
    judged: Examples
    maturity: int
    gap: int


def usual_maturity(examples: Examples) -> int:
    """Seconds after which most frauds have been reported, within what the period allows."""
    frauds = examples.fraud & (examples.known_at != NEVER)
    if not frauds.any():
        return 0
    delay = np.quantile((examples.known_at - examples.at)[frauds], MATURE_SHARE)
    span = examples.end - int(examples.at.min())
    return int(min(delay, LONGEST_MATURITY * span))


def split(examples: Examples, now: float, maturity: int | None = None) -> Parts:
    """Split ``examples`` by time, with a gap for pending labels.

    The evaluation part holds the latest quarter of the frauds, and all events since the first of them. The evaluated
    model learns only from what was known when that part begins; the gap shrinks if too few frauds would be left.
    Raises ``InvalidInput`` when fewer than 50 frauds are mature, or when the data knows the future.
    """
    _check_times(examples, now)
    ordered = examples.take(np.argsort(examples.at, kind="stable"))
    wait = usual_maturity(ordered) if maturity is None else maturity
    whole = ordered.as_known(ordered.end, wait)
    frauds = int(whole.fraud.sum())
    if frauds < MIN_FRAUDS or len(whole) - frauds < MIN_FRAUDS:
        raise InvalidInput(_too_thin(ordered, whole, wait))
    judged_frauds = max(MIN_JUDGED, round(frauds * JUDGED_SHARE))
    start = int(whole.at[whole.fraud][-judged_frauds])
    judged = whole.take(whole.at >= start)
    for gap in (wait, wait // 2, wait // 4, 0):
        learnt = ordered.as_known(start, gap)
        learnt = learnt.take(learnt.at < start)
        if learnt.fraud.sum() >= MIN_LEARNT and not learnt.fraud.all():
            return Parts(whole, learnt, judged, wait, gap)
    raise InvalidInput(
        f"when the part to judge by begins, {int(learnt.fraud.sum())} frauds were known, and {MIN_LEARNT} are needed: "
        "the labels come too late for this period. Take a longer one"
    )


def _too_thin(ordered: Examples, whole: Examples, wait: int) -> str:
    frauds, events = int(whole.fraud.sum()), len(whole)
    known = int(ordered.fraud.sum())
    days = max(1.0, (ordered.end - int(ordered.at.min(initial=ordered.end))) / DAY) if len(ordered) else 1.0
    why = (
        f"{frauds} frauds among {events} events that are at least {_span(wait)} old are too few to learn from; "
        f"at least {MIN_FRAUDS} frauds are needed, and as many other events"
    )
    if known == 0:
        return f"{why}. No event of this period is labelled as fraud: send labels (chargebacks, dispositions)"
    if known >= MIN_FRAUDS:
        return f"{why}. {known} frauds are known in all: a shorter --maturity-days would take in more of them"
    more = (MIN_FRAUDS - known) * days / known
    return f"{why}. {known} became known in {days:.0f} days: some {max(1, round(more))} more days would be enough"


def _span(seconds: int) -> str:
    return f"{seconds / DAY:.0f} days" if seconds >= 2 * DAY else f"{seconds / HOUR:.1f} hours"


def _check_times(examples: Examples, now: float) -> None:
    early = int((examples.known_at < examples.at).sum())
    if early:
        raise InvalidInput(f"{early} labels were known before their event happened: the times leak the future")
    if examples.end > now:
        from datetime import UTC, datetime

        moment = datetime.fromtimestamp(examples.end, UTC)
        raise InvalidInput(f"there are events or labels from {moment:%Y-%m-%d %H:%M}, which is in the future")
