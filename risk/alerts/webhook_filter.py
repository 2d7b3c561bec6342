"""Which alerts, and which overturned decisions, a receiver of webhooks is told of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from risk.alerts.alert import Alert
from risk.domain.assessment import RiskLevel
from risk.domain.event_types import EventTypeName
from risk.domain.field_rules import Country

MOST_VALUES = 50


class WebhookFilter(BaseModel):
    """The alerts that a receiver is told of: those that meet every condition; without conditions, all.

    ``event_types`` and ``countries`` are of the riskiest event, ``min_amount`` is of the largest event in the reporting
    currency. An alert that comes to meet them as it grows is told of from then on. Of an overturned decision they are
    of its event.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: RiskLevel | None = None
    event_types: Annotated[list[EventTypeName], Field(max_length=MOST_VALUES)] = []
    countries: Annotated[list[Country], Field(max_length=MOST_VALUES)] = []
    min_amount: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)] | None = None

    def matches(self, alert: Alert) -> bool:
        """Whether ``alert``, as it stands, is one to tell of."""
        return self.meets(alert.level, alert.event_type, alert.country, alert.base_amount)

    def meets(self, level: RiskLevel, event_type: str | None, country: str | None, base_amount: float | None) -> bool:
        """Whether these meet every condition; ``base_amount`` is in the reporting currency."""
        return (
            (self.min_level is None or level.at_least(self.min_level))
            and (not self.event_types or event_type in self.event_types)
            and (not self.countries or country in self.countries)
            and (self.min_amount is None or (base_amount or 0.0) >= self.min_amount)
        )
