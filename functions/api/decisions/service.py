"""Checks decision policies against what there is, and previews them over stored events."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Connection

from functions.api.decisions.schemas import DecisionPreviewRequest
from risk.alerts.configuration import Configuration
from risk.decisions.evaluation import DecisionSet
from risk.decisions.policy import DecisionPolicy
from risk.decisions.preview import DecisionPreview, Preview
from risk.domain.errors import InvalidInput
from risk.rules.cel import check
from risk.rules.lists import Membership
from risk.store.assessments import scored_events
from risk.store.rules import definitions, lists, rules

PREVIEW_SECONDS = 9.0
"""How long a preview may read and decide: what asks and answers must fit into a Lambda's 15 s as well."""
MAX_EVENTS = 1_000_000
_LOOK_AT_CLOCK = 250


def check_policy(connection: Connection, policy: DecisionPolicy) -> None:
    """Raise ``InvalidInput`` unless the engine can run ``policy``: the lists and rules that it names are there."""
    subjects = lists.subjects(connection)
    catalog = definitions.current(connection)
    known = rules.archived_by_name(connection, {name for rule in policy.rules for name in rule.rules})
    for place, rule in enumerate(policy.rules):
        at = f"policy.rules.{place}"
        for name in rule.lists:
            if name not in subjects:
                raise InvalidInput(f"policy rule {rule.name}: list {name} not found", field=f"{at}.lists")
        for name in rule.rules:
            if name not in known:
                raise InvalidInput(f"policy rule {rule.name}: rule {name} not found", field=f"{at}.rules")
            if known[name]:
                detail = f"rule {name} is archived and hits no more; move it to draft, or name another"
                raise InvalidInput(f"policy rule {rule.name}: {detail}", field=f"{at}.rules")
        if rule.when is not None:
            try:
                check(rule.when, subjects, catalog)
            except InvalidInput as error:
                raise InvalidInput(f"policy rule {rule.name}: {error.detail}", field=f"{at}.when") from error


def preview(
    connection: Connection, request: DecisionPreviewRequest, present: Configuration, now: datetime
) -> DecisionPreview:
    """Decide the events of the last days again, newest first, for as long as there is time."""
    started, since = monotonic(), now - timedelta(days=request.days)
    if request.policy is not None:
        check_policy(connection, request.policy)
    catalog, rates = definitions.current(connection), present.alert_policy.exchange
    membership = Membership(lists.entries_in_force(connection))
    test = Preview(
        DecisionSet(present.decisions, membership, rates, catalog),
        DecisionSet(request.policy or present.decisions, membership, rates, catalog),
        rates,
        request.thresholds,
    )
    complete = True
    past = scored_events.read(connection, since=since, until=now, limit=MAX_EVENTS, catalog=catalog)
    for count, one in enumerate(past):
        if count % _LOOK_AT_CLOCK == 0 and monotonic() - started > PREVIEW_SECONDS:
            complete = False
            break
        test.meet(one)
    scored = scored_events.scored(connection, since=since, until=now)
    return test.report(since=since, until=now, scored=scored, complete=complete)
