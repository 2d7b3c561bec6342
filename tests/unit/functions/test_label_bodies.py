"""Labels in bodies: every form says the same, and a wrong one says where."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from functions.api.http.conventions.problems import InvalidFields, UnsupportedContent
from functions.api.labels.body_parsing import CSV, JSON, LINES, MAX_LABELS, Parsed, own_source, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)
MINE = "analyst:ada@risk.local"


def read(body: bytes | str, kind: str) -> Parsed:
    return parse(body.encode() if isinstance(body, str) else body, kind, now=NOW, source=MINE)


ROWS: list[dict[str, Any]] = [
    {"event_id": str(FIRST), "fraud": True, "known_at": "2026-02-01T00:00:00Z", "source": "bank"},
    {"event_id": str(SECOND), "fraud": False},
]
FORMS = {
    JSON: json.dumps(ROWS),
    LINES: "\n\n".join(json.dumps(row) for row in ROWS) + "\n",
    CSV: f"\ufeffevent_id,fraud,known_at,source\r\n{FIRST},TRUE,2026-02-01T00:00:00Z,bank\r\n{SECOND},0,,\r\n",
    "text/csv; charset=utf-8": f"source,known_at,fraud,event_id\nbank,2026-02-01T00:00Z,1,{FIRST}\n,,false,{SECOND}\n",
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_says_the_same_and_what_is_left_out_is_filled_in(kind: str) -> None:
    found = read(FORMS[kind], kind)
    assert found.refused == []
    one, other = found.labels[1], found.labels[2]
    assert (one.event_id, one.fraud, one.known_at, one.source) == (
        FIRST,
        True,
        datetime(2026, 2, 1, tzinfo=UTC),
        "bank",
    )
    assert (other.event_id, other.fraud, other.known_at, other.source) == (SECOND, False, NOW, MINE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fraud": True}, "event_id"),
        ({"event_id": "7" * 65, "fraud": True}, "event_id"),
        ({"event_id": str(FIRST)}, "fraud"),
        ({"event_id": str(FIRST), "fraud": 1}, "fraud"),
        ({"event_id": str(FIRST), "fraud": "perhaps"}, "fraud"),
        ({"event_id": str(FIRST), "fraud": True, "known_at": "yesterday"}, "known_at"),
        ({"event_id": str(FIRST), "fraud": True, "known_at": "2026-02-01T00:00:00"}, "known_at"),
        ({"event_id": str(FIRST), "fraud": True, "known_at": (NOW + timedelta(hours=1)).isoformat()}, "known_at"),
        ({"event_id": str(FIRST), "fraud": True, "known_at": 1}, "known_at"),
        ({"event_id": str(FIRST), "fraud": True, "source": "x" * 65}, "source"),
        ({"event_id": str(FIRST), "fraud": True, "source": "a\u0000b"}, "source"),
        ({"event_id": str(FIRST), "fraud": True, "colour": "red"}, "colour"),
        ("text", None),
        (None, None),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_field_and_hinders_no_other(wrong: object, field: str | None) -> None:
    body = [ROWS[0], wrong, ROWS[1]]
    for kind, text in ((JSON, json.dumps(body)), (LINES, "\n".join(map(json.dumps, body)))):
        found = read(text, kind)
        assert list(found.labels) == [1, 3]
        [refused] = found.refused
        assert (refused.row, refused.status, refused.field) == (2, "refused", field)
        assert refused.detail


def test_a_wrong_line_of_csv_is_told_with_its_number_and_field() -> None:
    lines = ["event_id,fraud,known_at,source", f"{FIRST},maybe,,", f"{FIRST},true,soon,", f"{SECOND},1,,,", SECOND, ""]
    found = read("\n".join(map(str, lines)), CSV)
    assert found.labels == {}
    assert [(one.row, one.field) for one in found.refused] == [(1, "fraud"), (2, "known_at"), (3, None), (4, "fraud")]
    assert [one.event_id for one in found.refused] == [str(FIRST), str(FIRST), None, str(SECOND)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b""),
        (JSON, b"{}"),
        (JSON, b"[]"),
        (JSON, b"[" * 5000),
        (JSON, b"\xff"),
        (LINES, b"\n \n"),
        (CSV, b""),
        (CSV, b"event_id,fraud\n"),
        (CSV, b"event_id,known_at\n1,2\n"),
        (CSV, b"event_id,fraud,colour\n1,2,3\n"),
        (CSV, b"event_id,fraud,fraud\n1,2,3\n"),
        (CSV, b"event_id,fraud\n\xff,1\n"),
        (CSV, b'event_id,fraud\n"open,1\n'),
        (JSON, json.dumps([ROWS[1]] * (MAX_LABELS + 1)).encode()),
        (CSV, b"event_id,fraud\n" + f"{uuid4()},1\n".encode() * (MAX_LABELS + 1)),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(kind: str, body: bytes) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read(body, kind)
    assert [one.field for one in refusal.value.fields] == ["body"]


def test_other_kinds_of_content_are_not_taken() -> None:
    with pytest.raises(UnsupportedContent, match="text/csv"):
        read(FORMS[JSON], "application/xml")


def test_a_long_address_still_makes_a_source() -> None:
    assert own_source("ada@risk.local") == MINE
    label = parse(json.dumps([ROWS[1]]).encode(), JSON, now=NOW, source=own_source("a" * 200 + "@x.org")).labels[1]
    assert len(label.source) == 64
