"""What an analyst can check: steps that follow from the event and from what it resembles, each with its grounds."""

from __future__ import annotations

from collections.abc import Iterator

from risk.assessment import RiskLevel
from risk.dossier import Dossier
from risk.events import EventType
from risk.exhibits import Exhibits
from risk.explain import Sentence
from risk.typologies import resembles
from risk.wording import sentence

MOST = 5
Step = tuple[str, tuple[str, ...]]


def checks(dossier: Dossier, found: Exhibits) -> list[Sentence]:
    """At most five steps, the most telling first; for a LOW event that nobody alerted on, at most one."""
    quiet = dossier.assessment.level is RiskLevel.LOW and dossier.alert is None
    said: list[Sentence] = []
    notable = not quiet or any(reason.contribution >= 1.0 for reason in dossier.reasons) or bool(dossier.labels)
    for text, keys in (*_steps(dossier), *_of_kind(dossier)) if notable else ():
        cites = found.cite(*keys)
        if cites and not any(one.text == sentence(text) for one in said):
            said.append(Sentence(text=sentence(text), cites=cites))
    if not said:
        said = [
            Sentence(text="No check is needed beyond the ordinary sampling of LOW events.", cites=found.cite("score"))
        ]
    return said[: 1 if quiet else MOST]


def _steps(d: Dossier) -> Iterator[Step]:
    event = d.assessment
    if d.labels:
        yield (
            "compare what was learnt of the event with its score, and see whether its alert says the same",
            ("label:0",),
        )
    if d.at_least("new_device", 1) or d.at_least("new_country", 1):
        place = "device" if d.at_least("new_device", 1) else "country"
        yield (
            f"ask the holder of {event.account_id}, by a channel already on file, whether the new {place} is theirs",
            ("event", "account"),
        )
    if d.account.latest and d.at_least("count_1h", 2):
        yield (
            "read the account's latest events one after the other: amounts, targets and the time between them",
            ("latest",),
        )
    if event.counterparty_id and (
        d.at_least("counterparty_fraud_run", 1) or d.at_least("counterparty_known_frauds_28d", 1)
    ):
        yield f"look at the other accounts that dealt with {event.counterparty_id} in these days", ("counterparty",)
    if d.at_least("amount_to_usual", 2.5) or d.at_least("amount_to_mean_30d", 2.5):
        yield (
            "find out what the amount was for: an order, an invoice or a note of the customer can settle it",
            (
                "event",
                "account",
            ),
        )
    if d.cases:
        yield (
            "open the cases most like this one, and see what settled them",
            tuple(f"case:{place}" for place in range(len(d.cases))),
        )


_BY_KIND = {
    "card-testing": "see whether one of many small attempts went through: the next amount is usually the real one",
    "account-takeover": "look for a change of password, address or payee shortly before the event",
    "credential-stuffing": "count the accounts tried from the same address, and end the sessions that succeeded",
    "mule-accounts": "follow the money: what came in before, and how soon it went out again",
    "compromised-terminal": "find the first fraud there, and treat the cards used since then as exposed",
    "bust-out": "compare spending with payments received and with the limit, before the next amount is approved",
    "market-abuse": "put the trade beside its orders, cancellations and the news of that day",
    "operational-incidents": "ask the owner of the service for deployments and incidents at that time",
    "geo-device-anomalies": "see whether travel, a new phone or a VPN explains the place or the device",
    "velocity": "see whether a retry, a subscription or a script explains the pace",
}


def _of_kind(d: Dossier) -> Iterator[Step]:
    for kind in resembles(d):
        place = next((place for place, one in enumerate(d.passages) if one.document == kind.slug), None)
        if kind.slug in _BY_KIND and place is not None:
            yield _BY_KIND[kind.slug], (f"passage:{place}", "event")
    if d.assessment.event_type is EventType.PAYMENT and d.assessment.level.at_least(RiskLevel.HIGH):
        yield "if the payment can still be held, hold it until one of these is answered", ("score", "event")
