"""A model's trees, validated before LightGBM loads them and tabulated for SHAP values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.domain.errors import InvalidInput

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

MOST_SPLITS = 7
IN_CACHE = 32
"""Vectors whose contributions are added up at once: what they look up, 34 KB each, stays near."""
_OF_LEAVES = ("leaf_value", "leaf_weight", "leaf_count")
_OF_SPLITS = ("split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child",
              "internal_value", "internal_weight", "internal_count")  # fmt: skip


def check_text(text: bytes, *, features: int) -> None:
    """Refuse, with ``InvalidInput``, text that is no such model of ``features`` numbers.

    LightGBM ends the whole process when it meets a tree that it cannot read, or whose branches lead in a circle.
    """
    head, _, _ = text.partition(b"\n\nTree=0\n")
    header = _fields(head)
    expected = {"num_class": "1", "num_tree_per_iteration": "1", "max_feature_idx": str(features - 1)}
    try:
        if any(header[name] != value for name, value in expected.items()):
            raise ValueError("it is another kind of model")
        position = len(head) + 2
        for number, size in enumerate(map(int, header["tree_sizes"].split())):
            tree = text[position : position + size]
            if size < 1 or not tree.startswith(b"Tree=%d\n" % number):
                raise ValueError(f"tree {number} is not where the header says")
            _check_tree(_fields(tree), features)
            position += size
        if not text[position:].startswith(b"end of trees\n"):
            raise ValueError("its end is missing")
    except (KeyError, ValueError) as error:
        raise InvalidInput(f"the text of the model is damaged: {error}") from error


_MISSING_SHIFT, _MISSING_BITS = 2, 3


def zero_filled(text: bytes) -> set[int]:
    """The features that some tree takes for zero where they are missing: none was missing in training there."""
    found = set()
    for tree in text.split(b"\nTree=")[1:]:
        fields = _fields(tree)
        decisions = zip(fields.get("split_feature", "").split(), fields.get("decision_type", "").split(), strict=True)
        found |= {int(feature) for feature, kind in decisions if not int(kind) >> _MISSING_SHIFT & _MISSING_BITS}
    return found


def _fields(text: bytes) -> dict[str, str]:
    lines = (line.partition("=") for line in text.decode("ascii", "replace").splitlines())
    return {name: value for name, _, value in lines}


def _check_tree(fields: dict[str, str], features: int) -> None:
    """``KeyError`` or ``ValueError`` unless these are a tree whose every part can be reached once."""
    leaves = int(fields["num_leaves"])
    if leaves < 1 or fields["num_cat"] != "0" or fields["is_linear"] != "0":
        raise ValueError("a tree has other than plain leaves and comparisons of numbers")
    float(fields["shrinkage"])
    values = {name: [float(one) for one in fields[name].split()] for name in ("leaf_value",)}
    if leaves > 1:
        values = {name: [float(one) for one in fields[name].split()] for name in (*_OF_LEAVES, *_OF_SPLITS)}
    for name, found in values.items():
        if len(found) != leaves - (name in _OF_SPLITS) or any(math.isnan(one) for one in found):
            raise ValueError(f"a tree of {leaves} leaves has a wrong {name}")
    if leaves > 1:
        if not all(0 <= int(one) < features for one in fields["split_feature"].split()):
            raise ValueError("a tree compares a feature that there is not")
        if any(int(one) & 1 for one in fields["decision_type"].split()):
            raise ValueError("a tree compares categories; only numbers are supported")
        children = [[int(one) for one in fields[name].split()] for name in ("left_child", "right_child")]
        below = all(child < 0 or child > place for side in children for place, child in enumerate(side))
        if not below or sorted(children[0] + children[1]) != [*range(-leaves, 0), *range(1, leaves - 1)]:
            raise ValueError("the branches of a tree do not lead to each of its leaves once")


@dataclass(frozen=True)
class Tables:
    """What every tree compares, and what it adds for each outcome of its seven comparisons.

    ``feature``, ``threshold``, ``missing_left`` are (trees, 8), padded; ``added``
    is (trees, 128, features + 1): contributions in log-odds, and last the tree's own mean.
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    added: NDArray[np.float64]

    def outcomes(self, vectors: NDArray[np.float64], trees: slice = slice(None)) -> NDArray[np.uint8]:
        """Of each vector and tree, its comparisons as bits: (vectors, trees)."""
        values = vectors[:, self.feature[trees]]
        left = np.where(np.isnan(values), self.missing_left[trees], values <= self.threshold[trees])
        return np.packbits(left, axis=2, bitorder="little")[:, :, 0]

    def contributions(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Exact contribution of each feature to each vector's log-odds, the mean last: (vectors, features + 1)."""
        trees, rows, width = self.added.shape
        places = self.outcomes(vectors) + np.arange(0, trees * rows, rows)
        flat = self.added.reshape(-1, width)
        parts = (places[start : start + IN_CACHE] for start in range(0, len(vectors), IN_CACHE))
        sums = [np.einsum("vtf->vf", flat.take(part, axis=0)) for part in parts]
        return np.concatenate(sums) if sums else np.zeros((0, width))


def tabulate(booster: lgb.Booster) -> Tables:
    """The tables of ``booster``; ``InvalidInput`` when one of its trees has more than eight leaves."""
    trees = booster.dump_model()["tree_info"]
    width = booster.num_feature()
    shape = (len(trees), MOST_SPLITS + 1)
    tables = Tables(
        np.zeros(shape, np.intp), np.full(shape, -math.inf), np.zeros(shape, bool),
        np.zeros((len(trees), 1 << MOST_SPLITS, width + 1)),
    )  # fmt: skip
    for number, tree in enumerate(trees):
        splits = list(_splits(tree["tree_structure"]))
        if len(splits) > MOST_SPLITS:
            raise InvalidInput(f"tree {number} has {len(splits) + 1} leaves; at most {MOST_SPLITS + 1} are supported")
        for place, split in enumerate(splits):
            tables.feature[number, place] = split["split_feature"]
            tables.threshold[number, place] = split["threshold"]
            # Where no value was missing in training, LightGBM takes a missing one for zero.
            missing = split["default_left"] if split["missing_type"] == "NaN" else split["threshold"] >= 0.0
            tables.missing_left[number, place] = missing
        examples = _examples(splits, width)
        added = booster.predict(examples, pred_contrib=True, start_iteration=number, num_iteration=1, num_threads=1)
        [reached] = tables.outcomes(examples, slice(number, number + 1)).T
        tables.added[number, reached] = added
    return tables


def _splits(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "split_index" in node:
        if node["decision_type"] != "<=":
            raise InvalidInput("the model compares categories; only numbers are supported")
        yield node
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def _examples(splits: list[dict[str, Any]], width: int) -> NDArray[np.float64]:
    """A vector for every possible outcome of a tree's comparisons: each feature in each interval, and missing."""
    thresholds: dict[int, set[float]] = {}
    for split in splits:
        thresholds.setdefault(split["split_feature"], set()).add(split["threshold"])
    choices = [[*_between(sorted(values)), math.nan] for values in thresholds.values()]
    made = list(product(*choices))
    combinations = np.array(made).reshape(len(made), len(thresholds))
    examples = np.zeros((len(combinations), width))
    examples[:, list(thresholds)] = combinations
    return examples


def _between(thresholds: list[float]) -> Iterator[float]:
    # Not the thresholds themselves: LightGBM takes what is nearer to zero than 1e-35, as some of them, for zero.
    # A threshold that is infinite tells only what is missing from what is not.
    yield 0.0 if math.isinf(thresholds[0]) else thresholds[0] - abs(thresholds[0]) - 1.0
    for low, high in pairwise(thresholds):
        yield low + (high - low) / 2
    yield thresholds[-1] + abs(thresholds[-1]) + 1.0
