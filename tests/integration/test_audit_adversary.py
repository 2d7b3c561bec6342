"""The audit log against somebody who has every right on the database, but neither the bucket nor the key.

Each attack is found by what runs by itself: the checkpoint of the next minute, or the check of the next day. What the
real key signs afterwards never covers what was done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import boto3
import psycopg
import pytest
from sqlalchemy import Engine

from functions.maintenance import checkpoints
from infra.local.services.emulator import REGION, client_config
from risk.adapters import checkpoint_bucket
from risk.adapters.checkpoint_signers import FileSigner
from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from risk.audit.record import Entry
from risk.domain.errors import Tampered
from risk.store.audit import audit_log, guards
from risk.store.db.engine import create_pool
from tests.services import Services

pytestmark = pytest.mark.integration

ORIGIN = "risk.test/audit"
AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
Sql = psycopg.Connection[Any]
FREE = (
    "ALTER TABLE audit_log DISABLE TRIGGER ALL; ALTER TABLE audit_nodes DISABLE TRIGGER ALL; "
    "ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL"
)
PUT_BACK = "; ".join(
    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_refuse"
    for table in ("audit_log", "audit_nodes", "audit_checkpoints")
)


class World:
    """A log of which 600 records are signed and kept in a bucket, and ten are not yet."""

    def __init__(self, url: str, engine: Engine, signer: FileSigner, bucket: str) -> None:
        self.url, self.engine, self.signer, self.bucket = url, engine, signer, bucket

    def act(self, count: int = 1) -> None:
        """People do something, each in a transaction of its own."""
        with self.engine.begin() as connection:
            audit_log.append(connection, [Entry(AT, "user:1", "resolve_alert", f"alert:{n}") for n in range(count)])

    def sign(self, **more: Any) -> tuple[int, bool]:
        return checkpoints.take(self.engine, self.signer, ORIGIN, self.bucket, at=AT, **more)

    def check(self) -> tuple[int, int]:
        return checkpoints.check(self.engine, self.signer, ORIGIN, self.bucket)

    def kept(self) -> list[Checkpoint]:
        key = VerifierKey(ORIGIN, self.signer.public_key())
        client = checkpoint_bucket.bucket_client()
        return [open_checkpoint(note, key) for note in checkpoint_bucket.kept(client, self.bucket, limit=100)]


@pytest.fixture(scope="module")
def signed(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The one that is attacked: nothing is ever signed or kept of an attack, so that they can share its bucket."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", services.endpoint)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        url, key = services.database(), FileSigner.ensure(tmp_path_factory.mktemp("keys") / "key.pem")
        found = World(url, create_pool(url, application="test", size=3), key, new_bucket(services))
        for _ in range(2):
            found.act(300)
            found.sign()
        found.act(10)
        found.engine.dispose()
        yield found


def new_bucket(services: Services) -> str:
    bucket = f"audit-{uuid4().hex[:12]}"
    s3 = boto3.client("s3", endpoint_url=services.endpoint, config=client_config(), region_name=REGION)
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    s3.close()
    return bucket


@pytest.fixture
def attacked(services: Services, signed: World) -> Iterator[World]:
    """A copy of the signed log, beside the same bucket."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(f"{services.postgres_url}/postgres", autocommit=True) as sql:
        template = signed.url.rpartition("/")[2]
        sql.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    url = f"{services.postgres_url}/{name}"
    found = World(url, create_pool(url, application="test", size=3), signed.signer, signed.bucket)
    yield found
    found.engine.dispose()


@pytest.fixture
def world(services: Services, attacked: World) -> World:
    """The same with a bucket of its own, that has what the shared one has."""
    client = checkpoint_bucket.bucket_client()
    notes = [*checkpoint_bucket.kept(client, attacked.bucket, limit=100)]
    attacked.bucket = new_bucket(services)
    for note in reversed(notes):
        checkpoint_bucket.keep(client, attacked.bucket, Checkpoint.parse(Note.parse(note).text).size, note)
    return attacked


# --- what the adversary can do with SQL ------------------------------------------------------------------------------


def edit(sql: Sql, seq: int = 300, **changes: Any) -> None:
    """Change a record and everything that follows from it: columns, canonical text, hash."""
    row = sql.execute("SELECT record FROM audit_log WHERE seq = %s", (seq,)).fetchone()
    assert row is not None
    changed = json.loads(row[0]) | (changes or {"actor": "user:somebody-else"})
    record = json.dumps(changed, separators=(",", ":"), sort_keys=True).encode()
    leaf = sha256(b"\x00" + record).digest()
    sql.execute(
        "UPDATE audit_log SET actor = %s, record = %s, leaf_hash = %s WHERE seq = %s",
        (changed["actor"], record, leaf, seq),
    )


def rebuild_nodes(sql: Sql) -> None:
    sql.execute("DELETE FROM audit_nodes")
    hashes = [row[0] for row in sql.execute("SELECT leaf_hash FROM audit_log ORDER BY seq").fetchall()]
    for index, node in enumerate(merkle.tiles(hashes)):
        sql.execute("INSERT INTO audit_nodes (level, index, hash) VALUES (8, %s, %s)", (index, node))


def forged_note(sql: Sql, size: int, key: FileSigner) -> str:
    hashes = [row[0] for row in sql.execute("SELECT leaf_hash FROM audit_log WHERE seq <= %s ORDER BY seq", (size,))]
    return str(Checkpoint(ORIGIN, size, merkle.root_of(hashes)).sign(key))


def replace_checkpoints(sql: Sql, note: str, size: int) -> None:
    sql.execute("DELETE FROM audit_checkpoints")
    sql.execute("INSERT INTO audit_checkpoints (size, at, note) VALUES (%s, now(), %s)", (size, note))


def another_key(tmp: Any) -> FileSigner:
    return FileSigner.ensure(tmp / "adversary.pem")


def rewrite_under_another_key(sql: Sql, tmp: Any) -> None:
    """The attack that got the real key to sign: the note of another key's id says that all of this is known."""
    edit(sql)
    rebuild_nodes(sql)
    replace_checkpoints(sql, forged_note(sql, 610, another_key(tmp)), 610)


def rewrite_under_the_real_keys_name(sql: Sql, tmp: Any) -> None:
    edit(sql)
    rebuild_nodes(sql)
    real = sql.execute("SELECT note FROM audit_checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    assert real is not None
    parsed, forged = Note.parse(real[0]), Note.parse(forged_note(sql, 610, another_key(tmp)))
    name, digest, _ = parsed.signatures[0]
    replace_checkpoints(sql, str(Note(forged.text, ((name, digest, forged.signatures[0][2]),))), 610)


def rewrite_and_forget_checkpoints(sql: Sql, tmp: Any) -> None:
    edit(sql)
    rebuild_nodes(sql)
    sql.execute("DELETE FROM audit_checkpoints")


def rewrite_and_go_back_to_an_older_checkpoint(sql: Sql, tmp: Any) -> None:
    edit(sql, 500)
    rebuild_nodes(sql)
    sql.execute("DELETE FROM audit_checkpoints WHERE size > 300")


def claim_a_checkpoint_of_the_future(sql: Sql, tmp: Any) -> None:
    edit(sql)
    rebuild_nodes(sql)
    replace_checkpoints(sql, forged_note(sql, 610, another_key(tmp)).replace("\n610\n", "\n999999\n"), 999999)


def garble_the_checkpoint(sql: Sql, tmp: Any) -> None:
    replace_checkpoints(sql, "nothing", 600)


def start_all_over(sql: Sql, tmp: Any) -> None:
    for table in ("audit_log", "audit_nodes", "audit_checkpoints", "audit_personal"):
        sql.execute(f"TRUNCATE {table}")
    sql.execute("SELECT setval('audit_log_seq', 1, false)")


def start_all_over_and_fill_up(sql: Sql, tmp: Any) -> None:
    records = [row[0] for row in sql.execute("SELECT record FROM audit_log ORDER BY seq").fetchall()]
    start_all_over(sql, tmp)
    for record in [*records[:299], *records[300:], records[0], records[1]]:
        fields = json.loads(record)
        sql.execute(
            "INSERT INTO audit_inbox (at, actor, action, subject, outcome, request_id, record) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (*(fields[name] for name in ("at", "actor", "action", "subject", "outcome", "request_id")), record),
        )


def plain(statements: str) -> Callable[[Sql, Any], None]:
    def attack(sql: Sql, _: Any) -> None:
        for statement in statements.split(";"):
            sql.execute(statement)

    return attack


DROP_ENTRIES = (
    "CREATE OR REPLACE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
    "SET search_path = public, pg_temp AS 'BEGIN DELETE FROM audit_inbox WHERE id = NEW.id{end} RETURN NULL{end} END'"
)


def swallow_entries(sql: Sql, _: Any) -> None:
    sql.execute(DROP_ENTRIES.format(end=";"))


def swallow_entries_for_a_while(sql: Sql, _: Any) -> None:
    real = sql.execute("SELECT pg_get_functiondef('audit_append'::regproc)").fetchone()
    assert real is not None
    swallow_entries(sql, _)
    unrecorded(sql)
    sql.execute(real[0])


def unrecorded(sql: Sql) -> None:
    """An action of the application, committed while nothing logs it."""
    sql.execute(
        "INSERT INTO audit_inbox (at, actor, action, subject, outcome, record) "
        "VALUES (now(), 'user:9', 'resolve_alert', 'alert:9', 'success', '{}')"
    )


def switch_the_trigger_off_and_on(sql: Sql, _: Any) -> None:
    sql.execute("ALTER TABLE audit_inbox DISABLE TRIGGER audit_append")
    unrecorded(sql)
    sql.execute("DELETE FROM audit_inbox")
    sql.execute("ALTER TABLE audit_inbox ENABLE ALWAYS TRIGGER audit_append")


def switch_the_trigger_off_and_leave_the_entry(sql: Sql, _: Any) -> None:
    sql.execute("ALTER TABLE audit_inbox DISABLE TRIGGER audit_append")
    unrecorded(sql)
    sql.execute("ALTER TABLE audit_inbox ENABLE ALWAYS TRIGGER audit_append")


def make_the_trigger_anew(sql: Sql, _: Any) -> None:
    sql.execute("DROP TRIGGER audit_append ON audit_inbox")
    unrecorded(sql)
    sql.execute("DELETE FROM audit_inbox")
    sql.execute(
        "CREATE CONSTRAINT TRIGGER audit_append AFTER INSERT ON audit_inbox DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_append()"
    )
    sql.execute("ALTER TABLE audit_inbox ENABLE ALWAYS TRIGGER audit_append")


def swap_the_inbox(sql: Sql, _: Any) -> None:
    sql.execute("ALTER TABLE audit_inbox RENAME TO real_inbox")
    sql.execute("CREATE UNLOGGED TABLE audit_inbox (LIKE real_inbox INCLUDING ALL)")
    unrecorded(sql)
    sql.execute("DROP TABLE audit_inbox")
    sql.execute("ALTER TABLE real_inbox RENAME TO audit_inbox")
    # Back to what it was, but an entry had to be told apart: the adversary tries to hide the gap in the numbers, too.
    sql.execute("ALTER TABLE audit_inbox DISABLE TRIGGER audit_append")


def swallow_by_a_trigger_of_their_own(sql: Sql, _: Any) -> None:
    sql.execute("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    sql.execute("CREATE TRIGGER a_swallow BEFORE INSERT ON audit_inbox FOR EACH ROW EXECUTE FUNCTION swallow()")


def show_readers_another_table(sql: Sql, _: Any) -> None:
    sql.execute("CREATE SCHEMA other")
    for table in ("audit_log", "audit_nodes", "audit_checkpoints"):
        sql.execute(f"CREATE TABLE other.{table} AS SELECT * FROM public.{table}")
    sql.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = other, public', current_database()); END $$"
    )


def hide_rows(sql: Sql, _: Any) -> None:
    sql.execute("ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY")
    sql.execute("CREATE POLICY visible ON audit_log USING (seq <> 605)")


def a_view_instead_of_the_log(sql: Sql, _: Any) -> None:
    sql.execute("ALTER TABLE audit_log RENAME TO real_log")
    sql.execute("CREATE VIEW audit_log AS SELECT * FROM real_log")


Attack = Callable[[Sql, Any], None]
WITH_TRIGGERS_OFF: dict[str, tuple[Attack, str]] = {
    "rewrites under a note of another key": (rewrite_under_another_key, "not signed by"),
    "rewrites under a signature that is not of the note": (rewrite_under_the_real_keys_name, "one of them was changed"),
    "rewrites and deletes every checkpoint": (rewrite_and_forget_checkpoints, "first 600 records"),
    "rewrites and goes back to an older checkpoint": (rewrite_and_go_back_to_an_older_checkpoint, "first 600 records"),
    "claims a checkpoint of the future": (claim_a_checkpoint_of_the_future, "not signed by"),
    "garbles the checkpoint": (garble_the_checkpoint, "newest checkpoint was changed"),
    "starts all over": (start_all_over, "records 1 to 600 were signed and are gone"),
    "starts all over and fills up": (start_all_over_and_fill_up, "first 600 records"),
    "deletes the newest": (plain("DELETE FROM audit_log WHERE seq > 590"), "591 to 600"),
    "deletes one in the middle": (plain("DELETE FROM audit_log WHERE seq = 590"), "gone"),
    "deletes what no checkpoint saw, with its trigger off": (plain("DELETE FROM audit_log WHERE seq > 600"), "guard"),
    "edits what no checkpoint saw": (lambda sql, _: edit(sql, 605), "guard"),
    "edits content of what no checkpoint saw": (
        plain("UPDATE audit_log SET record = record || ' '::bytea WHERE seq = 605"),
        "record 605",
    ),
    "renumbers": (
        plain(
            "DELETE FROM audit_log WHERE seq = 300; UPDATE audit_log SET seq = -(seq - 1) WHERE seq > 300;"
            "UPDATE audit_log SET seq = -seq WHERE seq < 0; DELETE FROM audit_nodes"
        ),
        "first 600 records|nodes of the tree are gone",
    ),
    "deletes the nodes": (plain("DELETE FROM audit_nodes"), "guard|nodes|gone"),
    "changes a node": (plain("UPDATE audit_nodes SET hash = sha256('x')"), "first 600 records"),
}
ON_GUARDS: dict[str, tuple[Attack, str]] = {
    "switches the inbox's trigger off": (plain("ALTER TABLE audit_inbox DISABLE TRIGGER audit_append"), "enabled=D"),
    "lets it fire only for replicas": (
        plain("ALTER TABLE audit_inbox ENABLE REPLICA TRIGGER audit_append"),
        "enabled=R",
    ),
    "switches it off, acts, and on again": (switch_the_trigger_off_and_on, "switched off or replaced"),
    "switches it off, acts, and leaves the entry": (switch_the_trigger_off_and_leave_the_entry, "past the trigger"),
    "makes the trigger anew": (make_the_trigger_anew, "switched off or replaced"),
    "drops the trigger": (plain("DROP TRIGGER audit_append ON audit_inbox"), "there is no trigger audit_inbox"),
    "lets the log be changed": (plain("DROP TRIGGER audit_refuse ON audit_log"), "there is no trigger audit_log"),
    "swallows entries": (swallow_entries, "function audit_append"),
    "swallows entries for a while": (swallow_entries_for_a_while, "switched off or replaced"),
    "swallows entries by a trigger of their own": (swallow_by_a_trigger_of_their_own, "a_swallow"),
    "swallows entries by a rule": (
        plain("CREATE RULE swallow AS ON INSERT TO audit_inbox DO INSTEAD NOTHING"),
        "audit_inbox .*rules=1",
    ),
    "swaps the inbox": (swap_the_inbox, "enabled=D"),
    "shows readers other tables": (show_readers_another_table, "read=f"),
    "hides records by a policy": (hide_rows, "row_security=t"),
    "puts a view in the log's place": (a_view_instead_of_the_log, "kind=v"),
}
ATTACKS = WITH_TRIGGERS_OFF | ON_GUARDS


@pytest.mark.parametrize("name", ATTACKS)
def test_the_next_checkpoint_is_refused_and_says_what_was_done(attacked: World, tmp_path: Any, name: str) -> None:
    attack, says = ATTACKS[name]
    before = attacked.kept()
    with psycopg.connect(attacked.url, autocommit=True) as sql:
        if name in WITH_TRIGGERS_OFF:
            sql.execute(FREE)
        attack(sql, tmp_path)
    attacked.engine.dispose()  # settings of the database hold for new connections
    with pytest.raises(Tampered, match=says):
        attacked.sign()
    assert attacked.kept() == before  # nothing was signed


def test_an_honest_log_is_signed_again_and_again_and_agrees_with_all_that_was_kept(world: World) -> None:
    for size in (610, 611, 612):
        assert world.sign() == (size, True)
        assert world.sign() == (size, False)
        world.act()
    assert world.check() == (613, 5)
    assert len(world.kept()) == 5


def test_what_says_that_it_replicates_is_recorded_and_refused_all_the_same(world: World) -> None:
    with psycopg.connect(world.url) as sql:
        sql.execute("SET session_replication_role = replica")
        unrecorded(sql)
    with world.engine.connect() as connection:
        assert audit_log.size(connection) == 611
    with psycopg.connect(world.url) as sql:
        sql.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute("UPDATE audit_log SET actor = 'me' WHERE seq = 605")


def test_a_record_changed_under_stored_nodes_is_named_by_the_daily_check(world: World) -> None:
    """The tree that is signed still holds what the record was: the edit shows as soon as records are read."""
    with psycopg.connect(world.url, autocommit=True) as sql:
        sql.execute(FREE)
        edit(sql, 100)
    with pytest.raises(Tampered, match="records 1 to 300 are not those that were signed"):
        world.check()
    with psycopg.connect(world.url, autocommit=True) as sql:
        sql.execute("UPDATE audit_log SET actor = 'user:1' WHERE seq = 100")
        sql.execute("UPDATE audit_log SET outcome = 'refused' WHERE seq = 101")
    with pytest.raises(Tampered, match="record 100"):
        world.check()


def test_an_operator_vouches_for_guards_that_were_replaced_and_it_is_on_record(world: World) -> None:
    with psycopg.connect(world.url, autocommit=True) as sql:
        sql.execute(FREE)
        sql.execute(PUT_BACK)
    with pytest.raises(Tampered, match="accept_guards") as told:
        world.sign()
    with pytest.raises(Tampered):
        world.sign(accept_guards="0" * 32)
    assert world.sign(accept_guards=str(told.value).split('"')[-2]) == (612, True)
    assert world.sign() == (612, False)
    with world.engine.connect() as connection:
        records = audit_log.page(connection, audit_log.Filter(action="accept_audit_guards"), limit=9)
    assert len(records) == 2  # the one that was refused, too


def test_the_guards_that_are_expected_are_those_that_the_migrations_make(world: World) -> None:
    with world.engine.connect() as connection:
        found, _ = guards.read(connection)
    assert found == guards.EXPECTED


def test_a_key_that_signed_before_is_known_by_its_name_only_if_it_is_given(world: World, tmp_path: Any) -> None:
    old = VerifierKey(ORIGIN, world.signer.public_key())
    world.signer = FileSigner.ensure(tmp_path / "the next key.pem")
    with pytest.raises(Tampered, match="not signed by"):
        world.sign()
    assert world.sign(earlier_keys=[old]) == (610, True)
    assert world.sign() == (610, False)
