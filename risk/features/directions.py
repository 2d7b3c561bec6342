"""Which values of a feature speak for risk."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Which values of a feature speak for risk: an amount's larger ones, a history's smaller ones, or neither."""

    HIGHER_IS_RISKIER = "higher_is_riskier"
    LOWER_IS_RISKIER = "lower_is_riskier"
    NONE = "none"
