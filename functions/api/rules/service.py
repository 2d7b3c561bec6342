"""Rules as the API shows them; trials on one event and backtests."""

from __future__ import annotations

import math
from datetime import datetime
from time import monotonic
from uuid import UUID

import orjson
from sqlalchemy import Connection

from functions.api.http.conventions.schemas import FieldError
from functions.api.rules.schemas import (
    BacktestRequest,
    RuleDetail,
    RuleDraft,
    RuleSummary,
    RuleTrial,
    RuleTrialResult,
    RuleTrialValue,
    RuleValidation,
    RuleVersionDetail,
)
from risk.alerts.configuration import Configuration
from risk.audit.record import ENGINE
from risk.domain.currencies import DEFAULT_RATES
from risk.domain.errors import InvalidExpression, InvalidInput
from risk.domain.event_types import SHIPPED_TYPES, EventTypes
from risk.features.catalog import FEATURES
from risk.rules.backtest import Backtest, BacktestReport
from risk.rules.cel import check
from risk.rules.evaluator import Mode, Rule, RuleDefinition, RuleSet
from risk.rules.reason_template import Template
from risk.rules.unreachable import unreachable
from risk.store.assessments import scored_events
from risk.store.config import configurations
from risk.store.rules import definitions, lists, rules

BACKTEST_SECONDS = 9.0
"""How long a backtest may read and evaluate: what asks and answers must fit into a Lambda's 15 s as well."""
_LOOK_AT_CLOCK = 250
_ANY_REASON = "hit"
_DRAFT = UUID(int=0)


def summary(head: rules.RuleHead) -> RuleSummary:
    """A rule without its history."""
    return RuleSummary(
        id=head.id,
        name=head.name,
        status=head.stage.status,
        stage=head.stage,
        suspended=head.stage_reason if head.stage_by == ENGINE else None,
        latest=head.latest,
        created_at=head.created_at,
        created_by=head.created_by,
    )


def detail(connection: Connection, rule_id: UUID, *, second_person: bool) -> RuleDetail:
    """A rule with its history."""
    head = rules.find(connection, rule_id)
    versions = [
        RuleVersionDetail(**one.model_dump(), status=head.stage.status_of(one.version))
        for one in rules.versions(connection, rule_id)
    ]
    stages = rules.stages(connection, rule_id)
    return RuleDetail(**summary(head).model_dump(), versions=versions, stages=stages, second_person=second_person)


def _types(connection: Connection) -> EventTypes:
    found = configurations.current(connection)
    return SHIPPED_TYPES if found is None else found.types


def _check(connection: Connection, expression: str, reason_text: str) -> None:
    catalog = definitions.current(connection)
    Template(reason_text, catalog.index)
    subjects = lists.subjects(connection)
    check(expression, subjects, catalog)
    if faults := unreachable(expression, subjects, list(_types(connection))):
        raise InvalidExpression(faults)


def check_definition(connection: Connection, definition: RuleDefinition) -> None:
    """Raise ``InvalidExpression`` or ``InvalidInput`` unless the engine can run ``definition``."""
    _check(connection, definition.expression, definition.reason_text)


def lists_asked_by(expression: str) -> frozenset[str]:
    """The lists that ``expression`` asks for; none if it is invalid, as the engine ignores it."""
    try:
        return check(expression).lists
    except InvalidExpression:
        return frozenset()


def validate(connection: Connection, draft: RuleDraft) -> RuleValidation:
    """Whether ``draft`` is valid, and where not."""
    try:
        _check(connection, draft.expression, draft.reason_text or _ANY_REASON)
    except InvalidExpression as error:
        errors = [
            FieldError(field="expression", detail=fault.detail, line=fault.line, column=fault.column)
            for fault in error.faults
        ]
        return RuleValidation(valid=False, errors=errors)
    except InvalidInput as error:
        return RuleValidation(valid=False, errors=[FieldError(field=error.field or "body", detail=error.detail)])
    return RuleValidation(valid=True, errors=[])


def _rule(rule_id: UUID, name: str, version: int, definition: RuleDefinition) -> Rule:
    """The version as if it were live for every event."""
    return Rule(
        rule_id,
        version,
        name,
        Mode.LIVE,
        100,
        definition.expression,
        definition.points,
        definition.min_level,
        definition.reason_text,
    )


def try_on(connection: Connection, trial: RuleTrial) -> RuleTrialResult:
    """The result of the draft on one event."""
    catalog = definitions.current(connection)
    unknown = sorted(set(trial.features) - set(catalog.index))
    if unknown:
        raise InvalidInput(f"there is no feature {unknown[0]}", field=f"features.{unknown[0]}")
    text = trial.reason_text or _ANY_REASON
    _check(connection, trial.expression, text)
    vector = [math.nan] * (len(FEATURES) + len(catalog.definitions))
    for name, value in trial.features.items():
        if value is not None:
            vector[catalog.index[name]] = value
    rule = Rule(_DRAFT, 1, "draft", Mode.LIVE, 100, trial.expression, 1.0, None, text)
    present = configurations.current(connection)
    rates = DEFAULT_RATES if present is None else present.alert_policy.exchange
    found = RuleSet.build([rule], lists.entries_in_force(connection), rates, catalog)
    kind = _types(connection).find(trial.event.event_type)
    event = trial.event.model_dump(mode="json") | {"family": kind.family.value, "amount_flow": kind.amounts.value}
    hits = found.evaluate(event, vector, trial.event.event_id)
    reason = hits[0].reason_text if hits and trial.reason_text else None
    values = [RuleTrialValue(name=name, value=_shown(value)) for name, value in found.read(event, vector).items()]
    error = found.last_error.get(rule.rule_id)
    return RuleTrialResult(hit=bool(hits), reason_text=reason, error=error, values=values)


def _shown(value: object) -> float | bool | str | None:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, datetime) else orjson.dumps(value).decode()


def backtest(
    connection: Connection, rule_id: UUID, request: BacktestRequest, configuration: Configuration
) -> BacktestReport:
    """Backtest one version of a rule, for as long as there is time."""
    started = monotonic()
    head = rules.find(connection, rule_id)
    wanted = request.version or head.latest.version
    version = rules.version(connection, rule_id, wanted)
    check_definition(connection, version)
    catalog = definitions.current(connection)
    test = Backtest(
        _rule(rule_id, head.name, wanted, version),
        rules.active(connection),
        lists.entries_in_force(connection),
        configuration.thresholds,
        configuration.alert_policy.min_level,
        configuration.alert_policy.exchange,
        catalog,
    )
    scored = scored_events.scored(connection, since=request.since, until=request.until)
    past = scored_events.read(
        connection,
        since=request.since,
        until=request.until,
        before=request.before,
        limit=request.max_events,
        catalog=catalog,
    )
    complete = True
    for count, one in enumerate(past):
        if count % _LOOK_AT_CLOCK == 0 and monotonic() - started > BACKTEST_SECONDS:
            complete = False
            break
        test.meet(one)
    return test.report(scored=scored, complete=complete)
