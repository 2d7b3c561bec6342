"""The audit log in a real Postgres: appended to by many at once, signed, attacked, and what is told of it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from typer.testing import CliRunner, Result

from infra.cli import app
from risk.adapters.checkpoint_signers import FileSigner
from risk.alerts.grouping import Finding
from risk.audit import merkle
from risk.audit.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from risk.audit.record import Entry, Outcome, seal
from risk.domain.errors import Tampered
from risk.store.audit import audit_log, checkpoints
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state.batch_writer import Batch, store
from tests.integration.test_api.support import make_assessment
from tests.services import Services

pytestmark = pytest.mark.integration

AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
ORIGIN = "risk.test/audit"
SIZE = 600


def entry(number: int, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "at": AT + timedelta(seconds=number),
        "actor": f"user:{number % 7}",
        "action": "alert.resolve",
        "subject": f"alert:{number}",
        "request_id": f"request-{number}",
        "details": {"number": number},
        "personal": {"address": f"10.0.0.{number % 250}"},
    }
    return Entry(**values | changes)


def fill(engine: Engine, first: int, last: int) -> None:
    with engine.begin() as connection:
        audit_log.append(connection, [entry(number) for number in range(first, last + 1)])


@pytest.fixture
def url(services: Services) -> str:
    return services.database()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    found = create_pool(url, application="test", size=5)
    yield found
    found.dispose()


@pytest.fixture
def signer(tmp_path: Path) -> FileSigner:
    return FileSigner.ensure(tmp_path / "key.pem")


def count(engine: Engine) -> tuple[int, int, int]:
    """How many records, the newest number, and what waits in the inbox."""
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT count(*), coalesce(max(seq), 0), (SELECT count(*) FROM audit_inbox) FROM audit_log")
        ).one()
        return row[0], row[1], row[2]


# --- appending -------------------------------------------------------------------------------------------------------


def test_an_entry_is_numbered_when_its_transaction_commits_and_not_before(engine: Engine) -> None:
    with engine.connect() as connection:
        audit_log.append(connection, [entry(1)])
        assert count(engine)[0] == 0
        connection.rollback()
        audit_log.append(connection, [entry(2), entry(3)])
        connection.commit()
    assert count(engine) == (2, 2, 0)
    with engine.connect() as connection:
        found = audit_log.find(connection, 1)
    assert json.loads(found.record)["details"] == {"number": 2}
    assert found.leaf_hash == hashlib.sha256(b"\x00" + found.record).digest()
    assert found.kept == {"address": "10.0.0.2"}


def test_what_cannot_be_logged_does_not_happen(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE action (done boolean)"))
        connection.execute(text("ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (actor <> 'user:1')"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO action VALUES (true)"))
        audit_log.append(connection, [entry(1)])
        with pytest.raises(SQLAlchemyError, match="full_disk"):
            connection.commit()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM action")) == 0


def test_two_hundred_writers_at_once_leave_a_dense_log_that_verifies(
    url: str, engine: Engine, signer: FileSigner, tmp_path: Path
) -> None:
    writers, each = 200, 5
    start, failures = threading.Barrier(writers), []

    def write(writer: int) -> None:
        with psycopg.connect(url) as connection:
            start.wait()
            for number in range(each):
                sealed = seal(entry(writer * each + number))
                one = sealed.entry
                connection.execute(
                    "INSERT INTO audit_inbox (at, actor, action, subject, outcome, request_id, record) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    (one.at, one.actor, one.action, one.subject, one.outcome, one.request_id, sealed.record),
                )
                if number == 2 and writer % 10 == 0:
                    connection.rollback()  # an action that fails leaves no gap
                else:
                    connection.commit()

    def guarded(writer: int) -> None:
        try:
            write(writer)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    # Signed all the while: a checkpoint never counts a record that another one does not.
    sizes = [0]
    while any(thread.is_alive() for thread in threads):
        note, _ = checkpoints.take(engine, signer, ORIGIN, at=AT)
        sizes.append(Checkpoint.parse(Note.parse(note).text).size)
    for thread in threads:
        thread.join()
    assert not failures
    assert sizes == sorted(sizes)
    assert count(engine) == (writers * each - 20, writers * each - 20, 0)
    checkpoints.take(engine, signer, ORIGIN, at=AT)
    with engine.connect() as connection:
        actions = connection.scalars(text("SELECT DISTINCT action FROM audit_log")).all()
    assert actions == ["alert.resolve"]  # no number was lost and had to be made void
    out = tmp_path / "checkpoint"
    assert run("checkpoint", "--database-url", url, "--out", out, "--key", tmp_path / "key.pem").exit_code == 0
    assert run("verify", "--database-url", url, "--checkpoint", out).exit_code == 0


@pytest.mark.parametrize("table", ["audit_log", "audit_nodes", "audit_checkpoints"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_log(engine: Engine, signer: FileSigner, table: str, statement: str) -> None:
    fill(engine, 1, 300)
    checkpoints.take(engine, signer, ORIGIN, at=AT)
    changes = {"audit_log": "actor = 'me'", "audit_nodes": "hash = ''", "audit_checkpoints": "note = ''"}
    with pytest.raises(SQLAlchemyError, match="only ever appended to"), engine.begin() as connection:
        connection.execute(text(statement.format(table, changes[table])))


def test_the_applications_own_role_can_append_and_read_and_no_more(services: Services, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS risk_app")
        owner.execute("CREATE ROLE risk_app LOGIN PASSWORD 'app'")
        try:
            from risk.store.db.migrate import downgrade, upgrade

            downgrade(url, "0003")
            upgrade(url)
            owner.execute("SET ROLE risk_app")
            sealed = seal(entry(1))
            owner.execute(
                "INSERT INTO audit_inbox (at, actor, action, subject, outcome, record) VALUES (%s, %s, %s, %s, %s, %s)",
                (AT, "user:1", "x", "y", "success", sealed.record),
            )
            assert owner.execute("SELECT seq, record FROM audit_log").fetchall() == [(1, sealed.record)]
            for statement in (
                "CREATE TEMP TABLE audit_log (LIKE public.audit_log)",  # a trap for the next record
                "INSERT INTO audit_log (seq) VALUES (2)",
                "UPDATE audit_log SET actor = 'me'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "ALTER TABLE audit_log DISABLE TRIGGER ALL",
                "SELECT nextval('audit_log_seq')",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(statement)
        finally:
            owner.execute("RESET ROLE")
            owner.execute("DROP OWNED BY risk_app")
            owner.execute("DROP ROLE risk_app")


# --- checkpoints and proofs ------------------------------------------------------------------------------------------


def test_a_checkpoint_is_signed_kept_and_continued(engine: Engine, signer: FileSigner) -> None:
    key = VerifierKey(ORIGIN, signer.public_key())
    empty, new = checkpoints.take(engine, signer, ORIGIN, at=AT)
    assert (open_checkpoint(empty, key).root, new) == (merkle.EMPTY, True)
    fill(engine, 1, 700)
    first, _ = checkpoints.take(engine, signer, ORIGIN, at=AT)
    assert checkpoints.take(engine, signer, ORIGIN, at=AT) == (first, False)
    fill(engine, 701, 1300)
    second, new = checkpoints.take(engine, signer, ORIGIN, at=AT)
    old, now = open_checkpoint(first, key), open_checkpoint(second, key)
    assert (old.size, now.size, new) == (700, 1300, True)
    with engine.connect() as connection:
        read = audit_log.reader(connection)
        assert merkle.verify_consistency(700, old.root, 1300, now.root, merkle.consistency_proof(read, 700, 1300))
        for seq in (1, 256, 257, 1300):
            found = audit_log.find(connection, seq)
            path = merkle.inclusion_proof(read, seq - 1, 1300)
            assert merkle.verify_inclusion(merkle.leaf_hash(found.record), seq - 1, 1300, path, now.root)


def test_a_number_that_a_crash_lost_is_closed_by_a_void_record(engine: Engine, signer: FileSigner) -> None:
    fill(engine, 1, 3)
    with engine.begin() as connection:
        connection.execute(text("SELECT nextval('audit_log_seq'), nextval('audit_log_seq')"))
    fill(engine, 4, 4)
    assert count(engine)[:2] == (4, 6)
    checkpoints.take(engine, signer, ORIGIN, at=AT)
    assert count(engine)[:2] == (6, 6)
    with engine.connect() as connection:
        found = audit_log.page(connection, audit_log.Filter(action="void"), limit=10)
    assert [one.seq for one in found] == [5, 4]


def test_erasing_a_personal_value_keeps_every_proof(
    url: str, engine: Engine, signer: FileSigner, tmp_path: Path
) -> None:
    fill(engine, 1, 300)
    out = tmp_path / "checkpoint"
    assert run("checkpoint", "--database-url", url, "--out", out, "--key", tmp_path / "key.pem").exit_code == 0
    with engine.begin() as connection:
        assert audit_log.erase(connection, "10.0.0.7") == 2
    with engine.connect() as connection:
        assert audit_log.find(connection, 7).kept == {}
        assert audit_log.find(connection, 8).kept == {"address": "10.0.0.8"}
    assert run("verify", "--database-url", url, "--checkpoint", out).exit_code == 0


# --- the adversary ---------------------------------------------------------------------------------------------------

Attack = Callable[[psycopg.Connection[Any]], None]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, arguments)])


def seal_again(connection: psycopg.Connection[Any], seq: int, **changes: Any) -> None:
    """Edit a record with everything that follows from it: its columns, its canonical text, its hash."""
    row = connection.execute("SELECT record FROM audit_log WHERE seq = %s", (seq,)).fetchone()
    assert row is not None
    record = json.dumps(json.loads(row[0]) | changes, separators=(",", ":"), sort_keys=True).encode()
    columns = {name: value for name, value in changes.items() if name in ("actor", "action", "subject")}
    for name, value in columns.items():
        connection.execute(f"UPDATE audit_log SET {name} = %s WHERE seq = %s", (value, seq))
    leaf = hashlib.sha256(b"\x00" + record).digest()
    connection.execute("UPDATE audit_log SET record = %s, leaf_hash = %s WHERE seq = %s", (record, leaf, seq))


def edits_a_column(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE audit_log SET actor = 'user:someone-else' WHERE seq = 300")


def edits_a_record(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "UPDATE audit_log SET record = convert_to(replace(convert_from(record, 'UTF8'), ':300', ':3'), 'UTF8') "
        "WHERE seq = 300"
    )


def edits_a_moment(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE audit_log SET at = at - interval '1 microsecond' WHERE seq = 300")


def edits_a_personal_value(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE audit_personal SET value = '10.9.9.9' WHERE seq = 300")


def edits_with_fresh_hash(connection: psycopg.Connection[Any]) -> None:
    seal_again(connection, 300, actor="user:someone-else")


def deletes_the_last(connection: psycopg.Connection[Any]) -> None:
    connection.execute("DELETE FROM audit_log WHERE seq = %s", (SIZE,))


def deletes_a_middle_one(connection: psycopg.Connection[Any]) -> None:
    connection.execute("DELETE FROM audit_log WHERE seq = 300")


def deletes_and_renumbers(connection: psycopg.Connection[Any]) -> None:
    connection.execute("DELETE FROM audit_log WHERE seq = 300")
    connection.execute("UPDATE audit_log SET seq = -(seq - 1) WHERE seq > 300")
    connection.execute("UPDATE audit_log SET seq = -seq WHERE seq < 0")


def swaps_two(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE audit_log SET seq = -seq WHERE seq IN (300, 310)")
    connection.execute("UPDATE audit_log SET seq = 610 + seq WHERE seq < 0")


def inserts_one(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE audit_log SET seq = -(seq + 1) WHERE seq >= 300")
    connection.execute("UPDATE audit_log SET seq = -seq WHERE seq < 0")
    sealed = seal(entry(300, actor="user:forged"))
    one, leaf = sealed.entry, hashlib.sha256(b"\x00" + sealed.record).digest()
    connection.execute(
        "INSERT INTO audit_log VALUES (300, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.at, one.actor, one.action, one.subject, one.outcome, one.request_id, sealed.record, leaf),
    )


def rewrites_everything(connection: psycopg.Connection[Any]) -> None:
    """One record is edited, every hash and node is made anew, and the result is signed with a key of the adversary."""
    seal_again(connection, 300, actor="user:someone-else")
    connection.execute("DELETE FROM audit_nodes")
    connection.execute("DELETE FROM audit_checkpoints")


FOUND: dict[Attack, tuple[str, int]] = {
    edits_a_column: ("changed", 300),
    edits_a_record: ("changed", 300),
    edits_a_moment: ("changed", 300),
    edits_a_personal_value: ("changed", 300),
    edits_with_fresh_hash: ("changed", 300),
    deletes_the_last: ("missing", SIZE),
    deletes_a_middle_one: ("missing", 300),
    deletes_and_renumbers: ("missing", 300),
    swaps_two: ("reordered", 300),
    inserts_one: ("added", 300),
    rewrites_everything: ("changed", 300),
}


@pytest.fixture
def signed(url: str, engine: Engine, signer: FileSigner, tmp_path: Path) -> Path:
    """A log, its checkpoints in the database, and one that was kept elsewhere."""
    fill(engine, 1, 250)
    checkpoints.take(engine, signer, ORIGIN, at=AT)
    fill(engine, 251, SIZE)
    checkpoints.take(engine, signer, ORIGIN, at=AT)
    out = tmp_path / "checkpoint"
    done = run("checkpoint", "--database-url", url, "--out", out, "--key", tmp_path / "key.pem", "--origin", ORIGIN)
    assert done.exit_code == 0, done.output
    fill(engine, SIZE + 1, SIZE + 10)
    return out


def commit_attack(url: str, attack: Attack, engine: Engine, tmp_path: Path) -> None:
    with psycopg.connect(url) as connection:
        for table in ("audit_log", "audit_nodes", "audit_checkpoints"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        attack(connection)
        for table in ("audit_log", "audit_nodes", "audit_checkpoints"):
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_refuse")
    if attack is rewrites_everything:
        checkpoints.take(engine, FileSigner.ensure(tmp_path / "adversary.pem"), ORIGIN, at=AT)


def verified(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    done = run("verify", "--json", *arguments)
    assert done.output.splitlines(), done
    return done.exit_code, json.loads(done.output.splitlines()[-1])["findings"]


def test_an_honest_log_verifies_and_what_came_since_is_counted(url: str, signed: Path, tmp_path: Path) -> None:
    done = run("verify", "--json", "--checkpoint", signed, "--database-url", url)
    told = json.loads(done.output.splitlines()[-1])
    assert (done.exit_code, told["ok"], told["added_since"], told["records"]) == (0, True, 10, SIZE + 10)
    export = tmp_path / "audit.jsonl"
    assert run("export", "--database-url", url, "--out", export).exit_code == 0
    assert "10.0.0." not in export.read_text()
    assert verified("--checkpoint", signed, "--export", export) == (0, [])
    assert run("export", "--database-url", url, "--out", export, "--personal").exit_code == 0
    assert "10.0.0." in export.read_text()
    assert verified("--checkpoint", signed, "--export", export) == (0, [])


@pytest.mark.parametrize("attack", FOUND, ids=lambda attack: attack.__name__)
def test_every_attack_is_detected_and_its_record_is_named(
    url: str, engine: Engine, signed: Path, tmp_path: Path, attack: Attack
) -> None:
    commit_attack(url, attack, engine, tmp_path)
    kind, seq = FOUND[attack]
    code, findings = verified("--checkpoint", signed, "--database-url", url)
    assert code == 1
    assert (kind, seq) in {(one["kind"], one["seq"]) for one in findings}, findings
    # What the attack did not touch is not accused; a deletion or insertion moves those behind it, which is said once.
    assert len(findings) <= 3, findings
    if attack not in (edits_a_column, edits_a_moment, edits_a_personal_value):  # these leave the records as they were
        export = tmp_path / "audit.jsonl"
        assert run("export", "--database-url", url, "--out", export).exit_code == 0
        code, findings = verified("--checkpoint", signed, "--export", export)
        assert code == 1
        assert (kind, seq) in {(one["kind"], one["seq"]) for one in findings}, findings

    # Without the leaf hashes it is still detected, and told as near as the stored nodes and checkpoints allow.
    signed.with_name(f"{signed.name}.leaves").unlink()
    code, findings = verified("--checkpoint", signed, "--database-url", url)
    assert code == 1
    near = [one for one in findings if one["seq"] <= seq <= one["until"]]
    assert near, findings
    if attack is not rewrites_everything:  # where nothing is left to compare with, only the signature tells
        assert near[0]["until"] - near[0]["seq"] <= 310


def test_swapped_records_are_both_named(url: str, engine: Engine, signed: Path, tmp_path: Path) -> None:
    commit_attack(url, swaps_two, engine, tmp_path)
    _, findings = verified("--checkpoint", signed, "--database-url", url)
    assert [(one["kind"], one["seq"]) for one in findings] == [("reordered", 300), ("reordered", 310)]


@pytest.mark.parametrize("attack", [deletes_the_last, deletes_a_middle_one, edits_with_fresh_hash, swaps_two])
def test_a_log_that_was_changed_is_not_signed_again(
    url: str, engine: Engine, signer: FileSigner, signed: Path, tmp_path: Path, attack: Attack
) -> None:
    commit_attack(url, attack, engine, tmp_path)
    again = run("checkpoint", "--database-url", url, "--out", signed, "--key", tmp_path / "key.pem", "--origin", ORIGIN)
    assert again.exit_code == 1
    assert "Nothing is signed" in again.output
    if attack is deletes_the_last:
        with engine.connect() as connection:
            assert audit_log.size(connection) > SIZE  # later numbers go on: the gap stays
        with pytest.raises(Tampered):
            checkpoints.take(engine, signer, ORIGIN, at=AT)


def test_a_change_that_reaches_the_nodes_raises_the_alarm_at_the_next_checkpoint(
    url: str, engine: Engine, signer: FileSigner, signed: Path, tmp_path: Path
) -> None:
    kept = signed.read_text()
    commit_attack(url, rewrites_everything, engine, tmp_path)
    fill(engine, 1000, 1001)
    with pytest.raises(Tampered, match="not signed by"):  # the one that the adversary put into the database
        checkpoints.take(engine, signer, ORIGIN, at=AT, kept=kept)


def test_a_record_changed_before_its_first_checkpoint_is_not_signed(
    url: str, engine: Engine, signer: FileSigner, signed: Path, tmp_path: Path
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE audit_log DISABLE TRIGGER ALL")
        connection.execute("UPDATE audit_log SET record = record || ' '::bytea WHERE seq = 605")
    with pytest.raises(Tampered, match="record 605"):
        checkpoints.take(engine, signer, ORIGIN, at=AT)


def test_a_checkpoint_of_someone_else_or_with_other_leaves_is_refused(
    url: str, engine: Engine, signed: Path, tmp_path: Path
) -> None:
    other = VerifierKey(ORIGIN, FileSigner.ensure(tmp_path / "other.pem").public_key())
    done = run("verify", "--checkpoint", signed, "--database-url", url, "--public-key", str(other))
    assert (done.exit_code, "not signed by" in done.output) == (1, True)
    text_of = signed.read_text()
    signed.write_text(text_of.replace("\n600\n", "\n599\n"))
    done = run("verify", "--checkpoint", signed, "--database-url", url)
    assert (done.exit_code, "one of them was changed" in done.output) == (1, True)
    signed.write_text(text_of)
    leaves = signed.with_name(f"{signed.name}.leaves")
    leaves.write_bytes(bytes(32) + leaves.read_bytes()[32:])
    done = run("verify", "--checkpoint", signed, "--database-url", url)
    assert (done.exit_code, "not of this checkpoint" in done.output) == (1, True)


def test_an_export_that_was_cut_or_sorted_anew_is_told_line_by_line(url: str, signed: Path, tmp_path: Path) -> None:
    export = tmp_path / "audit.jsonl"
    assert run("export", "--database-url", url, "--out", export).exit_code == 0
    lines = export.read_text().splitlines()
    export.write_text("\n".join([*lines[:9], lines[10], lines[9], *lines[11:]]))
    _, findings = verified("--checkpoint", signed, "--export", export)
    assert ("reordered", 10) in {(one["kind"], one["seq"]) for one in findings}
    export.write_text("\n".join([*lines[:9], lines[9], lines[9], *lines[10:]]))
    _, findings = verified("--checkpoint", signed, "--export", export)
    assert [(one["kind"], one["seq"]) for one in findings] == [("added", 10)]
    export.write_text("\n".join([*lines[:9], lines[9][:50], *lines[10:]]))
    done = run("verify", "--checkpoint", signed, "--export", export)
    assert (done.exit_code, "line 10 of the export" in done.output) == (1, True)


def test_what_follows_the_checkpoint_is_checked_by_itself(url: str, signed: Path) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE audit_log DISABLE TRIGGER ALL")
        connection.execute("UPDATE audit_log SET outcome = 'refused' WHERE seq = 605")
    code, findings = verified("--checkpoint", signed, "--database-url", url)
    assert (code, [(one["kind"], one["seq"]) for one in findings]) == (1, [("changed", 605)])


def test_pages_are_filtered_and_newest_first(engine: Engine) -> None:
    fill(engine, 1, 20)
    with engine.begin() as connection:
        audit_log.append(connection, [entry(21, actor="anonymous", action="login", outcome=Outcome.FAILURE)])
    with engine.connect() as connection:

        def seqs(before: int | None = None, **wanted: Any) -> list[int]:
            return [one.seq for one in audit_log.page(connection, audit_log.Filter(**wanted), limit=3, before=before)]

        assert seqs() == [21, 20, 19]
        assert seqs(before=19) == [18, 17, 16]
        assert seqs(actor="user:3") == [17, 10, 3]
        assert seqs(outcome=Outcome.FAILURE) == seqs(action="login") == seqs(actor="anonymous") == [21]
        assert seqs(subject="alert:5") == [5]
        assert seqs(since=AT + timedelta(seconds=4), until=AT + timedelta(seconds=6)) == [5, 4]


def test_the_engines_alerts_are_logged_with_the_batch_that_raises_them(engine: Engine) -> None:
    one, two, more = (make_assessment(number, score=0.9) for number in (1, 2, 3))
    with engine.begin() as connection:
        ensure_partitions(connection, one.scored_at)
    for batch in ([one, two], [two, more], [more]):
        found = [Finding(**item.model_dump(include=set(Finding.model_fields))) for item in batch]
        rows = [
            item.model_dump() | {"level": item.level.rank, "reasons": Jsonb([]), "attributes": Jsonb({})}
            for item in batch
        ]
        with engine.begin() as connection:
            store(connection, Batch(scored_at=one.scored_at, assessments=rows, candidates=found), stream_epoch="1")
    with engine.connect() as connection:
        records = [
            json.loads(item.record) for item in reversed(audit_log.page(connection, audit_log.Filter(), limit=10))
        ]
    # Of a batch that is written again only what is new counts, and the last one has nothing new.
    assert [(item["actor"], item["action"], item["details"]["event_count"]) for item in records] == [
        ("engine", "raise_alert", 2),
        ("engine", "grow_alert", 3),
    ]
    assert records[0]["details"]["events"] == [str(one.event_id), str(two.event_id)]
    assert records[1]["details"]["events"] == [str(more.event_id)]
    assert one.account_id not in json.dumps(records)


def test_the_bench_measures_and_the_log_it_makes_verifies() -> None:
    done = CliRunner().invoke(
        app, ["bench", "audit", "--records", "2000", "--writers", "20", "--appends", "4", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output.splitlines()[-1])
    assert (told["ok"], told["records"]) == (True, 2000)
    assert told["proof_bytes"] < 2_000
    assert min(told[name] for name in ("append_per_second", "verify_per_second", "ratio")) > 0


def test_an_auditor_needs_reading_rights_only(url: str, signed: Path, tmp_path: Path) -> None:
    auditor = make_url(url).set(username="auditor", password="reads").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE auditor LOGIN PASSWORD 'reads'")
        try:
            tables = "audit_log, audit_personal, audit_nodes, audit_checkpoints"
            owner.execute(f"GRANT SELECT ON {tables} TO auditor")
            assert verified("--checkpoint", signed, "--database-url", auditor) == (0, [])
            out = tmp_path / "own.checkpoint"
            done = run("checkpoint", "--database-url", auditor, "--out", out, "--key", tmp_path / "own.pem")
            assert done.exit_code == 0, done.output
        finally:
            owner.execute("DROP OWNED BY auditor")
            owner.execute("DROP ROLE auditor")
