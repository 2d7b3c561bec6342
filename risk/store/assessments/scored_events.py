"""Past scored events with their features, for backtests and previews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection, func, select

from risk.domain.assessment import LEVELS
from risk.domain.event_ids import EventId
from risk.features.catalog import BUILT_IN, FEATURE_SET, FIRST_FEATURE_SET, Catalog, from_stored
from risk.rules.backtest import Past
from risk.rules.effects import StoredEffect
from risk.store.assessments.counting_label import fraud_sql
from risk.store.assessments.defined_values import DefinedValues, StoredValues
from risk.store.db.engine import driver
from risk.store.db.tables import assessment_counts

_CHUNK = 2_000
# The label is looked up by index for each row: the labels are many more than the rows wanted.
_QUERY = """
    SELECT event_id, sender_event_id, event_source,
           event_type, occurred_at, account_id, counterparty_id, amount::float8 AS amount, currency, channel,
           device_id, host(ip) AS ip, country, attributes, features, definition_set, defined, score, level,
           scored_at, sequence,
           {fraud} AS fraud,
           base_score, family, amount_flow,
           (SELECT jsonb_object_agg(h.rule_id, jsonb_build_array(coalesce(v.points, 0), v.min_level, r.name))
            FROM rule_hits h JOIN rules r ON r.id = h.rule_id
            JOIN rule_versions v ON v.rule_id = h.rule_id AND v.version = h.rule_version
            WHERE h.event_id = assessments.event_id AND h.mode = 'live') AS effects
    FROM assessments
    WHERE feature_set BETWEEN %(first_set)s AND %(last_set)s
      AND (%(since)s::timestamptz IS NULL OR scored_at >= %(since)s)
      AND (%(until)s::timestamptz IS NULL OR scored_at < %(until)s)
      AND (%(before)s::bigint IS NULL OR sequence < %(before)s)
    ORDER BY sequence DESC
    LIMIT %(limit)s
""".replace("{fraud}", fraud_sql("assessments.event_id"))


def read(
    connection: Connection,
    *,
    since: datetime | None,
    until: datetime | None,
    before: int | None = None,
    limit: int,
    catalog: Catalog = BUILT_IN,
) -> Iterator[Past]:
    """At most ``limit`` events scored from ``since`` until before ``until``, last scored first.

    ``before`` is the sequence of an event: only those before it, to go on where another part ended.

    Only those whose features can be read as the present set. They come in chunks, however many there are, with vectors
    in the order of ``catalog``.
    """
    of_users = DefinedValues(connection, catalog)
    with driver(connection).cursor(row_factory=dict_row) as cursor:
        set_json_loads(orjson.loads, cursor)
        sets = {"first_set": FIRST_FEATURE_SET, "last_set": FEATURE_SET}
        while limit > 0:
            wanted = min(limit, _CHUNK)  # one query per chunk: a cursor would pin its connection in RDS Proxy
            given = sets | {"since": since, "until": until, "before": before, "limit": wanted}
            found = cursor.execute(_QUERY, given, binary=True).fetchall()
            values = of_users.of(
                [StoredValues(row["sequence"], row.pop("definition_set"), row.pop("defined")) for row in found]
            )
            for row, defined in zip(found, values, strict=True):
                before = row["sequence"]
                yield _past(row, defined)
            if len(found) < wanted:
                return
            limit -= wanted


def scored(connection: Connection, *, since: datetime | None, until: datetime | None) -> int:
    """How many events were scored from ``since`` until before ``until``, to the minute."""
    c = assessment_counts.c
    query = select(func.coalesce(func.sum(c.count), 0))
    query = query if since is None else query.where(c.minute >= func.date_trunc("minute", since))
    query = query if until is None else query.where(c.minute < until)
    return int(connection.scalar(query) or 0)


def _past(row: dict[str, Any], defined: Sequence[float]) -> Past:
    vector = [*from_stored(row.pop("features")), *defined]
    level = LEVELS[row["level"]]
    effects = {
        UUID(rule_id): StoredEffect(points, None if rank is None else LEVELS[rank], name)
        for rule_id, (points, rank, name) in (row.pop("effects") or {}).items()
    }
    return Past(
        EventId.stored(row["event_id"], row.pop("sender_event_id"), row.pop("event_source")),
        row,
        vector,
        row["score"],
        level,
        row["scored_at"],
        row["fraud"],
        row["sequence"],
        row["base_score"],
        effects,
    )
