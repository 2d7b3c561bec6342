"""A table of labels alone is recognized, and every row becomes a label or says why not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label
from streaming.importing.source import Options, Refused, plan, preview, records

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = """payment_id,is_fraud,known_at
ord-1,1,2025-03-01 10:00:00
ord-2,0,2025-02-01 10:00:00
,1,2025-02-01 10:00:00
ord-4,perhaps,2025-02-01 10:00:00
ord-5,1,2999-02-01 10:00:00
ord-1,0,2025-04-01 10:00:00
"""


def test_labels_come_when_they_were_known_and_rows_add_up(tmp_path: Path) -> None:
    file = tmp_path / "chargebacks.csv"
    file.write_text(TABLE)
    chosen, refused = plan(file, Options(source="shop")), list[Refused]()
    assert (chosen.is_table, chosen.mapping, chosen.source) == (True, None, "shop")
    with records([chosen], NOW, Options(), refuse=lambda _, row: refused.append(row)) as found:
        made = list(found)
    labels = [one for one in made if isinstance(one, Label)]
    assert labels == made
    assert [(one.event_id.text, one.fraud, one.known_at.month) for one in labels] == [
        ("ord-2", False, 2), ("ord-1", True, 3), ("ord-1", False, 4),
    ]  # fmt: skip
    assert {one.event_source for one in labels} == {"shop"}
    assert [(row.row, row.field) for row in refused] == [(4, "event_id"), (5, "fraud"), (6, "known_at")]
    assert found.counts.rows == found.counts.events + found.counts.labels + found.counts.refused == 6
    assert [sorted(row) for row in preview(chosen, NOW, Options(), 3)] == [["label", "row"]] * 2 + [["refused", "row"]]


def test_without_a_time_labels_are_known_now_and_of_the_stream(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("event_id,fraud\nord-1,true\n")
    chosen = plan(file)
    assert "the time of the import is taken" in chosen.doubts[0]
    with records([chosen], NOW, Options()) as found:
        (label,) = list(found)
    assert isinstance(label, Label)
    assert (label.event_source, label.known_at) == ("stream", NOW)
    with pytest.raises(InvalidInput, match="holds labels alone"):
        plan(file, Options(labels=False))


def test_a_table_with_accounts_is_one_of_events(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("id,account,timestamp,fraud\n1,a,2025-03-01 10:00:00,1\n")
    with records([plan(file)], NOW, Options()) as found:
        assert [type(one) for one in found] == [Event, Label]
