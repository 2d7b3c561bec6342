"""Every shipped definition, beside its own meaning written in SQL over the events that are stored."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, Engine, text

from risk.features.catalog import Catalog, Defined
from risk.features.definitions.definition import AMOUNT, Aggregate, Definition
from risk.features.definitions.definition_set import Memory, filters_of
from risk.features.definitions.shipped import SHIPPED
from risk.features.sliding_windows import DAY
from risk.rules.filters import set_of
from risk.store.db.engine import create_pool
from tests.services import Services

pytestmark = pytest.mark.integration

EVENTS = 50_000
START = 1_780_000_000 // DAY * DAY
SHOWN = 3

_FILTERS = {
    'event.event_type == "login" && event.outcome in ["failed", "declined"]':
        "e.event_type = 'login' AND e.outcome IN ('failed', 'declined')",
    'event.event_type != "login" && event.outcome in ["declined", "failed"]':
        "e.event_type <> 'login' AND e.outcome IN ('failed', 'declined')",
    'event.event_type in ["deposit", "refund", "reversal", "chargeback"]':
        "e.event_type IN ('deposit', 'refund', 'reversal', 'chargeback')",
    'event.event_type in ["payment", "purchase", "transfer", "withdrawal"]':
        "e.event_type IN ('payment', 'purchase', 'transfer', 'withdrawal')",
}  # fmt: skip
_AGGREGATES = {
    Aggregate.COUNT: "count(*)",
    Aggregate.DISTINCT: "count(DISTINCT e.{field})",
    Aggregate.SUM: "coalesce(sum(e.{field}), 0)",
    Aggregate.MEAN: "avg(e.{field})",
    Aggregate.MIN: "min(e.{field})",
    Aggregate.MAX: "max(e.{field})",
    Aggregate.LAST: "(array_agg(e.{field} ORDER BY e.at DESC, e.sequence DESC))[1]",
    Aggregate.SECONDS_SINCE_LAST: "asked.at - max(e.at)",
    Aggregate.STDDEV: "stddev_samp(e.{field})",
    Aggregate.ZSCORE: "(asked.{field} - avg(e.{field})) / nullif(stddev_samp(e.{field}), 0)",
    Aggregate.RATIO: "asked.{field} / nullif(avg(e.{field}), 0)",
}


def _own(
    name: str, key: tuple[str, ...], aggregate: Aggregate, window: str, field: str | None, **more: Any
) -> Definition:
    return Definition(name=name, key=key, aggregate=aggregate, window=window, field=field, unit="things",
                      meaning="what is tested", **more)  # fmt: skip


OWN = (
    _own("ip_mean_1d", ("ip",), Aggregate.MEAN, "1d", AMOUNT),
    _own("card_least_90m", ("card",), Aggregate.MIN, "90m", AMOUNT),
    _own(
        "device_most_7d",
        ("device_id",),
        Aggregate.MAX,
        "7d",
        AMOUNT,
        filter='event.event_type in ["deposit", "refund", "reversal", "chargeback"]',
    ),
    _own("account_last_2d", ("account_id",), Aggregate.LAST, "2d", AMOUNT),
    _own("account_pause_30d", ("account_id",), Aggregate.SECONDS_SINCE_LAST, "30d", None),
    _own("shop_ratio_1d", ("counterparty_id",), Aggregate.RATIO, "1d", AMOUNT),
    _own("shop_spread_7d", ("counterparty_id",), Aggregate.STDDEV, "7d", AMOUNT),
    _own("shop_score_7d", ("counterparty_id",), Aggregate.ZSCORE, "7d", AMOUNT),
    _own("ip_device_accounts_12h", ("ip", "device_id"), Aggregate.DISTINCT, "12h", "account_id"),
    _own("domain_device_events_3d", ("email_domain", "device_id"), Aggregate.COUNT, "3d", None),
)
"""Definitions as users write them: every other aggregate, and keys of two fields."""


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test")
    yield engine
    engine.dispose()


def events() -> Iterator[dict[str, Any]]:
    """Events of ten days, a tenth of them late: seconds, minutes, or hours."""
    chance = random.Random(11)
    for place in range(EVENTS):
        late = chance.choice((1, 40, 600, 4 * 3_600)) if chance.random() < 0.1 else 0
        attributes: dict[str, Any] = {}
        if chance.random() < 0.6:
            attributes["card"] = f"c{chance.randrange(2_000)}"
        if chance.random() < 0.5:
            attributes["email"] = f"someone@mail{chance.randrange(900)}.example"
        outcome = chance.choice((None, None, "approved", "declined", "failed"))
        if outcome is not None:
            attributes["outcome"] = outcome
        yield {
            "event_type": chance.choice(("payment", "payment", "login", "refund")),
            "at": START + place * 10 * DAY // EVENTS - late,
            "account_id": f"a{chance.randrange(2_500)}",
            "counterparty_id": chance.choice((None, f"shop{chance.randrange(1_500)}")),
            "device_id": chance.choice((None, f"d{chance.randrange(1_500)}")),
            "ip": chance.choice((None, f"10.0.{chance.randrange(6)}.{chance.randrange(250)}")),
            "amount": chance.choice((None, f"{chance.randrange(1, 900)}.25")),
            "currency": chance.choice(("EUR", "USD")),
            "attributes": attributes,
        }


def store(connection: Connection, made: list[dict[str, Any]]) -> None:
    connection.execute(
        text(
            "CREATE TEMP TABLE seen (sequence int, event_type text, at bigint, account_id text, counterparty_id text, "
            "device_id text, ip text, amount numeric, currency text, card text, email_domain text, outcome text)"
        )
    )
    outcomes = {"approved": "succeeded"}
    connection.execute(
        text(
            "INSERT INTO seen SELECT * FROM json_to_recordset(:rows) AS row (sequence int, event_type text, at bigint, "
            "account_id text, counterparty_id text, device_id text, ip text, amount numeric, currency text, card text, "
            "email_domain text, outcome text)"
        ),
        {
            "rows": orjson.dumps(
                [
                    {
                        **{name: value for name, value in event.items() if name != "attributes"},
                        "sequence": place,
                        "card": event["attributes"].get("card"),
                        "email_domain": event["attributes"].get("email", "@").partition("@")[2] or None,
                        "outcome": outcomes.get(str(found), found)
                        if (found := event["attributes"].get("outcome"))
                        else None,
                    }
                    for place, event in enumerate(made)
                ]
            ).decode()
        },
    )
    for column in ("account_id", "counterparty_id", "device_id", "ip", "card", "email_domain"):
        connection.execute(text(f"CREATE INDEX ON seen ({column}, at)"))
    connection.execute(text("ANALYZE seen"))


def in_sql(connection: Connection, one: Definition) -> dict[int, float]:
    """The value at each event that has one, by sequence."""
    grain, width, _ = one.plan
    where = [f"e.{name} = asked.{name}" for name in one.group]
    if one.aggregate in (Aggregate.LAST, Aggregate.SECONDS_SINCE_LAST):  # exact to the second
        where += [f"e.at > asked.at - {one.window_seconds}", "e.at <= asked.at"]
    else:
        where += [f"e.at >= (asked.at / {grain} - {width - 1}) * {grain}", f"e.at < (asked.at / {grain} + 1) * {grain}"]
    where += [] if one.filter is None else [_FILTERS[one.filter]]
    where += ["e.amount IS NOT NULL"] if one.field == AMOUNT else []
    value = _AGGREGATES[one.aggregate].format(field=AMOUNT if one.field == AMOUNT else one.field)
    present = " AND ".join(f"asked.{name} IS NOT NULL" for name in one.group)
    rows = connection.execute(
        text(
            f"SELECT asked.sequence, found.value FROM seen AS asked CROSS JOIN LATERAL (SELECT {value} AS value "
            f"FROM seen AS e WHERE {' AND '.join(where)} AND e.sequence < asked.sequence) AS found WHERE {present}"
        )
    )
    return {row.sequence: float(row.value) for row in rows if row.value is not None}


def test_values_are_what_sql_says_of_fifty_thousand_events_late_ones_among_them(database: Engine) -> None:
    assert set(filters_of(SHIPPED)) == set(_FILTERS)
    catalog = Catalog(1, tuple(Defined(1, True, one) for one in OWN))
    made, memory = list(events()), Memory(set_of(catalog))
    found = [memory.observe(event, event["at"]) for event in made]
    with database.connect() as connection:
        store(connection, made)
        for place, one in enumerate((*SHIPPED, *catalog.definitions)):
            expected = in_sql(connection, one)
            values = {number: vector[place] for number, vector in enumerate(found) if not math.isnan(vector[place])}
            wrong = [number for number, value in values.items() if value != pytest.approx(expected.get(number, -1))]
            assert not wrong, (one.name, [(made[n], values[n], expected.get(n)) for n in wrong[:SHOWN]])
            # What is later than its window, or than what is kept, has no value, and is the only thing that has none.
            unknown = [number for number in expected if number not in values]
            assert len(unknown) < 0.1 * len(expected), one.name
            assert max(values.values()) > 0, one.name
