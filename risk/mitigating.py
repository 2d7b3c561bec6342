"""What speaks against the suspicion; for an event that is not suspected, what would speak for looking again."""

from __future__ import annotations

from collections.abc import Iterator

from risk.alerts import Disposition
from risk.assessment import RiskLevel
from risk.dossier import Dossier
from risk.exhibits import Exhibits
from risk.explain import Sentence
from risk.phrases import Telling
from risk.wording import money, plural, sentence

MOST = 4
Told = tuple[str, tuple[str, ...]]


def against(dossier: Dossier, found: Exhibits) -> list[Sentence]:
    """At most four sentences, the weightiest first; none is made up where there is nothing to say."""
    telling = _again(dossier) if dossier.assessment.level is RiskLevel.LOW else _innocent(dossier)
    said = []
    for text, keys in telling:
        cites = found.cite(*keys)
        if cites:
            said.append(Sentence(text=sentence(text), cites=cites))
    return said[:MOST]


def _innocent(d: Dossier) -> Iterator[Told]:
    event, past = d.assessment, d.account
    cleared = [place for place, case in enumerate(d.cases) if case.disposition is Disposition.FALSE_POSITIVE]
    if cleared:
        keys = tuple(f"case:{place}" for place in cleared)
        yield f"{plural(len(cleared), 'similar case')} turned out to be a false positive", keys
    if past.same_counterparty >= 2:
        yield (
            f"the account had dealt with {event.counterparty_id} {past.same_counterparty:,} times before",
            ("account",),
        )
    if past.same_device >= 2:
        yield f"device {event.device_id} was used by the account {past.same_device:,} times before", ("account",)
    if past.same_country >= 2 and d.is_zero("new_country"):
        yield f"the account had acted from {event.country} {past.same_country:,} times before", ("account",)
    sums = past.money
    high = sums is not None and event.amount is not None and event.amount >= 2 * sums.median
    if sums is not None and event.amount is not None and high and sums.count >= 5 and event.amount <= sums.largest:
        largest = money(sums.largest, sums.currency)
        yield f"within 30 days the account had an amount as large as this before, {largest}", ("account", "event")
    if past.labelled >= 3 and not past.frauds:
        outcomes = plural(past.labelled, "event")
        yield f"none of the account's {outcomes} with a known outcome turned out to be fraud", ("account",)
    there = d.counterparty
    if there is not None and there.labelled >= 5 and not there.frauds:
        outcomes = plural(there.labelled, "event")
        yield f"none of the {outcomes} at {event.counterparty_id} with a known outcome was fraud", ("counterparty",)
    if past.events >= 20 and not past.risky:
        yield "no event of the account in the 30 days before was scored HIGH or CRITICAL", ("account",)
    if not past.events:
        yield "there is no earlier event of this account, so what is usual for it is not known", ("account",)
    elif past.events < 5:
        yield (
            f"with only {plural(past.events, 'earlier event')}, what is usual for this account is hardly known",
            ("account",),
        )


def _again(d: Dossier) -> Iterator[Told]:
    """Of an event that nobody suspects: what may yet be wrong with it."""
    event, past = d.assessment, d.account
    if past.frauds:
        yield f"{plural(past.frauds, 'fraud')} of this account became known in the 30 days before", ("account",)
    there = d.counterparty
    if there is not None and there.frauds:
        known = plural(there.frauds, "fraud")
        yield f"{known} at {event.counterparty_id} became known in the 30 days before", ("counterparty",)
    if past.risky:
        yield (
            f"{plural(past.risky, 'other event')} of the account in these 30 days scored HIGH or CRITICAL",
            ("account",),
        )
    unusual = [(place, one) for place, one in enumerate(d.reasons) if one.contribution >= 1.0]
    for place, reason in unusual[:2]:
        yield f"still, {Telling(d).clause(reason)}", (f"reason:{place}",)
    if not past.events:
        yield "it is the account's first event, so there is nothing to compare it with", ("account",)
