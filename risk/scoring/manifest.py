"""A model's manifest, and whether this version of the software can run the model.

A model is two files: ``model.txt`` (LightGBM) and ``manifest.json``. What is needed to show a model, and to choose
between models, is in the manifest, which is read without LightGBM or numpy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from risk.features.catalog import BUILT_IN, FEATURE_SET, FIRST_FEATURE_SET, INDEX, Catalog

MODEL_FILE, MANIFEST_FILE = "model.txt", "manifest.json"
DEFAULT = Path(__file__).parent / "models" / "default"
"""The model that ships: trained on the simulator, so that there is one on the first day."""


def unfit(manifest: Mapping[str, Any]) -> str | None:
    """Why a model with this manifest cannot score today's feature vectors, or None when it can.

    A feature that it names and that there is not, as of an archived definition, is missing: it is never taken for zero.
    """
    made_for, names = manifest.get("feature_set"), manifest.get("features")
    if not isinstance(made_for, int) or not FIRST_FEATURE_SET <= made_for <= FEATURE_SET:
        return f"it was made for feature set {made_for}, and events have {FEATURE_SET}"
    if not isinstance(names, list) or not names or len(set(names)) < len(names):
        return "it does not name its features"
    if not any(name in INDEX for name in names):
        return f"it has other features than feature set {FEATURE_SET}"
    return None


def columns(manifest: Mapping[str, Any], catalog: Catalog = BUILT_IN) -> list[int]:
    """Where the features that a model names stand in a vector of ``catalog``; -1 for one that there is not.

    A feature that a user defines is the one that the model learnt if it computes the same.
    """
    learnt = manifest.get("definitions", {})
    computed = {one.name: one.signature for one in catalog.live}
    return [
        catalog.index.get(name, -1) if name not in learnt or learnt[name] == computed.get(name) else -1
        for name in manifest["features"]
    ]


@cache
def shipped() -> dict[str, Any]:
    """The manifest of the model that ships."""
    found: dict[str, Any] = json.loads((DEFAULT / MANIFEST_FILE).read_bytes())
    return found
