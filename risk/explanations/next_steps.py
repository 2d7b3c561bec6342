"""Suggested checks for an analyst, each with the evidence it follows from."""

from __future__ import annotations

from collections.abc import Iterator

from risk.domain.assessment import RiskLevel
from risk.domain.event_types import Family
from risk.explanations.context import Dossier
from risk.explanations.evidence_builder import Exhibits, latest
from risk.explanations.explanation import Sentence
from risk.explanations.typologies import AFTERWARDS, AT_ONCE, GENERAL, can_be_held, resembles
from risk.reason_text.formatting import day, moment, money, plural, sentence

MOST = 5
Step = tuple[str, tuple[str, ...]]


def checks(dossier: Dossier, found: Exhibits) -> list[Sentence]:
    """At most five steps, most urgent first; for a LOW event without an alert at most one.

    Nothing is asked that the evidence already answers.
    """
    quiet = dossier.assessment.level is RiskLevel.LOW and dossier.alert is None
    steps = _known(dossier) if dossier.labels else _open(dossier, quiet=quiet)
    said = [Sentence(text=sentence(text), cites=cites) for text, keys in steps if (cites := found.cite(*keys))]
    if not said:
        text = "no check is needed beyond the ordinary sampling of LOW events"
        if not quiet:
            text = f"ask whether the account's holder knows of this {dossier.telling.noun}"
        said = [Sentence(text=sentence(text), cites=found.cite("score" if quiet else "event"))]
    return said[: 1 if quiet else MOST]


def place_of(d: Dossier, slug: str, section: str) -> str:
    """The evidence id of a section; empty if it is not among the passages."""
    places = (place for place, one in enumerate(d.passages) if (one.document, one.section) == (slug, section))
    return next((f"passage:{place}" for place in places), "")


def _known(d: Dossier) -> Iterator[Step]:
    """For an event that has been labelled."""
    label = d.labels[0]
    if not label.fraud and d.assessment.level is RiskLevel.LOW and d.alert is None:
        return
    yield (
        f"compare its score{' and its alert' if d.alert else ''} with what {label.source} has said of it since "
        f"{moment(label.known_at)}",
        ("label:0",),
    )
    if label.fraud:
        yield (
            "label every event of the case, the missed ones too, and ask why it was seen late",
            (place_of(d, *AFTERWARDS),),
        )
        yield from _of_kind(d)


def _open(d: Dossier, *, quiet: bool) -> Iterator[Step]:
    if quiet and not any(reason.contribution >= 1.0 for reason in d.reasons):
        return
    if can_be_held(d):
        yield (
            "hold the payment while it is pending, until one of the questions below is answered",
            (place_of(d, *AT_ONCE),),
        )
    yield from _of_event(d)
    yield from _of_kind(d)
    if d.cases:
        yield _case(d)
    yield (
        "see whether the holder knows of it, and whether anything about the account's security changed shortly before",
        (place_of(d, *GENERAL),),
    )


def _of_event(d: Dossier) -> Iterator[Step]:
    event = d.assessment
    new = [name for name in ("device", "country") if d.at_least(f"new_{name}", 1) and getattr(event, _NAMED[name])]
    if new and event.family is not Family.METRIC:
        which = " and ".join(f"{name} {getattr(event, _NAMED[name])}" for name in new)
        yield (
            f"ask the holder of {event.account_id}, by a channel already on file, about {which}, new for the account",
            ("event",),
        )
    if len(d.account.latest) > 1 and d.at_least("count_1h", 2):
        yield f"read {latest(d)} one after the other: amounts, counterparties, times between them", ("latest",)
    there = d.counterparty
    frauds = d.at_least("counterparty_fraud_run", 1) or d.at_least("counterparty_known_frauds_28d", 1)
    if frauds and there is not None and there.accounts > 1:
        accounts = plural(there.accounts, "account")
        yield (
            f"look at the {accounts} that dealt with {event.counterparty_id} in the 30 days before",
            ("counterparty",),
        )
    raised = d.at_least("amount_to_usual", 2.5) or d.at_least("amount_to_mean_30d", 2.5)
    if raised and event.family is Family.PAYMENT and event.amount is not None:
        paid = money(event.amount, event.currency)
        yield (
            f"find out what the {paid} were for: an order, an invoice or a note of the customer can settle it",
            ("event",),
        )


_NAMED = {"device": "device_id", "country": "country"}


def _case(d: Dossier) -> Step:
    case = d.cases[0]
    at = f" at {case.counterparty_id}" if case.counterparty_id else ""
    return (
        f"see what settled the case most like this one: an alert of {case.account_id}{at}, resolved on "
        f"{day(case.resolved_at)} as {case.disposition.replace('_', ' ')}",
        ("case:0",),
    )


def _of_kind(d: Dossier) -> Iterator[Step]:
    for kind in resembles(d):
        yield kind.advice, (place_of(d, kind.slug, kind.section),)
