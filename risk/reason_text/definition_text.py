"""What the value of a definition says of an event, as a clause with its number: ``23 accounts on this device …``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from risk.domain.assessment import Reason
from risk.features.definitions.definition import AMOUNT, OF_ITS_OWN, Aggregate, Definition
from risk.reason_text.event_text import Telling
from risk.reason_text.formatting import duration, money, number, times

MORE_THAN_USUAL = 1.5
"""A count is worth telling from so many times what is usual for its key."""
_NOUNS = {
    "account_id": "account", "counterparty_id": "counterparty", "device_id": "device", "ip": "address", "card": "card",
    "email_domain": "e-mail domain", "country": "country", "channel": "channel", "currency": "currency",
    "event_type": "type of event", "outcome": "outcome", "hour_of_day": "hour of the day",
    "hour_of_week": "hour of the week",
}  # fmt: skip
_PREPOSITIONS = {"account_id": "on", "counterparty_id": "at", "device_id": "on", "ip": "from", "country": "from",
                 "hour_of_day": "at", "hour_of_week": "at"}  # fmt: skip


def noun(field: str) -> str:
    """What a field of a key is called: ``device``, ``e-mail domain``, ``batch`` for ``attributes.batch``."""
    return _NOUNS.get(field) or field.rpartition(".")[2].replace("_", " ")


def where(definition: Definition) -> str:
    """``on this device``, ``on this account at this counterparty``."""
    return " ".join(f"{_PREPOSITIONS.get(field, 'with')} this {noun(field)}" for field in definition.key)


def tell(definition: Definition, t: Telling, value: float) -> str:
    """``23 accounts on this device in the 7 days before``."""
    before = f"{where(definition)} in the {definition.span} before"
    aggregate = definition.aggregate
    if aggregate in (Aggregate.COUNT, Aggregate.DISTINCT):
        return f"{_counted(value, definition.unit)} {before}"
    shown = money(value, t.event.currency) if definition.field == AMOUNT else number(value)
    if aggregate is Aggregate.SUM:
        return f"{shown} in all {before}"
    if aggregate is Aggregate.SECONDS_SINCE_LAST:
        return f"{duration(value)} after the latest such event {where(definition)}"
    what = "the amount" if definition.field == AMOUNT else f"the {noun(definition.field or '')}"
    if aggregate in OF_ITS_OWN:
        return f"{what} is {_compared(aggregate, value)} the mean {before}"
    return f"{what.replace('the ', f'the {_LED_BY[aggregate]} ', 1)} {before} is {shown}"


_LED_BY = {
    Aggregate.MEAN: "mean", Aggregate.MIN: "least", Aggregate.MAX: "largest", Aggregate.LAST: "latest",
    Aggregate.STDDEV: "standard deviation of the",
}  # fmt: skip


def _compared(aggregate: Aggregate, value: float) -> str:
    if aggregate is Aggregate.RATIO:
        return times(value)
    return f"{number(abs(value))} standard deviations {'above' if value > 0 else 'below'}"


def usually(usual: float) -> str:
    """``; usually 1``, to follow the value of a definition."""
    return f"; usually {number(usual)}" if usual >= 0.1 else "; usually none"


def with_usual(reasons: Sequence[Reason], usual: Mapping[str, float]) -> list[Reason]:
    """The reasons, those of features that are in ``usual`` beside what is usual for their key.

    What is hardly more than usual for its key is no reason.
    """
    told = []
    for one in reasons:
        baseline = usual.get(one.feature or "")
        if baseline is None:
            told.append(one)
        elif one.value is None or not 1 <= one.value < MORE_THAN_USUAL * baseline:
            told.append(replace(one, baseline=baseline, text=one.text + usually(baseline)))
    return told


def missing(definition: Definition) -> str:
    """Why there is no value: ``it names no device``."""
    return f"it names no {noun(definition.key[0])}"


def _counted(value: float, unit: str) -> str:
    whole = round(value)
    if whole == 1:
        return f"1 {unit.removesuffix('s')}"
    return f"{whole:,} {unit}" if whole else f"no {unit}"


_LEAST = {Aggregate.DISTINCT: 3.0, Aggregate.COUNT: 3.0}


def stands_out(definition: Definition, value: float) -> bool:
    """Whether somebody would wonder about a count as large as this."""
    return value >= _LEAST.get(definition.aggregate, float("inf"))
