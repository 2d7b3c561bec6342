"""What the dashboard knows of the code."""

from __future__ import annotations

from infra.contracts import PATH, contracts


def test_the_dashboards_contracts_are_those_of_the_code() -> None:
    assert PATH.read_text() == contracts(), "run python -m infra.contracts"
