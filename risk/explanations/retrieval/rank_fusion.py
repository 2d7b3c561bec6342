"""Reciprocal rank fusion: several rankings of the same items merged into one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

RANK_CONSTANT = 2
"""Dampens the first places, so that none decides alone. Cormack, Clarke and Büttcher (SIGIR 2009) have 60, for rankings
of a thousand: in short ones that puts all that both found before the best that only one found."""

Item = TypeVar("Item", bound=Hashable)


def reciprocal_rank(rankings: Iterable[Sequence[Item]]) -> list[Item]:
    """The items of ``rankings``, best first: by the sum of 1 / (2 + place), places from 1; ties by first seen."""
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for place, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (RANK_CONSTANT + place)
    return sorted(scores, key=lambda item: -scores[item])
