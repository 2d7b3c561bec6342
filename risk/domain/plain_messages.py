"""What a validator complains of, in words for whoever filled in the field: no types of Python, no patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NUMBER = "must be a number"
_WHOLE = "must be a whole number"
_TEXT = "must be text"
_OBJECT = "must be an object"
_LIST = "must be a list"
_TIME = "must be an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z"
_DATE = "must be a date, such as 2026-01-31"
_CHOICE = "must be {expected}"
_INVALID = "is not valid"

_SENTENCES: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this request",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "none_required": "must be null",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "has a form or characters that are not allowed here",
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "decimal_whole_digits": "must have at most {whole_digits} digits before the point",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_object_invalid": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": "must say its time zone, such as 2026-01-31T09:30:00Z",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "union_tag_invalid": "must have {discriminator} be one of {expected_tags}",
    "union_tag_not_found": "must have {discriminator}",
}
_OWN = frozenset({"value_error", "assertion_error", "field", "attributes", "json_invalid"})
"""Errors whose words are the model's own."""


def is_own(error: Mapping[str, Any]) -> bool:
    """Whether the words of one of Pydantic's errors are the model's own."""
    return error["type"] in _OWN


def predicate(error: Mapping[str, Any]) -> str:
    """What is said of the field: ``must be a whole number``; the model's own words where it has some."""
    if is_own(error):
        return str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in ("string_too_short", "too_short") and context.get("min_length") == 1:
        return "must not be empty"
    return _SENTENCES.get(kind, _INVALID).format_map(context)
