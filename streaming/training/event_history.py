"""Histories of events and labels, in the order in which they became known.

``vectors`` is the offline path of every feature: the same profiles as in the stream, in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURES, NO_COUNTERPARTY, SHIPPED_FEATURES
from risk.features.definitions.definition_set import DefinitionSet
from risk.features.definitions.definition_set import Memory as KeyMemory
from risk.features.event_values import Event
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Learned, Observation, Outcome
from risk.features.sliding_windows import DAY
from risk.rules.filters import shipped_set

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABEL_DELAY = 7 * DAY
HANDBOOK = {
    "event_id": "TRANSACTION_ID",
    "occurred_at": "TX_DATETIME",
    "account_id": "CUSTOMER_ID",
    "counterparty_id": "TERMINAL_ID",
    "amount": "TX_AMOUNT",
    "fraud": "TX_FRAUD",
}
"""The columns of the Fraud Detection Handbook's transactions."""
TOLD_EVERY = 1_000


class Past(NamedTuple):
    """An event of the past, and its label: whether it was fraud, known from ``known_at`` on; None if never.

    ``event`` has its fields as JSON has them.
    """

    observation: Observation
    event: Event
    fraud: bool | None
    known_at: int | None


def vectors(past: Iterable[Past]) -> Iterator[tuple[float, ...]]:
    """The feature vector of each event, in order, from profiles that observe events and labels as they come.

    A label is learnt before the first event at or after it became known. ``past`` is in the order of arrival.
    """
    memory = Memory()
    waiting: list[tuple[int, int, Learned]] = []
    for place, (observation, event, fraud, known_at) in enumerate(past):
        while waiting and waiting[0][0] <= observation.at:
            memory.learn(heapq.heappop(waiting)[2])
        yield memory.observe(observation, event)
        if fraud is not None and known_at is not None:
            account, counterparty = observation.account_id, observation.counterparty_id
            learned = Learned(account, counterparty, observation.at, Outcome(known_at, fraud))
            heapq.heappush(waiting, (known_at, place, learned))


class Memory:
    """All profiles and states of keys, as objects in dictionaries; ``own`` definitions follow the shipped ones."""

    def __init__(self, definitions: DefinitionSet | None = None, own: int = 0) -> None:
        self._accounts: dict[str, AccountProfile] = {}
        self._counterparties: dict[str, CounterpartyProfile] = {}
        self._keys = KeyMemory(definitions or shipped_set())
        self._wanted = len(SHIPPED_FEATURES) + own

    def observe(self, observation: Observation, event: Event) -> tuple[float, ...]:
        """The vector of one event; missing profiles are created."""
        account = self._accounts.get(observation.account_id)
        if account is None:
            account = self._accounts[observation.account_id] = AccountProfile()
        vector = account.observe(observation)
        more = NO_COUNTERPARTY
        if observation.counterparty_id is not None:
            counterparty = self._counterparties.get(observation.counterparty_id)
            if counterparty is None:
                counterparty = self._counterparties[observation.counterparty_id] = CounterpartyProfile()
            more = counterparty.observe(observation, vector)
        return vector + more + self._keys.observe(event, observation.at)[: self._wanted]

    def learn(self, label: Learned) -> None:
        """Let the profiles of an observed event learn its label."""
        self._accounts[label.account_id].learn(label)
        if label.counterparty_id is not None:
            self._counterparties[label.counterparty_id].learn(label)


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
            yield Past(observation, _payment(observation), fraud, at + label_delay)

    def matrix(self, wanted: NDArray[np.bool_], advance: Callable[[int], None]) -> NDArray[np.float32]:
        """Feature vectors of the ``wanted`` transactions, each as it was at its time: (wanted, features).

        All are observed, up to the last wanted one; ``advance`` receives the increments.
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


def _payment(observation: Observation) -> Event:
    return {
        "event_type": observation.event_type,
        "account_id": observation.account_id,
        "counterparty_id": observation.counterparty_id,
        "amount": observation.amount,
        "currency": observation.currency,
        "family": observation.family,
        "amount_flow": observation.amount_flow,
    }


def _told(items: Iterable[tuple[float, ...]], advance: Callable[[int], None]) -> Iterator[tuple[float, ...]]:
    for number, item in enumerate(items, start=1):
        if number % TOLD_EVERY == 0:
            advance(TOLD_EVERY)
        yield item


def _open(path: Path) -> Any:
    import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"{path.name} is not a parquet file: {error}", field="file") from error


def is_handbook(path: Path) -> bool:
    """Whether this is a parquet file with the Handbook's columns, which ``read_transactions`` reads at once."""
    return path.suffix == ".parquet" and set(HANDBOOK.values()) <= set(_open(path).schema_arrow.names)


def read_transactions(path: Path) -> Transactions:
    """The payments of a parquet file with the Fraud Detection Handbook's columns.

    Only the six columns named in ``HANDBOOK`` are read: never the one that says which kind of fraud it was. Rows
    may be in any order. Raises ``InvalidInput`` when the file is no parquet, lacks a column, has a value missing
    or of the wrong kind, or an id twice.
    """
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]  # it ships no types

    file = _open(path)
    missing = sorted(set(HANDBOOK.values()) - set(file.schema_arrow.names))
    if missing:
        raise InvalidInput(f"{path.name} has no column {', '.join(missing)}", field="data")
    table = file.read(columns=list(HANDBOOK.values()))
    empty = [column for column in HANDBOOK.values() if table.column(column).null_count]
    if empty:
        raise InvalidInput(f"{path.name} has rows without {', '.join(empty)}; leave them out", field="data")

    def whole(name: str, kind: Any, held: str) -> Any:
        try:
            return table.column(HANDBOOK[name]).cast(kind, safe=name != "occurred_at")
        except pa.ArrowException as error:
            raise InvalidInput(f"{HANDBOOK[name]} does not hold {held}: {error}", field="data") from error

    ids, moments = table.column(HANDBOOK["event_id"]), whole("occurred_at", pa.timestamp("us"), "times")
    amounts, fraud = whole("amount", pa.float64(), "numbers"), whole("fraud", pa.bool_(), "true and false, or 1 and 0")
    if len(amounts) and not pc.all(pc.is_finite(amounts)).as_py():
        raise InvalidInput(f"{path.name} has rows without {HANDBOOK['amount']}; leave them out", field="data")
    keys = pa.table({"at": moments, "id": ids})
    repeated = keys.group_by("id").aggregate([("id", "count")]).filter(pc.field("id_count") > 1)
    if len(repeated):
        raise InvalidInput(f"{HANDBOOK['event_id']} {repeated['id'][0]} is there more than once", field="data")
    order = pc.sort_indices(keys, sort_keys=[("at", "ascending"), ("id", "ascending")]).to_numpy()

    def ordered(column: Any) -> NDArray[Any]:
        values: NDArray[Any] = column.to_numpy()[order]
        return values

    return Transactions(
        ordered(ids),
        ordered(moments.cast(pa.int64())) // 1_000_000,
        ordered(table.column(HANDBOOK["account_id"])),
        ordered(table.column(HANDBOOK["counterparty_id"])),
        ordered(amounts),
        ordered(fraud),
    )
