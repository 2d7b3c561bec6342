"""The baseline: LightGBM on counts by device, address and card, a team's first attempt."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.features.sliding_windows import DAY
from streaming.bench.judge.cases import Cases
from streaming.training.lightgbm_fit import Settings, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTED = ("account", "counterparty", "device", "ip", "card")
_HOUR = 3_600
_WHATS = ("hour", "day", "ever", "accounts", "age", "declined", "failed")
NAMES = (
    "amount",
    "hour",
    "declined",
    *(
        f"{name}_{what}"
        for name in COUNTED
        for what in ("hour", "day", "ever", "accounts", "age", "declined", "failed")
    ),
    "account_devices",
    "account_ips",
)
SETTINGS = Settings(rounds=300, learning_rate=0.05, leaves=31, min_leaf=20, feature_share=0.7, l2=1.0)


class _Key:
    """The counts of one device, address, card, account or counterparty."""

    __slots__ = ("accounts", "declined", "ever", "failed", "first", "recent")

    def __init__(self, at: int) -> None:
        self.recent: deque[int] = deque()
        self.accounts: set[str] = set()
        self.ever, self.declined, self.failed, self.first = 0, 0, 0, at

    def counts(self, at: int) -> tuple[float, ...]:
        while self.recent and self.recent[0] < at - DAY:
            self.recent.popleft()
        hour = sum(1 for one in self.recent if one >= at - _HOUR) if len(self.recent) < 500 else 500
        age = at - self.first
        return hour, len(self.recent), self.ever, len(self.accounts), age, self.declined, self.failed


class Counts:
    """Running counts, event by event in the order of arrival."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], _Key] = {}
        self._devices: dict[str, set[str]] = defaultdict(set)
        self._ips: dict[str, set[str]] = defaultdict(set)

    def meet(self, event: dict[str, Any], at: int) -> list[float]:
        """The vector of ``event`` from earlier events; the event is counted afterwards."""
        attributes, account = event.get("attributes", {}), event["account_id"]
        named = {
            "account": account,
            "counterparty": event.get("counterparty_id"),
            "device": event.get("device_id"),
            "ip": event.get("ip"),
            "card": attributes.get("card"),
        }
        declined, failed = attributes.get("approved") is False, attributes.get("success") is False
        vector = [float(event.get("amount") or "nan"), at % DAY / _HOUR, float(declined)]
        for name in COUNTED:
            value = named[name]
            if value is None:
                vector.extend((np.nan,) * len(_WHATS))
                continue
            key = self._keys.get((name, value))
            if key is None:
                key = self._keys[name, value] = _Key(at)
            vector.extend(key.counts(at))
            key.recent.append(at)
            key.accounts.add(account)
            key.ever += 1
            key.declined += declined
            key.failed += failed
        for seen, value in ((self._devices[account], named["device"]), (self._ips[account], named["ip"])):
            vector.append(np.nan if value is None else float(len(seen) * 2 + (value not in seen)))
            if value is not None:
                seen.add(value)
        return vector


def scores(cases: Cases, until: int, advance: Callable[[int], None] = lambda _: None) -> NDArray[np.float64]:
    """Scores of every case, by a model fitted on cases before ``until`` (epoch seconds) with the labels known then.

    Unlabelled cases count as legitimate.
    """
    train = cases.at < until
    known = cases.known_fraud(until)
    booster = fit(cases.vectors[train], known[train], SETTINGS, names=NAMES, advance=advance)
    return np.asarray(booster.predict(cases.vectors), np.float64)
