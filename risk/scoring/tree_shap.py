"""Exact SHAP values of one event's features, computed without LightGBM or numpy.

TreeSHAP as LightGBM has it (Lundberg and others, 2018), a leaf at a time: with some features known and the others
not, a leaf counts as much as training data went down those of its branches that nobody can decide. A feature's
contribution is what knowing it changes, over all orders in which the features become known.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from math import comb
from typing import NamedTuple

from risk.domain.errors import InvalidInput

_MISSING_NONE, _MISSING_SHIFT, _DEFAULT_LEFT = 0, 2, 2

Path = dict[int, tuple[float, float]]
"""The features that lead to a leaf: 1 if this event's value goes there, else 0; and the share of training data."""


class _Tree(NamedTuple):
    feature: list[int]
    threshold: list[float]
    decision: list[int]
    left: list[int]
    right: list[int]
    value: list[float]
    leaf_count: list[float]
    node_count: list[float]

    def goes_left(self, node: int, value: float) -> bool:
        missing = self.decision[node] >> _MISSING_SHIFT & 3
        if math.isnan(value):
            # Where no value was missing in training, LightGBM takes a missing one for zero.
            return (
                self.threshold[node] >= 0.0 if missing == _MISSING_NONE else bool(self.decision[node] & _DEFAULT_LEFT)
            )
        return value <= self.threshold[node]

    def size(self, node: int) -> float:
        return self.node_count[node] if node >= 0 else self.leaf_count[~node]


def contributions(text: bytes, vector: Sequence[float | None]) -> tuple[float, list[float]]:
    """The trees' mean log-odds, and what each feature of ``vector`` added to it; their sum is the uncalibrated score.

    ``text`` is ``model.txt``; values that are not known are None or NaN. ``InvalidInput`` if it cannot be read.
    """
    # Scored in the precision of training: in another, a value on a threshold would take the other branch.
    values = [math.nan if value is None else _single(value) for value in vector]
    mean, added = 0.0, [0.0] * len(values)
    try:
        for tree in _trees(text):
            for value, path in _leaves(tree, values):
                mean += value * math.prod(share for _, share in path.values())
                for feature, (goes, share) in path.items():
                    others = [each for other, each in path.items() if other != feature]
                    added[feature] += value * (goes - share) * _weight(others)
    except (KeyError, ValueError, IndexError, ZeroDivisionError) as error:
        raise InvalidInput(f"the trees of the model cannot be read: {error}") from error
    return mean, added


def _single(value: float) -> float:
    try:
        single: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return single


def _trees(text: bytes) -> Iterator[_Tree]:
    body, _, _ = text.decode("ascii").partition("\nend of trees")
    for block in body.split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in block.splitlines()[1:] if "=" in line)

        def numbers(name: str, fields: dict[str, str] = fields) -> list[float]:
            return [float(one) for one in fields.get(name, "").split()]

        def whole(name: str, fields: dict[str, str] = fields) -> list[int]:
            return [int(one) for one in fields.get(name, "").split()]

        yield _Tree(
            whole("split_feature"), numbers("threshold"), whole("decision_type"), whole("left_child"),
            whole("right_child"), numbers("leaf_value"), numbers("leaf_count"), numbers("internal_count"),
        )  # fmt: skip


def _leaves(tree: _Tree, values: Sequence[float]) -> Iterator[tuple[float, Path]]:
    """Every leaf's value, with the path to it."""
    waiting: list[tuple[int, Path]] = [(0 if tree.feature else -1, {})]
    while waiting:
        node, path = waiting.pop()
        if node < 0:
            yield tree.value[~node], path
            continue
        feature = tree.feature[node]
        left = tree.goes_left(node, values[feature])
        goes, share = path.get(feature, (1.0, 1.0))
        for child, taken in ((tree.left[node], left), (tree.right[node], not left)):
            through = share * tree.size(child) / tree.node_count[node]
            waiting.append((child, {**path, feature: (goes if taken else 0.0, through)}))


def _weight(others: Sequence[tuple[float, float]]) -> float:
    """How much a leaf counts when one more feature becomes known, over all orders of ``others`` and it."""
    known = [1.0]  # how much it counts, by how many of them are known
    for goes, share in others:
        known = [share * fewer + goes * more for fewer, more in zip([*known, 0.0], [0.0, *known], strict=True)]
    return sum(weight / ((len(others) + 1) * comb(len(others), place)) for place, weight in enumerate(known))
