"""Random parameters of an installation."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

WEB, APP, SHOP, CASH = "web", "app", "pos", "atm"
COUNTRIES = (
    ("DE", "EUR", 1, 1.0), ("FR", "EUR", 1, 1.0), ("GB", "GBP", 0, 0.85), ("US", "USD", -6, 1.1),
    ("PL", "PLN", 1, 4.3), ("SE", "SEK", 1, 11.0), ("BR", "BRL", -3, 6.0), ("IN", "INR", 5, 92.0),
    ("JP", "JPY", 9, 160.0), ("AU", "AUD", 10, 1.7),
)  # fmt: skip
"""Code, currency, hours ahead of UTC, and units per euro."""


@dataclass(frozen=True)
class Installation:
    """Shares are from 0 to 1; rates are per customer and day."""

    days: int
    customers: int
    countries: tuple[tuple[str, str, int, float], ...]
    spending: float
    """Activity: 1 is about one payment a day for an employed customer."""
    online: float
    """Share of shops that sell on the web or in an app."""
    shops_per_customer: float
    fraud_share: float
    kinds: dict[str, float]
    """How common each kind of fraud is, relative to the others."""
    # Fields that senders include.
    device_told: dict[str, float]
    ip_told: dict[str, float]
    country_told: float
    card_told: float
    status_told: float
    counterparty_told: float
    logins_told: float
    channel_names: dict[str, str]
    terminals: bool
    """Whether payments in shops have the terminal's id as device."""
    # Stability of devices and addresses.
    new_phone: float
    new_address: float
    forgetful: float
    """Share of customers whose browser has a new device id at each visit."""
    carrier: float
    """How often a customer is behind a carrier's address, and how many customers share one."""
    carrier_crowd: int
    several_devices: float
    households: float
    kiosks: float
    """Share of customers who pay on a device of a branch or an agent, with dozens of others."""
    vpn: float
    # Unusual but honest behaviour.
    travel: float
    declines: float
    mistyped: float
    sprees: float
    rare_large: float
    adventurous: float
    """Share of payments at a shop that is not a favourite."""
    gamers: float
    newcomers: float
    """Share of customers who join while the installation runs."""
    transfers: float
    # Labels.
    reported: float
    report_days: float
    reviewed: float


def _mostly(rng: Random, usual: tuple[float, float], never: float) -> float:
    return 0.0 if rng.random() < never else rng.uniform(*usual)


def _wide(rng: Random, low: float, high: float) -> float:
    """A log-uniform number between the bounds."""
    return float(low * (high / low) ** rng.random())


KINDS = (
    "card_testing", "takeover", "device_farm", "compromised_shop", "mule", "slow_fraud", "stolen_card", "scam",
    "rapid_spending", "friendly_fraud",
)  # fmt: skip


def draw(rng: Random) -> Installation:
    """Draw the parameters of an installation."""
    customers = rng.randint(250, 1_400)
    days = rng.randint(22, 48)
    names = rng.choice(
        (
            {WEB: "web", APP: "app", SHOP: "pos", CASH: "atm"},
            {WEB: "ecom", APP: "mobile", SHOP: "card_present", CASH: "atm"},
            {WEB: "online", APP: "app", SHOP: "store", CASH: "cash"},
        )
    )
    # Some installations never receive a device or an address, whatever the channel.
    knows_devices, knows_addresses = rng.random() > 0.12, rng.random() > 0.1
    web, app = _mostly(rng, (0.45, 1.0), 0.05), _mostly(rng, (0.8, 1.0), 0.05)
    return Installation(
        days=days,
        customers=customers,
        countries=tuple(rng.sample(COUNTRIES, rng.choice((1, 1, 2, 3, 5)))),
        spending=min(_wide(rng, 0.35, 1.6), 30_000 / customers / days),
        online=rng.uniform(0.35, 1.0),
        shops_per_customer=_wide(rng, 0.05, 0.5),
        fraud_share=_wide(rng, 0.004, 0.012),
        kinds={kind: _wide(rng, 0.3, 3.0) for kind in KINDS},
        device_told={WEB: web * knows_devices, APP: app * knows_devices, SHOP: 0.0, CASH: 0.0},
        ip_told={
            WEB: _mostly(rng, (0.8, 1.0), 0.05) * knows_addresses,
            APP: _mostly(rng, (0.6, 1.0), 0.05) * knows_addresses,
            SHOP: 0.0,
            CASH: 0.0,
        },
        country_told=_mostly(rng, (0.8, 1.0), 0.1),
        card_told=_mostly(rng, (0.8, 1.0), 0.25),
        status_told=_mostly(rng, (0.9, 1.0), 0.2),
        counterparty_told=rng.choice((1.0, 1.0, 0.97)),
        logins_told=_mostly(rng, (0.1, 0.6), 0.25),
        channel_names=names,
        terminals=rng.random() < 0.15,
        new_phone=_wide(rng, 0.0008, 0.006),
        new_address=_wide(rng, 0.002, 0.25),
        forgetful=_mostly(rng, (0.02, 0.15), 0.4),
        carrier=rng.uniform(0.1, 0.75),
        carrier_crowd=round(_wide(rng, 10, 300)),
        several_devices=rng.uniform(0.15, 0.6),
        households=rng.uniform(0.03, 0.25),
        kiosks=_mostly(rng, (0.01, 0.06), 0.5),
        vpn=rng.uniform(0.0, 0.05),
        travel=_wide(rng, 0.001, 0.008),
        declines=_wide(rng, 0.008, 0.06),
        mistyped=_wide(rng, 0.02, 0.12),
        sprees=_wide(rng, 0.005, 0.05),
        rare_large=_wide(rng, 0.004, 0.025),
        adventurous=rng.uniform(0.1, 0.45),
        gamers=rng.uniform(0.0, 0.06),
        newcomers=rng.uniform(0.03, 0.35),
        transfers=_mostly(rng, (0.01, 0.12), 0.25),
        reported=rng.uniform(0.7, 0.98),
        report_days=_wide(rng, 1.5, 14),
        reviewed=_mostly(rng, (0.01, 0.06), 0.6),
    )  # fmt: skip
