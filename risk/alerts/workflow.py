"""The actions analysts take on alerts, each a pure function from one version of an alert to the next.

An action that the present state does not allow is a ``Conflict`` that says what is. ``Act.seen`` is the
version that the caller had read: an action on another version fails, and on that version it may also change
what is in another person's hands (an alert assigned to them, their snooze), which nobody does unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from risk.alerts.alert import Alert, AlertStatus, Disposition, check_transition
from risk.alerts.policy import ServiceLevels
from risk.domain.errors import Conflict, InvalidInput, Stale, Unseen

MAX_SNOOZE = timedelta(days=7)
ENGINE = "engine"
SYSTEM = "system"


class Action(StrEnum):
    """What happened to an alert, as its timeline tells it."""

    OPENED = "opened"
    GREW = "grew"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    NOTED = "noted"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    UNDONE = "undone"
    BREACHED = "breached"
    MERGED = "merged"


class DispositionReason(StrEnum):
    """Why an alert was found to be what it is; ``REASONS`` says which go with which disposition."""

    ACCOUNT_TAKEOVER = "account_takeover"
    CARD_TESTING = "card_testing"
    MULE = "mule"
    COMPROMISED_COUNTERPARTY = "compromised_counterparty"
    MARKET_ABUSE = "market_abuse"
    OPERATIONAL = "operational"
    KNOWN_CUSTOMER_BEHAVIOUR = "known_customer_behaviour"
    TRAVEL = "travel"
    DATA_ERROR = "data_error"
    RULE_TOO_BROAD = "rule_too_broad"
    NO_ANSWER = "no_answer"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    OTHER = "other"


_R = DispositionReason
REASONS: dict[Disposition, tuple[DispositionReason, ...]] = {
    Disposition.CONFIRMED_RISK: (
        _R.ACCOUNT_TAKEOVER, _R.CARD_TESTING, _R.MULE, _R.COMPROMISED_COUNTERPARTY, _R.MARKET_ABUSE, _R.OPERATIONAL,
        _R.OTHER,
    ),
    Disposition.FALSE_POSITIVE: (
        _R.KNOWN_CUSTOMER_BEHAVIOUR, _R.TRAVEL, _R.DATA_ERROR, _R.RULE_TOO_BROAD, _R.OTHER,
    ),
    Disposition.INCONCLUSIVE: (_R.NO_ANSWER, _R.NOT_ENOUGH_EVIDENCE, _R.OTHER),
}  # fmt: skip


class Act(NamedTuple):
    """Who acts and when; ``seen`` is the version that they had before them, if they say so."""

    by: str
    at: datetime
    seen: int | None = None


class FromTo(BaseModel):
    """A value before and after a change."""

    model_config = ConfigDict(frozen=True)

    before: str | int | None
    after: str | int | None


_TOLD = ("status", "level", "assignee", "snoozed_until", "disposition", "disposition_reason", "event_count",
         "account_count", "due_at", "merged_into", "suppressed_until")  # fmt: skip


def changes(before: Alert | None, after: Alert) -> dict[str, FromTo]:
    """What the timeline tells of a change, by field; of a new alert its level and how many events it holds."""
    if before is None:
        new = {"status": after.status.value, "level": after.level.value, "event_count": after.event_count}
        return {name: FromTo(before=None, after=value) for name, value in new.items()}
    old, new = before.model_dump(mode="json", include={*_TOLD}), after.model_dump(mode="json", include={*_TOLD})
    return {name: FromTo(before=old[name], after=new[name]) for name in _TOLD if old[name] != new[name]}


def check_seen(alert: Alert, act: Act) -> None:
    """Raise ``Stale`` if the caller had another version before them."""
    if act.seen is not None and act.seen != alert.version:
        raise Stale(f"the alert is at version {alert.version}, not {act.seen}; read it again")


def _check_hands(alert: Alert, act: Act) -> None:
    """Raise ``Unseen`` if an alert in work is another person's, and the caller does not say that they saw it so."""
    theirs = alert.assignee is not None and alert.assignee != act.by and alert.status is not AlertStatus.RESOLVED
    if theirs and act.seen is None:
        raise Unseen(f"the alert is assigned to {alert.assignee}; send its ETag as If-Match to act on it all the same")


def missed(alert: Alert, at: datetime) -> bool:
    """Whether the present deadline of an alert has passed."""
    return alert.due_at is not None and alert.due_at <= at


def _changed(alert: Alert, act: Act, what: Mapping[str, object]) -> Alert:
    """The next version; a deadline that was missed before this stays known."""
    at = max(act.at, alert.updated_at)
    breached_at = alert.due_at if missed(alert, at) else alert.breached_at
    after = alert.model_copy(
        update={"version": alert.version + 1, "updated_at": at, "breached_at": breached_at, **what}
    )
    return after.model_copy(update={"breached": breached_at is not None or missed(after, at)})


def _move(alert: Alert, to: AlertStatus, act: Act, levels: ServiceLevels, what: Mapping[str, object]) -> Alert:
    check_seen(alert, act)
    check_transition(alert.status, to)
    _check_hands(alert, act)
    awake = {"snoozed_until": None, "snoozed_by": None}
    return _changed(alert, act, {"status": to, "due_at": levels.due(to, alert.level, act.at), **awake, **what})


def acknowledge(alert: Alert, act: Act, levels: ServiceLevels, note: str | None = None) -> Alert:
    """Someone looks at an open alert; it becomes theirs if it is unassigned."""
    what: dict[str, object] = {"acknowledged_at": act.at, "acknowledged_by": act.by, "note": note or alert.note}
    if alert.assignee is None:
        what |= {"assignee": act.by, "assigned_at": act.at}
    return _move(alert, AlertStatus.ACKNOWLEDGED, act, levels, what)


def check_reason(disposition: Disposition, reason: DispositionReason | None) -> None:
    """Raise ``InvalidInput`` unless ``reason`` is one of those of ``disposition``."""
    if reason is not None and reason not in REASONS[disposition]:
        choices = ", ".join(REASONS[disposition])
        raise InvalidInput(f"{reason} is not a reason for {disposition}; choose of {choices}", field="reason")


def resolve(
    alert: Alert,
    act: Act,
    levels: ServiceLevels,
    disposition: Disposition,
    reason: DispositionReason | None = None,
    note: str | None = None,
    suppress_until: datetime | None = None,
) -> Alert:
    """The alert is judged. Until ``suppress_until``, if given, the same finding raises no alert."""
    check_reason(disposition, reason)
    what: dict[str, object] = {
        "resolved_at": act.at,
        "resolved_by": act.by,
        "disposition": disposition,
        "disposition_reason": reason,
        "suppressed_until": suppress_until,
        "note": note or alert.note,
    }
    return _move(alert, AlertStatus.RESOLVED, act, levels, what)


def reopen(alert: Alert, act: Act, levels: ServiceLevels, note: str | None = None) -> Alert:
    """Take back an acknowledgement or a resolution: the alert is open, and due, as if it were new."""
    if alert.merged_into is not None:
        raise Conflict(f"the alert is part of {alert.merged_into} now; act on that one")
    names = (
        "acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "disposition", "disposition_reason",
        "suppressed_until",
    )  # fmt: skip
    what: dict[str, object] = {**dict.fromkeys(names), "note": note or alert.note}
    return _move(alert, AlertStatus.OPEN, act, levels, what)


_RESTORED = ("status", "assignee", "snoozed_until", "due_at")
_MADE: dict[Action, tuple[str, ...]] = {
    Action.ACKNOWLEDGED: ("acknowledged_at", "acknowledged_by"),
    Action.RESOLVED: ("resolved_at", "resolved_by", "disposition", "disposition_reason", "suppressed_until"),
}


def undo(alert: Alert, act: Act, action: Action, made: Mapping[str, FromTo]) -> Alert:
    """Take back ``action``, the last to move the alert, which made these changes: all is as before, the deadline too.

    What was changed since stays: another assignee, a later deadline.
    """
    check_seen(alert, act)
    if alert.merged_into is not None:
        raise Conflict(f"the alert is part of {alert.merged_into} now; act on that one")
    if action not in _MADE:
        raise Conflict(f"the alert was {action} last; only an acknowledgement or a resolution can be undone")
    _check_hands(alert, act)
    now = alert.model_dump(mode="json")
    before = {name: made[name].before for name in _RESTORED if name in made and now[name] == made[name].after}
    as_it_was = Alert.model_validate({**now, **dict.fromkeys(_MADE[action]), **before})
    what = {name: getattr(as_it_was, name) for name in (*before, *_MADE[action])}
    if as_it_was.assignee is None:
        what["assigned_at"] = None
    if as_it_was.snoozed_until is not None:
        what["snoozed_by"] = alert.snoozed_by or act.by
    return _changed(alert, act, what)


def _check_unresolved(alert: Alert, act: Act) -> None:
    check_seen(alert, act)
    if alert.status is AlertStatus.RESOLVED:
        raise Conflict("the alert is resolved; from there it can only be reopened or noted")


def assign(alert: Alert, act: Act, assignee: str | None) -> Alert:
    """Give an alert to someone, or to nobody. What another person holds is taken only by who has seen that."""
    _check_unresolved(alert, act)
    if assignee == alert.assignee:
        raise Conflict(f"the alert is assigned to {assignee or 'nobody'} already")
    _check_hands(alert, act)
    return _changed(alert, act, {"assignee": assignee, "assigned_at": act.at if assignee else None})


def snooze(alert: Alert, act: Act, until: datetime, note: str | None = None) -> Alert:
    """Put an alert off: it is not in the queue until then, nor due before."""
    if not act.at < until <= act.at + MAX_SNOOZE:
        raise InvalidInput(f"must be in the future, by {MAX_SNOOZE.days} days at most", field="until")
    _check_unresolved(alert, act)
    _check_hands(alert, act)
    if alert.snoozed_until is not None and alert.snoozed_until > act.at and act.seen is None:
        detail = f"the alert is snoozed until {alert.snoozed_until:%Y-%m-%d %H:%M:%S} UTC by {alert.snoozed_by}"
        raise Unseen(f"{detail}; wake it first, or send its ETag as If-Match to change that")
    due = alert.due_at and max(alert.due_at, until)
    what = {"snoozed_until": until, "snoozed_by": act.by, "due_at": due, "note": note or alert.note}
    return _changed(alert, act, what)


def wake(alert: Alert, act: Act) -> Alert:
    """End a snooze early; the deadline stays where the snooze put it."""
    _check_unresolved(alert, act)
    if alert.snoozed_until is None or alert.snoozed_until <= act.at:
        raise Conflict("the alert is not snoozed")
    _check_hands(alert, act)
    return _changed(alert, act, {"snoozed_until": None, "snoozed_by": None})


def note(alert: Alert, act: Act, text: str) -> Alert:
    """Write something down; notes are never changed, and the alert shows the last."""
    check_seen(alert, act)
    return _changed(alert, act, {"note": text})


def breach(alert: Alert, at: datetime) -> Alert:
    """Note that the present deadline was missed."""
    return _changed(alert, Act(SYSTEM, at), {})
