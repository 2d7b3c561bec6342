"""What the columns of an unknown table are taken for, with examples, and what is in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from risk.domain.errors import InvalidInput
from risk.domain.field_rules import MAX_ATTRIBUTES
from streaming.importing import times, values
from streaming.importing.mapping import Mapping as Plan
from streaming.importing.mapping import build

# By field, what its column is usually called, the likeliest first; compared without blanks, marks and case.
NAMES: dict[str, tuple[str, ...]] = {
    "event_id": ("eventid", "transactionid", "transid", "txid", "txnid", "transnum", "paymentid", "chargeid", "orderid",
                 "reference", "pspreference", "uuid", "id"),
    "occurred_at": ("occurredat", "timestamp", "transactiondatetime", "txdatetime", "transdatetranstime", "datetime",
                    "transactiondate", "transactiontime", "createdat", "created", "creationdate", "eventtime", "date",
                    "time", "unixtime", "datum", "buchungstag", "fecha"),
    "account_id": ("accountid", "customerid", "userid", "clientid", "cardid", "ccnum", "cardnumber", "account",
                   "customer", "user", "card", "sender", "nameorig", "payer", "kontonummer", "konto", "iban"),
    "counterparty_id": ("counterpartyid", "merchantid", "terminalid", "counterparty", "merchant", "terminal", "payee",
                        "receiver", "recipient", "beneficiary", "namedest", "shop", "store"),
    "amount": ("amount", "transactionamount", "txamount", "transactionamt", "amt", "value", "total", "sum", "price",
               "betrag", "importe", "montant"),
    "currency": ("currency", "currencycode", "curr", "ccy", "wahrung", "waehrung"),
    "channel": ("channel", "channelid", "entrymode", "paymentchannel"),
    "device_id": ("deviceid", "device", "devicefingerprint", "fingerprint", "deviceinfo"),
    "ip": ("ip", "ipaddress", "clientip", "shopperip", "remoteaddr"),
    "country": ("country", "countrycode", "shoppercountry", "cardcountry", "land"),
    "label": ("isfraud", "fraud", "txfraud", "fraudbool", "islaundering", "fraudflag", "label", "class", "target"),
}  # fmt: skip
_TELLS = re.compile(r"fraud|launder|chargeback|dispute|scenario|label|^class$|^target$", re.IGNORECASE)
_SHORT = 40
_DAYS = (("%d/%m/%Y", "%m/%d/%Y", "/"), ("%d.%m.%Y", "%m.%d.%Y", "."), ("%d-%m-%Y", "%m-%d-%Y", "-"))
_CLOCKS = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_ORDERED = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %b %Y", "%b %d %Y", "%b %d, %Y", "%d-%b-%Y")


class Guess(NamedTuple):
    """The mapping that a table seems to want, what each field was seen to hold, and what a person had better check."""

    mapping: Plan
    examples: dict[str, str]
    doubts: list[str]


def guess(
    columns: Sequence[str], sample: Sequence[dict[str, Any]], known: Mapping[str, str | None] | None = None
) -> Guess:
    """What the columns are taken for; ``known`` says of some fields which, or None for none.

    Raises ``InvalidInput`` where an event cannot do without one that is unknown."""
    plain = {re.sub(r"[^a-z0-9]", "", column.casefold()): column for column in reversed(columns)}
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
        raise InvalidInput(
            f"no column looks like {' or '.join(missing)} among {', '.join(columns[:_SHORT])}; say which with --column "
            f"{missing[0]}=COLUMN, or with a mapping: --map FILE",
            field="map",
        )
    plan: dict[str, Any] = {field: column for field, column in found.items() if field != "label"}
    plan["occurred_at"] = {"column": found["occurred_at"], **_time(_cells(sample, found["occurred_at"]), doubts)}
    if "amount" in found:
        plan["amount"] = {"column": found["amount"], **_amount(_cells(sample, found["amount"]), doubts)}
    if "label" in found:
        plan["label"] = found["label"]
        doubts.append(f"{found['label']!r} is taken for the truth, known seven days after the event")
    if "event_id" not in found:
        doubts.append("no column holds an id: the number of the row is taken; keep the rows in this order")
    if "currency" not in found and "amount" in found:
        doubts.append("no column holds a currency: --currency is taken")
    used = set(found.values())
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


def _cells(sample: Sequence[dict[str, Any]], column: str) -> list[Any]:
    return [row[column] for row in sample if not values.is_empty(row.get(column))]


def _example(sample: Sequence[dict[str, Any]], column: str) -> str:
    seen = list(dict.fromkeys(str(cell)[:_SHORT] for cell in _cells(sample, column)))[:3]
    return ", ".join(seen) or "empty"


def _reads(read: Callable[[object], object], cells: Sequence[Any]) -> bool:
    try:
        for cell in cells:
            read(cell)
    except InvalidInput:
        return False
    return True


def _time(cells: Sequence[Any], doubts: list[str]) -> dict[str, str]:
    if not cells:
        return {}
    if _reads(times.reader("iso", "UTC", None), cells):
        text = str(cells[0])
        if not (text.endswith("Z") or re.search(r"[+-]\d\d:?\d\d$", text) or getattr(cells[0], "tzinfo", None)):
            doubts.append("times have no zone: taken for UTC; say zone: Europe/Berlin in the mapping otherwise")
        return {}
    numbers = [_as_number(cell) for cell in cells]
    if all(number is not None for number in numbers):
        return _numeric_time([number for number in numbers if number is not None])
    both: list[str] = []
    for day_first, month_first, _ in _DAYS:
        for clock in _CLOCKS:
            fits = [one + clock for one in (day_first, month_first) if _fits(one + clock, cells)]
            if len(fits) == 1:
                return {"format": fits[0]}
            both = both or fits
    for ordered in _ORDERED:
        for clock in _CLOCKS:
            if _fits(ordered + clock, cells):
                return {"format": ordered + clock}
    if both:
        raise InvalidInput(
            f"{str(cells[0])!r} may be {both[0]} or {both[1]}; say which: "
            f"occurred_at: {{column: …, format: '{both[0]}'}}",
            field="occurred_at",
        )
    raise InvalidInput(
        f"{str(cells[0])[:_SHORT]!r} is of no known time format; say it in the mapping, such as "
        "format: '%d/%m/%Y %H:%M'",
        field="occurred_at",
    )


def _fits(pattern: str, cells: Sequence[Any]) -> bool:
    return _reads(times.reader(pattern, "UTC", None), cells)


def _as_number(cell: object) -> float | None:
    try:
        return float(str(cell))
    except ValueError:
        return None


def _numeric_time(numbers: Sequence[float]) -> dict[str, str]:
    least, most = min(numbers), max(numbers)
    now = datetime.now().astimezone().timestamp()
    if least >= 946_684_800 and most <= now + 86_400:
        return {"format": "epoch_s"}
    if least >= 946_684_800_000 and most <= (now + 86_400) * 1_000:
        return {"format": "epoch_ms"}
    raise InvalidInput(
        f"{numbers[0]:g} is a number: seconds, hours or days since when? Say it in the mapping: "
        "occurred_at: {column: …, format: hours_since, start: 2026-01-01T00:00:00Z}",
        field="occurred_at",
    )


def _amount(cells: Sequence[Any], doubts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    point, comma = (_reads(lambda cell, mark=mark: values.amount(cell, decimal=mark), cells) for mark in ".,")  # type: ignore[misc]
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
