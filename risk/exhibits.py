"""A dossier as evidence: each fact a piece with its id, and which piece stands for what."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from risk.assessment import Assessment
from risk.dossier import Dossier, Past, PastEvent
from risk.events import EventType
from risk.evidence import Evidence, EvidenceKind
from risk.phrases import Telling
from risk.rules import Mode
from risk.wording import day, listed, moment, money, odds, plural, score, sentence

MOST_ATTRIBUTES = 8
ATTRIBUTES = "The sender's own attributes, as they came:"
"""What follows it in a piece of evidence is nobody's word but the sender's."""
_VALUE = 120
_FRAUD = {True: "fraud", False: "not fraud"}


@dataclass
class Exhibits:
    """Evidence in order; ``ids`` finds a piece by what it stands for, such as ``event`` or ``reason:0``."""

    evidence: list[Evidence] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, kind: EvidenceKind, title: str, text: str, link: str | None = None) -> None:
        """Append a piece under the next id of its letter."""
        letter = "K" if kind is EvidenceKind.KNOWLEDGE else "E"
        number = 1 + sum(one.id.startswith(letter) for one in self.evidence)
        piece = Evidence(id=f"{letter}{number}", kind=kind, title=title, text=text, link=link)
        self.evidence.append(piece)
        self.ids[key] = piece.id

    def cite(self, *keys: str) -> list[str]:
        """The ids of those of ``keys`` that there are."""
        return [self.ids[key] for key in keys if key in self.ids]


def exhibits(dossier: Dossier) -> Exhibits:
    """Everything in ``dossier`` as evidence, facts first, then knowledge."""
    made = Exhibits()
    _add_event(made, dossier)
    _add_reasons(made, dossier)
    _add_pasts(made, dossier)
    _add_findings(made, dossier)
    for place, passage in enumerate(dossier.passages):
        title = passage.title if passage.section == passage.title else f"{passage.title}: {passage.section}"
        made.add(f"passage:{place}", EvidenceKind.KNOWLEDGE, title, passage.text, passage.source)
    return made


def describe(event: PastEvent | Dossier) -> str:
    """What happened, without when: ``a payment of 840.00 EUR by ada to shop-7``."""
    one = event.assessment if isinstance(event, Dossier) else event
    of = f" of {money(one.amount, one.currency)}" if one.amount is not None else ""
    where = one.counterparty_id
    if one.event_type == EventType.PAYMENT:
        return f"a payment{of} by {one.account_id}" + (f" to {where}" if where else "")
    if one.event_type == EventType.TRADE:
        return f"a trade{of} by {one.account_id}" + (f" in {where}" if where else "")
    if one.event_type == EventType.LOGIN:
        return f"a login of {one.account_id}" + (f" at {where}" if where else "")
    return f"a reading{of} of {one.account_id}" + (f" on {where}" if where else "")


def shown_attributes(event: Assessment) -> list[tuple[str, str, bool]]:
    """The sender's own attributes as evidence shows them: name, value, and whether the value is a text."""
    return [
        (name, repr(str(value)[:_VALUE]), isinstance(value, str))
        for name, value in list(event.attributes.items())[:MOST_ATTRIBUTES]
    ]


def _add_event(made: Exhibits, d: Dossier) -> None:
    event = d.assessment
    parts = [("channel", event.channel), ("country", event.country), ("device", event.device_id), ("address", event.ip)]
    said = [f"{name} {value}" for name, value in parts if value]
    text = f"At {moment(event.occurred_at)}: {describe(d)}."
    if said:
        text += f" It came with {listed(said)}."
    shown = shown_attributes(event)
    if shown:
        values = "; ".join(f"{name} = {value}" for name, value, _ in shown)
        text += f" {ATTRIBUTES} {values}."
    made.add("event", EvidenceKind.EVENT, f"The {Telling(d).noun}", text, f"/live?event={event.event_id}")
    scored = f"Scored {score(event.score)}, which is {event.level}, by {event.scorer} at {moment(event.scored_at)}."
    if event.base_score is not None:
        scored += f" The scorer alone said {score(event.base_score)}, before rules."
    made.add("score", EvidenceKind.EVENT, f"The score: {event.level}", scored, f"/live?event={event.event_id}")


def _add_reasons(made: Exhibits, d: Dossier) -> None:
    telling = Telling(d)
    for place, reason in enumerate(d.reasons):
        clause = sentence(telling.clause(reason))
        effect = f"This multiplies the odds of fraud by {odds(reason.contribution)}"
        text = f"{clause} {effect} (it adds {reason.contribution:.2f} to the log-odds)."
        made.add(f"reason:{place}", EvidenceKind.REASON, reason.code.replace("_", " "), text)
    for place, rule in enumerate(d.rules):
        how = "is live and hit" if rule.mode is Mode.LIVE else "would have hit; it runs in shadow and changed nothing"
        effect = f"It lifts the level to at least {rule.min_level}." if rule.min_level else ""
        if rule.points:
            effect = f"It adds {rule.points:.2f} to the log-odds."
        text = f"Rule {rule.name}, version {rule.version}, {how}. {effect} Its description: {rule.description}"
        made.add(f"rule:{place}", EvidenceKind.RULE, f"Rule {rule.name}", text.strip())


def _add_pasts(made: Exhibits, d: Dossier) -> None:
    event = d.assessment
    account = f"/alerts?account={quote(event.account_id)}&status=all"
    made.add("account", EvidenceKind.ACCOUNT, f"Account {event.account_id}", _account(d), account)
    if d.account.latest:
        lines = [f"{moment(one.occurred_at)}: {describe(one)}, {one.level}" for one in d.account.latest]
        text = f"The account's latest events before this one. {'; '.join(lines)}."
        made.add("latest", EvidenceKind.HISTORY, "Latest events of the account", text)
    if d.counterparty is not None and event.counterparty_id is not None:
        made.add("counterparty", EvidenceKind.COUNTERPARTY, f"Counterparty {event.counterparty_id}", _counterparty(d))


def _moved(past: Past) -> str:
    sums = past.money
    if sums is None:
        return ""
    low, high = money(sums.least, sums.currency), money(sums.largest, sums.currency)
    spread = f"from {low} to {high}" if sums.count > 1 else f"of {high}"
    middle = f", {money(sums.median, sums.currency)} in the middle (median)" if sums.count > 2 else ""
    return f" {plural(sums.count, 'amount')} {spread}{middle}, {money(sums.total, sums.currency)} in all."


def _outcomes(past: Past) -> str:
    parts = [f"{plural(past.risky, 'event')} of these scored HIGH or CRITICAL"]
    if past.labelled:
        parts.append(
            f"the outcome of {plural(past.labelled, 'event')} was known, {plural(past.frauds, 'fraud')} among it"
        )
    return f" {sentence('; '.join(parts))}"


def _account(d: Dossier) -> str:
    past, event = d.account, d.assessment
    if not past.events:
        return f"No earlier event of {event.account_id} is stored: this is the first."
    more = f" (of its latest {past.events} events; there may be more)" if past.capped else ""
    text = f"In the 30 days before, {event.account_id} had {plural(past.month, 'event')}{more}."
    if past.first_at is not None and not past.capped:
        text += f" The first on record is of {day(past.first_at)}."
    text += _moved(past) + (_outcomes(past) if past.month else "")
    met = []
    if event.counterparty_id is not None:
        met.append(f"dealt with {event.counterparty_id} {_often(past.same_counterparty)}")
    if event.device_id is not None:
        met.append(f"used device {event.device_id} {_often(past.same_device)}")
    if event.country is not None:
        met.append(f"acted from {event.country} {_often(past.same_country)}")
    return text + (f" Before this event it had {listed(met)}." if met else "")


def _often(count: int) -> str:
    return "never" if not count else "once" if count == 1 else f"{count:,} times"


def _counterparty(d: Dossier) -> str:
    past, who = d.counterparty, d.assessment.counterparty_id
    if past is None or not past.events:
        return f"No earlier event at {who} is stored."
    more = f" (of its latest {past.events} events; there may be more)" if past.capped else ""
    who_came = f" from {plural(past.accounts, 'account')}" if past.month else ""
    text = f"In the 30 days before, {who} saw {plural(past.month, 'event')}{who_came}{more}."
    return text + _moved(past) + (_outcomes(past) if past.month else "")


def _add_findings(made: Exhibits, d: Dossier) -> None:
    for place, label in enumerate(d.labels[:3]):
        text = f"{label.source} says that this event was {_FRAUD[label.fraud]}, known since {moment(label.known_at)}."
        made.add(f"label:{place}", EvidenceKind.HISTORY, "What was learnt of it", text)
    alert = d.alert
    if alert is not None:
        text = (
            f"The alert {alert.id} is {alert.status}, of level {alert.level}, with {plural(alert.event_count, 'event')}"
        )
        text += f" from {moment(alert.first_occurred_at)} to {moment(alert.last_occurred_at)}."
        if alert.disposition is not None:
            text += f" It was found to be {alert.disposition.replace('_', ' ')}."
        made.add("alert", EvidenceKind.HISTORY, "The alert", text, f"/alerts?alert={alert.id}&status=all")
    for place, case in enumerate(d.cases):
        found = case.disposition.replace("_", " ")
        why = f" ({case.disposition_reason.replace('_', ' ')})" if case.disposition_reason else ""
        where = f" at {case.counterparty_id}" if case.counterparty_id else ""
        text = f"An alert of {case.account_id}{where}, {case.level}, for: {case.reason_text.rstrip('.')}. "
        text += f"It was resolved on {day(case.resolved_at)} as {found}{why}. It is {case.similarity:.0%} alike."
        link = f"/alerts?alert={case.alert_id}&status=all"
        made.add(f"case:{place}", EvidenceKind.CASE, f"A case like it: {found}", text, link)
