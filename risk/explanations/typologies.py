"""Matches an event to known fraud typologies by its features and reasons.

A resemblance is a place to look, never a finding. Each kind is named by the document of the knowledge base that
describes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from risk.domain.assessment import RiskLevel
from risk.domain.event_types import Family
from risk.explanations.context import DAY, Dossier

HIGH_AMOUNT = 2.5
"""From so many times the usual an amount counts as high, as in ``risk.features.catalog``."""


class Typology(NamedTuple):
    """A typology: the slug of its document, its name, search words, and what to check first.

    ``section`` of the document says what to check; ``name`` and ``advice`` use its words, so that it supports them.
    """

    slug: str
    name: str
    query: str
    advice: str
    section: str = "What to check"


CARD_TESTING = Typology(
    "card-testing",
    "card testing",
    "card testing small amounts velocity authorisation stolen cards",
    "see whether one of the small attempts was approved, and what the same card did afterwards",
)
TAKEOVER = Typology(
    "account-takeover",
    "account takeover (by somebody other than the holder)",
    "account takeover new device new country credentials",
    "look for a change of password, address, telephone number or payee in the days before",
)
STUFFING = Typology(
    "credential-stuffing",
    "credential stuffing",
    "credential stuffing login attempts many accounts bots",
    "count the accounts that the same address, network or device tried, and find those where it succeeded",
)
MULE = Typology(
    "mule-accounts",
    "a mule account that passes money on",
    "mule account dormant rapid movement of funds new counterparties",
    "put the sum that came in over the last days beside the sum that went out, and the time between",
)
TERMINAL = Typology(
    "compromised-terminal",
    "a compromised terminal",
    "compromised terminal merchant run of frauds point of compromise",
    "find the date of the first fraud there, and the accounts that have dealt with the counterparty since",
)
BUST_OUT = Typology(
    "bust-out",
    "a stolen card in use",
    "bust-out rising high amounts spending beyond usual",
    "put the amounts of the last 14 days in order, each against the usual amount of the account",
)
MARKET = Typology(
    "market-abuse",
    "market abuse",
    "market abuse spoofing wash trades insider dealing trading",
    "read the order book around the trade (entries, changes, cancellations), and ask the desk whether market making, "
    "hedging or index rebalancing explains it",
)
OPERATIONAL = Typology(
    "operational-incidents",
    "an operational incident",
    "operational incident metric outage service",
    "see what changed in the minutes before (deployments, configuration, certificates), and whether one host, zone "
    "or version is affected, or all",
)
ANOMALY = Typology(
    "geo-device-anomalies",
    "use from an unusual place or device",
    "new device new country travel VPN",
    "see whether hotel, flight or roaming payments show a journey, and whether the old device is used elsewhere at the "
    "same time",
)
VELOCITY = Typology(
    "velocity",
    "a burst of unusual velocity",
    "velocity many events within an hour bursts rate",
    "see whether a retry loop or an import explains the pace, and which device, address or counterparty has the same "
    "burst",
)
DORMANT = Typology(
    "mule-accounts",
    "a dormant account that was taken over or sold",
    "dormant account silence reactivated mule account takeover",
    "see whether contact data was changed shortly before, and whether money leaves as soon as it arrives",
    "Dormant accounts",
)
GENERAL = ("investigating-alerts", "Questions that settle most cases")
"""What to ask of any event, where it resembles nothing known."""
AFTERWARDS = ("responding", "Learning from it")
"""What to learn of a fraud that is known."""
AT_ONCE = ("responding", "The first hour")
"""What is done while a payment can still be stopped."""


def _raised_amount(d: Dossier) -> bool:
    return any(d.at_least(f"amount_to_{base}", HIGH_AMOUNT) for base in ("usual", "median", "mean_30d"))


def _low_amount(d: Dossier) -> bool:
    usual = d.feature("amount_to_usual")
    return usual is not None and usual <= 0.5


def _payment(d: Dossier) -> bool:
    return d.assessment.family is Family.PAYMENT


def _by_a_person(d: Dossier) -> bool:
    return d.assessment.family is not Family.METRIC


def _terminal(d: Dossier) -> bool:
    return d.at_least("counterparty_fraud_run", 1) or d.at_least("counterparty_known_frauds_28d", 2)


def _bust_out(d: Dossier) -> bool:
    spends = _raised_amount(d) and (d.at_least("high_amounts_14d", 2) or d.at_least("known_frauds_14d", 1))
    return _payment(d) and spends


def _elsewhere(d: Dossier) -> bool:
    """From a device or country new to the account, or used for less than a day."""
    if d.at_least("new_device", 1) or d.at_least("new_country", 1):
        return True
    first, at = d.account.first_at, d.assessment.occurred_at
    since = [one for one in (d.account.device_since, d.account.country_since) if one is not None]
    return first is not None and any(first < one and at - one < DAY for one in since)


def _takeover(d: Dossier) -> bool:
    elsewhere = _by_a_person(d) and _elsewhere(d)
    acts = _raised_amount(d) or d.at_least("count_1h", 3) or d.assessment.family is Family.LOGIN
    return elsewhere and acts


def _card_testing(d: Dossier) -> bool:
    small = _low_amount(d) and d.at_least("count_1h", 2)
    crowd = d.at_least("counterparty_new_share_1d", 0.5) and d.at_least("counterparty_count_1h", 10)
    return _payment(d) and (small or crowd)


def _stuffing(d: Dossier) -> bool:
    login = d.assessment.family is Family.LOGIN
    return login and (d.at_least("count_1h", 5) or d.at_least("counterparty_count_1h", 30))


def _dormant(d: Dossier) -> bool:
    return _by_a_person(d) and d.at_least("gap_seconds", 30 * 86_400)


def _mule(d: Dossier) -> bool:
    fast = d.at_least("count_1d", 4) and d.at_least("new_counterparty", 1) and _raised_amount(d)
    return _payment(d) and fast


def _anomaly(d: Dossier) -> bool:
    return _by_a_person(d) and (d.at_least("new_device", 1) or d.at_least("new_country", 1))


def _velocity(d: Dossier) -> bool:
    return d.assessment.family in (Family.PAYMENT, Family.LOGIN) and d.at_least("count_1h", 3)


_KINDS: tuple[tuple[Typology, Callable[[Dossier], bool]], ...] = (
    (MARKET, lambda d: d.assessment.family is Family.TRADE),
    (OPERATIONAL, lambda d: d.assessment.family is Family.METRIC),
    (TERMINAL, _terminal),
    (STUFFING, _stuffing),
    (CARD_TESTING, _card_testing),
    (TAKEOVER, _takeover),
    (BUST_OUT, _bust_out),
    (DORMANT, _dormant),
    (MULE, _mule),
    (ANOMALY, _anomaly),
    (VELOCITY, _velocity),
)


KINDS = tuple(kind for kind, _ in _KINDS)
"""All kinds that are known, the most specific first."""


def resembles(dossier: Dossier, most: int = 2) -> list[Typology]:
    """The typologies that the event resembles, most specific first, at most ``most``."""
    return [kind for kind, fits in _KINDS if fits(dossier)][:most]


def can_be_held(dossier: Dossier) -> bool:
    """Whether it is a risky payment, scored as it was made and not labelled yet."""
    event = dossier.assessment
    fresh = event.received_at - event.occurred_at < timedelta(days=1)
    return _payment(dossier) and event.level.at_least(RiskLevel.HIGH) and fresh and not dossier.labels


def wanted(dossier: Dossier) -> list[tuple[str, str]]:
    """The sections behind an explanation of the event: document and section, most relevant first."""
    found = [(kind.slug, kind.section) for kind in resembles(dossier, most=3)]
    if can_be_held(dossier):
        found.append(AT_ONCE)
    if any(label.fraud for label in dossier.labels[:1]):
        found.append(AFTERWARDS)
    return found or [GENERAL]


def query(dossier: Dossier) -> str:
    """Search words for the knowledge base beyond ``wanted``: from typologies, then from reasons."""
    words = [kind.query for kind in resembles(dossier)]
    words += [reason.feature.replace("_", " ") for reason in dossier.reasons[:2] if reason.feature]
    words.append("what to check")
    return " ".join(words)
