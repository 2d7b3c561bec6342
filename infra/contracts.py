"""Constants that the dashboard shares with the code; ``python -m infra.contracts`` regenerates them."""

from __future__ import annotations

import json
from pathlib import Path

from risk.adapters.stream_contracts import UpdateType
from risk.domain.currencies import MINOR_UNITS

PATH = Path(__file__).parents[1] / "frontend" / "src" / "shared" / "api" / "contracts.json"


def contracts() -> str:
    """The WebSocket's update types, and the decimal places of currencies, as JSON."""
    told = {
        "updateTypes": sorted(UpdateType),
        "minorUnits": dict(sorted(MINOR_UNITS.items())),
    }
    return json.dumps(told, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(contracts())
