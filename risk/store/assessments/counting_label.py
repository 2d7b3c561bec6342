"""Which label of an event counts, in SQL, as ``risk.domain.label_precedence`` says it.

Every query that asks whether an event was fraud uses ``fraud_of``, for one event after the other, or
``counting_labels``, for all of them at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal_column, select
from sqlalchemy.dialects.postgresql import dialect, distinct_on

from risk.store.db.tables import labels

_C = labels.c
_NOW: ColumnElement[datetime] = func.now()
LAST_FIRST: tuple[ColumnElement[Any], ...] = (_C.known_at.desc(), _C.sequence.desc())
"""The last known first; of several known at the same moment, the last received."""


def is_known(now: Any = _NOW) -> ColumnElement[bool]:
    """Whether a label is known at ``now``. One that is not yet says nothing."""
    known: ColumnElement[bool] = _C.known_at <= now
    return known


def fraud_of(event_id: ColumnElement[Any], now: Any = _NOW) -> ScalarSelect[bool]:
    """Whether the event was fraud by the label that counts at ``now``; null if there is none. Looked up by an index."""
    counting = select(_C.fraud).where(_C.event_id == event_id, _C.withdrawn_at.is_(None), is_known(now))
    return counting.order_by(*LAST_FIRST).limit(1).correlate_except(labels).scalar_subquery()


def fraud_sql(event_id: str, now: str = "now()") -> str:
    """``fraud_of`` as text, for a query that is text: both are SQL, such as the name of a column or a parameter."""
    query = fraud_of(literal_column(event_id), literal_column(now))
    return str(query.compile(dialect=dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]


def counting_labels(now: Any = _NOW) -> Select[Any]:
    """The one label of each event that counts at ``now``: event_id, fraud, known_at."""
    return (
        select(_C.event_id, _C.fraud, _C.known_at)
        .ext(distinct_on(_C.event_id))
        .where(_C.withdrawn_at.is_(None), is_known(now))
        .order_by(_C.event_id, *LAST_FIRST)
    )
