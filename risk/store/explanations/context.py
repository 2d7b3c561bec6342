"""Reads the context of an assessment, as known before its event, in a handful of indexed queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from risk.alerts.alert import Alert, Disposition
from risk.domain.assessment import LEVELS, Assessment, Reason
from risk.domain.errors import InvalidInput, NotFound
from risk.domain.event_types import SHIPPED_TYPES, EventTypes, Family
from risk.explanations.case_similarity import LEAST, similarity
from risk.explanations.context import MOST_PAST, Dossier, LabelFact, Past, PastCase, PastEvent, RuleFact, summarise
from risk.rules.evaluator import Mode
from risk.store.alerts import alerts as alert_store
from risk.store.assessments import assessments as assessment_store
from risk.store.assessments import labels as label_store
from risk.store.assessments.counting_label import fraud_sql
from risk.store.config import configurations
from risk.store.db.engine import driver
from risk.store.db.tables import alert_events, alerts, assessment_keys, assessments, rule_hits, rule_versions, rules

MOST_CASES = 3
_CANDIDATES = 40
_REASONS = TypeAdapter(list[Reason])

_FRAUD = fraud_sql("past.event_id", "%(at)s")
_PAST = """
    SELECT past.*, {fraud} AS fraud
    FROM (
        SELECT event_id, event_type, occurred_at, account_id, counterparty_id, amount, currency, device_id, country,
               level, family
        FROM assessments WHERE {column} = %(key)s AND sequence < %(sequence)s
        ORDER BY sequence DESC LIMIT %(most)s
    ) AS past
"""


def read(connection: Connection, *, event_id: UUID | None, alert_id: UUID | None) -> Dossier:
    """The context of an alert if one is named, otherwise of an event."""
    if alert_id is not None:
        return of_alert(connection, alert_id)
    if event_id is not None:
        return of_event(connection, event_id)
    raise InvalidInput("give event_id or alert_id", field="event_id")


def of_event(connection: Connection, event_id: UUID) -> Dossier:
    """The context of an event and of its alert; ``NotFound`` if it is not scored."""
    found = assessment_store.get(connection, event_id)
    row = connection.execute(
        select(alerts)
        .join(alert_events, alert_events.c.alert_id == alerts.c.id)
        .where(alert_events.c.event_id == event_id)
    ).one_or_none()
    return _dossier(connection, found, None if row is None else alert_store.from_row(row))


def of_alert(connection: Connection, alert_id: UUID) -> Dossier:
    """The context of an alert's riskiest event. ``NotFound`` if there is no such alert."""
    alert = alert_store.find(connection, alert_id)
    found = assessment_store.find(connection, alert.top_event_id)
    if found is None:
        raise NotFound(f"the events of alert {alert_id} are no longer stored")
    return _dossier(connection, found, alert)


def _dossier(connection: Connection, found: Assessment, alert: Alert | None) -> Dossier:
    there = found.counterparty_id
    configuration = configurations.current(connection)
    types = SHIPPED_TYPES if configuration is None else configuration.types
    return Dossier(
        assessment=found,
        alert=alert,
        account=past(connection, "account_id", found.account_id, found, types),
        counterparty=None if there is None else past(connection, "counterparty_id", there, found, types),
        rules=tuple(_rules(connection, found.event_id)),
        labels=tuple(
            LabelFact(label.fraud, label.known_at, label.source)
            for label in label_store.of_event(connection, found.event_id)
        ),
        cases=tuple(cases(connection, found, alert)),
        event_types=types,
    )


def past(connection: Connection, column: str, key: str, event: Assessment, types: EventTypes = SHIPPED_TYPES) -> Past:
    """A summary of the latest events with ``key`` in ``column`` (account, counterparty) scored before ``event``."""
    given = {"key": key, "sequence": event.sequence, "at": event.occurred_at, "most": MOST_PAST}
    with driver(connection).cursor(binary=True) as cursor:
        rows = cursor.execute(_PAST.format(column=column, fraud=_FRAUD), given).fetchall()
    return summarise(event, [_past_event(row, types) for row in rows])


def _past_event(row: tuple[Any, ...], types: EventTypes) -> PastEvent:
    event_id, event_type, at, account_id, counterparty_id, amount, currency, device_id, country, *rest = row
    level, family, fraud = rest
    shown = None if amount is None else amount.normalize() + 0
    return PastEvent(
        event_id,
        event_type,
        at,
        account_id,
        counterparty_id,
        shown,
        currency,
        device_id,
        country,
        LEVELS[level],
        Family(family),
        types.find(event_type).noun,
        fraud,
    )


def _rules(connection: Connection, event_id: UUID) -> list[RuleFact]:
    h, v = rule_hits.c, rule_versions.c
    query = (
        select(h.rule_id, h.rule_version, rules.c.name, h.mode, v.description, v.points, v.min_level)
        .join(rule_versions, and_(v.rule_id == h.rule_id, v.version == h.rule_version))
        .join(rules, rules.c.id == h.rule_id)
        .where(h.event_id == event_id)
        .order_by(h.mode, rules.c.name)
    )
    return [_rule(row) for row in connection.execute(query)]


def _rule(row: Any) -> RuleFact:
    level = None if row.min_level is None else LEVELS[row.min_level]
    return RuleFact(row.rule_id, row.rule_version, row.name, Mode(row.mode), row.description, row.points, level)


def _candidates(event: Assessment) -> list[ColumnElement[bool]]:
    """Conditions for comparable resolved alerts; one must hold."""
    c = alerts.c
    codes = [reason.code for reason in event.reasons[:2]]
    found: list[ColumnElement[bool]] = [c.reason_code.in_(codes)] if codes else []
    found.append(c.account_id == event.account_id)
    if event.counterparty_id is not None:
        found.append(c.counterparty_id == event.counterparty_id)
    return found


def cases(connection: Connection, event: Assessment, alert: Alert | None) -> list[PastCase]:
    """The at most three resolved alerts most similar to ``event``, without its own."""
    c, a, keys = alerts.c, assessments.c, assessment_keys.c
    own = [] if alert is None else [c.id != alert.id]
    near = (
        select(c.id, c.resolved_at)
        .where(c.status == "resolved", c.disposition.is_not(None), c.top_event_id != event.event_id, *own)
        .order_by(c.resolved_at.desc())
        .limit(_CANDIDATES)
    )
    parts = [near.where(condition).subquery() for condition in _candidates(event)]
    ids = or_(*(c.id.in_(select(part.c.id)) for part in parts))
    query = (
        select(alerts, a.reasons.label("event_reasons"))
        .outerjoin(assessment_keys, keys.event_id == c.top_event_id)
        .outerjoin(assessments, (a.event_id == keys.event_id) & (a.scored_at == keys.scored_at))
        .where(ids)
    )
    found = [_case(row, event) for row in connection.execute(query)]
    alike = [one for one in found if one.similarity >= LEAST]
    return sorted(alike, key=lambda one: (-one.similarity, -one.resolved_at.timestamp(), one.alert_id))[:MOST_CASES]


def _case(row: Row[Any], event: Assessment) -> PastCase:
    of_case = _REASONS.validate_python(row.event_reasons) if row.event_reasons else _only(row)
    comparable = row.currency == event.currency
    return PastCase(
        alert_id=row.id,
        account_id=row.account_id,
        counterparty_id=row.counterparty_id,
        level=LEVELS[row.level],
        reason_text=row.reason_text,
        disposition=Disposition(row.disposition),
        disposition_reason=row.disposition_reason,
        resolved_at=row.resolved_at,
        similarity=similarity(
            event.reasons,
            of_case,
            same_account=row.account_id == event.account_id,
            same_counterparty=row.counterparty_id is not None and row.counterparty_id == event.counterparty_id,
            amounts=(event.amount, row.amount) if comparable else (None, None),
        ),
    )


def _only(row: Row[Any]) -> Sequence[Reason]:
    """The remainder of a case whose event is no longer stored: its alert's leading reason."""
    return [Reason(code=row.reason_code, text=row.reason_text, contribution=1.0)]
