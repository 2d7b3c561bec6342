"""The stages of a rule version (draft, shadow, live, archived) and the transitions between them.

Definitions of features have the same stages; what is in shadow is called backfilled there.

One version may be live while a newer one is in shadow beside it. Every move makes a new ``Stage`` and
keeps the one before it, so that a rollback is one step back, and another the step before that.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.domain.errors import Conflict

Percent = Annotated[int, Field(ge=0, le=100)]


class RuleStatus(StrEnum):
    """What a version of a rule does: nothing yet, counts hits, acts, nothing any more."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    ARCHIVED = "archived"


class DefinitionStatus(StrEnum):
    """What a version of a definition does: nothing yet, is computed, is used, nothing any more."""

    DRAFT = "draft"
    BACKFILLED = "backfilled"
    LIVE = "live"
    ARCHIVED = "archived"

    @classmethod
    def of(cls, status: RuleStatus) -> DefinitionStatus:
        """The status of a definition whose stage, as that of a rule, has this one."""
        return cls.BACKFILLED if status is RuleStatus.SHADOW else cls(status.value)

    @property
    def of_rule(self) -> RuleStatus:
        """The same, as a rule calls it."""
        return RuleStatus.SHADOW if self is DefinitionStatus.BACKFILLED else RuleStatus(self.value)


TRANSITIONS: dict[RuleStatus, frozenset[RuleStatus]] = {
    RuleStatus.DRAFT: frozenset({RuleStatus.SHADOW, RuleStatus.ARCHIVED}),
    RuleStatus.SHADOW: frozenset({RuleStatus.LIVE, RuleStatus.DRAFT, RuleStatus.ARCHIVED}),
    # From live to live changes the share of events.
    RuleStatus.LIVE: frozenset({RuleStatus.LIVE, RuleStatus.SHADOW, RuleStatus.ARCHIVED}),
    RuleStatus.ARCHIVED: frozenset({RuleStatus.DRAFT}),
}


class Stage(BaseModel):
    """Which version is live, for what share of events, and which is in shadow; archived means neither."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live_version: int | None = None
    percent: Percent = 0
    shadow_version: int | None = None
    archived: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.live_version is None) != (self.percent == 0):
            raise ValueError("a live version has a share of 1 to 100 percent, and only a live one has")
        if self.archived and (self.live_version or self.shadow_version):
            raise ValueError("an archived rule has no version live or in shadow")
        return self

    @property
    def status(self) -> RuleStatus:
        """The status of the rule: that of its version that does most."""
        if self.archived:
            return RuleStatus.ARCHIVED
        if self.live_version is not None:
            return RuleStatus.LIVE
        return RuleStatus.DRAFT if self.shadow_version is None else RuleStatus.SHADOW

    def status_of(self, version: int) -> RuleStatus:
        """The status of one version."""
        if self.archived:
            return RuleStatus.ARCHIVED
        if version == self.live_version:
            return RuleStatus.LIVE
        return RuleStatus.SHADOW if version == self.shadow_version else RuleStatus.DRAFT

    def move(
        self, version: int, to: RuleStatus, percent: int = 100, *, called: Callable[[RuleStatus], str] = str
    ) -> Stage:
        """The stage after ``version`` went ``to`` there; ``Conflict`` saying what is allowed instead.

        A version that goes live takes the place of the one before; ``percent`` is its share of events. ``called``
        gives the words for the states.
        """
        present = self.status_of(version)
        if to not in TRANSITIONS[present]:
            choices = " or ".join(sorted(map(called, TRANSITIONS[present])))
            raise Conflict(
                f"version {version} is {called(present)}; from there it can become {choices}, not {called(to)}"
            )
        live = None if self.live_version == version else self.live_version
        share = 0 if live is None else self.percent
        shadow = None if self.shadow_version == version else self.shadow_version
        if to is RuleStatus.ARCHIVED:
            return Stage(archived=True)
        if to is RuleStatus.LIVE:
            return Stage(live_version=version, percent=percent, shadow_version=shadow)
        if to is RuleStatus.SHADOW:
            return Stage(live_version=live, percent=share, shadow_version=version)
        return Stage(live_version=live, percent=share, shadow_version=shadow)
