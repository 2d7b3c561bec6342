"""Builds evidence items from an assessment's context."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from risk.alerts.alert import Disposition
from risk.domain.assessment import Assessment
from risk.domain.event_ids import STREAM, EventId
from risk.domain.event_types import Family
from risk.explanations.context import Dossier, Past, PastEvent
from risk.explanations.evidence import Evidence, EvidenceKind
from risk.explanations.merged_reasons import points
from risk.reason_text.formatting import (
    article,
    day,
    duration,
    listed,
    moment,
    money,
    odds,
    often,
    plural,
    score,
    sentence,
)
from risk.rules.evaluator import Mode

MOST_ATTRIBUTES = 8
ATTRIBUTES = "The sender's own attributes, as they came:"
"""What follows it in a piece of evidence is nobody's word but the sender's."""
_VALUE = 120
_FRAUD = {True: "fraud", False: "not fraud"}
_DONE_BY = (Family.PAYMENT, Family.TRADE)
_PREPOSITIONS = {
    Family.PAYMENT: "to",
    Family.TRADE: "in",
    Family.LOGIN: "at",
    Family.METRIC: "on",
    Family.OTHER: "with",
}


@dataclass
class Exhibits:
    """Evidence in order; ``ids`` finds an item by what it stands for, such as ``event`` or ``reason:0``."""

    evidence: list[Evidence] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, kind: EvidenceKind, title: str, text: str, link: str | None = None) -> None:
        """Append an item under the next id of its letter."""
        letter = "K" if kind is EvidenceKind.KNOWLEDGE else "E"
        number = 1 + sum(one.id.startswith(letter) for one in self.evidence)
        piece = Evidence(id=f"{letter}{number}", kind=kind, title=title, text=text, link=link)
        self.evidence.append(piece)
        self.ids[key] = piece.id

    def cite(self, *keys: str) -> list[str]:
        """The ids of those of ``keys`` that exist."""
        return [self.ids[key] for key in keys if key in self.ids]


def exhibits(dossier: Dossier) -> Exhibits:
    """The whole ``dossier`` as evidence, facts first, then knowledge."""
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
    noun = event.telling.noun if isinstance(event, Dossier) else event.noun
    of = f" of {money(one.amount, one.currency)}" if one.amount is not None else ""
    by = "by" if one.family in _DONE_BY else "of"
    where = f" {_PREPOSITIONS[one.family]} {one.counterparty_id}" if one.counterparty_id else ""
    return f"{article(noun)} {noun}{of} {by} {one.account_id}{where}"


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def shown_attributes(event: Assessment) -> list[tuple[str, str, bool]]:
    """The sender's own attributes as evidence: name, value, and whether the value is text."""
    return [
        (name, repr(_told(value)[:_VALUE]), isinstance(value, str | dict | list))
        for name, value in list(event.attributes.items())[:MOST_ATTRIBUTES]
    ]


def event_link(event_id: EventId) -> str:
    """Where the dashboard shows an event: by its id, and after a bar by its source (as ``eventRef`` there)."""
    text = event_id.text
    if event_id.source != STREAM or "|" in text:
        text = f"{text}|{quote(event_id.source, safe='')}"
    with suppress(ValueError):
        json.loads(text)  # the dashboard would take it for that
        text = json.dumps(text)
    return f"/live?event={quote(text, safe='')}"


def _add_event(made: Exhibits, d: Dossier) -> None:
    event = d.assessment
    link = event_link(event.event_id)
    parts = [("channel", event.channel), ("country", event.country), ("device", event.device_id), ("address", event.ip)]
    said = [f"{name} {value}" for name, value in parts if value]
    text = f"At {moment(event.occurred_at)}: {describe(d)}."
    if said:
        text += f" It came with {listed(said)}."
    shown = shown_attributes(event)
    if shown:
        values = "; ".join(f"{name} = {value}" for name, value, _ in shown)
        text += f" {ATTRIBUTES} {values}."
    made.add("event", EvidenceKind.EVENT, f"The {d.telling.noun}", text, link)
    scored = f"Scored {score(event.score)}, which is {event.level}, by {event.scorer} at {moment(event.scored_at)}."
    if event.base_score is not None:
        scored += f" The scorer alone said {score(event.base_score)}, before rules."
    if not d.reasons:
        scored += f" It gave no reason: nothing about the {d.telling.noun} raised the score."
    made.add("score", EvidenceKind.EVENT, f"The score: {event.level}", scored, link)


def _add_reasons(made: Exhibits, d: Dossier) -> None:
    for point in points(d):
        effect = f"Alone this makes the odds of fraud {odds(point.added)} as high"
        text = f"{sentence(point.text)} {effect} (it adds {point.added:.2f} to the log-odds)."
        title = listed([code.removeprefix("model_").replace("_", " ") for code in point.codes])
        made.add(point.key, EvidenceKind.REASON, sentence(title).rstrip("."), text)
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
        text = f"{sentence(latest(d)).rstrip('.')}: {'; '.join(lines)}."
        made.add("latest", EvidenceKind.HISTORY, "Latest events of the account", text)
    if d.counterparty is not None and event.counterparty_id is not None:
        made.add("counterparty", EvidenceKind.COUNTERPARTY, f"Counterparty {event.counterparty_id}", _counterparty(d))


def latest(d: Dossier) -> str:
    """``the account's latest 3 events, within 40 seconds``: those that evidence shows."""
    shown = d.account.latest
    span = (d.assessment.occurred_at - shown[-1].occurred_at).total_seconds()
    each = "all " if len(shown) > 1 else ""
    return f"the account's latest {plural(len(shown), 'event')} ({each}within {duration(max(1.0, span))} of this one)"


def _moved(past: Past) -> str:
    sums = past.money
    if sums is None:
        return ""
    low, high = money(sums.least, sums.currency), money(sums.largest, sums.currency)
    if sums.count == 1:
        return f" One amount, of {high}."
    middle = f", {money(float(sums.median), sums.currency)} in the middle (median)" if sums.count > 2 else ""
    return f" {plural(sums.count, 'amount')} from {low} to {high}{middle}, {money(sums.total, sums.currency)} in all."


def _outcomes(past: Past) -> str:
    text = f" {plural(past.risky, 'event')} of these scored HIGH or CRITICAL."
    if past.labelled:
        text += f" By then {plural(past.labelled, 'outcome')} had become known: {plural(past.frauds, 'fraud')}."
    return text


def _account(d: Dossier) -> str:
    past, event = d.account, d.assessment
    if not past.events:
        text = f"No earlier event of {event.account_id} is stored: this is its first, and nothing to compare it with."
        return text + _met(d)
    more = f" (of its latest {past.events} events; there may be more)" if past.capped else ""
    text = f"In the 30 days before, {event.account_id} had {plural(past.month, 'event')}{more}."
    if past.first_at is not None and not past.capped:
        text += f" The first on record is of {day(past.first_at)}."
    text += _moved(past)
    if past.settled is not None:
        text += (
            f" The largest of a day before or more, and of no known fraud, is {money(past.settled, event.currency)}."
        )
    return text + (_outcomes(past) if past.month else "") + _met(d)


def _met(d: Dossier) -> str:
    """How often the account dealt with what this event names."""
    past, event = d.account, d.assessment
    met = [
        f"never {did} {name}" if since is None else f"{did} {name} {often(count)} (first on {day(since)})"
        for did, name, count, since in (
            (d.telling.dealt, event.counterparty_id, past.same_counterparty, past.counterparty_since),
            ("used device", event.device_id, past.same_device, past.device_since),
            ("acted from", event.country, past.same_country, past.country_since),
        )
        if name is not None
    ]
    when = f"In its latest {past.events} events" if past.capped else "Before this event"
    return f" {when} it had {listed(met)}." if met else ""


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
    if d.cases:
        made.add("cases", EvidenceKind.HISTORY, "Cases like it", sentence(resolved(d)))
    for place, case in enumerate(d.cases):
        found = case.disposition.replace("_", " ")
        why = f" ({case.disposition_reason.replace('_', ' ')})" if case.disposition_reason else ""
        where = f" at {case.counterparty_id}" if case.counterparty_id else ""
        text = f"An alert of {case.account_id}{where}, {case.level}, for: {case.reason_text.rstrip('.')}. "
        text += f"It was resolved on {day(case.resolved_at)} as {found}{why}. It is {case.similarity:.0%} alike."
        link = f"/alerts?alert={case.alert_id}&status=all"
        made.add(f"case:{place}", EvidenceKind.CASE, f"A case like it: {found}", text, link)


def resolved(d: Dossier) -> str:
    """``of the 3 resolved cases most like this one, 2 ended as confirmed risk and 1 as false positive``."""
    ended = Counter(case.disposition for case in d.cases)
    kinds = [(one.replace("_", " "), ended[one]) for one in Disposition if ended[one]]
    if len(d.cases) == 1:
        return f"the resolved case most like this one ended as {kinds[0][0]}"
    if len(kinds) == 1:
        return f"the {len(d.cases)} resolved cases most like this one all ended as {kinds[0][0]}"
    (first, count), *rest = kinds
    parts = [f"{count} ended as {first}", *(f"{count} as {name}" for name, count in rest)]
    return f"of the {len(d.cases)} resolved cases most like this one, {listed(parts)}"
