"""The alert policy: which assessments raise alerts, how they are grouped, and service levels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.alerts.alert import AlertStatus, Disposition, GroupKey
from risk.domain.assessment import RiskLevel
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates

Minutes = Annotated[int, Field(ge=1, le=43_200)]


class ServiceLevel(BaseModel):
    """How long an alert may stay open, and then acknowledged, before its deadline is missed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acknowledge_minutes: Minutes
    resolve_minutes: Minutes


class ServiceLevels(BaseModel):
    """Service levels by risk level. Changes do not move deadlines already set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    LOW: ServiceLevel = ServiceLevel(acknowledge_minutes=1_440, resolve_minutes=10_080)
    MEDIUM: ServiceLevel = ServiceLevel(acknowledge_minutes=480, resolve_minutes=4_320)
    HIGH: ServiceLevel = ServiceLevel(acknowledge_minutes=60, resolve_minutes=1_440)
    CRITICAL: ServiceLevel = ServiceLevel(acknowledge_minutes=15, resolve_minutes=240)

    @model_validator(mode="after")
    def _not_slower_for_the_riskier(self) -> Self:
        given: list[ServiceLevel] = [getattr(self, level) for level in RiskLevel]
        for name in ("acknowledge_minutes", "resolve_minutes"):
            minutes = [getattr(one, name) for one in given]
            if minutes != sorted(minutes, reverse=True):
                raise ValueError(f"{name} must not rise with the level: {', '.join(map(str, minutes))}")
        return self

    def due(self, status: AlertStatus, level: RiskLevel, since: datetime) -> datetime | None:
        """The deadline of an alert that has had ``status`` since then; None once it is resolved."""
        if status is AlertStatus.RESOLVED:
            return None
        promised: ServiceLevel = getattr(self, level)
        minutes = promised.acknowledge_minutes if status is AlertStatus.OPEN else promised.resolve_minutes
        return since + timedelta(minutes=minutes)


class Campaign(BaseModel):
    """When risky events of several accounts at one device or counterparty become a campaign."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_accounts: Annotated[int, Field(ge=2, le=100)]
    window_minutes: Minutes

    @property
    def window(self) -> timedelta:
        """The window in which the events must lie."""
        return timedelta(minutes=self.window_minutes)


class Suppression(BaseModel):
    """For how many days the same finding raises no alert after each disposition; 0 for none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    confirmed_risk_days: Annotated[int, Field(ge=0, le=365)] = 1
    false_positive_days: Annotated[int, Field(ge=0, le=365)] = 30
    inconclusive_days: Annotated[int, Field(ge=0, le=365)] = 7

    def until(self, disposition: Disposition, at: datetime) -> datetime | None:
        """Until when an alert resolved as ``disposition`` suppresses the same finding; None if it does not."""
        days: int = getattr(self, f"{disposition}_days")
        return at + timedelta(days=days) if days else None


class Grouping(BaseModel):
    """What belongs to one alert.

    Findings with the same value of ``key`` are one alert, while it is unresolved and has had an event within
    ``window_minutes``. A finding that lacks the key is grouped by its account. A campaign goes before the key;
    null turns it off.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: GroupKey = GroupKey.ACCOUNT
    window_minutes: Minutes = 10_080
    device: Campaign | None = Campaign(min_accounts=3, window_minutes=1_440)
    counterparty: Campaign | None = Campaign(min_accounts=5, window_minutes=60)
    suppression: Suppression = Suppression()

    @property
    def window(self) -> timedelta:
        """How long after its last event an alert takes more."""
        return timedelta(minutes=self.window_minutes)

    @property
    def campaigns(self) -> dict[GroupKey, Campaign]:
        """The campaigns to look for, by the subject that their accounts share."""
        given = {GroupKey.DEVICE: self.device, GroupKey.COUNTERPARTY: self.counterparty}
        return {key: campaign for key, campaign in given.items() if campaign is not None}

    @property
    def reach(self) -> timedelta:
        """The longest time without events after which an alert still takes one."""
        return max([self.window, *(campaign.window for campaign in self.campaigns.values())])


class AlertPolicy(BaseModel):
    """Which assessments raise alerts, what belongs to one alert, and how soon people deal with it.

    By ``exchange`` alerts are ranked, and rules compare money: what was ranked or judged already stays as it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: RiskLevel = RiskLevel.HIGH
    service_levels: ServiceLevels = ServiceLevels()
    grouping: Grouping = Grouping()
    exchange: ExchangeRates = DEFAULT_RATES
