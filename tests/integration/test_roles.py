"""What each role may do in Postgres and in Valkey, held against the schema and against what the parts need."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
import redis
from sqlalchemy import Engine, text

from infra.local.services import valkey
from infra.local.services.valkey import Valkey
from infra.stacks.data import ROLES
from infra.valkey_users import ACCESS
from risk.adapters import rate_limits
from risk.store.db.engine import create_pool
from risk.store.db.roles import FUNCTIONS, RIGHTS, TEMPORARY, DatabaseRole
from risk.store.db.tables import metadata
from tests.services import Services

pytestmark = pytest.mark.integration

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
LOG = ("audit_log", "audit_nodes", "audit_checkpoints")


@pytest.fixture(scope="module")
def owner_url(services: Services) -> str:
    return services.database()


@pytest.fixture(scope="module")
def owner(owner_url: str) -> Iterator[Engine]:
    found = create_pool(owner_url, application="test")
    yield found
    found.dispose()


def _expected(role: DatabaseRole, table: str) -> set[str]:
    rights = RIGHTS[role].get(table, "")
    return {word.strip() for word in rights.split(",") if word and "(" not in word}


def test_every_role_has_the_rights_of_the_table_on_every_table_and_no_others(owner: Engine) -> None:
    ask = text("SELECT has_table_privilege(:login, :table, :privilege)")
    with owner.connect() as connection:
        names = [
            *connection.scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                )
            )
        ]
        assert {table.name for table in metadata.sorted_tables} <= set(names)
        for role in DatabaseRole:
            assert set(RIGHTS[role]) <= set(names), role
            for table in names:
                has = {
                    one
                    for one in PRIVILEGES
                    if connection.scalar(ask, {"login": role.login, "table": table, "privilege": one})
                }
                assert has == _expected(role, table), (role, table)


def test_every_table_is_of_use_to_some_role(owner: Engine) -> None:
    used = {table for rights in RIGHTS.values() for table in rights}
    assert used == {table.name for table in metadata.sorted_tables}


def test_nobody_changes_or_deletes_a_record_of_the_audit_log(services: Services, owner_url: str) -> None:
    """The role's rights refuse it, before any trigger has to."""
    for rights in RIGHTS.values():
        assert not [one for one in ("UPDATE", "DELETE") if any(one in rights.get(table, "") for table in LOG)]
    for role in DatabaseRole:
        with psycopg.connect(services.as_role(owner_url, role), autocommit=True) as connection:
            for table in LOG:
                for statement in (
                    f"UPDATE {table} SET at = now()" if table != "audit_nodes" else "UPDATE audit_nodes SET hash = ''",
                    f"DELETE FROM {table}",
                    f"TRUNCATE {table}",
                    f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                    f"DROP TABLE {table}",
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(statement)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (DatabaseRole.ENGINE, "SELECT password_hash FROM users"),
        (DatabaseRole.ENGINE, "SELECT key_hash FROM api_keys"),
        (DatabaseRole.ENGINE, "UPDATE rules SET stage = 1"),
        (DatabaseRole.ENGINE, "DELETE FROM assessments"),
        (DatabaseRole.API, "INSERT INTO assessment_keys SELECT gen_random_uuid(), now()"),
        (DatabaseRole.API, "UPDATE assessments SET score = 0"),
        (DatabaseRole.API, "UPDATE configurations SET reason = 'x'"),
        (DatabaseRole.API, "DELETE FROM alert_timeline"),
        (DatabaseRole.API, "SELECT personal FROM audit_inbox"),
        (DatabaseRole.API, "SET session_replication_role = replica"),
        (DatabaseRole.WEBHOOKS, "SELECT * FROM assessments"),
        (DatabaseRole.WEBHOOKS, "SELECT * FROM users"),
        (DatabaseRole.WEBHOOKS, "INSERT INTO audit_inbox (at) VALUES (now())"),
        (DatabaseRole.MAINTENANCE, "SELECT key_hash FROM api_keys"),
        (DatabaseRole.MAINTENANCE, "DROP TABLE assessments"),
        (DatabaseRole.AUDITOR, "INSERT INTO audit_log (seq) VALUES (1)"),
        (DatabaseRole.AUDITOR, "SELECT * FROM users"),
        (DatabaseRole.ENGINE, "CREATE TABLE mine ()"),
        (DatabaseRole.API, "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        (DatabaseRole.API, "SELECT drop_assessment_month(now())"),
        (DatabaseRole.API, "SELECT suspend_rule(gen_random_uuid(), 1, 'x')"),
        (DatabaseRole.WEBHOOKS, "CREATE ROLE another"),
        (DatabaseRole.MAINTENANCE, "ALTER ROLE risk_api PASSWORD 'x'"),
    ],
)
def test_a_role_cannot_do_what_is_not_its_part(
    services: Services, owner_url: str, role: DatabaseRole, statement: str
) -> None:
    with (
        psycopg.connect(services.as_role(owner_url, role), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_no_role_may_more_in_the_cluster_than_sign_in(owner: Engine) -> None:
    with owner.connect() as connection:
        for role in DatabaseRole:
            may = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin"
            query = text(f"SELECT {may} FROM pg_roles WHERE rolname = :login")
            row = connection.execute(query, {"login": role.login}).one()
            assert tuple(row) == (False, False, False, False, False, True), role
            member = "SELECT count(*) FROM pg_auth_members WHERE member = CAST(:login AS regrole)"
            assert connection.scalar(text(member), {"login": role.login}) == 0, role


def test_functions_that_do_the_owners_work_are_for_those_who_need_them(owner: Engine) -> None:
    ask = text("SELECT has_function_privilege(:login, :name, 'EXECUTE')")
    with owner.connect() as connection:
        definers = (
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace "
            "AND prorettype <> 'trigger'::regtype"  # those run with what they are attached to, and not by themselves
        )
        known = {name.split("(")[0] for name in FUNCTIONS}
        assert set(connection.scalars(text(definers))) == known
        for name, roles in FUNCTIONS.items():
            may = {role for role in DatabaseRole if connection.scalar(ask, {"login": role.login, "name": name})}
            assert may == roles, name


def test_only_who_copies_may_make_temporary_tables(owner: Engine) -> None:
    """Asked in the database that the migrations ran in: a copy of it does not take this right over."""
    with owner.connect() as connection:
        ask = text("SELECT has_database_privilege(:login, 'risk', 'TEMPORARY')")
        assert {role for role in DatabaseRole if connection.scalar(ask, {"login": role.login})} == TEMPORARY


def test_a_month_that_holds_events_is_not_dropped(owner: Engine) -> None:
    with owner.begin() as connection:
        assert connection.scalar(text("SELECT make_assessment_month('2031-02-10T00:00Z')")) == "assessments_2031_02"
        assert connection.scalar(text("SELECT make_assessment_month('2031-02-27T00:00Z')")) is None
        connection.execute(
            text(
                "INSERT INTO assessments (event_id, sequence, event_type, occurred_at, received_at, scored_at, "
                "account_id, attributes, score, level, reasons, features, feature_set, scorer, config_version, "
                "family, amount_flow) VALUES "
                "(gen_random_uuid(), 1, 'payment', now(), now(), '2031-02-10', 'a', '{}', 0, 0, '[]', '{}', 1, 's', 1, "
                "'payment', 'outgoing')"
            )
        )
    with pytest.raises(Exception, match="is not empty"), owner.begin() as connection:
        connection.execute(text("SELECT drop_assessment_month('2031-02-01T00:00Z')"))


def test_the_stacks_know_the_roles() -> None:
    assert set(ROLES) == set(DatabaseRole)


# --- Valkey -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cache(services: Services) -> Valkey:
    return valkey.start(services.children)


def test_who_does_not_sign_in_to_valkey_may_do_nothing(cache: Valkey) -> None:
    with redis.Redis(port=cache.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    for user in ACCESS:
        with redis.Redis(port=cache.port, username=user, password=cache.passwords[user]) as client:
            assert client.ping()


def test_the_api_may_run_all_that_the_rate_limits_ask_of_valkey(cache: Valkey) -> None:
    user, password = cache.login("api")
    throttle = rate_limits.Throttle("sign-in:account", free=1, longest=10)
    with redis.Redis("127.0.0.1", cache.port, username=user, password=password) as client:
        assert rate_limits.count(client, [(rate_limits.Quota("x", limit=3, seconds=5), "ada")])[0].used == 1
        assert [rate_limits.attempt(client, throttle, "ada") for _ in range(2)] == [0, pytest.approx(1, abs=0.2)]
        rate_limits.forgive_one(client, throttle, "ada")
        rate_limits.forgive(client, throttle, "ada")
        assert rate_limits.attempt(client, throttle, "ada") == 0


def test_a_valkey_user_has_its_own_keys_and_commands(cache: Valkey) -> None:
    with redis.Redis.from_url(cache.url) as anybody:

        def may(user: str, *command: str) -> bool:
            return bool(anybody.execute_command("ACL", "DRYRUN", user, *command) == b"OK")

        for user in ACCESS:
            assert not may(user, "FLUSHALL"), user
            assert not may(user, "KEYS", "*"), user
            assert not may(user, "CONFIG", "GET", "*"), user
            assert not may(user, "ACL", "LIST"), user
            assert not may(user, "GET", "another"), user
        assert may("engine", "ZADD", "live:assessments", "1", "x")
        assert may("engine", "SET", "live:behind", "1.0", "EX", "10")
        assert may("api", "GET", "live:behind")
        assert not may("engine", "HGETALL", "live:connections")
        assert not may("engine", "GETDEL", "live:ticket:x")
        assert may("api", "ZREVRANGE", "live:assessments", "0", "1")
        assert not may("api", "ZADD", "live:assessments", "1", "x")
        assert may("websocket", "GETDEL", "live:ticket:x")
        assert not may("websocket", "SET", "live:ticket:x", "1")
        assert not may("websocket", "ZREVRANGE", "live:assessments", "0", "1")
        assert may("broadcast", "HGETALL", "live:connections")
        assert not may("broadcast", "GET", "live:access:x")


def test_access_strings_are_what_elasticache_takes() -> None:
    for user, access in ACCESS.items():
        assert re.fullmatch(r"on( ~[a-z:*-]+)+ -@all( \+[a-z]+(\|[a-z]+)?)+", access), user
