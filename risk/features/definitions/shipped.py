"""The definitions that ship: what devices, addresses, cards, e-mail domains, accounts and payees are known by.

Their values are part of every feature vector, in this order, after those of accounts and counterparties.
"""

from __future__ import annotations

from risk.features.definitions.definition import Aggregate, Definition
from risk.features.directions import Direction

_HIGHER, _LOWER = Direction.HIGHER_IS_RISKIER, Direction.LOWER_IS_RISKIER
_FAILED_LOGIN = 'event.event_type == "login" && event.outcome in ["failed", "declined"]'
_DECLINED = 'event.event_type != "login" && event.outcome in ["declined", "failed"]'
_IN = 'event.event_type in ["deposit", "refund", "reversal", "chargeback"]'
_OUT = 'event.event_type in ["payment", "purchase", "transfer", "withdrawal"]'
_SPANS = {"10m": "10 minutes", "1h": "hour", "1d": "day", "7d": "7 days", "30d": "30 days"}


def _before(window: str) -> str:
    return f"in the {_SPANS[window]} before"


def _accounts(name: str, key: str, window: str, used: str) -> Definition:
    return Definition(
        name=f"{name}_accounts_{window}", key=(key,), aggregate=Aggregate.DISTINCT, field="account_id", window=window,
        unit="accounts", meaning=f"different accounts that used {used} {_before(window)}", direction=_HIGHER,
    )  # fmt: skip


def _cards(name: str, key: str, window: str, used: str) -> Definition:
    return Definition(
        name=f"{name}_cards_{window}", key=(key,), aggregate=Aggregate.DISTINCT, field="card", window=window,
        unit="cards", meaning=f"different cards used {used} {_before(window)}", direction=_HIGHER,
    )  # fmt: skip


def _events(name: str, key: str, window: str, used: str, direction: Direction = _HIGHER) -> Definition:
    return Definition(
        name=f"{name}_events_{window}", key=(key,), aggregate=Aggregate.COUNT, window=window,
        unit="events", meaning=f"events {used} {_before(window)}", direction=direction,
    )  # fmt: skip


def _used(what: str, field: str, unit: str, window: str) -> Definition:
    return Definition(
        name=f"account_{what}_{window}", key=("account_id",), aggregate=Aggregate.DISTINCT, field=field, window=window,
        unit=unit, meaning=f"different {unit} used by the account {_before(window)}", direction=_HIGHER,
    )  # fmt: skip


def _failed_logins(name: str, key: str, window: str, used: str) -> Definition:
    return Definition(
        name=f"{name}_failed_logins_{window}", key=(key,), aggregate=Aggregate.COUNT, window=window,
        filter=_FAILED_LOGIN, unit="failed logins", meaning=f"logins that failed {used} {_before(window)}",
        direction=_HIGHER,
    )  # fmt: skip


def _declines(name: str, key: str, window: str, used: str) -> Definition:
    return Definition(
        name=f"{name}_declines_{window}", key=(key,), aggregate=Aggregate.COUNT, window=window, filter=_DECLINED,
        unit="declines", meaning=f"events that were declined {used} {_before(window)}", direction=_HIGHER,
    )  # fmt: skip


def _sum(name: str, key: str, window: str, meaning: str, wanted: str | None, direction: Direction) -> Definition:
    return Definition(
        name=f"{name}_{window}", key=(key,), aggregate=Aggregate.SUM, field="amount", window=window, filter=wanted,
        unit="currency", meaning=f"{meaning} {_before(window)}, in the event's currency", direction=direction,
    )  # fmt: skip


SHIPPED = (
    _accounts("device", "device_id", "1d", "the device"),
    _accounts("device", "device_id", "7d", "the device"),
    _events("device", "device_id", "1h", "on the device"),
    _cards("device", "device_id", "1d", "on the device"),
    _failed_logins("device", "device_id", "1h", "on the device"),
    _declines("device", "device_id", "1h", "on the device"),
    _accounts("ip", "ip", "1d", "the address"),
    _events("ip", "ip", "1h", "from the address"),
    _failed_logins("ip", "ip", "1h", "from the address"),
    _accounts("card", "card", "7d", "the card"),
    _events("card", "card", "10m", "with the card"),
    _declines("card", "card", "1h", "with the card"),
    _accounts("email_domain", "email_domain", "1d", "the e-mail domain"),
    _failed_logins("account", "account_id", "1h", "of the account"),
    _declines("account", "account_id", "1d", "of the account"),
    _cards("account", "account_id", "1d", "by the account"),
    _declines("counterparty", "counterparty_id", "1h", "at the counterparty"),
    _sum("counterparty_sum", "counterparty_id", "1d", "total that the counterparty was sent", None, Direction.NONE),
    _sum("account_sum_in", "account_id", "7d", "total that came in to the account", _IN, Direction.NONE),
    _sum("account_sum_out", "account_id", "7d", "total that went out of the account", _OUT, Direction.NONE),
    # Whether a device, an address or a card is new to everybody; what is much used is not the safer for it.
    _events("device", "device_id", "30d", "on the device", Direction.NONE),
    _events("ip", "ip", "30d", "from the address", Direction.NONE),
    _events("card", "card", "30d", "with the card", Direction.NONE),
    Definition(
        name="account_ip_events_30d",
        key=("account_id", "ip"),
        aggregate=Aggregate.COUNT,
        window="30d",
        unit="events",
        meaning="the account's events from this address in the 30 days before",
        direction=_LOWER,
    ),
    _used("ips", "ip", "addresses", "7d"),
    _used("devices", "device_id", "devices", "7d"),
    _cards("ip", "ip", "1d", "from the address"),
    _declines("device", "device_id", "1d", "on the device"),
    _declines("ip", "ip", "1d", "from the address"),
    _declines("counterparty", "counterparty_id", "1d", "at the counterparty"),
)
