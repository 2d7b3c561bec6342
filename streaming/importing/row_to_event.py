"""Converts a row to an event and its label, or refuses it with the field at fault and advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import ValidationError

from risk.domain.currencies import minor_unit
from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label, check_time
from risk.domain.field_rules import MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES
from risk.domain.refusals import refusal
from streaming.importing import times, values
from streaming.importing.durations import duration
from streaming.importing.mapping import FieldFrom, TimeFrom
from streaming.importing.mapping import Mapping as Plan

PAYMENT, REFUND = "payment", "refund"
_OPTIONAL = ("counterparty_id", "channel", "device_id", "ip")
_CODES = ("currency", "country")


class Made(NamedTuple):
    """The result of a row: an event, its label if known, or a label of an event that was scored before."""

    event: Event | None
    label: Label | None


class Maker:
    """Makes records of rows by a mapping. Ids are of ``source``; ``rows_of`` stands before a row's number."""

    def __init__(self, plan: Plan, source: str, now: datetime, *, currency: str = "EUR", rows_of: str = ""):
        self._plan, self._source, self._now, self._currency = plan, source, now, currency
        self._at = _time(plan.occurred_at)
        self._label, self._rows_of = plan.label, rows_of
        known_at = None if self._label is None else self._label.known_at
        self._known_at = None if known_at is None else _time(known_at)
        self._delay = timedelta() if self._label is None else duration(self._label.delay)

    def make(self, row: Mapping[str, Any], number: int) -> Made:
        """The event and the label of a row. Raises ``InvalidInput`` with the field at fault."""
        plan = self._plan
        original = _text(plan.event_id, row, "event_id", number) if plan.event_id else f"{self._rows_of}{number}"
        if original is None:
            raise InvalidInput("is empty", field="event_id")
        account = _text(plan.account_id, row, "account_id", number)
        if account is None:
            raise InvalidInput("is empty", field="account_id")
        fields: dict[str, Any] = {
            name: _text(getattr(plan, name), row, name, number) for name in _OPTIONAL if getattr(plan, name)
        }
        for name in _CODES:
            if (wanted := getattr(plan, name)) is not None:
                fields[name] = _code(_text(wanted, row, name, number))
        kind = _text(plan.event_type, row, "event_type", number)
        amount, refund = self._amount(row, fields.get("currency"))
        if plan.amount is not None and amount is not None and fields.get("currency") is None and not plan.currency:
            fields["currency"] = values.currency_of(_first(plan.amount.column, row), self._currency)
        attributes = self._attributes(row)
        if refund and kind == PAYMENT:
            kind = REFUND
        elif refund:
            attributes[REFUND] = True
        event = _event(
            {
                "event_source": self._source,
                "event_id": original,
                "event_type": kind,
                "occurred_at": self._at(row),
                "account_id": account,
                "amount": amount,
                "attributes": attributes,
                **fields,
            }
        )
        check_time(event, self._now)
        return Made(event, self._make_label(row, event))

    def _amount(self, row: Mapping[str, Any], currency: str | None) -> tuple[Decimal | None, bool]:
        wanted = self._plan.amount
        if wanted is None:
            return None, False
        value = _first(wanted.column, row)
        if values.is_empty(value):
            return None, False
        scale = minor_unit(currency or self._currency) if wanted.minor_units else 0
        amount = values.amount(value, decimal=wanted.decimal, scale=scale)
        if amount >= 0:
            return amount, False
        if wanted.negative == "refuse":
            raise InvalidInput(
                f"{amount} is negative; say amount: {{column: …, negative: refund}} or absolute in the mapping",
                field="amount",
            )
        return -amount, wanted.negative == "refund"

    def _attributes(self, row: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        room = MAX_ATTRIBUTES_BYTES - 200
        for name, column in self._plan.attributes.items():
            value = row.get(column)
            if values.is_empty(value):
                continue
            found = values.scalar(value)
            room -= len(name.encode()) + len(str(found).encode())
            if room < 0 or len(told) >= MAX_ATTRIBUTES - 2:
                break
            told[name] = found
        return told

    def _make_label(self, row: Mapping[str, Any], event: Event) -> Label | None:
        wanted = self._label
        if wanted is None or values.is_empty(value := row.get(wanted.column)):
            return None
        fraud = _truth(value, wanted.fraud, wanted.clean, wanted.others)
        if fraud is None:
            return None
        known_at = event.occurred_at + self._delay
        told = None if wanted.known_at is None else _first(wanted.known_at.column, row)
        if self._known_at is not None and not values.is_empty(told):
            # A date alone would be midnight, before an event of that day, which cannot be meant.
            known_at = max(self._known_at(row), event.occurred_at)
        if known_at > self._now:
            return None
        return Label(
            kind="label",
            event_source=event.event_source,
            event_id=event.event_id,
            fraud=fraud,
            known_at=known_at,
            source=wanted.source,
        )


def _time(wanted: TimeFrom) -> Callable[[Mapping[str, Any]], datetime]:
    read = times.reader(wanted.format, wanted.zone, wanted.start)

    def moment(row: Mapping[str, Any]) -> datetime:
        found = [row.get(column) for column in wanted.column]
        there = [value for value in found if not values.is_empty(value)]
        if not there:
            raise InvalidInput("is empty", field="occurred_at")
        joined = len(wanted.column) > 1 and "%" in wanted.format and len(there) > 1
        return read(" ".join(str(value).strip() for value in there) if joined else there[0])

    return moment


def _first(columns: tuple[str, ...], row: Mapping[str, Any]) -> Any:
    """The first non-empty value."""
    return next((value for column in columns if not values.is_empty(value := row.get(column))), None)


def _text(wanted: FieldFrom, row: Mapping[str, Any], name: str, number: int) -> str | None:
    if wanted.row:
        return f"{wanted.prefix}{number}"
    if wanted.constant is not None:
        return wanted.constant
    if wanted.join:
        parts = [row.get(column) for column in wanted.join]
        found = "-".join("" if values.is_empty(part) else values.text(part, name) for part in parts)
        return wanted.prefix + found if found.strip("-") else None
    country = name == "country"
    value = next((v for column in wanted.column if not values.is_empty(v := row.get(column), country=country)), None)
    if value is None:
        return wanted.default
    found = values.text(value, name)
    translated = wanted.values.get(found, found if not wanted.values or wanted.default is None else wanted.default)
    return None if translated is None else wanted.prefix + translated


def _code(value: str | None) -> str | None:
    return None if value is None else value.upper()


def _truth(value: object, fraud: tuple[str, ...], clean: tuple[str, ...], others: str) -> bool | None:
    if not fraud and not clean:
        return values.truth(value)
    found = values.text(value, "fraud").casefold()
    if found in {one.casefold() for one in fraud}:
        return True
    if found in {one.casefold() for one in clean} or others == "clean":
        return False
    if others == "ignore":
        return None
    raise InvalidInput(
        f"{found!r} is neither of {', '.join((*fraud, *clean))}; see label: in the mapping", field="fraud"
    )


def _event(fields: dict[str, Any]) -> Event:
    try:
        return Event.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        found = refusal(error.errors(include_url=False)[0])
        raise InvalidInput(found.detail, field=found.field) from error
