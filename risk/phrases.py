"""What a reason says, as a clause that an analyst would write: lower case, no full stop, its numbers in it."""

from __future__ import annotations

from collections.abc import Callable

from risk.assessment import Reason
from risk.dossier import Dossier
from risk.events import EventType
from risk.features import HIGH_RATIO
from risk.windows import DAY
from risk.wording import duration, money, ordinal, plural, times

_NOUNS = {EventType.PAYMENT: "payment", EventType.LOGIN: "login", EventType.TRADE: "trade", EventType.METRIC: "reading"}


class Telling:
    """Puts what the features of one dossier say into clauses."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        event = dossier.assessment
        self.noun = _NOUNS[event.event_type]
        self.who = event.counterparty_id or "the counterparty"
        paid = None if event.amount is None else money(event.amount, event.currency)
        self.amount = f"the amount of {paid}" if paid else "the amount"

    def clause(self, reason: Reason) -> str:
        """The clause of a reason; that of a rule, or one without words here, is the text that is stored."""
        feature = reason.feature or ""
        if reason.feature is None or reason.value is None:
            return _plain(reason.text)
        told = _FEATURES.get(feature)
        found = told(self, reason.value) if told else None
        return found or _plain(reason.text)

    def money_of(self, feature: str) -> str | None:
        """A feature that is money, with its currency."""
        value = self.dossier.feature(feature)
        return None if value is None else money(value, self.dossier.assessment.currency)

    def daily(self) -> str:
        """What is usual for the account, as an appendix: ``, against 1.2 on an average day``."""
        days, month = self.dossier.feature("history_days"), self.dossier.feature("count_30d")
        if days is None or month is None or days < 2:
            return ""
        return f", against {month / min(30.0, days):.1f} on an average day"


def _plain(text: str) -> str:
    text = text.strip().rstrip(".")
    head = text[:2]
    return text if head[1:].isupper() or not head[:1].isupper() else text[:1].lower() + text[1:]


def _amount(t: Telling, _value: float) -> str | None:
    ratio, mean = t.dossier.feature("amount_to_mean_30d"), t.money_of("amount_mean_30d")
    if ratio is not None and mean is not None and ratio >= 1.5:
        return f"{t.amount} is {times(ratio)} the account's 30-day mean of {mean}"
    median = t.money_of("amount_median")
    return None if median is None else f"{t.amount} compares with a median of {median} for this account"


def _ratio(base: str, name: str) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        usual = t.money_of(base)
        if usual is None:
            return None
        if value >= 1.05:
            return f"{t.amount} is {times(value)} the account's {name} of {usual}"
        return f"{t.amount} is no more than the account's {name} of {usual}"

    return told


def _high(days: int) -> Callable[[Telling, float], str | None]:
    def told(_t: Telling, value: float) -> str | None:
        counted = plural(value, "amount")
        return f"in the {days} days before, the account had {counted} of at least {HIGH_RATIO} times its usual one"

    return told


def _highest(_t: Telling, value: float) -> str | None:
    if value <= 0:
        return "in the 7 days before, the account had no raised amount"
    return f"the account's largest amount in the 7 days before was {times(value)} its usual one"


def _count_hour(t: Telling, value: float) -> str | None:
    return f"it is the account's {ordinal(value + 1)} {t.noun} within an hour{t.daily()}"


def _count_day(t: Telling, value: float) -> str | None:
    return f"it is the account's {ordinal(value + 1)} {t.noun} within a day{t.daily()}"


def _count(days: int) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        return f"the account had {plural(value, t.noun)} in the {days} days before{t.daily() if days == 7 else ''}"

    return told


def _gap(_t: Telling, value: float) -> str | None:
    if value > 14 * DAY:
        return f"the account had been silent for {duration(value)}"
    return f"it came {duration(value)} after the account's previous event"


def _history(_t: Telling, value: float) -> str | None:
    if value < 1:
        return "the account was first seen less than a day before"
    return f"the account was first seen {plural(value, 'day')} before"


def _events(_t: Telling, value: float) -> str | None:
    if value < 1:
        return "it is the first event of this account"
    return f"the account had {plural(value, 'event')} before this one"


def _device(t: Telling, value: float) -> str | None:
    device = t.dossier.assessment.device_id
    name = f"device {device}" if device else "the device"
    return f"{name} was not used by this account before" if value else f"{name} is one that the account has used before"


def _country(t: Telling, value: float) -> str | None:
    country = t.dossier.assessment.country or "this country"
    if value:
        return f"the account never acted from {country} before"
    return f"the account has acted from {country} before"


def _counterparty(t: Telling, value: float) -> str | None:
    if value:
        return f"the account had not dealt with {t.who} before"
    return f"the account has dealt with {t.who} before"


def _night(t: Telling, value: float) -> str | None:
    at = f"{t.dossier.assessment.occurred_at:%H:%M} UTC"
    return f"it happened at {at}, by night" if value else f"it happened at {at}, in the daytime"


def _hour(t: Telling, value: float) -> str | None:
    at = f"{t.dossier.assessment.occurred_at:%H:%M} UTC"
    if value <= 0:
        return f"none of the account's earlier events fell within an hour of {at}"
    return f"{value:.0%} of the account's earlier events fell within an hour of {at}"


def _known_frauds(days: int) -> Callable[[Telling, float], str | None]:
    def told(_t: Telling, value: float) -> str | None:
        return f"{plural(value, 'fraud')} on this account became known in the {days} days before"

    return told


def _crowd(span: str) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        return f"{t.who} saw {plural(value, 'event')} in the {span} before"

    return told


def _counterparty_amount(t: Telling, value: float) -> str | None:
    if value < 1.05:
        return f"{t.amount} is no more than what {t.who} saw on average over 30 days"
    return f"{t.amount} is {times(value)} what {t.who} saw on average over 30 days"


def _newcomers(t: Telling, value: float) -> str | None:
    return f"{value:.0%} of the events at {t.who} in the day before came from accounts new to it"


def _last_label(t: Telling, value: float) -> str | None:
    return f"the latest event at {t.who} whose outcome is known was {'fraud' if value else 'legitimate'}"


def _ago(start: str) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        since = "less than a day" if value < 1 else plural(value, "day")
        return start.format(who=t.who, since=since)

    return told


def _run(t: Telling, value: float) -> str | None:
    if value < 1:
        return f"the latest known outcome at {t.who} was no fraud"
    if value < 2:
        return f"the latest event at {t.who} with a known outcome was fraud"
    return f"the latest {value:.0f} events at {t.who} with a known outcome were all fraud"


def _run_amount(t: Telling, value: float) -> str | None:
    return f"the smallest amount among the latest frauds at {t.who} was {times(value)} what its account usually spends"


def _frauds_at(days: int) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        known = t.dossier.feature(f"counterparty_known_{days}d")
        of = f", of {plural(known, 'outcome')} learnt there" if known else ""
        return f"{plural(value, 'fraud')} at {t.who} became known in the {days} days before{of}"

    return told


def _known_at(days: int) -> Callable[[Telling, float], str | None]:
    def told(t: Telling, value: float) -> str | None:
        return f"the outcome of {plural(value, 'event')} at {t.who} became known in the {days} days before"

    return told


def _unlabelled(t: Telling, value: float) -> str | None:
    return f"{plural(value, 'event')} at {t.who} came after its latest known outcome and have none yet"


_FEATURES: dict[str, Callable[[Telling, float], str | None]] = {
    "amount": _amount,
    "amount_mean_30d": lambda t, _: f"the account's 30-day mean is {t.money_of('amount_mean_30d')}",
    "amount_median": lambda t, _: f"the account's median amount is {t.money_of('amount_median')}",
    "amount_usual": lambda t, _: f"the account usually spends {t.money_of('amount_usual')} at a time",
    "amount_to_mean_30d": _ratio("amount_mean_30d", "30-day mean"),
    "amount_to_median": _ratio("amount_median", "median"),
    "amount_to_usual": _ratio("amount_usual", "usual amount"),
    "high_amounts_3d": _high(3),
    "high_amounts_7d": _high(7),
    "high_amounts_14d": _high(14),
    "highest_amount_7d": _highest,
    "count_1h": _count_hour,
    "count_1d": _count_day,
    "count_7d": _count(7),
    "count_30d": _count(30),
    "gap_seconds": _gap,
    "history_days": _history,
    "history_events": _events,
    "new_device": _device,
    "new_country": _country,
    "new_counterparty": _counterparty,
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
    "counterparty_clean_days": _ago("the latest event at {who} known to be legitimate was {since} before"),
    "counterparty_fraud_run_amount": _run_amount,
    "counterparty_known_frauds_7d": _frauds_at(7),
    "counterparty_known_frauds_28d": _frauds_at(28),
    "counterparty_known_7d": _known_at(7),
    "counterparty_known_28d": _known_at(28),
    "counterparty_unlabelled": _unlabelled,
}
