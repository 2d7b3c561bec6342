"""The run-time configuration: thresholds, alert policy, event types and decisions, in immutable versions."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from risk.alerts.policy import AlertPolicy
from risk.decisions.policy import DecisionPolicy
from risk.domain.assessment import Thresholds
from risk.domain.event_types import EventTypes, OwnEventTypes


class Configuration(BaseModel):
    """One version of the run-time configuration: content, author, time and reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    thresholds: Thresholds = Thresholds()
    alert_policy: AlertPolicy = AlertPolicy()
    event_types: OwnEventTypes = {}
    decisions: DecisionPolicy = DecisionPolicy()
    changed_at: datetime
    changed_by: str
    reason: str

    @cached_property
    def types(self) -> EventTypes:
        """The registry of event types in force."""
        return EventTypes(self.event_types)
