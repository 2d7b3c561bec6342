"""What the dashboard knows of the code."""

from __future__ import annotations

import json

from infra.contracts import PATH, contracts


def test_the_dashboards_contracts_are_those_of_the_code() -> None:
    assert json.loads(PATH.read_text()) == json.loads(contracts()), "run python -m infra.contracts"
