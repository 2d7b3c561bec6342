"""The run-time configuration: thresholds and alert policy, in immutable versions."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from risk.alerts.policy import AlertPolicy
from risk.domain.assessment import Thresholds


class Configuration(BaseModel):
    """One version of the run-time configuration: content, author, time and reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    thresholds: Thresholds = Thresholds()
    alert_policy: AlertPolicy = AlertPolicy()
    changed_at: datetime
    changed_by: str
    reason: str
