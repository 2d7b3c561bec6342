"""A past in the order in which the stream would have told it: events, and labels when they became known.

``vectors`` is the offline path of every feature: the very profiles of the stream, in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from risk.errors import InvalidInput
from risk.features import FEATURES, NO_COUNTERPARTY
from risk.profiles import AccountProfile, CounterpartyProfile, Learned, Observation
from risk.windows import DAY
from streaming.replay import HANDBOOK, open_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABEL_DELAY = 7 * DAY
TOLD_EVERY = 1_000


class Past(NamedTuple):
    """An event of the past, and its label: whether it was fraud, known from ``known_at`` on; None if never."""

    observation: Observation
    fraud: bool | None
    known_at: int | None


def vectors(past: Iterable[Past]) -> Iterator[tuple[float, ...]]:
    """The feature vector of each event, in order, from profiles that meet events and labels as they come.

    A label is learnt before the first event at or after it is known. ``past`` is in the order of arrival.
    """
    accounts: dict[str, AccountProfile] = {}
    counterparties: dict[str, CounterpartyProfile] = {}
    waiting: list[tuple[int, int, Learned]] = []
    for place, (observation, fraud, known_at) in enumerate(past):
        while waiting and waiting[0][0] <= observation.at:
            label = heapq.heappop(waiting)[2]
            accounts[label.account_id].learn(label)
            if label.counterparty_id is not None:
                counterparties[label.counterparty_id].learn(label)
        yield observe(accounts, counterparties, observation)
        if fraud is not None and known_at is not None:
            account, counterparty = observation.account_id, observation.counterparty_id
            learned = Learned(account, counterparty, observation.at, known_at, fraud)
            heapq.heappush(waiting, (known_at, place, learned))


def observe(
    accounts: dict[str, AccountProfile], counterparties: dict[str, CounterpartyProfile], observation: Observation
) -> tuple[float, ...]:
    """The vector of one event, from profiles that are made where they are missing."""
    account = accounts.get(observation.account_id)
    if account is None:
        account = accounts[observation.account_id] = AccountProfile()
    if observation.counterparty_id is None:
        return account.observe(observation) + NO_COUNTERPARTY
    counterparty = counterparties.get(observation.counterparty_id)
    if counterparty is None:
        counterparty = counterparties[observation.counterparty_id] = CounterpartyProfile()
    return account.observe(observation) + counterparty.observe(observation)


@dataclass(frozen=True)
class Transactions:
    """Columns of a file of payments, in the order of their times (seconds since 1970, UTC)."""

    ids: NDArray[Any]
    at: NDArray[np.int64]
    accounts: NDArray[Any]
    counterparties: NDArray[Any]
    amounts: NDArray[np.float64]
    fraud: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at)

    def past(self, currency: str = "EUR", *, label_delay: int = LABEL_DELAY) -> Iterator[Past]:
        """The payments with their labels, each known ``label_delay`` seconds after it."""
        columns = (self.at, self.accounts, self.counterparties, self.amounts, self.fraud)
        for at, account, counterparty, amount, fraud in zip(*(column.tolist() for column in columns), strict=True):
            observation = Observation("payment", at, str(account), str(counterparty), amount, currency, None, None)
            yield Past(observation, fraud, at + label_delay)

    def matrix(self, wanted: NDArray[np.bool_], advance: Callable[[int], None]) -> NDArray[np.float32]:
        """Feature vectors of the ``wanted`` transactions, each as it was at its time: (wanted, features).

        All are observed, up to the last wanted one; ``advance`` hears how many more were.
        """
        import numpy as np

        last = int(np.flatnonzero(wanted)[-1]) + 1 if wanted.any() else 0
        chosen = (
            vector
            for flag, vector in zip(wanted[:last].tolist(), _told(vectors(self.past()), advance), strict=False)
            if flag
        )
        flat = np.fromiter(chain.from_iterable(chosen), np.float32, count=int(wanted.sum()) * len(FEATURES))
        return flat.reshape(-1, len(FEATURES))


def _told(items: Iterable[tuple[float, ...]], advance: Callable[[int], None]) -> Iterator[tuple[float, ...]]:
    for number, item in enumerate(items, start=1):
        if number % TOLD_EVERY == 0:
            advance(TOLD_EVERY)
        yield item


def read_transactions(path: Path) -> Transactions:
    """The payments of a parquet file with the Fraud Detection Handbook's columns.

    Only the six columns named in ``HANDBOOK`` are read: never the one that says which kind of fraud it was.
    Raises ``InvalidInput`` when the file is no parquet, lacks a column, or has a value missing.
    """
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

    file = open_table(path)
    missing = sorted(set(HANDBOOK.values()) - set(file.schema_arrow.names))
    if missing:
        raise InvalidInput(f"{path.name} has no column {', '.join(missing)}", field="data")
    table = file.read(columns=list(HANDBOOK.values()))
    empty = [column for column in HANDBOOK.values() if table.column(column).null_count]
    if empty:
        raise InvalidInput(f"{path.name} has rows without {', '.join(empty)}; leave them out", field="data")
    try:
        moments = table.column(HANDBOOK["occurred_at"]).cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except pa.ArrowException as error:
        raise InvalidInput(f"{HANDBOOK['occurred_at']} does not hold times: {error}", field="data") from error
    micros = moments.to_numpy()
    order = np.argsort(micros, kind="stable")

    def column(name: str) -> NDArray[Any]:
        values: NDArray[Any] = table.column(HANDBOOK[name]).to_numpy()
        return values[order]

    return Transactions(
        column("event_id"),
        micros[order] // 1_000_000,
        column("account_id"),
        column("counterparty_id"),
        column("amount").astype(np.float64),
        column("fraud").astype(np.bool_),
    )
