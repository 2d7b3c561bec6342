"""Counter-evidence: what speaks against the suspicion or, for a low score, for another look."""

from __future__ import annotations

from collections.abc import Iterator

from risk.alerts.alert import Disposition
from risk.domain.assessment import RiskLevel
from risk.explanations.context import DAY, Dossier
from risk.explanations.evidence_builder import Exhibits, resolved
from risk.explanations.explanation import Sentence
from risk.reason_text.formatting import day, listed, money, often, plural, sentence

MOST = 4
Told = tuple[str, tuple[str, ...]]


def against(dossier: Dossier, found: Exhibits) -> list[Sentence]:
    """At most four sentences, strongest first; one that says so if nothing speaks against the suspicion."""
    suspected = dossier.assessment.level is not RiskLevel.LOW
    telling = _innocent(dossier) if suspected else _again(dossier)
    said = []
    for text, keys in telling:
        cites = found.cite(*keys)
        if cites:
            said.append(Sentence(text=sentence(text), cites=cites))
    if suspected and not said:
        text = f"Nothing in the past of {dossier.assessment.account_id} speaks against it."
        said = [Sentence(text=text, cites=found.cite("account"))]
    return said[:MOST]


def _innocent(d: Dossier) -> Iterator[Told]:
    event, past = d.assessment, d.account
    yield from _known(d)
    high = past.money is not None and event.amount is not None and event.amount >= 2 * past.money.median
    if high and event.amount is not None and past.settled is not None and event.amount <= past.settled:
        largest = money(past.settled, event.currency)
        yield (
            f"an amount as large is not new for the account: a day before or more it had {largest}",
            ("account",),
        )
    if past.labelled >= 3 and not past.frauds:
        outcomes = plural(past.labelled, "outcome")
        yield f"none of the account's {outcomes} known by then was fraud", ("account",)
    there = d.counterparty
    if there is not None and there.labelled >= 5 and not there.frauds:
        outcomes = plural(there.labelled, "outcome")
        yield f"none of the {outcomes} known by then at {event.counterparty_id} was fraud", ("counterparty",)
    if past.month >= 20 and not past.risky:
        month = plural(past.month, "event")
        yield f"none of the account's {month} of the 30 days before was scored HIGH or CRITICAL", ("account",)
    if not past.events:
        yield f"no earlier event of {event.account_id} is stored, so nobody can say what is usual for it", ("account",)
    elif past.events < 5 and past.month == past.events:
        few = plural(past.events, "event")
        yield (
            f"{event.account_id} had but {few} in the 30 days before, and what is usual for it is hardly known",
            ("account",),
        )


def _known(d: Dossier) -> Iterator[Told]:
    """The account's history with this counterparty, device and country, and the outcome of similar cases."""
    event, past = d.assessment, d.account
    if any(case.disposition is Disposition.FALSE_POSITIVE for case in d.cases):
        yield resolved(d), ("cases",)
    met = []
    for did, name, count, since in (
        (d.telling.dealt, event.counterparty_id, past.same_counterparty, past.counterparty_since),
        ("used device", event.device_id, past.same_device, past.device_since),
        ("acted from", event.country, past.same_country, past.country_since),
    ):
        # History that began with this burst does not exonerate it.
        if since is not None and event.occurred_at - since >= DAY and count >= 2:
            met.append(f"{did} {name} {often(count)} (first on {day(since)})")
    if met:
        yield f"the account had {listed(met)}", ("account",)


def _again(d: Dossier) -> Iterator[Told]:
    """For an event of low score: what may be wrong with it nevertheless."""
    event, past = d.assessment, d.account
    if past.frauds:
        yield f"{plural(past.frauds, 'fraud')} of this account had become known in the 30 days before", ("account",)
    there = d.counterparty
    if there is not None and there.frauds:
        known = plural(there.frauds, "fraud")
        yield f"{known} at {event.counterparty_id} had become known in the 30 days before", ("counterparty",)
    if past.risky:
        yield (
            f"{plural(past.risky, 'event')} of the account in the 30 days before scored HIGH or CRITICAL",
            ("account",),
        )
    if not past.events:
        yield f"no earlier event of {event.account_id} is stored, so nothing can be compared with it", ("account",)
