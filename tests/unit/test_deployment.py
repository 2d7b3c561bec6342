"""Champion and challenger: what may become what."""

from __future__ import annotations

import pytest

from risk.domain.errors import Conflict
from risk.scoring.deployment import ModelRole, ModelStage

ALONE, BOTH = ModelStage(champion="a"), ModelStage(champion="a", challenger="b")


def test_a_challenger_that_wins_leaves_its_place_empty() -> None:
    assert BOTH.promote("b", ModelRole.CHAMPION) == ModelStage(champion="b")


def test_a_third_version_takes_one_place_and_leaves_the_other() -> None:
    assert BOTH.promote("c", ModelRole.CHAMPION) == ModelStage(champion="c", challenger="b")
    assert BOTH.promote("c", ModelRole.CHALLENGER) == ModelStage(champion="a", challenger="c")
    assert ALONE.promote("c", ModelRole.CHALLENGER) == ModelStage(champion="a", challenger="c")


def test_a_withdrawn_challenger_does_nothing() -> None:
    assert BOTH.withdraw() == ALONE
    assert BOTH.role("b") is ModelRole.CHALLENGER
    assert ALONE.role("b") is None


@pytest.mark.parametrize(
    ("version", "to"), [("a", ModelRole.CHAMPION), ("a", ModelRole.CHALLENGER), ("b", ModelRole.CHALLENGER)]
)
def test_what_changes_nothing_is_refused(version: str, to: ModelRole) -> None:
    with pytest.raises(Conflict):
        BOTH.promote(version, to)
    with pytest.raises(Conflict):
        ALONE.withdraw()
