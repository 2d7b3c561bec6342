"""Which values of a feature speak for risk: what may be told as a reason, and what is innocent.

A value that is not known, an ordinary one and one that lowers risk are never a reason, whatever a model makes of
them. Along its direction a feature does not become innocent again: if a value is a signal, a riskier one is too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from risk.domain.assessment import Reason
from risk.features.catalog import INDEX
from risk.features.definitions.definition import Definition
from risk.features.definitions.shipped import SHIPPED
from risk.features.directions import Direction
from risk.features.sliding_windows import DAY, MINUTE
from risk.reason_text.definition_text import stands_out
from risk.reason_text.event_text import Telling
from risk.reason_text.feature_text import RATIOS

HIGH_AMOUNT = 1.5
"""An amount is high from so many times what it is compared with."""
FAMILIAR_DAYS, FAMILIAR_EVENTS = 1.0, 3
"""What an account has used for a day, or so often, is no news any more."""
ENOUGH_EVENTS = 3
"""With fewer events before, nothing can be new to an account, because everything is."""
RHYTHM_EVENTS = 20
"""With so many events before, it is known at which hours an account acts."""

Signal = Callable[[Telling, float], bool]


def speaks_for_risk(t: Telling, feature: str, value: float | None) -> bool:
    """Whether this value of ``feature`` may be told as a reason for risk."""
    if value is None or math.isnan(value) or feature not in _SIGNALS:
        return False
    return _SIGNALS[feature](t, value)


def is_unusual(t: Telling, reason: Reason) -> bool:
    """Whether a reason speaks for risk; one of a rule does, and those of earlier models did not always.

    That of a user's definition was asked by ``defined_signal`` before it became one.
    """
    return reason.feature not in INDEX or speaks_for_risk(t, reason.feature, reason.value)


def _from(least: float) -> Signal:
    return lambda _t, value: value >= least


def _high(t: Telling, _value: float) -> bool:
    return any((t.value(ratio) or 0.0) >= HIGH_AMOUNT for ratio in RATIOS)


def _busy(least: float, days: float) -> Signal:
    """At least so many, and twice the account's own pace."""
    return lambda t, value: value >= max(least, 2 * (t.pace(days) or 0.0))


def _has_past(t: Telling) -> bool:
    events = t.value("history_events")
    return events is None or events >= ENOUGH_EVENTS


def _new(t: Telling, value: float) -> bool:
    return value >= 1 and _has_past(t)


def _since_lately(t: Telling, value: float) -> bool:
    """Used for less than a day by an account that is older than that."""
    return value < FAMILIAR_DAYS and (t.value("history_days") or 0.0) >= value + FAMILIAR_DAYS and _has_past(t)


def _seldom(days: str) -> Signal:
    """Used a few times, all of them lately."""

    def signal(t: Telling, value: float) -> bool:
        since = t.value(days)
        return value < FAMILIAR_EVENTS and since is not None and _since_lately(t, since)

    return signal


def _silent_or_rapid(t: Telling, value: float) -> bool:
    return value > 30 * DAY or (value <= MINUTE and (t.value("count_1h") or 0.0) >= 2)


def _unusual_hour(t: Telling, value: float) -> bool:
    return value <= 0.05 and (t.value("history_events") or 0.0) >= RHYTHM_EVENTS


def _at_night(t: Telling, value: float) -> bool:
    share = t.value("hour_share")
    return value >= 1 and share is not None and _unusual_hour(t, share)


def _burst(t: Telling, value: float) -> bool:
    """Ten and more, and four times what an hour there brings."""
    month = t.value("counterparty_count_30d") or 0.0
    return value >= max(10.0, 4 * month / (30 * 24))


def _newcomers(t: Telling, value: float) -> bool:
    return value >= 0.5 and _burst(t, t.value("counterparty_count_1h") or 0.0)


def _frauds_at(days: int) -> Signal:
    """Some, and more than one in fifty of the outcomes learnt there."""

    def signal(t: Telling, value: float) -> bool:
        return value >= 1 and 50 * value >= (t.value(f"counterparty_known_{days}d") or 0.0)

    return signal


def _run(t: Telling, _value: float) -> bool:
    return (t.value("counterparty_fraud_run") or 0.0) >= 1


MANY_ADDRESSES = 6
"""A phone behind a carrier changes its address several times a week; from so many on, somebody would wonder."""


def defined_signal(definition: Definition, t: Telling, value: float) -> bool:
    """A large count where more is riskier; none at all where less is, of an account that has a past."""
    if definition.direction is Direction.LOWER_IS_RISKIER:
        return value < 1 and _has_past(t)
    return definition.direction is Direction.HIGHER_IS_RISKIER and stands_out(definition, value)


_SIGNALS: dict[str, Signal] = {
    "amount": _high,
    **dict.fromkeys(RATIOS, _from(HIGH_AMOUNT)),
    **dict.fromkeys(("high_amounts_3d", "high_amounts_7d", "high_amounts_14d", "highest_amount_7d"), _from(1)),
    "count_1h": _busy(2, 1 / 24),
    "count_1d": _busy(3, 1),
    "count_7d": _busy(7, 7),
    "gap_seconds": _silent_or_rapid,
    **dict.fromkeys(("new_device", "new_country", "new_counterparty"), _new),
    **dict.fromkeys(("device_days", "country_days", "dealing_days"), _since_lately),
    "device_events": _seldom("device_days"),
    "country_events": _seldom("country_days"),
    "dealings": _seldom("dealing_days"),
    "night": _at_night,
    "hour_share": _unusual_hour,
    **dict.fromkeys(("known_frauds_14d", "known_frauds_30d"), _from(1)),
    "counterparty_count_1h": _burst,
    "counterparty_amount_to_mean_30d": _from(2),
    "counterparty_new_share_1d": _newcomers,
    **dict.fromkeys(("counterparty_last_label", "counterparty_fraud_run"), _from(1)),
    "counterparty_fraud_run_days": _run,
    "counterparty_known_frauds_7d": _frauds_at(7),
    "counterparty_known_frauds_28d": _frauds_at(28),
    **{one.name: partial(defined_signal, one) for one in SHIPPED},
    "account_ips_7d": _from(MANY_ADDRESSES),
}
"""When a value speaks for risk. Of a feature that is not here none does: it tells what is known or usual."""
