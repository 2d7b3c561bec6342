"""Each feature's value as a clause in an analyst's words.

The engine stores these clauses as the texts of reasons, and explanations are written with them: a reason reads the
same wherever it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from risk.domain.assessment import Reason
from risk.features.catalog import HIGH_RATIO
from risk.features.definitions.shipped import SHIPPED
from risk.features.sliding_windows import DAY
from risk.reason_text.definition_text import missing, tell, usually
from risk.reason_text.event_text import BASES, Telling
from risk.reason_text.formatting import duration, money, number, often, ordinal, plural, share, times

RATIOS = {
    "amount_to_mean_30d": "amount_mean_30d",
    "amount_to_usual": "amount_usual",
    "amount_to_median": "amount_median",
}
"""Each ratio of amounts, and what the amount is compared with."""


def clause(t: Telling, reason: Reason) -> str:
    """The clause of a reason; that of a rule, or of features that are not known here, is the text that is stored."""
    if reason.feature not in _FEATURES or not t.has_features:
        return _plain(reason.text)
    usual = "" if reason.baseline is None or reason.feature not in _DEFINED else usually(reason.baseline)
    return told(t, reason.feature, reason.value) + usual


def told(t: Telling, feature: str, value: float | None) -> str:
    """What ``feature`` says where it has this value, or why it has none."""
    if value is None or not math.isfinite(value):
        return _unknown(t, feature)
    return _FEATURES[feature](t, value)


def _unknown(t: Telling, feature: str) -> str:
    if feature in _DEFINED and t.value(feature) is None:
        return missing(_DEFINED[feature])
    event, of_counterparty = t.event, feature.startswith("counterparty_")
    if event.counterparty_id is None and (
        of_counterparty or feature in ("new_counterparty", "dealing_days", "dealings")
    ):
        return "it names no counterparty"
    if "amount" in feature and event.amount is None:
        return "it has no amount"
    if feature in ("new_device", "device_days", "device_events") and event.device_id is None:
        return "it names no device"
    if feature in ("new_country", "country_days", "country_events") and event.country is None:
        return "it names no country"
    return f"too little is known yet of {t.who if of_counterparty else 'the account'} to compare it with"


def _plain(text: str) -> str:
    text = text.strip().rstrip(".")
    head = text[:2]
    return text if head[1:].isupper() or not head[:1].isupper() else text[:1].lower() + text[1:]


def compared(ratio: float, base: str) -> str:
    """``6.1 times the usual``, ``12% of the usual``, ``about the usual``."""
    if 0.95 <= ratio < 1.05:
        return f"about {base}"
    return f"{times(ratio)} {base}" if ratio >= 1 else f"{share(ratio)} of {base}"


Told = Callable[[Telling, float], str]
_DEFINED = {one.name: one for one in SHIPPED}


def _amount(t: Telling, _value: float) -> str:
    """An amount says something only beside those before it."""
    ratios = {ratio: value for ratio in RATIOS if (value := t.value(ratio)) is not None}
    if ratios:
        furthest = max(ratios, key=ratios.__getitem__)
        return _ratio(furthest)(t, ratios[furthest])
    return f"{t.amount} has too few of the account's own before it to be compared with"


def _ratio(feature: str) -> Told:
    return lambda t, value: f"{t.amount} is {compared(value, t.usual(RATIOS[feature]))}"


def _base(feature: str) -> Told:
    return lambda t, value: f"the account's {BASES[feature]} is {money(value, t.event.currency)}"


def _high(days: int) -> Told:
    return lambda _t, value: (
        f"in the {days} days before, the account had {plural(value, 'amount')} "
        f"of at least {HIGH_RATIO} times its usual one"
    )


def _highest(_t: Telling, value: float) -> str:
    if value <= 0:
        return "in the 7 days before, the account had no raised amount"
    return f"the account's largest amount in the 7 days before was {times(value)} its usual one"


def _within(span: str) -> Told:
    def told(t: Telling, value: float) -> str:
        if round(value) < 1:
            return f"it is the account's only {t.noun} within {span}"
        return f"it is the account's {ordinal(value + 1)} {t.noun} within {span}{_against(t.pace(), 'day')}"

    return told


def _count(days: int) -> Told:
    def told(t: Telling, value: float) -> str:
        usual = _against(t.pace(7.0), "week") if days == 7 else ""
        return f"the account had {plural(value, t.noun)} in the {days} days before{usual}"

    return told


def _against(usual: float | None, span: str) -> str:
    if usual is None:
        return ""
    return f", against {number(usual) if usual >= 0.1 else 'fewer than 0.1'} in an average {span}"


def _gap(_t: Telling, value: float) -> str:
    if value > 14 * DAY:
        return f"the account had been silent for {duration(value)}"
    if value < 1:
        return "it came in the same second as the account's previous event"
    return f"it came {duration(value)} after the account's previous event"


def _history(_t: Telling, value: float) -> str:
    since = "less than a day" if value < 1 else plural(value, "day")
    return f"the account was first seen {since} before"


def _events(_t: Telling, value: float) -> str:
    return "it is the account's first event" if value < 1 else f"the account had {plural(value, 'event')} before"


def _device(t: Telling, value: float) -> str:
    return f"{_named_device(t)} was {'not ' if value else ''}used by this account before"


def _device_days(t: Telling, value: float) -> str:
    return f"the account first used {_named_device(t)} {duration(value * DAY)} before"


def _device_events(t: Telling, value: float) -> str:
    return f"the account had {plural(value, 'event')} on {_named_device(t)} before"


def _named_device(t: Telling) -> str:
    return f"device {t.event.device_id}" if t.event.device_id else "the device"


def _country_days(t: Telling, value: float) -> str:
    return f"the account first acted from {t.event.country or 'this country'} {duration(value * DAY)} before"


def _country_events(t: Telling, value: float) -> str:
    return f"the account had {plural(value, 'event')} from {t.event.country or 'this country'} before"


def _dealing_days(t: Telling, value: float) -> str:
    since = "the same day" if value < 1 else f"{plural(value, 'day')} before"
    return f"the account had first {t.dealt} {t.who} {since}"


def _dealings(t: Telling, value: float) -> str:
    return f"the account had {t.dealt} {t.who} {often(round(value))} before"


def _country(t: Telling, value: float) -> str:
    country = t.event.country or "this country"
    return f"the account {'never acted' if value else 'has acted'} from {country} before"


def _counterparty(t: Telling, value: float) -> str:
    return f"the account {'had not' if value else 'has'} {t.dealt} {t.who} before"


def _night(t: Telling, value: float) -> str:
    return f"it happened at {t.clock}, {'by night' if value else 'not by night'} where the account mostly acts from"


def _hour(t: Telling, value: float) -> str:
    part = f"{share(value)} of" if value > 0 else "none of"
    return f"{part} the account's earlier events fell within an hour of {t.clock}"


def _known_frauds(days: int) -> Told:
    return lambda _t, value: f"{plural(value, 'fraud')} on this account became known in the {days} days before"


def _crowd(span: str) -> Told:
    return lambda t, value: f"{plural(value, 'event')} came to {t.who} in the {span} before"


def _counterparty_amount(t: Telling, value: float) -> str:
    return f"{t.amount} is {compared(value, f'the 30-day mean at {t.who}')}"


def _newcomers(t: Telling, value: float) -> str:
    return f"{share(value)} of the events at {t.who} in the day before came from accounts new to it"


def _last_label(t: Telling, value: float) -> str:
    return f"the latest event at {t.who} whose outcome is known was {'fraud' if value else 'clean'}"


def _ago(start: str) -> Told:
    def told(t: Telling, value: float) -> str:
        return start.format(who=t.who, since="less than a day" if value < 1 else plural(value, "day"))

    return told


def _run(t: Telling, value: float) -> str:
    if value < 1:
        return f"the latest event at {t.who} with a known outcome was clean"
    latest = "the latest event" if value < 2 else f"the latest {value:.0f} events"
    return f"{latest} at {t.who} with a known outcome {'was' if value < 2 else 'were all'} fraud"


def _run_amount(t: Telling, value: float) -> str:
    return f"the smallest of the latest frauds at {t.who} was {compared(value, 'what its account usually spends')}"


def _frauds_at(days: int) -> Told:
    def told(t: Telling, value: float) -> str:
        known = t.value(f"counterparty_known_{days}d")
        of = f", of {plural(known, 'outcome')} learnt there" if known else ""
        return f"{plural(value, 'fraud')} at {t.who} became known in the {days} days before{of}"

    return told


def _known_at(days: int) -> Told:
    return lambda t, value: f"the outcome of {plural(value, 'event')} at {t.who} became known in the {days} days before"


def _unlabelled(t: Telling, value: float) -> str:
    return f"{plural(value, 'event')} without a known outcome came to {t.who} since the latest with one"


_FEATURES: dict[str, Told] = {
    "amount": _amount,
    **{base: _base(base) for base in BASES},
    **{ratio: _ratio(ratio) for ratio in RATIOS},
    "high_amounts_3d": _high(3),
    "high_amounts_7d": _high(7),
    "high_amounts_14d": _high(14),
    "highest_amount_7d": _highest,
    "count_1h": _within("an hour"),
    "count_1d": _within("a day"),
    "count_7d": _count(7),
    "count_30d": _count(30),
    "gap_seconds": _gap,
    "history_days": _history,
    "history_events": _events,
    "new_device": _device,
    "device_days": _device_days,
    "device_events": _device_events,
    "new_country": _country,
    "country_days": _country_days,
    "country_events": _country_events,
    "new_counterparty": _counterparty,
    "dealing_days": _dealing_days,
    "dealings": _dealings,
    "night": _night,
    "hour_share": _hour,
    "known_frauds_14d": _known_frauds(14),
    "known_frauds_30d": _known_frauds(30),
    "counterparty_count_1h": _crowd("hour"),
    "counterparty_count_1d": _crowd("day"),
    "counterparty_count_7d": _crowd("7 days"),
    "counterparty_count_30d": _crowd("30 days"),
    "counterparty_amount_to_mean_30d": _counterparty_amount,
    "counterparty_new_share_1d": _newcomers,
    "counterparty_last_label": _last_label,
    "counterparty_last_label_days": _ago("the latest event at {who} with a known outcome was {since} before"),
    "counterparty_fraud_run": _run,
    "counterparty_fraud_run_days": _ago("the present run of frauds at {who} began {since} before"),
    "counterparty_clean_days": _ago("the latest event at {who} known to be clean was {since} before"),
    "counterparty_fraud_run_amount": _run_amount,
    "counterparty_known_frauds_7d": _frauds_at(7),
    "counterparty_known_frauds_28d": _frauds_at(28),
    "counterparty_known_7d": _known_at(7),
    "counterparty_known_28d": _known_at(28),
    "counterparty_unlabelled": _unlabelled,
    **{one.name: partial(tell, one) for one in SHIPPED},
}
