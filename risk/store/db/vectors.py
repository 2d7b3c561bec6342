"""pgvector's ``vector`` type without numpy: lists of floats in, text out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


def literal_of(values: Sequence[float]) -> str:
    """A vector as pgvector writes it: ``[0.1,0.2]``."""
    return f"[{','.join(map(repr, map(float, values)))}]"


class Vector(UserDefinedType[Sequence[float]]):
    """A vector of any length; only vectors of the same model and length are compared."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The name of the type in SQL."""
        return "vector"

    def bind_processor(self, _dialect: Any) -> Callable[[Sequence[float] | None], str | None]:
        """Write a vector."""
        return lambda values: None if values is None else literal_of(values)

    def result_processor(self, _dialect: Any, _coltype: object) -> Callable[[str | None], list[float] | None]:
        """Read a vector."""
        return lambda text: None if text is None else [float(part) for part in text.strip("[]").split(",")]


ischema_names["vector"] = Vector  # so that a database is read with it
