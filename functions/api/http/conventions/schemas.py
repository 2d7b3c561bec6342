"""Schemas every resource shares: pages, problems, input base class."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Item = TypeVar("Item")

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^[^\x00]*$")]


def _no_text(value: object) -> object:
    if isinstance(value, str | bool):
        raise ValueError("must be a whole number, not text")
    return value


# After the bounds, which the schema would not show otherwise. In JSON 3.0 is an integer, "3" is not.
WHOLE = BeforeValidator(_no_text)


class Input(BaseModel):
    """Base of request schemas: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldError(BaseModel):
    """What is wrong with one field; ``field`` is a dotted path such as ``3.amount``.

    ``line`` and ``column``, from 1, are given when the field is an expression.
    """

    field: str
    detail: str
    line: int | None = None
    column: int | None = None


class Problem(BaseModel):
    """Any error, as RFC 9457 defines it. Programs match on ``type``; ``request_id`` finds it in the logs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:problem:conflict",
                    "title": "The request conflicts with the present state",
                    "status": 409,
                    "detail": "the alert is resolved; from there it can become open, not acknowledged",
                    "instance": "/api/v1/alerts/0f6c9d3e-6f0b-4f6e-9a49-6c5d1c3b7e10/acknowledge",
                    "request_id": "JKJaXmPLvHcESHA=",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = None


class Page(BaseModel, Generic[Item]):
    """A page of a list; ``next_cursor`` asks for the next page and is null on the last."""

    items: list[Item]
    next_cursor: str | None
