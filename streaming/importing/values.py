"""Converts cells to text, amounts and labels. Nothing is guessed: ambiguous values are refused."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from risk.domain.errors import InvalidInput

EXACT_DOUBLE = float(2**53)
"""The largest range in which a double represents every integer."""
_EXACT_TEXT = 15
_EMPTY = frozenset({"", "nan", "null", "none", "nat", "<na>", "n/a", "#n/a"})
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_POINT = re.compile(r"(?:\d{1,3}(?:[,' \u00a0\u202f\u2019]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d+)?")
_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:[.' \u00a0\u202f\u2019]\d{3})+)(?:,\d+)?")
_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₦": "NGN", "₫": "VND"}
_CURRENCY = r"[A-Z]{3}|[€£₹₩₺₽₴₦₫$¥]"
_MONEY = re.compile(
    rf"(?P<sign>[-+\u2212(]?)\s*(?P<code>{_CURRENCY})?\s*"
    r"(?P<number>[-+\u2212(]?[\d.,' \u00a0\u202f\u2019]*\d\)?)\s*"
    rf"(?P<after>{_CURRENCY})?(?P<end>[-)]?)"
)
SHARED = {"$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"), "¥": ("JPY", "CNY")}
"""Currency signs shared by several currencies, with examples."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
PLACES = Decimal("0.000001")


class Inexact(float):
    """A number of a format with fewer digits than a double: integers are exact below ``limit``."""

    limit: float

    def __new__(cls, value: float, limit: float) -> Inexact:
        """The number with its limit."""
        made = super().__new__(cls, value)
        made.limit = limit
        return made


def is_empty(value: object, *, country: bool = False) -> bool:
    """Whether a cell is empty. ``NA`` is empty except where it means Namibia."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    if not isinstance(value, str):
        return False
    text = value.strip().casefold()
    return text in _EMPTY or (text == "na" and not country)


def text(value: object, field: str) -> str:
    """A cell as an identifier, exactly; ``InvalidInput`` where a floating-point number may have lost digits of it."""
    if isinstance(value, bool) or not isinstance(value, (float, str)):
        return _other_text(value)
    if isinstance(value, float):
        limit = value.limit if isinstance(value, Inexact) else EXACT_DOUBLE
        if not value.is_integer() or abs(value) >= limit:
            raise InvalidInput(
                f"{float(value)!r} is a floating-point number, which may have lost digits of an id; "
                "export the column as text or as whole numbers",
                field=field,
            )
        return str(int(value))
    found = value.strip()
    if _SCIENTIFIC.fullmatch(found):
        raise InvalidInput(f"{found!r} is an id that a spreadsheet shortened; export the column as text", field=field)
    if whole := _WHOLE_FLOAT.fullmatch(found):
        if len(whole[1]) > _EXACT_TEXT:
            raise InvalidInput(
                f"{found!r} was written from a floating-point number, which may have lost digits of an id; "
                "export the column as text or as whole numbers",
                field=field,
            )
        return whole[1]
    return found


def _other_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def amount(value: object, *, decimal: str = ".", scale: int = 0) -> Decimal:
    """A cell as money, with its sign; ``scale`` is how many of its last digits are decimals (2 for cents)."""
    if isinstance(value, str):
        found = _amount_text(value, decimal)
    elif isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise InvalidInput(f"{str(value)[:40]!r} is no number", field="amount")
    else:
        found = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if not found.is_finite():
        raise InvalidInput(f"{value!s} is no finite number", field="amount")
    try:
        return found.scaleb(-scale).quantize(PLACES).normalize() + 0
    except InvalidOperation as error:
        raise InvalidInput(f"{str(value)[:40]!r} is too large", field="amount") from error


def _number_alone(text: str) -> str:
    """An amount without the currency that stands before or behind its number."""
    found = _MONEY.fullmatch(text)
    if found is None or not (found["code"] or found["after"]):
        return text
    return f"{found['sign']}{found['number']}{found['end']}".strip()


def currency_of(value: object, otherwise: str) -> str:
    """The currency in an amount's cell, otherwise ``otherwise``.

    Raises ``InvalidInput`` for a sign that several currencies have, none of which is ``otherwise``.
    """
    found = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    name = None if found is None else found["code"] or found["after"]
    if name in SHARED:
        if otherwise in SHARED[name]:
            return otherwise
        one, *_ = SHARED[name]
        raise InvalidInput(
            f"{str(value)[:40]!r} names its currency by a sign that several have; say which: --currency {one}",
            field="currency",
        )
    return otherwise if name is None else _SYMBOLS.get(name, name)


def _amount_text(value: str, decimal: str) -> Decimal:
    body = _number_alone(value.strip())
    negative = body.startswith(("-", "\u2212", "(")) or body.endswith("-")
    body = body.strip("()+-\u2212 \u00a0")
    if _SCIENTIFIC.fullmatch(body) or re.fullmatch(r"\d+(\.\d+)?[eE]-\d+", body):
        found = Decimal(body)
    elif decimal == "." and (_PLAIN.fullmatch(body) or _POINT.fullmatch(body)):
        found = Decimal(re.sub(r"[,' \u00a0\u202f\u2019]", "", body))
    elif decimal == "," and _COMMA.fullmatch(body):
        found = Decimal(re.sub(r"[.' \u00a0\u202f\u2019]", "", body).replace(",", "."))
    else:
        advice = "its decimal mark is a comma? Say decimal: ',' in the mapping" if "," in body else "a plain number?"
        raise InvalidInput(f"{value[:40]!r} is no amount with the decimal mark {decimal!r} ({advice})", field="amount")
    return -found if negative else found


TRUE = ("1", "true", "yes", "y", "t", "fraud", "fraudulent")
FALSE = ("0", "false", "no", "n", "f", "legit", "legitimate", "genuine", "clean", "not fraud")


def truth(value: object) -> bool:
    """A cell as true or false: 1, 1.0, true, yes, fraud and their opposites, in any case."""
    spelled = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().casefold()
    spelled = re.sub(r"^([01])\.0+$", r"\1", spelled)
    if spelled in TRUE:
        return True
    if spelled in FALSE:
        return False
    raise InvalidInput(
        f"{str(value)[:40]!r} is neither fraud ({', '.join(TRUE)}) nor clean ({', '.join(FALSE)})", field="fraud"
    )


def scalar(value: object) -> str | int | float | bool:
    """A cell as an attribute: a number where it is one exactly as it stands, else text."""
    if isinstance(value, (bool, int, float, Decimal)):
        return _numeric(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    found = value.strip() if isinstance(value, str) else _other_text(value)
    if found.casefold() in ("true", "false"):
        return found.casefold() == "true"
    if number := _NUMBER.fullmatch(found):
        return float(found) if number[2] else int(found)
    return found[:1024]


def _numeric(value: bool | int | float | Decimal) -> str | int | float | bool:
    if isinstance(value, bool):
        return value
    number = float(value)
    if not math.isfinite(number) or abs(number) >= EXACT_DOUBLE:
        return repr(number) if isinstance(value, float) else str(value)
    return value if isinstance(value, int) else number
