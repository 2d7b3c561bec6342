"""Alerts by their columns: sorted, filtered, counted; what each event of an alert turned out to be."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event, insert, text

from risk.alerts.alert import Alert
from risk.store.alerts import alerts
from risk.store.alerts.alerts import AlertCounts, Filter, Sort
from risk.store.db import tables
from tests.integration.test_api.support import NOW, make_assessment, open_alert
from tests.integration.test_api.test_api_desk import all_alerts, by_engine

URL = "/api/v1/alerts"
COLUMNS = ["amount", "country", "counterparty_id"]


def listed(client: TestClient, headers: dict[str, str], **params: Any) -> list[str]:
    """The ids of all pages."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = client.get(URL, params={"limit": 2, **params} | ({"cursor": cursor} if cursor else {}), headers=headers)
        assert page.status_code == 200, page.text
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return seen


@pytest.fixture
def made(database: Engine) -> list[Alert]:
    """Of amounts in several currencies, countries and counterparties, some of them missing."""
    given: list[dict[str, Any]] = [
        {"amount": "9000", "currency": "INR", "country": "IN", "counterparty_id": "ä shop"},
        {"amount": "900", "currency": "EUR", "country": "DE", "counterparty_id": "zoo"},
        {"amount": "1000", "currency": "JPY", "country": None, "counterparty_id": "a shop"},
        {"amount": None, "currency": None, "country": "DE", "counterparty_id": None},
        {"amount": "120", "currency": "EUR", "country": "AT", "counterparty_id": "a shop"},
    ]
    return [open_alert(database, n, 0.9, account_id=f"column-{n}", **each) for n, each in enumerate(given)]


@pytest.mark.parametrize("column", COLUMNS)
def test_alerts_are_sorted_by_a_column_in_both_directions_and_pages_give_each_once(
    client: TestClient, analyst: dict[str, str], made: list[Alert], column: str
) -> None:
    upwards, downwards = (listed(client, analyst, sort=order) for order in (column, f"-{column}"))
    assert upwards == downwards[::-1]
    assert sorted(upwards) == sorted(str(alert.id) for alert in made)
    by_id = {str(alert.id): alert for alert in made}
    if column == "amount":  # in one currency: 900 EUR are more than 9,000 INR
        assert [by_id[one].currency for one in downwards] == ["EUR", "EUR", "INR", "JPY", None]
    else:
        values = [getattr(by_id[one], column) or "" for one in upwards]
        assert values[0] == ""
        assert values[1:3] == {"country": ["AT", "DE"], "counterparty_id": ["a shop", "a shop"]}[column]


def test_a_cursor_of_one_column_is_worth_nothing_in_another_order(
    client: TestClient, analyst: dict[str, str], made: list[Alert]
) -> None:
    cursor = client.get(URL, params={"sort": "-amount", "limit": 2}, headers=analyst).json()["next_cursor"]
    for order in Sort:
        answer = client.get(URL, params={"sort": order.value, "cursor": cursor}, headers=analyst)
        assert answer.status_code == (200 if order is Sort.AMOUNT_LARGEST else 422), order


def test_alerts_are_filtered_by_country_and_by_the_least_amount_in_the_reporting_currency(
    client: TestClient, analyst: dict[str, str], made: list[Alert]
) -> None:
    inr, eur, _, none, small = (str(alert.id) for alert in made)
    for sort in Sort:
        assert set(listed(client, analyst, sort=sort.value, country="de")) == {eur, none}
        assert set(listed(client, analyst, sort=sort.value, min_amount=100)) == {eur, small}
        assert set(listed(client, analyst, sort=sort.value, min_amount=50)) == {inr, eur, small}
    assert client.get(URL, params={"country": "Germany"}, headers=analyst).status_code == 422
    assert client.get(URL, params={"min_amount": -1}, headers=analyst).status_code == 422


def test_counts_follow_the_filter_and_not_its_status(
    client: TestClient, analyst: dict[str, str], made: list[Alert], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{URL}/{made[1].id}/acknowledge", headers=analyst)
    client.post(f"{URL}/{made[4].id}/resolve", json={"disposition": "inconclusive"}, headers=analyst)

    def counted(**params: Any) -> dict[str, Any]:
        counts: dict[str, Any] = client.get(f"{URL}/counts", params=params, headers=analyst).json()
        return counts

    assert counted() == {"open": 3, "acknowledged": 1, "more": False}
    assert counted(status="resolved") == counted()
    assert counted(country="DE") == {"open": 1, "acknowledged": 1, "more": False}
    assert counted(assignee="me") == {"open": 0, "acknowledged": 1, "more": False}
    assert counted(account_id="column-0") == {"open": 1, "acknowledged": 0, "more": False}
    assert counted(counterparty_id="nobody") == {"open": 0, "acknowledged": 0, "more": False}
    monkeypatch.setattr(alerts, "MOST_COUNTED", 2)
    assert counted()["more"] is True


def test_an_alert_has_the_country_of_its_riskiest_event_and_its_largest_amount(database: Engine) -> None:
    by_engine(database, make_assessment(1, 0.7, country="DE", amount="120", currency="USD"))
    by_engine(database, make_assessment(2, 0.9, country="BR", amount="100", currency="JPY"))
    (alert,) = all_alerts(database)
    assert (alert.country, alert.amount, alert.currency) == ("BR", Decimal(120), "USD")
    assert alert.base_amount == pytest.approx(120 / 1.17)


def test_each_event_of_an_alert_says_what_it_turned_out_to_be(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    found = [make_assessment(n, 0.9) for n in range(4)]
    by_engine(database, *found)
    (alert,) = all_alerts(database)

    def label(event_id: UUID, number: int, *, fraud: bool, withdrawn: bool = False) -> None:
        values = {
            "event_id": event_id,
            "known_at": NOW + timedelta(minutes=number - 60),
            "source": "someone",
            "fraud": fraud,
            "received_at": NOW,
            "sequence": 100 + number,
            "withdrawn_at": NOW if withdrawn else None,
        }
        with database.begin() as connection:
            connection.execute(insert(tables.labels).values(**values))

    label(found[0].event_id, 1, fraud=True)
    label(found[1].event_id, 2, fraud=True)
    label(found[1].event_id, 3, fraud=False)
    label(found[2].event_id, 4, fraud=True, withdrawn=True)
    label(uuid4(), 5, fraud=True)
    told = client.get(f"{URL}/{alert.id}", headers=analyst).json()["events"]
    assert [event["fraud"] for event in sorted(told, key=lambda event: event["sequence"])] == [True, False, None, None]


MANY = 30_000


def test_filters_sorts_and_counts_read_few_rows_of_many(database: Engine) -> None:
    """What a page reads does not grow with the alerts that are not on it."""
    open_alert(database)
    columns = ", ".join(column.name for column in tables.alerts.columns)
    changed = {
        "id": "gen_random_uuid()",
        "status": "CASE WHEN n % 100 = 0 THEN 'open' ELSE 'resolved' END",
        "country": "CASE WHEN n % 3000 = 1 THEN 'AT' ELSE 'DE' END",
        "base_amount": "n",
        "counterparty_id": "'shop-' || n % 500",
        "rank": "n",
        "opened_at": "opened_at - n * interval '1 minute'",
        "assignee": "NULL",
    }
    values = ", ".join(changed.get(column.name, column.name) for column in tables.alerts.columns)
    with database.begin() as connection:
        connection.execute(
            text(f"INSERT INTO alerts ({columns}) SELECT {values} FROM alerts, generate_series(1, {MANY}) n")
        )
        connection.execute(text("ANALYZE alerts"))
        for wanted, sort in [
            (Filter(), Sort.AMOUNT_LARGEST),
            (Filter(), Sort.COUNTRY),
            (Filter(), Sort.COUNTERPARTY_LAST),
            (Filter(country="AT"), Sort.OPENED),
            (Filter(country="AT"), Sort.AMOUNT),
            (Filter(min_amount=MANY - 20), Sort.OPENED),
        ]:
            assert read_rows(connection, wanted, sort) < MANY / 10, (wanted, sort)
        assert alerts.counts(connection, Filter(country="DE")) == AlertCounts(
            open=MANY // 100, acknowledged=0, more=False
        )


def read_rows(connection: Connection, wanted: Filter, sort: Sort) -> int:
    """How many rows of alerts a page of 50 reads, by the plan as it was carried out."""
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        plans.extend(row[0] for row in cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters))

    event.listen(connection, "before_cursor_execute", explain)
    if sort is Sort.OPENED:
        alerts.page(connection, wanted, limit=50)
    else:
        alerts.sorted_page(connection, wanted, sort, limit=50)
    event.remove(connection, "before_cursor_execute", explain)
    numbers = r"Rows Removed by [A-Za-z ]+: ([0-9]+)|Scan.*actual rows=([0-9]+)"
    return sum(int(one or other) for line in plans for one, other in re.findall(numbers, line))
