"""Guesses a mapping for an unknown table, with examples and doubts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from risk.domain.errors import InvalidInput
from risk.domain.field_rules import MAX_ATTRIBUTES
from streaming.importing import values
from streaming.importing.mapping import Mapping as Plan
from streaming.importing.mapping import build
from streaming.importing.time_guessing import as_number, joined_time, plain_time, reads, time_of_day

# Usual column names by field, likeliest first; compared without blanks, punctuation and case.
NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("eventid", "transactionid", "transid", "txid", "txnid", "transnum", "paymentid", "chargeid", "orderid",
                 "reference", "pspreference", "uuid", "id"),
    "occurred_at": ("occurredat", "timestamp", "transactiondatetime", "txdatetime", "transdatetranstime", "datetime",
                    "transactiondate", "transactiontime", "createdat", "created", "creationdate", "eventtime", "date",
                    "time", "unixtime", "datum", "buchungstag", "fecha"),
    "account_id": ("accountid", "customerid", "userid", "clientid", "cardid", "ccnum", "cardnumber", "account",
                   "customer", "user", "card", "sender", "nameorig", "payer", "kontonummer", "konto", "iban"),
    "counterparty_id": ("counterpartyid", "merchantid", "terminalid", "counterparty", "merchant", "terminal", "payee",
                        "receiver", "recipient", "beneficiary", "namedest", "shop", "store", "empfanger", "empfaenger",
                        "handler", "haendler", "comercio", "commercant"),
    "amount": ("amount", "transactionamount", "txamount", "transactionamt", "amt", "value", "total", "sum", "price",
               "betrag", "importe", "montant", "umsatz", "amountvalue", "amountamount"),
    "currency": ("currency", "currencycode", "curr", "ccy", "wahrung", "waehrung", "devise", "moneda",
                 "amountcurrency"),
    "channel": ("channel", "channelid", "entrymode", "paymentchannel"),
    "device_id": ("deviceid", "device", "devicefingerprint", "fingerprint", "deviceinfo"),
    "ip": ("ip", "ipaddress", "clientip", "shopperip", "remoteaddr"),
    "country": ("country", "countrycode", "shoppercountry", "cardcountry", "land"),
    "label": ("isfraud", "fraud", "txfraud", "fraudbool", "islaundering", "fraudflag", "label", "class", "target"),
}  # fmt: skip
_TELLS = re.compile(r"fraud|launder|chargeback|dispute|scenario|label|^class$|^target$", re.IGNORECASE)
_SHORT = 40


class Guess(NamedTuple):
    """The guessed mapping of a table, examples of each field, and doubts for a person to check."""

    mapping: Plan
    examples: dict[str, str]
    doubts: list[str]


def guess(
    columns: Sequence[str], sample: Sequence[dict[str, Any]], known: Mapping[str, str | None] | None = None
) -> Guess:
    """Guess the mapping; ``known`` fixes the columns of some fields, or None for no column.

    Raises ``InvalidInput`` if a required field has no column."""
    plain = {plain_name(column): column for column in reversed(columns)}
    found = {
        field: plain[name]
        for field, names in NAMES.items()
        if (name := next((name for name in names if name in plain), None)) is not None
    }
    for field, column in (known or {}).items():
        found.pop(field, None)
        if column is not None and column not in columns:
            raise InvalidInput(
                f"there is no column {column} (for {field}), but {', '.join(columns[:_SHORT])}. "
                "Say which to use with --column field=COLUMN (field= for none)",
                field="column",
            )
        if column is not None:
            found[field] = column
    doubts: list[str] = []
    missing = [field for field in ("occurred_at", "account_id") if field not in found]
    if missing:
        bare = (
            ""
            if not _looks_like_data(columns)
            else " (its first line looks like data: put the columns' names above it)"
        )
        raise InvalidInput(
            f"no column looks like {' or '.join(missing)} among {', '.join(columns[:_SHORT])}{bare}; say which with "
            f"--column {missing[0]}=COLUMN, or with a mapping: --map FILE",
            field="map",
        )
    plan: dict[str, Any] = {field: column for field, column in found.items() if field != "label"}
    plan["occurred_at"] = _occurred_at(sample, found["occurred_at"], plain, doubts)
    if "amount" in found:
        plan["amount"] = {"column": found["amount"], **_amount(_cells(sample, found["amount"]), doubts)}
    if "label" in found:
        plan["label"] = found["label"]
        doubts.append(f"{found['label']!r} is taken for the truth, known seven days after the event")
    if "event_id" not in found:
        doubts.append("no column holds an id: the number of the row is taken; keep the rows in this order")
    if "currency" not in found and "amount" in found:
        doubts.append("no column holds a currency: --currency is taken where an amount names none")
    if "amount" in found and "." in found["amount"] and _all_whole(_cells(sample, found["amount"])):
        cell = _cells(sample, found["amount"])[0]
        doubts.append(f"amounts such as {cell} are taken as they stand; say minor_units: true if they are cents")
    used = {*found.values(), *build(plan, "the guess").occurred_at.column}
    rest = [column for column in columns if column not in used and not _TELLS.search(column) and len(column) <= 64]
    plan["attributes"] = rest[: MAX_ATTRIBUTES - 2]
    if hidden := [column for column in columns if column not in used and _TELLS.search(column)]:
        doubts.append(f"{', '.join(hidden)}: left out, since it may tell what is only known later")
    if left := rest[MAX_ATTRIBUTES - 2 :]:
        doubts.append(
            f"{len(left)} columns are left out, from {left[0]!r} on: an event holds {MAX_ATTRIBUTES} attributes"
        )
    examples = {field: f"{column} ({_example(sample, column)})" for field, column in found.items()}
    return Guess(build(plan, "the guess"), examples, doubts)


def plain_name(column: str) -> str:
    """A column's name without case, blanks, marks and accents: ``Währung`` is ``wahrung``."""
    bare = unicodedata.normalize("NFKD", column.casefold())
    return re.sub(r"[^a-z0-9]", "", bare)


def _cells(sample: Sequence[dict[str, Any]], column: str) -> list[Any]:
    return [row[column] for row in sample if not values.is_empty(row.get(column))]


def _example(sample: Sequence[dict[str, Any]], column: str) -> str:
    seen = list(dict.fromkeys(str(cell)[:_SHORT] for cell in _cells(sample, column)))[:3]
    return ", ".join(seen) or "empty"


def _all_whole(cells: Sequence[Any]) -> bool:
    return bool(cells) and all(isinstance(cell, int) for cell in cells)


def _looks_like_data(columns: Sequence[str]) -> bool:
    dated = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
    return any(as_number(column) is not None or dated.match(column) for column in columns)


def _occurred_at(
    sample: Sequence[dict[str, Any]], column: str, plain: Mapping[str, str], doubts: list[str]
) -> dict[str, Any]:
    """The source of the time: one column, or a date column with a time-of-day column."""
    days, clock = _cells(sample, column), time_of_day(plain)
    if clock is not None and clock != column and (joined := joined_time(days, _cells(sample, clock))) is not None:
        doubts.append(f"{clock!r} is taken for the time of day of {column!r}, in UTC")
        return {"column": [column, clock], "format": joined}
    return {"column": column, **plain_time(days, doubts)}


def _amount(cells: Sequence[Any], doubts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    point, comma = (reads(lambda cell, mark=mark: values.amount(cell, decimal=mark), cells) for mark in ".,")  # type: ignore[misc]
    texts = [cell for cell in cells if isinstance(cell, str) and "," in cell]
    if not point and comma:
        found["decimal"] = ","
        doubts.append("amounts have a decimal comma")
    elif point and comma and texts:
        doubts.append(f"{texts[0]!r} is read with a comma between thousands; say decimal: ',' if it parts the cents")
    mark = found.get("decimal", ".")
    if (point or comma) and any(values.amount(cell, decimal=mark) < 0 for cell in cells):
        found["negative"] = "refund"
        doubts.append("negative amounts are taken for refunds; say negative: absolute or refuse otherwise")
    return found
