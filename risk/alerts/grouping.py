"""Groups findings into alerts: one alert per account, or a campaign of several accounts.

A finding goes, in this order, into the campaign of its device or counterparty; into the unresolved alert with its
key; nowhere, if a resolved alert suppresses it; otherwise into a new alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid5

from risk.alerts.alert import Alert, AlertReason, AlertStatus, AmountAtRisk, GroupKey
from risk.alerts.policy import AlertPolicy, ServiceLevels
from risk.alerts.priority import rank
from risk.alerts.workflow import ENGINE
from risk.domain.assessment import AssessmentSummary
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates
from risk.domain.decisions import strictest

NO_REASON = "score"
MOST_REASONS = 12
"""Of how many reasons an alert tells; weaker ones are left out."""
BACKFILLED = timedelta(days=7)
"""An event older than this is history that is loaded, not something that happens."""
_NAMESPACE = UUID("6f0d1c2e-9a39-4c47-8f0b-3a2f6d1b7c55")
_RULE = "rule_"
_LEVELS = ServiceLevels()
_OF_TOP = (
    "top_event_source",
    "top_event_id",
    "top_score",
    "account_id",
    "counterparty_id",
    "country",
    "event_type",
)
"""What an alert tells of its riskiest event."""


class Finding(AssessmentSummary):
    """An assessment that is risky enough for an alert, and its device."""

    device_id: str | None = None


class Subject(NamedTuple):
    """A kind of subject that findings can share, and its value."""

    key: GroupKey
    value: str


class Link(NamedTuple):
    """An account's part in an alert: ``event_count`` events at a subject, the last at ``last_occurred_at``."""

    alert_id: UUID
    subject: Subject
    account_id: str
    event_count: int
    last_occurred_at: datetime


def _reasons(finding: Finding) -> list[AlertReason]:
    if not finding.reasons:
        return [AlertReason(code=NO_REASON, text=f"score {finding.score:.2f}", contribution=0.0, event_count=1)]
    return [
        AlertReason(code=one.code, text=one.text, contribution=one.contribution, event_count=1)
        for one in finding.reasons
    ]


def _merged(present: Sequence[AlertReason], more: Sequence[AlertReason]) -> list[AlertReason]:
    """The reasons of both, by code, each from where it is stronger."""
    found = {one.code: one for one in present}
    for one in more:
        known = found.get(one.code)
        if known is None:
            found[one.code] = one
            continue
        telling = max(known, one, key=lambda reason: reason.contribution)
        found[one.code] = telling.model_copy(update={"event_count": known.event_count + one.event_count})
    return sorted(found.values(), key=lambda one: (-one.contribution, one.code))[:MOST_REASONS]


def _base(money: AmountAtRisk | Alert, at: datetime, rates: ExchangeRates) -> float:
    return 0.0 if money.amount is None else rates.to_base(float(money.amount), money.currency, at)


def _summed(amounts: Iterable[AmountAtRisk], at: datetime, rates: ExchangeRates) -> list[AmountAtRisk]:
    sums: dict[str | None, Decimal] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, Decimal()) + one.amount
    found = [AmountAtRisk(currency=currency, amount=amount) for currency, amount in sums.items()]
    return sorted(found, key=lambda one: (-_base(one, at, rates), one.currency or ""))


def subjects(finding: Finding) -> dict[GroupKey, Subject]:
    """The subjects by which a finding can be grouped: always its account, and those of the others that it has."""
    rule = next((one.code for one in finding.reasons if one.code.startswith(_RULE)), None)
    given = {
        GroupKey.ACCOUNT: finding.account_id,
        GroupKey.DEVICE: finding.device_id,
        GroupKey.COUNTERPARTY: finding.counterparty_id,
        GroupKey.RULE: rule,
    }
    return {key: Subject(key, value) for key, value in given.items() if value is not None}


def own_subject(finding: Finding, key: GroupKey) -> Subject:
    """The subject of ``finding``'s alert, unless it is part of a campaign."""
    given = subjects(finding)
    return given.get(key, given[GroupKey.ACCOUNT])


def campaigns_begun(findings: Sequence[Finding], links: Iterable[Link], policy: AlertPolicy) -> set[Subject]:
    """The devices and counterparties at which these findings, with what is stored, make a campaign.

    ``links`` are stored ones of the findings' devices and counterparties.
    """
    seen: dict[Subject, list[tuple[datetime, str]]] = {}
    for finding in findings:
        for subject in subjects(finding).values():
            seen.setdefault(subject, []).append((finding.occurred_at, finding.account_id))
    newest = {subject: max(at for at, _ in met) for subject, met in seen.items()}
    for link in links:
        seen.setdefault(link.subject, []).append((link.last_occurred_at, link.account_id))
    begun = set()
    for subject, last in newest.items():
        campaign = policy.grouping.campaigns.get(subject.key)
        if campaign is None:
            continue
        accounts = {account for at, account in seen[subject] if abs(last - at) < campaign.window}
        if len(accounts) >= campaign.min_accounts:
            begun.add(subject)
    return begun


def is_backfilled(finding: Finding) -> bool:
    """Whether its event is too old, at the time of scoring, for anybody to hurry: its alert has no deadline."""
    return finding.scored_at - finding.occurred_at > BACKFILLED


def raise_alert(
    finding: Finding,
    subject: Subject | None = None,
    levels: ServiceLevels = _LEVELS,
    rates: ExchangeRates = DEFAULT_RATES,
) -> Alert:
    """A new alert for ``finding``. Its id is derived from the event, so that raising it again gives the same alert."""
    key, value = subject or own_subject(finding, GroupKey.ACCOUNT)
    reasons = _reasons(finding)
    alert = Alert(
        id=uuid5(_NAMESPACE, str(finding.event_id.key)),
        group_key=key,
        group_value=value,
        account_id=finding.account_id,
        counterparty_id=finding.counterparty_id,
        country=finding.country,
        event_type=finding.event_type,
        reason_code=reasons[0].code,
        reason_text=reasons[0].text,
        reasons=reasons,
        level=finding.level,
        decision=None if finding.decision is None else finding.decision.action,
        status=AlertStatus.OPEN,
        event_count=1,
        top_event_source=finding.event_source,
        top_event_id=finding.event_id,
        top_score=finding.score,
        amount=finding.amount,
        currency=finding.currency,
        at_risk=[] if finding.amount is None else [AmountAtRisk(currency=finding.currency, amount=finding.amount)],
        first_occurred_at=finding.occurred_at,
        last_occurred_at=finding.occurred_at,
        opened_at=finding.scored_at,
        updated_at=finding.scored_at,
        due_at=None if is_backfilled(finding) else levels.due(AlertStatus.OPEN, finding.level, finding.scored_at),
    )
    return _ranked(alert, rates)


def _ranked(alert: Alert, rates: ExchangeRates) -> Alert:
    money = sum(_base(one, alert.last_occurred_at, rates) for one in alert.at_risk)
    value = rank(alert.level.rank, alert.top_score, money, alert.opened_at)
    largest = None if alert.amount is None else _base(alert, alert.last_occurred_at, rates)
    return alert.model_copy(update={"rank": value, "base_amount": largest})


def add_to(
    alert: Alert,
    finding: Finding,
    levels: ServiceLevels = _LEVELS,
    rates: ExchangeRates = DEFAULT_RATES,
    *,
    new_account: bool = False,
) -> Alert:
    """The alert with one more event."""
    more = raise_alert(finding, Subject(alert.group_key, alert.group_value), levels, rates)
    return absorb(alert, more, levels, rates, new_accounts=int(new_account))


def absorb(
    alert: Alert, other: Alert, levels: ServiceLevels, rates: ExchangeRates = DEFAULT_RATES, *, new_accounts: int
) -> Alert:
    """The alert with another's events: counted, summed, highest level, reasons merged and ranked.

    An alert that becomes more severe wakes from a snooze, and is due sooner if its new level says so. One of backfilled
    events alone becomes due with the first that is not.
    """
    reasons = _merged(alert.reasons, other.reasons)
    changes: dict[str, object] = {
        "event_count": alert.event_count + other.event_count,
        "account_count": alert.account_count + new_accounts,
        "reasons": reasons,
        "reason_code": reasons[0].code,
        "reason_text": reasons[0].text,
        "decision": strictest(alert.decision, other.decision),
        "at_risk": _summed([*alert.at_risk, *other.at_risk], other.last_occurred_at, rates),
        "first_occurred_at": min(alert.first_occurred_at, other.first_occurred_at),
        "last_occurred_at": max(alert.last_occurred_at, other.last_occurred_at),
        "updated_at": max(alert.updated_at, other.updated_at),
        "version": alert.version + 1,
    }
    if other.top_score > alert.top_score:
        changes |= {name: getattr(other, name) for name in _OF_TOP}
    if _base(other, other.last_occurred_at, rates) > _base(alert, alert.last_occurred_at, rates):
        changes |= {"amount": other.amount, "currency": other.currency}
    if other.level.rank > alert.level.rank:
        changes |= {"level": other.level, "snoozed_until": None, "snoozed_by": None}
    if other.due_at is not None and (other.level.rank > alert.level.rank or alert.due_at is None):
        level = max(alert.level, other.level, key=lambda one: one.rank)
        due = levels.due(alert.status, level, other.updated_at)
        changes["due_at"] = min((moment for moment in (alert.due_at, due) if moment), default=None)
    return _ranked(alert.model_copy(update=changes), rates)


def is_suppressed(finding: Finding, resolved: Alert) -> bool:
    """Whether ``resolved`` suppresses this finding.

    Not after its period, nor if the finding is more severe or has a new leading reason.
    """
    return (
        resolved.suppressed_until is not None
        and finding.scored_at < resolved.suppressed_until
        and finding.level.rank <= resolved.level.rank
        and _reasons(finding)[0].code in {one.code for one in resolved.reasons}
    )


@dataclass(frozen=True)
class Stored:
    """What is stored that findings may belong to.

    ``alerts`` are the newest unresolved and the newest suppressing alert of each subject of the findings, and those
    that ``links`` name at campaigns that have begun. ``accounts`` are (alert, account) that are inside already.
    """

    alerts: Sequence[Alert] = ()
    links: Sequence[Link] = ()
    accounts: frozenset[tuple[UUID, str]] = frozenset()


@dataclass
class Grouped:
    """What a batch does to alerts.

    ``changed`` are made (``opened``) or grown, ``merged`` became part of one of those. ``members`` and ``suppressed``
    say which alert took, or suppressed, which event: (event id, alert id). ``links`` are of the members.
    """

    changed: list[Alert] = field(default_factory=list)
    opened: set[UUID] = field(default_factory=set)
    merged: list[Alert] = field(default_factory=list)
    members: list[tuple[UUID, UUID]] = field(default_factory=list)
    suppressed: list[tuple[UUID, UUID]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def group(findings: Sequence[Finding], stored: Stored, policy: AlertPolicy) -> Grouped:
    """Put each finding, in order of sequence, into the alert it belongs to, or into a new one."""
    return _Grouping(findings, stored, policy).run()


class _Grouping:
    def __init__(self, findings: Sequence[Finding], stored: Stored, policy: AlertPolicy) -> None:
        self._findings = findings
        self._policy = policy
        self._levels = policy.service_levels
        self._rates = policy.exchange
        self._begun = campaigns_begun(findings, stored.links, policy)
        self._links = stored.links
        self._accounts = set(stored.accounts)
        self._alerts = {alert.id: alert for alert in stored.alerts}
        self._active: dict[Subject, UUID] = {}
        self._suppressing: dict[Subject, list[Alert]] = {}
        for alert in sorted(stored.alerts, key=lambda alert: alert.last_occurred_at):
            subject = Subject(alert.group_key, alert.group_value)
            if alert.status is not AlertStatus.RESOLVED:
                self._active[subject] = alert.id
            elif alert.suppressed_until is not None:
                self._suppressing.setdefault(subject, []).append(alert)
        self._changed: dict[UUID, Alert] = {}
        self._grouped = Grouped()

    def run(self) -> Grouped:
        for finding in self._findings:
            self._place(finding)
        self._grouped.changed = list(self._changed.values())
        return self._grouped

    def _place(self, finding: Finding) -> None:
        given = subjects(finding)
        own = own_subject(finding, self._policy.grouping.key)
        shared = {
            subject: campaign
            for key, campaign in self._policy.grouping.campaigns.items()
            if (subject := given.get(key)) is not None and subject != own
        }
        for subject, campaign in shared.items():
            if self._grown(subject, finding, campaign.window):
                return
        if any(self._suppressed(subject, finding) for subject in shared):
            return
        begun = next((subject for subject in shared if subject in self._begun), None)
        if begun is not None:
            self._raise(finding, begun)
        elif not self._grown(own, finding, self._policy.grouping.window) and not self._suppressed(own, finding):
            self._raise(finding, own)

    def _grown(self, subject: Subject, finding: Finding, window: timedelta) -> bool:
        """Whether the unresolved alert of ``subject`` took ``finding``."""
        alert = self._alerts.get(self._active.get(subject, finding.event_id))
        if alert is None:
            return False
        if not alert.first_occurred_at - window < finding.occurred_at < alert.last_occurred_at + window:
            return False
        inside = (alert.id, finding.account_id)
        self._keep(add_to(alert, finding, self._levels, self._rates, new_account=inside not in self._accounts))
        self._accounts.add(inside)
        self._record(alert.id, finding)
        return True

    def _suppressed(self, subject: Subject, finding: Finding) -> bool:
        """Whether a resolved alert of ``subject`` suppressed ``finding``."""
        for resolved in self._suppressing.get(subject, ()):
            if is_suppressed(finding, resolved):
                self._grouped.suppressed.append((finding.event_id, resolved.id))
                return True
        return False

    def _raise(self, finding: Finding, subject: Subject) -> None:
        alert = raise_alert(finding, subject, self._levels, self._rates)
        self._accounts.add((alert.id, finding.account_id))
        self._active[subject] = alert.id
        self._grouped.opened.add(alert.id)
        self._keep(alert)
        self._record(alert.id, finding)
        if subject in self._begun:
            self._merge(subject, alert.id)

    def _merge(self, subject: Subject, campaign_id: UUID) -> None:
        """Merge into a new campaign the alerts that hold nothing else and that nobody has taken yet."""
        for link in self._links:
            alert = self._alerts.get(link.alert_id)
            if link.subject != subject or alert is None or alert.id in self._changed or not _is_untouched(alert):
                continue
            if link.event_count < alert.event_count:
                continue
            campaign = self._changed[campaign_id]
            inside = (campaign_id, alert.account_id)
            grown = absorb(campaign, alert, self._levels, self._rates, new_accounts=int(inside not in self._accounts))
            self._accounts.add(inside)
            # Several changes in one transaction give one timeline entry.
            self._keep(grown.model_copy(update={"version": campaign.version}))
            self._grouped.merged.append(merge(alert, campaign))
            del self._alerts[alert.id]  # another campaign that begins in this batch must not count its events again
            self._active = {key: value for key, value in self._active.items() if value != alert.id}

    def _keep(self, alert: Alert) -> None:
        self._alerts[alert.id] = self._changed[alert.id] = alert

    def _record(self, alert_id: UUID, finding: Finding) -> None:
        self._grouped.members.append((finding.event_id, alert_id))
        self._grouped.links += [
            Link(alert_id, subject, finding.account_id, 1, finding.occurred_at)
            for key, subject in subjects(finding).items()
            if key is not GroupKey.RULE
        ]


def _is_untouched(alert: Alert) -> bool:
    return (
        alert.status is AlertStatus.OPEN
        and alert.assignee is None
        and alert.snoozed_until is None
        and alert.account_count == 1
    )


def merge(alert: Alert, campaign: Alert) -> Alert:
    """The alert after its events moved to the campaign."""
    at = max(alert.updated_at, campaign.updated_at)
    changes: Mapping[str, object] = {
        "status": AlertStatus.RESOLVED,
        "resolved_at": at,
        "resolved_by": ENGINE,
        "merged_into": campaign.id,
        "due_at": None,
        "updated_at": at,
        "version": alert.version + 1,
    }
    return alert.model_copy(update=changes)
