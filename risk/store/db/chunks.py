"""Long results in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_


def chunks(
    connection: Connection, query: Select[Any], key: Sequence[ColumnElement[Any]], size: int
) -> Iterator[Sequence[Row[Any]]]:
    """The rows of ``query``, highest ``key`` first, at most ``size`` at a time.

    ``key`` are selected columns that identify a row. Each chunk is a query by itself: a server-side cursor would
    pin its connection in RDS Proxy.
    """
    ordered = query.order_by(*(column.desc() for column in key)).limit(size)
    found: Sequence[Row[Any]] = connection.execute(ordered).all()
    while found:
        yield found
        if len(found) < size:
            return
        last = tuple(found[-1]._mapping[column] for column in key)
        found = connection.execute(ordered.where(tuple_(*key) < last)).all()
