"""Decisions: what the sender of an event is told to do with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from risk.domain.event_ids import EventIdField, EventSource


class DecisionAction(StrEnum):
    """What to do with an event, the most lenient first. ``challenge`` asks its sender to step up authentication."""

    APPROVE = "approve"
    CHALLENGE = "challenge"
    REVIEW = "review"
    DECLINE = "decline"

    @property
    def rank(self) -> int:
        """0 for approve to 3 for decline: how strict it is."""
        return _RANKS[self]


ACTIONS = tuple(DecisionAction)
"""The actions by rank: what tables hold a rank of."""
_RANKS = {action: rank for rank, action in enumerate(ACTIONS)}


class Decision(BaseModel):
    """What was decided of an event when it was scored, and because of what.

    ``policy_version`` is the version of the configuration whose decision policy was in force.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: DecisionAction
    policy_version: int
    because: str


def strictest(*actions: DecisionAction | None) -> DecisionAction | None:
    """The strictest of ``actions`` that are known; None if none is."""
    return max((action for action in actions if action is not None), key=lambda action: action.rank, default=None)


class Overturn(BaseModel):
    """An analyst's overturn of a decision: what was ``decided``, and the ``action`` that holds instead.

    It holds until it is undone. What was scored, and what the policy decided, stay as they are.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    event_source: EventSource
    event_id: EventIdField
    decided: DecisionAction
    action: DecisionAction
    reason: str
    made_by: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def fraud(self) -> bool | None:
        """What it says of the event: approved is legitimate, declined is fraud, anything else says nothing."""
        return {DecisionAction.APPROVE: False, DecisionAction.DECLINE: True}.get(self.action)
