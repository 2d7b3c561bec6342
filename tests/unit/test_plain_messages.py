"""What validators say reaches screens as plain sentences, whatever kind of error it is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import _pydantic_core

from functions.api.http.conventions.problems import field_errors
from risk.domain.plain_messages import is_own, predicate

MACHINERY = ("Input", "input", "should", "pydantic", "pattern", "^[", "parse", "instance", "dictionary", "None")
KINDS: list[dict[str, Any]] = getattr(_pydantic_core, "list_all_errors")()  # noqa: B009


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["type"])
def test_no_kind_of_error_speaks_of_the_validator(kind: dict[str, Any]) -> None:
    error = {"type": kind["type"], "msg": kind["example_message_python"], "ctx": kind.get("example_context")}
    if not is_own(error):
        said = predicate(error)
        assert not [word for word in MACHINERY if word in said], said


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=5, pattern=r"^[a-z]*$")] = "a"
    rate: Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2)] = Decimal(1)
    count: Annotated[int, Field(ge=1, le=10)] = 1
    share: float = 0.5
    on: bool = True
    colour: Colour = Colour.RED
    kind: Literal["a", "b"] = "a"
    days: list[date] = Field(default=[], max_length=1)
    at: datetime | None = None
    id: UUID | None = None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"name": ""}, "name must not be empty"),
        ({"name": "abcdef"}, "name must have at most 5 characters"),
        ({"name": "A"}, "name has a form or characters that are not allowed here"),
        ({"name": 1}, "name must be text"),
        ({"rate": 0}, "rate must be greater than 0"),
        ({"rate": "0.001"}, "rate must have at most 2 decimal places"),
        ({"rate": "much"}, "rate must be a number"),
        ({"count": 1.5}, "count must be a whole number"),
        ({"count": 0}, "count must be at least 1"),
        ({"count": 11}, "count must be at most 10"),
        ({"share": "half"}, "share must be a number"),
        ({"on": "maybe"}, "on must be true or false"),
        ({"colour": "green"}, "colour must be 'red' or 'blue'"),
        ({"kind": "c"}, "kind must be 'a' or 'b'"),
        ({"days": ["soon"]}, "days.0 must be a date, such as 2026-01-31"),
        ({"days": ["2026-01-01", "2026-01-02"]}, "days must have at most 1 entries"),
        ({"at": "now"}, "at must be an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z"),
        ({"id": "x"}, "id must be a UUID"),
        ({"colur": "red"}, "colur is not a field of this request"),
    ],
)
def test_a_field_is_told_what_it_must_be(value: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(value)
    assert [each.detail for each in field_errors(refused.value.errors())] == [said]
