"""Which known kinds of fraud or trouble an event resembles, by what its features and reasons show.

A resemblance is a place to look, never a finding. Each kind is named by the document of the knowledge base that
describes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from risk.dossier import Dossier
from risk.events import EventType

HIGH_AMOUNT = 2.5
"""From so many times the usual an amount counts as high, as in ``risk.features``."""


class Typology(NamedTuple):
    """A kind: the slug of its document, its name, and words that find what is written of it."""

    slug: str
    name: str
    query: str


CARD_TESTING = Typology(
    "card-testing", "card testing", "card testing small amounts velocity authorisation stolen cards"
)
TAKEOVER = Typology("account-takeover", "account takeover", "account takeover new device new country credentials")
STUFFING = Typology(
    "credential-stuffing", "credential stuffing", "credential stuffing login attempts many accounts bots"
)
MULE = Typology("mule-accounts", "a mule account", "mule account dormant rapid movement of funds new counterparties")
TERMINAL = Typology(
    "compromised-terminal", "a compromised terminal", "compromised terminal merchant run of frauds point of compromise"
)
BUST_OUT = Typology("bust-out", "a bust-out or a stolen card", "bust-out rising high amounts spending beyond usual")
MARKET = Typology("market-abuse", "market abuse", "market abuse spoofing wash trades insider dealing trading")
OPERATIONAL = Typology("operational-incidents", "an operational incident", "operational incident metric outage service")
ANOMALY = Typology("geo-device-anomalies", "use from an unusual place or device", "new device new country travel VPN")
VELOCITY = Typology("velocity", "unusual velocity", "velocity many events within an hour bursts rate")
DORMANT = Typology(
    "mule-accounts", "a dormant account put to use", "dormant account silence reactivated mule account takeover"
)


def _raised_amount(d: Dossier) -> bool:
    return any(d.at_least(f"amount_to_{base}", HIGH_AMOUNT) for base in ("usual", "median", "mean_30d"))


def _low_amount(d: Dossier) -> bool:
    usual = d.feature("amount_to_usual")
    return usual is not None and usual <= 0.5


def _payment(d: Dossier) -> bool:
    return d.assessment.event_type is EventType.PAYMENT


def _terminal(d: Dossier) -> bool:
    return d.at_least("counterparty_fraud_run", 1) or d.at_least("counterparty_known_frauds_28d", 2)


def _bust_out(d: Dossier) -> bool:
    spends = _raised_amount(d) and (d.at_least("high_amounts_14d", 2) or d.at_least("known_frauds_14d", 1))
    return _payment(d) and spends


def _takeover(d: Dossier) -> bool:
    elsewhere = d.at_least("new_device", 1) or d.at_least("new_country", 1)
    acts = _raised_amount(d) or d.at_least("count_1h", 3) or d.assessment.event_type is EventType.LOGIN
    return elsewhere and acts


def _card_testing(d: Dossier) -> bool:
    small = _low_amount(d) and d.at_least("count_1h", 2)
    crowd = d.at_least("counterparty_new_share_1d", 0.5) and d.at_least("counterparty_count_1h", 10)
    return _payment(d) and (small or crowd or (d.at_least("count_1h", 5) and not _raised_amount(d)))


def _stuffing(d: Dossier) -> bool:
    login = d.assessment.event_type is EventType.LOGIN
    return login and (d.at_least("count_1h", 5) or d.at_least("counterparty_count_1h", 30))


def _dormant(d: Dossier) -> bool:
    return d.at_least("gap_seconds", 30 * 86_400)


def _mule(d: Dossier) -> bool:
    fast = d.at_least("count_1d", 4) and d.at_least("new_counterparty", 1) and _raised_amount(d)
    return _payment(d) and fast


def _anomaly(d: Dossier) -> bool:
    return d.at_least("new_device", 1) or d.at_least("new_country", 1)


def _velocity(d: Dossier) -> bool:
    return d.at_least("count_1h", 3)


_KINDS: tuple[tuple[Typology, Callable[[Dossier], bool]], ...] = (
    (MARKET, lambda d: d.assessment.event_type is EventType.TRADE),
    (OPERATIONAL, lambda d: d.assessment.event_type is EventType.METRIC),
    (TERMINAL, _terminal),
    (STUFFING, _stuffing),
    (CARD_TESTING, _card_testing),
    (BUST_OUT, _bust_out),
    (TAKEOVER, _takeover),
    (DORMANT, _dormant),
    (MULE, _mule),
    (ANOMALY, _anomaly),
    (VELOCITY, _velocity),
)


def resembles(dossier: Dossier, most: int = 2) -> list[Typology]:
    """The kinds that the event resembles, the most specific first, at most ``most``."""
    return [kind for kind, fits in _KINDS if fits(dossier)][:most]


def query(dossier: Dossier) -> str:
    """The words to look for in the knowledge base: of the kinds, then of the reasons."""
    words = [kind.query for kind in resembles(dossier)]
    words += [reason.feature.replace("_", " ") for reason in dossier.reasons[:2] if reason.feature]
    words.append("what to check")
    return " ".join(words)
