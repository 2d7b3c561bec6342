"""What ``risk bench search`` measures: searches and entity pages in a large history made by SQL."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import quantiles
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from infra.local.measure.scratch import scratch
from infra.local.services import postgres
from risk.domain.entities import EntityKind
from risk.domain.errors import NotFound
from risk.rules.lists import ListSubject
from risk.store.assessments import assessments, entities, entity_activity
from risk.store.db.engine import create_pool
from risk.store.db.migrate import upgrade
from risk.store.db.partitions import ensure_partitions
from risk.store.rules import lists
from risk.store.search import by_id, by_name, by_value

BUSY_EVENTS = 100_000
_CHUNK = 50_000
_MOST = 5
_EVENTS = text(
    """
    INSERT INTO assessments (event_id, sequence, event_type, family, amount_flow, occurred_at, received_at, scored_at,
        account_id, counterparty_id, amount, currency, channel, country, device_id, ip, attributes, score, level,
        reasons, features, feature_set, scorer, config_version)
    SELECT CAST(md5(CAST(n AS text)) AS uuid), n, 'payment', 'payment', 'none', :at, :at, :at,
        'customer-' || n % :accounts, 'merchant-' || n % 5000, n % 900, 'EUR', 'web', 'DE',
        CASE WHEN n <= :busy THEN 'dv-busy' ELSE 'dv-' || substr(md5(CAST(n % :devices AS text)), 1, 12) END,
        CAST('10.0.0.0' AS inet) + CAST(n % :addresses AS bigint),
        jsonb_build_object('card', 'tok-' || n % :cards, 'email', 'user' || n % :accounts || '@mail' || n % 400
            || '.test'),
        (n % 100) / 100.0, CASE WHEN n % 100 > 97 THEN 3 ELSE 0 END, '[]', '{}', 1, 'bench', 1
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
    """
)
_KEYS = text("INSERT INTO assessment_keys SELECT event_id, scored_at FROM assessments")
_ENTRIES = text(
    "INSERT INTO list_entries (list_name, value, reason, added_at, added_by) "
    "SELECT 'bench', 'customer-' || n, 'bench', now(), 'bench' FROM generate_series(1, :entries) AS n"
)
Question = Callable[[Connection, random.Random, int], object]


def measure(events: int, rounds: int) -> None:
    """Fill a Postgres with ``events`` assessments, ask each question ``rounds`` times, and print how long it took."""
    console = Console()
    with scratch() as (folder, children):
        server = postgres.start(children, folder / "postgres")
        upgrade(server.url())
        engine = create_pool(server.url(), application="bench", size=2, statement_seconds=3600.0)
        try:
            began = time.perf_counter()
            _fill(engine, events)
            console.print(f"{events:,} assessments made in {time.perf_counter() - began:.0f} s")
            _report(console, engine, events, rounds)
        finally:
            engine.dispose()


def _fill(engine: Engine, events: int) -> None:
    now = datetime.now(UTC)
    sizes = {"accounts": events // 20, "devices": events // 25, "addresses": events // 30, "cards": events // 15}
    with engine.begin() as connection:
        ensure_partitions(connection, now)
        connection.execute(
            text("INSERT INTO lists VALUES ('bench', 'deny', 'account', 'bench', :at, 'bench')"), {"at": now}
        )
        connection.execute(_ENTRIES, {"entries": events // 20})
    for first in range(1, events + 1, _CHUNK):
        last = min(events, first + _CHUNK - 1)
        with engine.begin() as connection:
            connection.execute(_EVENTS, {"at": now, "first": first, "last": last, "busy": BUSY_EVENTS, **sizes})
    with engine.begin() as connection:
        connection.execute(_KEYS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _everything(connection: Connection, wanted: str) -> object:
    """The queries of one API search by someone with every permission."""
    found = [
        find(connection, wanted, most=_MOST)
        for find in (by_id.find_events, by_id.find_alerts, by_value.find_entities, by_value.find_entries)
    ]
    return found + [find(connection, wanted, most=_MOST) for find in (by_name.find_rules, by_name.find_lists)]


def _swapped(word: str, dice: random.Random) -> str:
    place = dice.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _page(connection: Connection, kind: EntityKind, value: str) -> object:
    """The first queries of an entity's page."""
    try:
        activity = entity_activity.of(connection, kind, value)
    except NotFound:
        return None
    wanted = assessments.Filter(entities=((kind, value),))
    return (
        activity,
        entities.sharing(connection, kind, value, most=6),
        entities.alerts_of(connection, kind, value, most=20),
        assessments.page(connection, wanted, limit=100),
    )


def _account(dice: random.Random, events: int) -> str:
    return f"customer-{dice.randrange(max(1, events // 20))}"


QUESTIONS: dict[str, Question] = {
    "event id, 8 digits": lambda c, dice, _n: _everything(c, str(UUID(int=dice.getrandbits(128)))[:8]),
    "account, exactly": lambda c, dice, n: _everything(c, _account(dice, n)),
    "account, one mistake": lambda c, dice, n: _everything(c, _swapped(_account(dice, n), dice)),
    "account, by beginning": lambda c, dice, _n: _everything(c, f"customer-{dice.randrange(90)}"),
    "e-mail, by beginning": lambda c, dice, _n: _everything(c, f"user{dice.randrange(1000)}"),
    "range of addresses": lambda c, dice, _n: _everything(c, f"10.0.{dice.randrange(100)}.0/24"),
    "nothing like it": lambda c, dice, _n: _everything(c, f"zz{dice.randrange(10**9)}-nothing"),
    "page of a busy device": lambda c, _dice, _n: _page(c, EntityKind.DEVICE, "dv-busy"),
    "page of an address": lambda c, dice, _n: _page(c, EntityKind.IP, f"10.0.{dice.randrange(100)}.7"),
    "page of a card": lambda c, dice, n: _page(c, EntityKind.CARD, f"tok-{dice.randrange(max(1, n // 15))}"),
    "lists of an account": lambda c, dice, n: lists.holding(
        c, ListSubject.ACCOUNT, _account(dice, n), datetime.now(UTC)
    ),
}
"""Queries by their name in the report."""


def _report(console: Console, engine: Engine, events: int, rounds: int) -> None:
    table = Table("question", "p50 ms", "p95 ms", "max ms", title=f"{events:,} assessments, {rounds} rounds")
    dice = random.Random(7)  # noqa: S311  (the same questions every time)
    for name, ask in QUESTIONS.items():
        taken = []
        for _ in range(rounds):
            with engine.begin() as connection:
                began = time.perf_counter()
                ask(connection, dice, events)
                taken.append((time.perf_counter() - began) * 1000)
        cuts = quantiles(taken, n=20)
        table.add_row(name, f"{cuts[9]:.1f}", f"{cuts[18]:.1f}", f"{max(taken):.1f}")
    console.print(table)
