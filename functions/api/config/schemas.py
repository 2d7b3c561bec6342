"""Response schemas of configuration versions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.api.http.conventions.schemas import WHOLE, Input, Page
from risk.alerts.configuration import Configuration
from risk.alerts.policy import AlertPolicy
from risk.domain.assessment import Thresholds

Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"),
]


class ConfigurationChange(Input):
    """A new configuration version and its reason."""

    thresholds: Thresholds
    alert_policy: AlertPolicy
    reason: Why = Field(examples=["fewer false alarms on weekends"])


class ConfigurationRollback(Input):
    """The version to return to, and the reason."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[3]), WHOLE]
    reason: Why = Field(examples=["version 4 raised twice as many alerts"])


class ConfigurationPage(Page[Configuration]):
    """A page of versions; ``next_cursor`` asks for the next page and is null on the last."""
