"""What a model says of itself, and whether this version of the software can run it.

A model is two files: ``model.txt`` (LightGBM) and ``manifest.json``. What is needed to show a model, and to choose
between models, is in the manifest, which is read without LightGBM or numpy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from risk.features.catalog import FEATURE_SET, FEATURES

MODEL_FILE, MANIFEST_FILE = "model.txt", "manifest.json"
DEFAULT = Path(__file__).parent / "models" / "default"
"""The model that ships: trained on the simulator, so that there is one on the first day."""


def unfit(manifest: Mapping[str, Any]) -> str | None:
    """Why a model with this manifest cannot score today's feature vectors, or None when it can."""
    if manifest.get("feature_set") != FEATURE_SET:
        return f"it was made for feature set {manifest.get('feature_set')}, and events have {FEATURE_SET}"
    if manifest.get("features") != [one.name for one in FEATURES]:
        return f"it has other features than feature set {FEATURE_SET}"
    return None


@cache
def shipped() -> dict[str, Any]:
    """The manifest of the model that ships."""
    found: dict[str, Any] = json.loads((DEFAULT / MANIFEST_FILE).read_bytes())
    return found
