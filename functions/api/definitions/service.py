"""Definitions as the API shows them, checks, and previews over stored events."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any
from uuid import UUID

from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection

from functions.api.decisions.named_parts import check_unnamed
from functions.api.definitions.schemas import (
    DefinitionBackfill,
    DefinitionDetail,
    DefinitionStage,
    DefinitionStageChange,
    DefinitionSummary,
    DefinitionValidation,
    DefinitionVersionDetail,
)
from functions.api.http.conventions.schemas import FieldError
from risk.domain.errors import Conflict, InvalidExpression, InvalidInput
from risk.domain.plain_messages import predicate
from risk.features.catalog import INDEX, Catalog
from risk.features.definitions.definition import MAX_LIVE, Definition, DefinitionBody
from risk.features.definitions.preview import DefinitionPreview, Previewed
from risk.rules.cel import check as check_expression
from risk.rules.evaluator import Rule
from risk.rules.filters import check_filter, definition_set
from risk.rules.lifecycle import DefinitionStatus, Stage
from risk.store.assessments import event_log
from risk.store.engine_state import defined_states
from risk.store.engine_state.defined_states import Backfilled
from risk.store.rules import definitions, rules
from risk.store.rules.definitions import DefinitionHead, DefinitionVersion

PREVIEW_SECONDS = 9.0
_LOOK_AT_CLOCK = 500


def _stage(stage: Stage) -> DefinitionStage:
    return DefinitionStage(
        live_version=stage.live_version, backfilled_version=stage.shadow_version, archived=stage.archived
    )


def summary(head: DefinitionHead) -> DefinitionSummary:
    """A definition without its history."""
    return DefinitionSummary(
        id=head.id,
        name=head.name,
        status=DefinitionStatus.of(head.stage.status),
        stage=_stage(head.stage),
        latest=head.latest,
        created_at=head.created_at,
        created_by=head.created_by,
    )


def detail(connection: Connection, definition_id: UUID, *, second_person: bool) -> DefinitionDetail:
    """A definition with its history."""
    head = definitions.find(connection, definition_id)
    done = defined_states.backfilled(connection)
    versions = [
        DefinitionVersionDetail(
            **one.model_dump(),
            status=DefinitionStatus.of(head.stage.status_of(one.version)),
            backfill=_backfill(done.get(one.definition.signature)),
        )
        for one in definitions.versions(connection, definition_id)
    ]
    stages = [
        DefinitionStageChange(**change.model_dump(exclude={"stage"}), stage=_stage(change.stage))
        for change in definitions.stages(connection, definition_id)
    ]
    return DefinitionDetail(**summary(head).model_dump(), versions=versions, stages=stages, second_person=second_person)


def _backfill(done: Backfilled | None) -> DefinitionBackfill | None:
    if done is None:
        return None
    return DefinitionBackfill(sequence=done.sequence, events=done.events, keys=done.keys, bytes=done.bytes)


def check(definition: DefinitionBody) -> None:
    """Raise ``InvalidExpression`` unless the engine can compute ``definition``."""
    if definition.filter is not None:
        check_filter(definition.filter)


def check_name(name: str) -> None:
    """Raise ``Conflict`` if a feature that ships has this name."""
    if name in INDEX:
        raise Conflict(f"there is a feature {name} already; choose another name")


def validate(body: dict[str, JsonValue]) -> DefinitionValidation:
    """Whether ``body`` is a definition, and where not."""
    try:
        check(Definition.model_validate(body))
    except ValidationError as error:
        return DefinitionValidation(valid=False, errors=[_field_error(one) for one in error.errors()])
    except InvalidExpression as error:
        faults = [
            FieldError(field="filter", detail=fault.detail, line=fault.line, column=fault.column)
            for fault in error.faults
        ]
        return DefinitionValidation(valid=False, errors=faults)
    return DefinitionValidation(valid=True, errors=[])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    place, detail = error["loc"], predicate(error)
    field, colon, rest = detail.partition(": ")
    if not place and colon and field in DefinitionBody.model_fields:
        return FieldError(field=field, detail=rest)
    return FieldError(field=".".join(map(str, place)) or "body", detail=detail)


def check_backfilled(connection: Connection, version: DefinitionVersion) -> None:
    """Raise ``Conflict`` until the engine has computed the version over all stored events."""
    if version.definition.signature not in defined_states.backfilled(connection):
        raise Conflict(
            f"version {version.version} is still being backfilled; it can go live when its `backfill` is there"
        )


def check_change(connection: Connection, before: Catalog) -> None:
    """Raise ``Conflict`` if a change took a feature from rules or the policy, or made too many definitions live.

    ``before`` is the set that was in force until then.
    """
    if definitions.count_live(connection) > MAX_LIVE:
        raise Conflict(f"{MAX_LIVE} definitions are live, which is the most there can be; archive one first")
    lost = before.index.keys() - definitions.current(connection).index.keys()
    check_unnamed(connection, features=lost, catalog=before)
    gone = {f"features.{name}" for name in lost}
    used = sorted({rule.name for rule in rules.active(connection) if gone and gone & _read_by(rule, before)})
    if used:
        raise Conflict(f"{', '.join(sorted(gone))} is read by {', '.join(used)}; change or archive what reads it first")


def _read_by(rule: Rule, catalog: Catalog) -> frozenset[str]:
    try:
        names = check_expression(rule.expression, None, catalog).names
    except InvalidExpression:
        return frozenset()
    in_reason = {f"features.{name}" for name in catalog.index if f"{{features.{name}" in rule.reason_text}
    return names | in_reason


def preview(connection: Connection, definition: Definition, max_events: int) -> DefinitionPreview:
    """``definition`` over the newest ``max_events`` stored events, for as long as there is time."""
    started = monotonic()
    try:
        previewed = Previewed(definition_set([definition]))
    except InvalidExpression as error:
        raise InvalidInput(error.detail, field="definition.filter") from error
    after, until = event_log.newest(connection, max_events)
    for count, one in enumerate(event_log.read(connection, after, until)):
        if count % _LOOK_AT_CLOCK == 0 and monotonic() - started > PREVIEW_SECONDS:
            break
        previewed.observe(one.event_id, one.event, one.at)
    return previewed.report()
