"""Tables whose rows have the same ids: each event is scored, and each label lands on the event of its own table."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from risk.domain.events import to_json
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages.batch import Item, ItemKind
from streaming.importing.source import Options, plan, records
from streaming.offline.offline_graph import Nothing
from tests.unit.importing.test_shapes import NOW

HEADER = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD\n"
ROWS = st.lists(
    st.tuples(
        st.integers(0, 5),  # the id, of few
        st.integers(0, 23),  # the hour
        st.integers(1, 4),  # the customer
        st.decimals(1, 500, places=2),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)


def write(folder: Path, name: str, rows: list[tuple[int, int, int, object, bool]]) -> Path:
    path = folder / f"{name}.csv"
    lines = [
        f"{row_id},2018-04-01 {hour:02}:00:00,{name}-{customer},9,{amount},{int(fraud)}\n"
        for row_id, hour, customer, amount, fraud in rows
    ]
    path.write_text(HEADER + "".join(lines))
    return path


def replayed(engine: Intake, path: Path, options: Options) -> list[Item]:
    """What the engine admits of a replayed file."""
    with records([plan(path, options)], NOW) as read:
        found = [to_json(one) for one in read]
    return engine.admit("shard", [RawRecord(str(at), datetime.now(UTC), data) for at, data in enumerate(found)])


@settings(max_examples=30, deadline=None)
@given(ROWS, ROWS)
def test_two_tables_with_the_same_ids_are_all_scored_and_their_labels_are_of_their_own_events(
    first: list[tuple[int, int, int, object, bool]], second: list[tuple[int, int, int, object, bool]]
) -> None:
    engine = Intake(Nothing(), ProfileCache(), InFlight(), lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("one", first), ("two", second)):
            items = replayed(engine, write(Path(folder), name, rows), Options())
            kinds = Counter(item.kind for item in items)
            assert (kinds[ItemKind.EVENT], kinds[ItemKind.DEAD]) == (len(rows), 0)
            accounts = {str(row_id): f"{name}-{customer}" for row_id, _, customer, _, _ in rows}
            events = {item.event_id: item for item in items if item.kind is ItemKind.EVENT}
            assert {item.data["event_id"]: item.observation.account_id for item in events.values()} == accounts
            frauds = {str(row_id) for row_id, *_, fraud in rows if fraud}
            labels = [item for item in items if item.kind is ItemKind.LABEL]
            assert {item.data["event_id"] for item in labels if item.data["fraud"]} == frauds
            assert {item.data["event_id"]: item.observation.account_id for item in labels}.items() <= accounts.items()


def test_the_same_table_again_is_known_and_scored_once(tmp_path: Path) -> None:
    engine = Intake(Nothing(), ProfileCache(), InFlight(), lambda: datetime.now(UTC))
    path = write(tmp_path, "one", [(1, 5, 1, 10, True), (2, 6, 2, 20, False)])
    assert [item.kind for item in replayed(engine, path, Options())].count(ItemKind.EVENT) == 2
    assert {item.kind for item in replayed(engine, path, Options())} == {ItemKind.DEAD}
