"""Reading assessments: history, detail, the live view, counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, insert, text

from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.assessment import Assessment, AssessmentSummary, RiskLevel
from risk.features.catalog import FEATURES
from risk.store.assessments import assessments
from risk.store.db import tables
from tests.integration.test_api.support import NOW, make_assessment, store, valkey_of

HISTORY, LIVE, STATS = "/api/v1/risk/history", "/api/v1/risk/live", "/api/v1/risk/stats"


def summary(one: Assessment) -> AssessmentSummary:
    return AssessmentSummary(**one.model_dump(include=set(AssessmentSummary.model_fields)))


def show(api_services: Services, *found: Assessment) -> None:
    items = [(one.sequence, summary(one).model_dump_json().encode()) for one in found]
    valkey_live.show(valkey_of(api_services), items, {})


def sequences(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["sequence"] for item in answer.json()["items"]]


def test_pages_give_every_assessment_once_newest_first_over_partitions_while_more_arrive(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    older = NOW - timedelta(days=40)
    store(database, *(make_assessment(number, scored_at=older) for number in range(1, 4)))
    store(database, *(make_assessment(number) for number in range(4, 8)))
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for turn in range(9):
        answer = client.get(HISTORY, params={"limit": "2"} | cursor, headers=viewer)
        seen += sequences(answer)
        store(database, make_assessment(100 + turn))
        if answer.json()["next_cursor"] is None:
            break
        cursor = {"cursor": answer.json()["next_cursor"]}
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("scored_at", [1, 2, 3, 4, 5, 6, 7]),
        ("-score", [6, 2, 7, 5, 1, 4, 3]),
        ("-occurred_at", [1, 2, 3, 7, 5, 6, 4]),
        ("occurred_at", [4, 6, 5, 7, 3, 2, 1]),
    ],
)
def test_each_order_gives_every_assessment_once_equal_ones_too_while_more_arrive(
    client: TestClient, viewer: dict[str, str], database: Engine, sort: str, expected: list[int]
) -> None:
    # In two partitions; two scores are equal, two are next to each other; two events occurred at once.
    older = NOW - timedelta(days=40)
    scores = {1: 0.1 + 0.2, 2: 0.9, 3: 0.1, 4: 0.3, 5: 0.5, 6: 0.95, 7: 0.5}
    times = {1: 7, 2: 6, 3: 5, 4: 1, 5: 3, 6: 2, 7: 3}
    for number, score in scores.items():
        at = {"scored_at": older} if number < 4 else {}
        occurred_at = NOW + timedelta(microseconds=times[number])
        store(database, make_assessment(number, score, occurred_at=occurred_at, **at))
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for turn in range(20):
        answer = client.get(HISTORY, params={"limit": "2", "sort": sort} | cursor, headers=viewer)
        seen += sequences(answer)
        # Something arrives where was read already: it moves nothing to where it would be missed or seen twice.
        later = 1 if sort.startswith("-") else -1
        if sort != "scored_at":
            store(database, make_assessment(100 + turn, 0.99, occurred_at=NOW + timedelta(days=later)))
        if answer.json()["next_cursor"] is None:
            break
        cursor = {"cursor": answer.json()["next_cursor"]}
    assert seen == expected


def test_a_cursor_is_worth_nothing_in_another_order(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(database, *(make_assessment(number) for number in range(3)))
    orders = list(assessments.Order)
    for sort in orders:
        cursor = client.get(HISTORY, params={"sort": sort, "limit": 1}, headers=viewer).json()["next_cursor"]
        for other in orders:
            status = client.get(HISTORY, params={"sort": other, "cursor": cursor}, headers=viewer).status_code
            both_by_number = "scored_at" in sort and "scored_at" in other
            assert status == (200 if other == sort or both_by_number else 422), (sort, other)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"level": "HIGH"}, [2]),
        ({"min_level": "HIGH"}, [3, 2]),
        ({"account_id": "bob"}, [4]),
        ({"counterparty_id": "kiosk"}, [1]),
        ({"event_type": "login"}, [4]),
        ({"min_score": "0.7"}, [3, 2]),
        ({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, [1]),
        ({"account_id": "ada", "min_level": "MEDIUM", "limit": "1"}, [3]),
        ({"account_id": "nobody"}, []),
    ],
)
def test_filters_select(
    client: TestClient, viewer: dict[str, str], database: Engine, params: dict[str, str], expected: list[int]
) -> None:
    store(
        database,
        make_assessment(1, 0.1, counterparty_id="kiosk", occurred_at=datetime(2026, 2, 1, tzinfo=UTC)),
        make_assessment(2, 0.7),
        make_assessment(3, 0.9),
        make_assessment(4, 0.2, account_id="bob", event_type="login"),
    )
    assert sequences(client.get(HISTORY, params=params, headers=viewer)) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"cursor": "garbage!"},
        {"cursor": "bm90IGEgbnVtYmVy"},
        {"cursor": "LTE"},
        {"cursor": "x" * 300},
        {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"},
        {"limit": "101"},
        {"limit": "0"},
        {"level": "SEVERE"},
        {"from": "yesterday"},
        {"from": "2026-01-31T09:30:00"},
        {"account_id": "a\x00b"},
        {"min_score": "nan"},
        {"sort": "amount"},
    ],
)
def test_what_cannot_be_asked_is_refused_naming_the_parameter(
    client: TestClient, viewer: dict[str, str], params: dict[str, str]
) -> None:
    answer = client.get(HISTORY, params=params, headers=viewer)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == list(params)


@pytest.mark.parametrize(
    ("wanted", "place", "index"),
    [
        (assessments.Filter(), {}, "sequence"),
        (assessments.Filter(min_level=RiskLevel.HIGH), {}, "sequence"),
        (assessments.Filter(account_id="account-7"), {}, "account_id_sequence"),
        (assessments.Filter(), {"order": assessments.Order.SCORED_FIRST}, "sequence"),
        (assessments.Filter(), {"order": assessments.Order.SCORE_HIGHEST, "value": 0.5}, "score_sequence"),
        (
            assessments.Filter(min_score=0.4),
            {"order": assessments.Order.SCORE_HIGHEST, "value": 0.5},
            "score_sequence",
        ),
        (
            assessments.Filter(),
            {"order": assessments.Order.OCCURRED_LAST, "value": NOW + timedelta(seconds=9)},
            "occurred_at_sequence",
        ),
    ],
)
def test_history_reads_an_index_in_its_order_and_sorts_nothing(
    database: Engine, wanted: assessments.Filter, place: dict[str, Any], index: str
) -> None:
    store(database, make_assessment(0))
    copied = ", ".join(
        {
            "event_id": "gen_random_uuid()",
            "sequence": "n",
            "account_id": "'account-' || n % 50",
            "score": "(n * 7919 % 20000) / 20000.0",
            "occurred_at": "occurred_at + n * 7919 % 20000 * interval '1 millisecond'",
            "level": "CASE WHEN n % 20 = 0 THEN 3 ELSE 0 END",
        }.get(column.name, column.name)
        for column in tables.assessments.columns
    )
    plans: list[str] = []
    with database.connect() as connection:
        connection.execute(
            text(f"INSERT INTO assessments SELECT {copied} FROM assessments, generate_series(1, 20000) AS n")
        )
        connection.execute(text("ANALYZE assessments"))

        @event.listens_for(connection, "before_cursor_execute")
        def explain(_: object, cursor: Any, statement: str, parameters: Any, *__: object) -> None:
            plans.append("\n".join(row[0] for row in cursor.execute(f"EXPLAIN {statement}", parameters)))

        after = assessments.Place(place.get("value"), 10_000)
        order = place.get("order", assessments.Order.SCORED_LAST)
        assessments.page(connection, wanted, limit=51, order=order, after=after)
    [plan] = plans
    assert "->  Sort " not in plan, plan
    assert "Seq Scan" not in plan, plan
    assert index in plan


def test_the_detail_says_everything_with_features_named_and_unknown_ones_null(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    one = make_assessment(1, 0.9)
    store(database, one)
    found = client.get(f"/api/v1/risk/{one.event_id}", headers=viewer).json()
    assert found["features"][0] == {
        "name": FEATURES[0].name,
        "unit": FEATURES[0].unit,
        "meaning": FEATURES[0].meaning,
        "value": None,
    }
    assert [feature["value"] for feature in found["features"][1:3]] == [1.0, 2.0]
    assert (found["amount"], found["ip"], found["attributes"]) == ("840.5", "10.1.2.3", {"basket": 3})
    assert (found["level"], found["scorer"], found["config_version"]) == ("CRITICAL", "test", 1)
    assert client.get(f"/api/v1/risk/{uuid4()}", headers=viewer).status_code == 404


def test_an_older_set_of_features_is_not_shown_under_the_names_of_the_present_one(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    one = make_assessment(1, feature_set=0)
    store(database, one)
    assert client.get(f"/api/v1/risk/{one.event_id}", headers=viewer).json()["features"] == []


def test_live_comes_from_valkey_and_equals_what_postgres_holds_when_valkey_is_empty_or_gone(
    client: TestClient, viewer: dict[str, str], api_services: Services, database: Engine
) -> None:
    stored = [make_assessment(1, 0.1), make_assessment(2, 0.9), make_assessment(3, 0.6)]
    store(database, *stored)
    ask = {"url": LIVE, "params": {"limit": 2}, "headers": viewer}
    from_postgres = client.get(**ask).json()  # type: ignore[arg-type]
    only_live = make_assessment(4)
    show(api_services, *stored, only_live)
    assert sequences(client.get(**ask)) == [4, 3]  # type: ignore[arg-type]
    show(api_services, *stored)
    valkey_of(api_services).zrem("live:assessments", summary(only_live).model_dump_json().encode())
    from_valkey = client.get(**ask).json()  # type: ignore[arg-type]
    assert [item["event_id"] for item in from_valkey["items"]] == [item["event_id"] for item in from_postgres["items"]]
    api_services.live = valkey_live.connect("127.0.0.1", 1)
    assert client.get(**ask).json() == from_postgres  # type: ignore[arg-type]


def test_live_from_a_level_on_looks_past_the_view_when_that_holds_too_few(
    client: TestClient, viewer: dict[str, str], api_services: Services, database: Engine
) -> None:
    risky, calm = make_assessment(1, 0.9), make_assessment(2, 0.1)
    store(database, risky, calm)
    show(api_services, calm)
    assert sequences(client.get(LIVE, params={"min_level": "HIGH"}, headers=viewer)) == [1]


def test_stats_have_every_minute_and_fill_from_postgres_what_valkey_has_not(
    client: TestClient, viewer: dict[str, str], api_services: Services, database: Engine
) -> None:
    present = datetime.now(UTC).replace(second=0, microsecond=0)
    before = present - timedelta(minutes=1)
    with database.begin() as connection:
        rows = [
            {"minute": before, "level": 0, "count": 5},
            {"minute": before, "level": 3, "count": 1},
            {"minute": present - timedelta(minutes=30), "level": 0, "count": 99},
        ]
        connection.execute(insert(tables.assessment_counts), rows)
    valkey_live.show(valkey_of(api_services), [], {present: {RiskLevel.LOW: 7}})
    found = client.get(STATS, params={"minutes": 5}, headers=viewer).json()
    minutes = [datetime.fromisoformat(entry["minute"]) for entry in found["per_minute"]]
    assert len(minutes) == 5
    assert minutes == sorted(minutes)
    by_minute = dict(zip(minutes, found["per_minute"], strict=True))
    assert [by_minute[before][level] for level in RiskLevel] == [5, 0, 0, 1]
    if present in by_minute:
        assert by_minute[present]["LOW"] == 7
        assert (found["total"], found["by_level"]["LOW"]) == (13, 12)


def test_a_stored_event_says_which_of_its_codes_no_standard_has(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    known, unknown = make_assessment(1, 0.2), make_assessment(2, 0.2, currency="XQZ", country="ZZ")
    store(database, known, unknown)
    notes = [client.get(f"/api/v1/risk/{one.event_id}", headers=analyst).json()["notes"] for one in (known, unknown)]
    assert notes == [
        [],
        [
            "currency XQZ is not in ISO 4217; it is kept, and its amounts count at par",
            "country ZZ is not in ISO 3166-1; it is kept",
        ],
    ]
