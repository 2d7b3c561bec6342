"""Profiles as of a watermark: complete up to one sequence, with nothing after it.

The assessments after the watermark are the redo log: ``events_after`` gives them in the order in which
they were scored, so that a new engine has exactly the profiles of the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.label_precedence import Said, counting_label
from risk.features.catalog import FEATURE_SET
from risk.features.profiles.observation import Learned, Observation, Outcome
from risk.store.db.engine import driver
from risk.store.db.tables import profile_watermark, profiles

ACCOUNT = "account"
COUNTERPARTY = "counterparty"

Key = tuple[str, str]
"""(``ACCOUNT`` or ``COUNTERPARTY``, id), or the kind of a definition's key and its value."""

_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged_profiles (LIKE profiles) ON COMMIT DELETE ROWS"
_EMPTY = "DELETE FROM staged_profiles"
_MERGE = (
    "INSERT INTO profiles SELECT * FROM staged_profiles ON CONFLICT (kind, key) DO UPDATE SET state = excluded.state"
)


def load(connection: Connection, keys: Sequence[Key]) -> dict[Key, bytes]:
    """The stored states of those of ``keys`` that have one."""
    rows = driver(connection).execute(
        "SELECT kind, key, state FROM profiles "
        "JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, key) USING (kind, key)",
        [[kind for kind, _ in keys], [key for _, key in keys]],
    )
    return {(kind, key): state for kind, key, state in rows}


def save(connection: Connection, states: Mapping[Key, bytes], sequence: int) -> None:
    """Store ``states`` and say that with them the profiles hold everything up to ``sequence``."""
    with driver(connection).cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute(_EMPTY)  # what an earlier call staged in this transaction
        with cursor.copy("COPY staged_profiles (kind, key, state) FROM STDIN") as copy:
            for (kind, key), state in states.items():
                copy.write_row((kind, key, state))
        cursor.execute(_MERGE)
    now = {"sequence": sequence, "feature_set": FEATURE_SET}
    connection.execute(
        upsert(profile_watermark)
        .values(id=1, **now)
        .on_conflict_do_update(index_elements=[profile_watermark.c.id], set_=now)
    )


def watermark(connection: Connection) -> int:
    """The sequence up to which the stored profiles hold everything; profiles for other features hold nothing."""
    row = connection.execute(select(profile_watermark)).one_or_none()
    if row is None:
        return 0
    if row.feature_set == FEATURE_SET:
        return int(row.sequence)
    connection.execute(delete(profiles))
    connection.execute(delete(profile_watermark))
    return 0


def find_events(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:
    """The observations of those of these events that are stored."""
    rows = driver(connection).execute(
        "SELECT event_id, event_type, occurred_at, account_id, counterparty_id, amount, currency, device_id, country, "
        "family, amount_flow "
        "FROM assessment_keys JOIN assessments USING (event_id, scored_at) WHERE event_id = ANY(%s)",
        [list(event_ids)],
    )
    return {event_id: _observation(*rest) for event_id, *rest in rows}


def find_labels(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, list[StoredLabel]]:
    """The labels of those of these events that have some, in the order received."""
    rows = driver(connection).execute(
        "SELECT event_id, known_at, source, fraud, account_id IS NOT NULL, sequence, withdrawn_sequence "
        "FROM labels WHERE event_id = ANY(%s) ORDER BY sequence",
        [list(event_ids)],
    )
    found: dict[UUID, list[StoredLabel]] = {}
    for event_id, known_at, source, fraud, learnt, sequence, withdrawn in rows:
        found.setdefault(event_id, []).append(StoredLabel(Said(known_at, source, fraud), learnt, sequence, withdrawn))
    return found


class StoredLabel(NamedTuple):
    """A label: whether profiles learnt it (its event was scored before), and its place in the order of all records."""

    said: Said
    learnt: bool
    sequence: int
    withdrawn_sequence: int | None = None


def said_until(labels: Iterable[StoredLabel], sequence: int | None = None) -> list[Said]:
    """The labels that profiles learnt of one event up to ``sequence``, or all, in the order received."""
    found: list[tuple[int, Said]] = []
    for label in labels:
        if label.learnt:
            found.append((label.sequence, label.said))
            if label.withdrawn_sequence is not None:
                found.append((label.withdrawn_sequence, label.said._replace(withdrawn=True)))
    return [said for at, said in sorted(found, key=lambda each: each[0]) if sequence is None or at <= sequence]


def outcome_of(said: Iterable[Said]) -> Outcome | None:
    """The outcome passed to profiles for an event with the labels ``said``, in the order received."""
    counting = counting_label(said)
    return None if counting is None else Outcome(int(counting.known_at.timestamp()), counting.fraud)


class Met(NamedTuple):
    """An event or a label that profiles met: what there was to see of the event, its fields, what was learnt of it."""

    sequence: int
    observation: Observation
    event: Mapping[str, Any]
    label: Learned | None
    vector: Sequence[float | None] | None = None


def met_after(
    connection: Connection, sequence: int, limit: int, *, vectors: bool = False, import_id: int | None = None
) -> list[Met]:
    """The next ``limit`` events and labels that profiles met after ``sequence``, in that order; or those of one import.

    With ``vectors`` each event has what was stored of its features, where these are of the present set. The fields of
    a label's event are left out: labels are no part of the past of a definition.
    """
    with driver(connection).cursor() as cursor:
        set_json_loads(orjson.loads, cursor)
        features = "CASE feature_set WHEN %(feature_set)s THEN features END" if vectors else "NULL::float8[]"
        only = "" if import_id is None else "AND import_id = %(import_id)s"
        wanted = {"after": sequence, "limit": limit, "feature_set": FEATURE_SET, "import_id": import_id}
        rows = cursor.execute(_MET_AFTER.format(features=features, only=only), wanted).fetchall()
        said = find_labels(connection, list({row[1] for row in rows if row[1] is not None}))
        met: list[Met] = []
        for place, labelled, channel, ip, attributes, vector, *rest in rows:
            seen = _observation(*rest)
            label, event = None, {}
            if labelled is None:
                occurred_at = rest[1]
                event = seen._asdict() | {
                    "occurred_at": occurred_at, "channel": channel, "ip": ip, "attributes": attributes,
                }  # fmt: skip
            else:
                before, now = (outcome_of(said_until(said[labelled], at)) for at in (place - 1, place))
                label = Learned(seen.account_id, seen.counterparty_id, seen.at, now, before)
            met.append(Met(place, seen, event, label, vector))
    return met


_MET_AFTER = """
    (
        SELECT sequence, NULL::uuid AS labelled, channel, host(ip), attributes, {features},
               event_type, occurred_at, account_id, counterparty_id, amount, currency, device_id, country,
               family, amount_flow
        FROM assessments WHERE sequence > %(after)s {only} ORDER BY sequence LIMIT %(limit)s
    ) UNION ALL (
        SELECT sequence, event_id, NULL, NULL, NULL, NULL, '', occurred_at, account_id, counterparty_id,
               NULL, NULL, NULL, NULL, '', ''
        FROM labels WHERE sequence > %(after)s AND account_id IS NOT NULL {only} ORDER BY sequence LIMIT %(limit)s
    ) UNION ALL (
        SELECT withdrawn_sequence AS sequence, event_id, NULL, NULL, NULL, NULL, '', occurred_at, account_id,
               counterparty_id, NULL, NULL, NULL, NULL, '', ''
        FROM labels WHERE withdrawn_sequence > %(after)s AND withdrawn_at IS NOT NULL AND account_id IS NOT NULL {only}
        ORDER BY withdrawn_sequence LIMIT %(limit)s
    ) ORDER BY sequence LIMIT %(limit)s
"""


def _observation(
    event_type: str,
    occurred_at: datetime,
    account_id: str,
    counterparty_id: str | None,
    amount: Decimal | None,
    currency: str | None,
    device_id: str | None,
    country: str | None,
    family: str,
    amount_flow: str,
) -> Observation:
    at = int(occurred_at.timestamp())
    money = None if amount is None else float(amount)
    return Observation(
        event_type, at, account_id, counterparty_id, money, currency, device_id, country, family, amount_flow
    )
