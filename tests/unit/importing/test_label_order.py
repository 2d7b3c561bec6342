"""Labels of a file count when they were known, wherever their lines stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from risk.domain.events import Event, Label, to_json
from streaming.importing.source import read_lines
from streaming.simulator import simulate

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("place", ["in order", "in front", "at the end", "behind their events"])
def test_labels_come_when_they_are_known_wherever_their_lines_stand(tmp_path: Path, place: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    records = list(simulate(3, start, 5.0, label_delay=timedelta(seconds=40), seconds=120))
    events = [record for record in records if isinstance(record, Event)]
    labels = [record for record in records if isinstance(record, Label)]
    assert labels
    of = {label.event_id: label for label in labels}
    behind = [one for event in events for one in (event, of.get(event.event_id)) if one is not None]
    lines = {"in order": records, "in front": labels + events, "at the end": events + labels}.get(place, behind)
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"".join(to_json(record) + b"\n" for record in lines))
    assert list(read_lines(file, NOW)) == records
