"""Queries for labels and for quality measured by them. The engine alone writes labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg
from pydantic import BaseModel
from sqlalchemy import CTE, Connection, Date, Uuid, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import OperationalError

from risk.domain.assessment import LEVELS
from risk.domain.errors import InvalidInput
from risk.domain.event_ids import EventId, EventIdField, EventSource
from risk.monitoring.precision_recall import HitCount, JudgedCount, Quality, report
from risk.rules.evaluator import Mode
from risk.store.assessments.counting_label import LAST_FIRST, counting_labels, is_known
from risk.store.db.tables import alert_events, assessment_keys, assessments, labels, rule_hits, rules

"""How long each query of a report may take: they are asked for by a Lambda that has 15 s."""


class StoredLabel(BaseModel):
    """A label of an event by ``source``; ``received_at`` is when the engine received it."""

    event_source: EventSource
    event_id: EventIdField
    fraud: bool
    known_at: datetime
    source: str
    received_at: datetime


def of_event(connection: Connection, event: EventId) -> list[StoredLabel]:
    """Every label of an event that was not withdrawn, the one that counts first."""
    c = labels.c
    query = (
        select(c.fraud, c.known_at, c.source, c.received_at)
        .where(c.event_id == event.key, c.withdrawn_at.is_(None))
        .order_by(is_known().desc(), *LAST_FIRST)
    )
    of = {"event_source": event.source, "event_id": event}
    return [StoredLabel.model_validate(row._asdict() | of) for row in connection.execute(query)]


def of_events(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Whether each of these events is a fraud, by the label that counts; without those that have none."""
    of_these = labels.c.event_id == any_(literal(list(event_ids), ARRAY(Uuid)))
    rows = connection.execute(counting_labels().where(of_these))
    return {row.event_id: row.fraud for row in rows}


def accounts_of(connection: Connection, event_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The account of each of these events that is scored."""
    keys, c = assessment_keys.c, assessments.c
    rows = connection.execute(
        select(keys.event_id, c.account_id)
        .join(assessments, (c.event_id == keys.event_id) & (c.scored_at == keys.scored_at))
        .where(keys.event_id == any_(literal(list(event_ids), ARRAY(Uuid))))
    )
    return {row.event_id: row.account_id for row in rows}


def events_of_alerts(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[EventId, str]]:
    """By alert its events that are stored, in order of their ids, each with its account."""
    e, keys, a = alert_events.c, assessment_keys.c, assessments.c
    rows = connection.execute(
        select(e.alert_id, e.event_id, a.sender_event_id, a.event_source, a.account_id)
        .join(assessment_keys, keys.event_id == e.event_id)
        .join(assessments, (a.event_id == keys.event_id) & (a.scored_at == keys.scored_at))
        .where(e.alert_id == any_(literal(list(ids), ARRAY(Uuid))), e.suppressed.is_(False))
        .order_by(e.event_id)
    )
    found: dict[UUID, dict[EventId, str]] = {alert_id: {} for alert_id in ids}
    for alert_id, event_id, text, source, account_id in rows:
        found[alert_id][EventId.stored(event_id, text, source)] = account_id
    return found


def newest_labels(now: datetime) -> CTE:
    """The one label of each event that counts: the last known by ``now``, of several the last received."""
    return counting_labels(now).cte("newest")


def _judged_counts(connection: Connection, since: datetime, until: datetime, now: datetime) -> list[JudgedCount]:
    """Events that occurred from ``since`` until before ``until``, counted by day (UTC), scorer, level and label."""
    c, newest = assessments.c, newest_labels(now)
    day = cast(func.timezone("UTC", c.occurred_at), Date).label("day")
    by = (day, c.scorer, c.level, newest.c.fraud)
    rows = connection.execute(
        select(*by, func.count())
        .select_from(assessments)
        .outerjoin(newest, newest.c.event_id == c.event_id)
        .where(c.occurred_at >= since, c.occurred_at < until)
        .group_by(*by)
    )
    return [JudgedCount(day, scorer, LEVELS[level], fraud, count) for day, scorer, level, fraud, count in rows]


def _hit_counts(connection: Connection, since: datetime, until: datetime, now: datetime) -> list[HitCount]:
    """Live hits on events that occurred from ``since`` until before ``until``, counted by rule and label."""
    c, h, newest = assessments.c, rule_hits.c, newest_labels(now)
    by = (h.rule_id, rules.c.name, newest.c.fraud)
    rows = connection.execute(
        select(*by, func.count())
        .select_from(rule_hits)
        .join(rules, rules.c.id == h.rule_id)
        .join(assessments, (c.event_id == h.event_id) & (c.scored_at == h.scored_at))
        .outerjoin(newest, newest.c.event_id == h.event_id)
        .where(h.mode == Mode.LIVE, c.occurred_at >= since, c.occurred_at < until)
        .group_by(*by)
    )
    return [HitCount(*row) for row in rows]


@contextmanager
def bounded(*, field: str) -> Iterator[None]:
    """Reads inside are bounded by the statement timeout; beyond it, ``InvalidInput`` of ``field``."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            detail = "there are more events than can be counted in time; ask for a shorter span"
            raise InvalidInput(detail, field=field) from error
        raise


def quality(connection: Connection, since: datetime, until: datetime, now: datetime) -> Quality:
    """The quality of assessments of the events from ``since`` until before ``until``, by the labels known now.

    ``InvalidInput`` if they are more than can be counted in time.
    """
    with bounded(field="from"):
        counts = _judged_counts(connection, since, until, now)
        hits = _hit_counts(connection, since, until, now)
    return report(counts, hits, as_of=now, since=since, until=until)
