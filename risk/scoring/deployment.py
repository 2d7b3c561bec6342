"""Which scorer is champion, and which (at most one) is challenger.

Every move makes a new ``ModelStage`` and keeps the one before it, so that a rollback is one step back, and another
the step before that.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from risk.domain.errors import Conflict


class ModelRole(StrEnum):
    """What a version does: it judges, or it scores in shadow."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


class ModelStage(BaseModel):
    """The versions in force."""

    model_config = ConfigDict(frozen=True)

    champion: str
    challenger: str | None = None

    def role(self, version: str) -> ModelRole | None:
        """What ``version`` does at this stage."""
        if version == self.champion:
            return ModelRole.CHAMPION
        return ModelRole.CHALLENGER if version == self.challenger else None

    def promote(self, version: str, to: ModelRole) -> ModelStage:
        """The stage after ``version`` became ``to``; ``Conflict`` when it is that already, or the champion.

        A challenger that becomes the champion leaves its place empty.
        """
        present = self.role(version)
        if present is to:
            raise Conflict(f"{version} is the {to} already")
        if to is ModelRole.CHAMPION:
            return ModelStage(champion=version, challenger=None if present else self.challenger)
        if present is ModelRole.CHAMPION:
            raise Conflict(f"{version} is the champion; it cannot challenge itself")
        return ModelStage(champion=self.champion, challenger=version)

    def withdraw(self) -> ModelStage:
        """The stage without the challenger; ``Conflict`` when there is none."""
        if self.challenger is None:
            raise Conflict("no challenger is deployed")
        return ModelStage(champion=self.champion)
