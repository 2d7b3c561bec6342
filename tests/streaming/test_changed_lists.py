"""The engine follows changed lists by reading what changed, however much is on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, event

from risk.domain.assessment import Thresholds
from risk.rules.lists import ListPurpose, ListSubject
from risk.store.config import configurations
from risk.store.rules import lists
from risk.store.rules.lists import NewEntry
from streaming.engine.model_loader import Scorers
from streaming.engine.policy import Policy, read_policy
from tests.services import Services

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
LIST = "a_list"


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_engine(services.database())
    with engine.begin() as connection:
        lists.create(connection, LIST, ListPurpose.DENY, ListSubject.ACCOUNT, "", by="ada", at=NOW)
    yield engine
    engine.dispose()


def add(database: Engine, *values: str) -> None:
    with database.begin() as connection:
        new = [NewEntry(value=value, expires_at=None, reason="seen") for value in values]
        lists.add(connection, LIST, new, by="ada", at=NOW)


def remove(database: Engine, *values: str) -> None:
    with database.begin() as connection:
        lists.take_off(connection, LIST, values, by="ada", at=NOW, reason="cleared")


def look(database: Engine, present: Policy | None = None) -> tuple[Policy, int]:
    """The policy that the engine reads, and how many rows it fetched for that."""
    fetched = 0

    def count(*given: object) -> None:
        nonlocal fetched
        cursor = given[1]
        fetched += max(0, cursor.rowcount)  # type: ignore[attr-defined]

    event.listen(database, "after_cursor_execute", count)
    try:
        with database.begin() as connection:
            configuration = configurations.ensure_first(connection, Thresholds(), now=NOW)
        with database.connect() as connection:
            return read_policy(connection, configuration, Scorers(), present), fetched
    finally:
        event.remove(database, "after_cursor_execute", count)


def on_list(policy: Policy, *values: str) -> list[bool]:
    return [policy.rules.lists.holds(LIST, value, NOW.timestamp()) for value in values]


def test_one_changed_entry_is_all_that_is_read_of_a_long_list(database: Engine) -> None:
    add(database, *(f"account-{number}" for number in range(3_000)))
    before, fetched = look(database)
    assert fetched > 3_000
    add(database, "ada")
    after, fetched = look(database, before)
    assert fetched < 50
    assert on_list(before, "account-7", "ada") == [True, False]
    assert on_list(after, "account-7", "ada") == [True, True]


def test_what_was_added_replaced_and_removed_between_two_looks_is_as_it_is_stored(database: Engine) -> None:
    add(database, "kept", "gone", "replaced", "gone-and-back")
    before, _ = look(database)
    remove(database, "gone", "gone-and-back")
    add(database, "replaced", "gone-and-back", "new")
    add(database, "replaced")
    after, _ = look(database, before)
    asked = ("kept", "gone", "replaced", "gone-and-back", "new", "other")
    assert on_list(after, *asked) == on_list(look(database)[0], *asked) == [True, False, True, True, True, False]


def test_an_entry_that_came_and_went_between_two_looks_is_on_no_list(database: Engine) -> None:
    add(database, "kept")
    before, _ = look(database)
    add(database, "passing")
    remove(database, "passing")
    assert on_list(look(database, before)[0], "kept", "passing") == [True, False]


def test_a_list_made_anew_under_its_name_holds_only_what_it_has_now(database: Engine) -> None:
    add(database, "ada", "bob")
    before, _ = look(database)
    with database.begin() as connection:
        lists.remove(connection, LIST, by="ada", at=NOW, reason="cleared")
        lists.create(connection, LIST, ListPurpose.DENY, ListSubject.IP, "", by="ada", at=NOW)
    add(database, "10.1.0.0/16")
    after, _ = look(database, before)
    assert on_list(after, "ada", "10.1.2.3") == [False, True]
