"""What the engine does with what it meets, on real services."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aws_kinesis_agg import aggregator  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import text

from risk.adapters import valkey_live
from risk.adapters.kinesis import Record, put_records
from risk.alerts.policy import AlertPolicy
from risk.domain.assessment import AssessmentSummary, RiskLevel, Thresholds
from risk.domain.events import Event, as_json, to_json
from risk.features.catalog import INDEX
from risk.rules.evaluator import RuleDefinition
from risk.rules.lifecycle import RuleStatus
from risk.store.config import configurations
from risk.store.db.engine import create_pool
from risk.store.engine_state import profiles
from risk.store.rules import rules
from streaming.engine import recovery
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, label, record

pytestmark = pytest.mark.integration


@dataclass
class Bench:
    """One engine, what it reads and what it writes."""

    services: Services
    process: EngineProcess
    written: Written
    database_url: str
    stream: str
    valkey_port: int

    def put(self, *records: Record) -> None:
        assert put_records(self.services.kinesis(), self.stream, records) == []

    def score(self, *made: Event) -> None:
        """Put events and wait until they are stored."""
        self.put(*(record(event) for event in made))
        ids = ", ".join(f"'{event.event_id}'" for event in made)
        sql = f"SELECT count(*) FROM assessments WHERE event_id IN ({ids})"
        wait_for(lambda: self.written.scalar(sql) == len(made), 30)


@pytest.fixture(scope="module")
def bench(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    url, stream = services.database(), services.stream(2)
    environment = services.engine(url, stream, services.stream(1)) | {"SNAPSHOT_INTERVAL": "0.2"}
    log = tmp_path_factory.mktemp("engine") / "engine.log"
    with Written(url) as written, running(environment, log) as process:
        yield Bench(services, process, written, url, stream, int(environment["REDIS_PORT"]))


def dead(written: Written, key: str) -> Any:
    rows = written.rows(
        f"SELECT reason, field, detail, raw FROM dead_letters WHERE convert_from(raw, 'utf8') LIKE '%{key}%'"
    )
    return rows[0] if rows else None


def test_what_cannot_be_scored_is_kept_with_its_reason_and_stops_nothing(bench: Bench) -> None:
    good = json.loads(record(events(1, seed=70)[0]).data)
    later = (datetime.now(UTC) + timedelta(days=365)).isoformat()
    wrong = {
        "malformed": (b'{"note": "malformed"', "invalid", None),
        "unknown": (json.dumps(good | {"colour": "unknown"}).encode(), "invalid", "colour"),
        "future": (json.dumps(good | {"account_id": "future", "occurred_at": later}).encode(), "future", "occurred_at"),
        "oversized": (json.dumps({"oversized": "x" * 20_000}).encode(), "oversized", None),
        "nought": (json.dumps(good | {"account_id": "nought\u0000"}).encode(), "invalid", "account_id"),
    }
    bench.put(*(Record(key, data) for key, (data, _, _) in wrong.items()))
    after = events(1, seed=71)[0]
    bench.score(after)
    for key, (data, reason, field) in wrong.items():
        wait_for(lambda key=key: dead(bench.written, key), 10, lambda key=key: f"no dead letter for {key}")
        letter = dead(bench.written, key)
        assert (letter.reason, letter.field, bytes(letter.raw)) == (reason, field, data)
        assert letter.detail


def test_a_duplicate_counts_once_and_its_id_with_another_account_is_a_conflict(bench: Bench) -> None:
    (event,) = events(1, seed=72)
    bench.score(event)
    bench.put(record(event), record(event.model_copy(update={"account_id": "somebody else"})))
    sql = f"SELECT reason FROM dead_letters WHERE event_id = '{event.event_id}' ORDER BY reason"
    wait_for(lambda: bench.written.rows(sql) == [("conflict",), ("duplicate",)], 10)
    assert bench.written.scalar(f"SELECT count(*) FROM assessments WHERE event_id = '{event.event_id}'") == 1


def test_the_stream_cannot_take_the_id_of_another_source_and_an_id_stands_for_one_event(bench: Bench) -> None:
    """Records by hand, as somebody who may write to the stream can send them: no id of an API key's is theirs."""
    order, account = "order-2024/000017 ä", "own-ids"
    good = json.loads(record(events(1, seed=75)[0]).data) | {"account_id": account, "event_id": order}

    def put(**changes: Any) -> None:
        bench.put(Record(account, json.dumps(good | changes).encode()))

    def letters() -> list[tuple[Any, ...]]:
        sql = "SELECT reason, field, sender_event_id, event_source FROM dead_letters WHERE sender_event_id = "
        return [tuple(row) for row in bench.written.rows(f"{sql}'{order}' ORDER BY received_at, position")]

    def scored() -> list[tuple[Any, ...]]:
        sql = "SELECT event_source, amount::text FROM assessments WHERE account_id = 'own-ids' ORDER BY sequence"
        return [tuple(row) for row in bench.written.rows(sql)]

    put(event_source="key:shop")
    put(event_source="key:shop", proof="0" * 64)
    wait_for(lambda: letters() == [("forged", "event_source", order, "key:shop")] * 2, 20, lambda: str(letters()))
    # One's own names are free, and are other events.
    put(event_source="shop", amount="12.00")
    put(amount="13.00")
    wait_for(lambda: len(scored()) == 2, 20, lambda: str(scored()))
    assert {(source, float(amount)) for source, amount in scored()} == {("shop", 12.0), (None, 13.0)}
    # The same id of the same source with other content is quarantined with why; nothing is scored again.
    put(event_source="shop", amount="900.00")
    wait_for(lambda: letters()[2:] == [("conflict", "event_id", order, "shop")], 20, lambda: str(letters()))
    put(event_source="shop", amount="12.00")
    wait_for(lambda: letters()[3:] == [("duplicate", "event_id", order, "shop")], 20, lambda: str(letters()))
    assert len(scored()) == 2
    detail = "SELECT detail FROM dead_letters WHERE reason = 'conflict' AND sender_event_id = "
    assert "amount differ; this one was not scored" in str(bench.written.scalar(f"{detail}'{order}'"))


def test_aggregates_gzip_and_envelopes_are_scored_each_record_with_its_own_position(bench: Bench) -> None:
    *packed, zipped, wrapped, inserted, updated = events(9, seed=77)
    packer = aggregator.RecordAggregator()
    for event in packed:
        packer.add_user_record(event.account_id, to_json(event))
    packer.add_user_record("broken", b"{")
    _, _, data = packer.clear_and_get().get_contents()
    cloud_event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "payment"}
    change = {"before": None, "source": {"table": "outbox"}}
    bench.put(
        Record("packed", bytes(data)),
        Record(zipped.account_id, gzip.compress(to_json(zipped))),
        Record(wrapped.account_id, json.dumps(cloud_event | {"data": as_json(wrapped)}).encode()),
        Record(inserted.account_id, json.dumps(change | {"op": "c", "after": as_json(inserted)}).encode()),
        Record(updated.account_id, json.dumps(change | {"op": "u", "after": as_json(updated)}).encode()),
    )
    ids = ", ".join(f"'{event.event_id}'" for event in (*packed, zipped, wrapped, inserted))
    wait_for(lambda: bench.written.scalar(f"SELECT count(*) FROM assessments WHERE event_id IN ({ids})") == 8, 30)
    wait_for(lambda: dead(bench.written, str(updated.event_id)), 10)
    assert "only inserts (c) and snapshot reads (r)" in dead(bench.written, str(updated.event_id)).detail
    sql = "SELECT position FROM dead_letters WHERE raw = '{'::bytea"
    wait_for(lambda: bench.written.rows(sql), 10)
    [(position,)] = bench.written.rows(sql)
    assert position.endswith(".5")


def test_a_label_that_is_corrected_or_withdrawn_takes_its_effect_back_live_and_after_a_recovery(bench: Bench) -> None:
    made = [
        event.model_copy(update={"account_id": f"labelled-{name}", "counterparty_id": f"labelled-shop-{name}"})
        for name, event in zip(("corrected", "withdrawn", "upheld"), events(3, seed=76), strict=True)
    ]
    bench.score(*made)
    fraud = [label(event, days=1, fraud=True) for event in made]
    second = [
        label(made[0], days=2, fraud=False),
        fraud[1].model_copy(update={"withdrawn": True}),
        label(made[2], days=0, fraud=False),  # known before the other: it changes nothing
    ]
    for labels in (fraud, second):
        bench.put(*(Record(event.account_id, to_json(each)) for event, each in zip(made, labels, strict=True)))
    later = [
        event.model_copy(update={"event_id": uuid4(), "occurred_at": event.occurred_at + timedelta(days=3)})
        for event in made
    ]
    bench.score(*later)
    names = ("known_frauds_14d", "counterparty_known_frauds_7d", "counterparty_known_7d")
    vectors = bench.written.vectors()
    got = [[vectors[str(event.event_id)][INDEX[name]] for name in names] for event in later]
    assert got == [[0, 0, 1], [0, 0, 0], [1, 1, 1]]

    names_made = ("corrected", "withdrawn", "upheld")
    keys = [("account", f"labelled-{name}") for name in names_made]
    keys += [("counterparty", f"labelled-shop-{name}") for name in names_made]
    newest = bench.written.scalar("SELECT max(sequence) FROM assessments")
    wait_for(lambda: (bench.written.scalar("SELECT sequence FROM profile_watermark") or 0) >= newest, 10)
    pool = create_pool(bench.database_url, application="test")
    with pool.connect() as connection:
        live = profiles.load(connection, keys)
        connection.execute(text("DELETE FROM profiles"))
        again = recovery.states(connection, profiles.met_after(connection, 0, 100_000))
        connection.rollback()
    pool.dispose()
    assert len(live) == len(keys)
    assert {key: again[key] for key in keys} == live


def test_new_thresholds_hold_within_a_second_and_change_nothing_that_was_scored(bench: Bench) -> None:
    before, after = events(2, seed=73)
    bench.score(before)
    pool = create_pool(bench.database_url, application="test")
    with pool.begin() as connection:
        strict = Thresholds(low=1e-9, medium=2e-9, high=3e-9)
        now = datetime.now(UTC)
        version = configurations.add_version(
            connection, strict, AlertPolicy(), changed_at=now, changed_by="test", reason="test"
        ).version
    time.sleep(1)
    bench.score(after)
    with pool.begin() as connection:
        configurations.add_version(
            connection, Thresholds(), AlertPolicy(), changed_at=now, changed_by="test", reason="back"
        )
    pool.dispose()
    time.sleep(1)
    levels = "SELECT level, config_version FROM assessments WHERE event_id = '{}'"
    assert bench.written.rows(levels.format(before.event_id)) == [(RiskLevel.LOW.rank, version - 1)]
    assert bench.written.rows(levels.format(after.event_id)) == [(RiskLevel.CRITICAL.rank, version)]


def test_a_burst_raises_one_alert_with_a_count_and_the_highest_level(bench: Bench) -> None:
    (first,) = events(1, seed=74)
    burst = [
        first.model_copy(
            update={
                "event_id": made.event_id,
                "account_id": "victim",
                "occurred_at": first.occurred_at + timedelta(seconds=20 * place),
                "amount": first.amount,
                "attributes": {"card": "card-of-the-victim", "outcome": "declined"},
            }
        )
        for place, made in enumerate(events(25, seed=75))
    ]
    bench.score(*burst)
    risky = bench.written.rows("SELECT level FROM assessments WHERE account_id = 'victim' AND level >= 2")
    alerts = bench.written.rows("SELECT event_count, level, reason_code FROM alerts WHERE account_id = 'victim'")
    assert len(risky) > 5
    assert sum(alert.event_count for alert in alerts) == len(risky)
    assert len(alerts) == len({alert.reason_code for alert in alerts})
    assert max(alert.level for alert in alerts) == max(row.level for row in risky)


def test_what_is_stored_is_on_view(bench: Bench) -> None:
    made = events(30, seed=76)
    bench.score(*made)
    client = valkey_live.connect("127.0.0.1", bench.valkey_port)
    wanted = {event.event_id for event in made}

    def shown() -> list[AssessmentSummary]:
        return [AssessmentSummary.model_validate_json(item) for item in valkey_live.newest(client, 100)]

    wait_for(lambda: wanted <= {item.event_id for item in shown()}, 10)
    assert [item.sequence for item in shown()] == sorted((item.sequence for item in shown()), reverse=True)
    minutes = [row[0] for row in bench.written.rows("SELECT DISTINCT minute FROM assessment_counts")]
    total = sum(sum(counts.values()) for counts in valkey_live.counts(client, minutes))
    assert total == bench.written.scalar("SELECT count(*) FROM assessments")
    client.close()


def test_lost_connections_to_the_database_lose_no_event(bench: Bench) -> None:
    made, done = events(2_000, seed=77), threading.Event()

    def saw() -> None:
        while not done.wait(0.1):
            bench.written.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'risk-engine' "
                "AND datname = current_database()"
            )

    sawing = threading.Thread(target=saw)
    sawing.start()
    time.sleep(0.3)
    for start in range(0, len(made), 100):
        bench.put(*(record(event) for event in made[start : start + 100]))
        time.sleep(0.05)
    done.set()
    sawing.join()
    bench.score(*events(1, seed=78))
    ids = {str(event.event_id) for event in made}
    wait_for(lambda: ids <= bench.written.vectors().keys(), 60)
    assert bench.written.scalar("SELECT count(*) FROM assessments") == bench.written.scalar(
        "SELECT sum(count) FROM assessment_counts"
    )
    assert bench.process.healthy()


def test_metrics_tell_what_was_scored(bench: Bench) -> None:
    page = httpx.get(f"http://127.0.0.1:{bench.process.port}/metrics").text
    scored = sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith("risk_events_scored_total{"))
    assert scored == bench.written.scalar("SELECT count(*) FROM assessments")


def test_a_view_that_was_gone_is_whole_again(services: Services, tmp_path: Path) -> None:
    url, stream = services.database(), services.stream(1)
    environment = services.engine(url, stream, services.stream(1))
    port = int(environment["REDIS_PORT"])
    client = valkey_live.connect("127.0.0.1", port)
    with Written(url) as written, running(environment, tmp_path / "engine.log") as process:
        bench = Bench(services, process, written, url, stream, port)
        bench.score(*events(20, seed=80))
        client.flushall()
        client.config_set("maxmemory", 1)  # every write is refused: as good as gone
        bench.score(*events(20, seed=81))
        client.config_set("maxmemory", 0)
        bench.score(*events(20, seed=82))
        wait_for(lambda: len(valkey_live.newest(client, 100)) == 60, 10)
        assert process.terminate() == 0
    client.close()


def test_a_rule_holds_within_a_second_at_its_share_and_its_rollback_too(bench: Bench) -> None:
    definition = RuleDefinition(
        owner="test",
        expression='event.account_id == "ruled"',
        min_level=RiskLevel.HIGH,
        reason_text="said {account_id}",
    )
    pool = create_pool(bench.database_url, application="test")
    by: dict[str, Any] = {"by": "test", "at": datetime.now(UTC)}
    with pool.begin() as connection:
        rule_id = rules.create(connection, "ruled", definition, **by)

    def put_at(status: RuleStatus, percent: int) -> None:
        with pool.begin() as connection:
            head = rules.find_to_change(connection, rule_id)
            stage = head.stage.move(1, status, percent)
            rules.change_stage(connection, head, stage, **by, reason="test")
        time.sleep(1)

    def scored(seed: int) -> tuple[int, int, int]:
        """(events at HIGH or above, hits live, hits in shadow) of 200 events that the rule is true of."""
        made = [event.model_copy(update={"account_id": "ruled"}) for event in events(200, seed=seed)]
        bench.score(*made)
        ids = ", ".join(f"'{event.event_id}'" for event in made)
        risky = bench.written.scalar(f"SELECT count(*) FROM assessments WHERE level >= 2 AND event_id IN ({ids})")
        hits = dict(bench.written.rows(f"SELECT mode, count(*) FROM rule_hits WHERE event_id IN ({ids}) GROUP BY 1"))
        return risky, hits.get("live", 0), hits.get("shadow", 0)

    usual, *none = scored(100)
    assert none == [0, 0]
    put_at(RuleStatus.SHADOW, 100)
    _, *shadow = scored(101)
    assert shadow == [0, 200]
    put_at(RuleStatus.LIVE, 10)
    risky, live_hits, in_shadow = scored(102)
    assert live_hits + in_shadow == 200
    assert 5 <= live_hits <= 45
    assert risky >= live_hits
    put_at(RuleStatus.LIVE, 100)
    assert scored(103) == (200, 200, 0)
    told = bench.written.scalar("SELECT count(*) FROM assessments WHERE reasons::text LIKE '%said ruled%'")
    assert told >= 200
    with pool.begin() as connection:
        rules.roll_back(connection, rules.find_to_change(connection, rule_id), **by, reason="test")
    time.sleep(1)
    _, live_hits, in_shadow = scored(104)
    assert live_hits + in_shadow == 200
    assert live_hits <= 45
    put_at(RuleStatus.ARCHIVED, 100)
    again, *none = scored(105)
    assert none == [0, 0]
    assert abs(again - usual) < 100
    pool.dispose()


def test_a_rule_that_takes_too_long_is_suspended_on_record_and_no_event_is_lost(bench: Bench) -> None:
    slow = " || ".join(['event.attributes.t.matches("(a|b)*c(a|b)*d")'] * 70)
    definition = RuleDefinition(owner="test", expression=slow, points=1.0, reason_text="slow")
    pool = create_pool(bench.database_url, application="test")
    by: dict[str, Any] = {"by": "test", "at": datetime.now(UTC)}
    with pool.begin() as connection:
        rule_id = rules.create(connection, "slow_search", definition, **by)
        head = rules.find_to_change(connection, rule_id)
        rules.change_stage(connection, head, head.stage.move(1, RuleStatus.SHADOW, 100), **by, reason="test")
        head = rules.find(connection, rule_id)
        rules.change_stage(connection, head, head.stage.move(1, RuleStatus.LIVE, 100), **by, reason="test")
    time.sleep(1)

    def stage() -> tuple[str, str, int | None]:
        with pool.connect() as connection:
            found = rules.find(connection, rule_id)
        return found.stage_by, found.stage_reason, found.stage.live_version

    made = [event.model_copy(update={"attributes": {"t": "a" * 1_000}}) for event in events(400, seed=106)]
    bench.score(*made)
    wait_for(lambda: stage()[0] == "engine", 10, lambda: f"the rule runs on: {stage()}")
    assert stage()[2] is None
    assert "version 1 was suspended: it took" in stage()[1]
    ids = ", ".join(f"'{event.event_id}'" for event in made)
    assert bench.written.scalar(f"SELECT count(*) FROM assessments WHERE event_id IN ({ids})") == len(made)
    [record] = bench.written.rows(
        f"SELECT convert_from(record, 'utf8') FROM audit_inbox WHERE subject = 'rule:{rule_id}' "
        f"UNION ALL SELECT convert_from(record, 'utf8') FROM audit_log WHERE subject = 'rule:{rule_id}'"
    )
    assert '"action":"suspend_rule"' in record[0]
    with pool.begin() as connection:
        rules.roll_back(connection, rules.find_to_change(connection, rule_id), **by, reason="mended")
    assert stage()[2] == 1
    with pool.begin() as connection:
        head = rules.find_to_change(connection, rule_id)
        rules.change_stage(connection, head, head.stage.move(1, RuleStatus.ARCHIVED), **by, reason="test")
    pool.dispose()
