"""What each field of an event or a label may be, and the one form it is brought into.

The one place that says so: REST, Kinesis, Kafka and files all pass through these types, and nothing behind them
(Postgres, Valkey, JSON, a browser) is narrower. A validator raises with what came; ``risk.domain.refusals`` makes a
sentence of it, with what is allowed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache
from ipaddress import IPv6Address, ip_address
from socket import AF_INET, inet_ntop, inet_pton
from typing import Annotated, Any

import pycountry
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from risk.domain.historic_currencies import HISTORIC_CURRENCIES

ID_LENGTH, SENDER_ID_LENGTH, WORD_LENGTH, TEXT_LENGTH = 128, 64, 64, 1024
AMOUNT_DIGITS, AMOUNT_PLACES = 15, 6
MAX_ATTRIBUTES = 64
MAX_ATTRIBUTES_BYTES = 8 * 1024
MAX_ATTRIBUTES_DEPTH = 4
MAX_ATTRIBUTE_LIST = 256
MAX_WHOLE = 2**53
EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

Scalar = bool | int | float | str | None
"""The value of an attribute that is neither an object nor a list."""

# Unicode's Default_Ignorable_Code_Point, and the Braille blank: invisible, or look like a space.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"\s*[+-]?[\d.]+(e[+-]?\d+)?\s*", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_CURRENCY = re.compile(r"[A-Z][A-Z0-9]{2,11}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z][A-Z0-9]", re.ASCII)
_PRINTABLE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
_STEP = Decimal(1).scaleb(-AMOUNT_PLACES)
_AMOUNT_END = Decimal(10) ** AMOUNT_DIGITS
_NO_OFFSET = timedelta(0)


def refused(came: str) -> PydanticCustomError:
    """An error about the value that came: the second half of a sentence that begins with what is allowed."""
    return PydanticCustomError("field", "{came}", {"came": came})


def named(character: str) -> str:
    """A character by code point and name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def visible(text: str, longest: int) -> str:
    """``text`` trimmed and in NFC; refused if it is empty, too long, or has invisible characters."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if not text:
        raise refused("it is blank")
    if len(text) > longest:
        raise refused(f"it has {len(text)} characters")
    if not (text.isascii() and text.isprintable()):
        hidden = next((character for character in text if _is_hidden(character)), None)
        if hidden is not None:
            raise refused(f"it holds the invisible character {named(hidden)}")
    return text


def _is_hidden(character: str) -> bool:
    """Whether ``character`` is invisible, or looks like a space without being one."""
    if character == " ":
        return False
    return unicodedata.category(character) in _HIDDEN or _IGNORABLE.match(character) is not None


def identifier(text: str) -> str:
    """The normal form of an account, counterparty or device id."""
    return visible(text, ID_LENGTH)


def word(text: str) -> str:
    """The normal form of a name: a channel, a source, an attribute key."""
    return visible(text, WORD_LENGTH)


def address(text: str) -> str:
    """The normal form of an IP address: mapped IPv4 becomes IPv4; zones are refused."""
    try:
        return inet_ntop(AF_INET, inet_pton(AF_INET, text))  # ten times as fast, and most addresses are IPv4
    except (OSError, ValueError):
        pass
    try:
        found = ip_address(text)
    except ValueError:
        raise refused(f"it was {shown(text)}") from None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            raise refused(f"it has the zone %{safe_text(found.scope_id, 20)}, which means nothing elsewhere")
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
    return str(found)


def currency(text: str) -> str:
    """The normal form of a currency code. Codes unknown to ISO 4217 are kept: see ``is_known_currency``."""
    code = text.strip()
    if code.upper() in _currencies():
        return code.upper()
    if not _CURRENCY.fullmatch(code):
        raise refused(f"it was {shown(text)}")
    return code


def country(text: str) -> str:
    """The normal form of a country code. Codes unknown to ISO 3166 are kept: see ``is_known_country``."""
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise refused(f"it was {shown(text)}")
    return code


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies) | HISTORIC_CURRENCIES


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries) | {"XK"}


def is_known_currency(code: str, registered: frozenset[str] = frozenset()) -> bool:
    """Whether ``code`` is or was in ISO 4217, or is ``registered`` here."""
    return code in _currencies() or code in registered


def is_known_country(code: str) -> bool:
    """Whether ``code`` is in ISO 3166-1, or is Kosovo's XK as banks and SWIFT use it."""
    return code in _countries()


def unknown_codes(currency: str | None, country: str | None) -> list[str]:
    """A sentence for each code that no standard has: such a code is kept, and said, for it may be mistyped."""
    said = []
    if currency is not None and not is_known_currency(currency):
        said.append(f"currency {currency} is not in ISO 4217; it is kept, and its amounts count at par")
    if country is not None and not is_known_country(country):
        said.append(f"country {country} is not in ISO 3166-1; it is kept")
    return said


def amount(value: object) -> Decimal:
    """The normal form of an amount: exact, rounded half to even to six decimals, without exponent."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise refused(f"it was {shown(value)}")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip()):
        raise refused(f"it was {shown(value)}")
    try:
        # The shortest decimal of a float is what was meant: 0.1 + 0.2 arrives as 0.30000000000000004.
        found = Decimal(repr(value) if isinstance(value, float) else value)
        if not found.is_finite() or found < 0 or found >= _AMOUNT_END:
            raise refused(f"it was {shown(value)}")
        rounded = found.quantize(_STEP, ROUND_HALF_EVEN)
    except (InvalidOperation, ValueError):
        raise refused(f"it was {shown(value)}") from None
    if rounded >= _AMOUNT_END:
        raise refused(f"it was {shown(value)}")
    return Decimal(_plain(abs(rounded)))


def _plain(value: Decimal) -> str:
    whole, _, places = f"{value:f}".partition(".")
    return f"{whole}.{places}" if (places := places.rstrip("0")) else whole


def _as_text(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        raise refused(f"it was {shown(value)}, which could count seconds or milliseconds")
    return value


def utc(value: datetime) -> datetime:
    """The same moment in UTC; refused if its year is not 1 to 9999."""
    if value.utcoffset() == _NO_OFFSET:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise refused(f"it was {value.isoformat()}, which cannot be expressed in UTC") from None


def _not_before_earliest(value: datetime) -> datetime:
    if value < EARLIEST:
        raise refused(f"it was {value.isoformat()}")
    return value


def scalar(value: object) -> Scalar:
    """An attribute value that Postgres, JSON and browsers can hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_WHOLE:
            raise refused(f"it was a whole number beyond 2^53 ({shown(value)}); send it as text")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise refused(f"it was {value}")
        return value
    if not isinstance(value, str):
        raise refused(f"it was {shown(value)}")
    if len(value) > TEXT_LENGTH:
        raise refused(f"it has {len(value)} characters")
    if found := _UNSTORABLE.search(value):
        raise refused(f"it holds the control character {named(found[0])}")
    return value


def attributes(value: object) -> dict[str, Any]:
    """The normal form of attributes: visible names, storable values, nested at most 4 deep, 64 keys and 8 KB in all."""
    if not isinstance(value, dict):
        raise refused(f"it was {shown(value)}")
    if not value:
        return {}
    return _Attributes().members(value, (), 1)


class _Attributes:
    """What attributes amount to while they are looked through."""

    def __init__(self) -> None:
        self._keys = self._size = 0

    def members(self, given: dict[Any, Any], path: tuple[str, ...], depth: int) -> dict[str, Any]:
        """The normal form of an object that stands at ``path``."""
        kept: dict[str, Any] = {}
        self._keys += len(given)
        if self._keys > MAX_ATTRIBUTES:
            raise refused(f"it has {'' if depth == 1 else 'with those nested in it '}{self._keys} keys")
        for key, item in given.items():
            if not isinstance(key, str):
                raise refused(f"it has the key {shown(key)}")
            try:
                name = word(key)
                if name in kept:
                    raise refused("it is there twice")
                self._grow(len(name.encode()))
            except PydanticCustomError as error:
                raise _at((*path, key), error) from None
            kept[name] = self._value(item, (*path, key), depth)
        return kept

    def _value(self, item: object, path: tuple[str, ...], depth: int) -> Any:
        if not isinstance(item, dict | list):
            try:
                found = scalar(item)
                self._grow(len(str(item).encode()))
            except PydanticCustomError as error:
                raise _at(path, error) from None
            return found
        if depth >= MAX_ATTRIBUTES_DEPTH:
            raise _at(path, refused(f"it is nested more than {MAX_ATTRIBUTES_DEPTH} deep"))
        if isinstance(item, dict):
            return self.members(item, path, depth + 1)
        if len(item) > MAX_ATTRIBUTE_LIST:
            raise _at(path, refused(f"it is a list of {len(item)}"))
        return [self._value(one, path, depth + 1) for one in item]

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_ATTRIBUTES_BYTES:
            raise PydanticCustomError(
                "attributes", "{came}", {"came": f"it has more than {MAX_ATTRIBUTES_BYTES} bytes"}
            )


def _at(path: tuple[str, ...], error: PydanticCustomError) -> PydanticCustomError:
    """The error, of the attribute at ``path``; one about all of them stays as it is."""
    context = error.context or {}
    came = str(context.get("came", error.message()))
    if error.type == "attributes" or "key" in context:
        return error
    key = ".".join(safe_text(name, WORD_LENGTH) for name in path)
    return PydanticCustomError("field", "{came}", {"came": came, "key": key})


def as_stored(value: Any) -> Any:
    """Attributes as they were sent: Postgres writes 1e16 out, which then reads as an integer."""
    if isinstance(value, dict):
        return {key: as_stored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_stored(item) for item in value]
    return float(value) if isinstance(value, int) and abs(value) > MAX_WHOLE else value


def safe_text(text: str, longest: int) -> str:
    """``text`` in storable form: what cannot be stored is escaped; cut to ``longest``."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    escaped = _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", cut)
    return _IGNORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def shown(value: object) -> str:
    """The received value, quoted for a message."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_WHOLE:
        return f"a number of about {int(value.bit_length() * 0.30103) + 1} digits"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return f'"{safe_text(value, 60)}"'
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return safe_text(str(value), 60)


def text_schema(longest: int) -> WithJsonSchema:
    """The JSON schema of visible text of at most ``longest`` characters."""
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": longest, "pattern": _PRINTABLE})


Identifier = Annotated[str, AfterValidator(identifier), text_schema(ID_LENGTH)]
Word = Annotated[str, AfterValidator(word), text_schema(WORD_LENGTH)]
Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(utc)]
"""A timestamp with its zone, as text: a number could be seconds or milliseconds since who knows when."""
Timestamp = Annotated[Moment, AfterValidator(_not_before_earliest)]
Amount = Annotated[
    Decimal,
    BeforeValidator(amount),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": 10**AMOUNT_DIGITS},
                {"type": "string", "pattern": rf"^\d{{1,{AMOUNT_DIGITS}}}(\.\d+)?$"},
            ]
        },
        mode="validation",
    ),
]
Currency = Annotated[
    str, AfterValidator(currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9]{2,11}$"})
]
Country = Annotated[str, AfterValidator(country), WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9]$"})]
Address = Annotated[
    str, AfterValidator(address), WithJsonSchema({"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]})
]
_SCALARS = ("boolean", "integer", "number", "null")
_ATTRIBUTES_SCHEMA = WithJsonSchema(
    {
        "type": "object",
        "maxProperties": MAX_ATTRIBUTES,
        "propertyNames": {"minLength": 1, "maxLength": WORD_LENGTH, "pattern": _PRINTABLE},
        "additionalProperties": {
            "anyOf": [
                *({"type": name} for name in _SCALARS),
                {"type": "string", "maxLength": TEXT_LENGTH},
                {"type": "array", "items": {}, "maxItems": MAX_ATTRIBUTE_LIST},
                {"type": "object", "additionalProperties": True},
            ]
        },
    }
)
Attributes = Annotated[dict[str, Any], PlainValidator(attributes), _ATTRIBUTES_SCHEMA]
StoredAttributes = Annotated[dict[str, Any], PlainValidator(as_stored), _ATTRIBUTES_SCHEMA]
"""Attributes that were accepted once: they are shown, whatever is accepted now."""
