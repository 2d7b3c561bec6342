"""The one way out of the engine: each closed batch goes to Postgres, then to the views, in this order.

(a) One transaction: assessments, counts, alerts, labels, dead letters, and the positions they came from.
(b) What is stored is shown: Valkey's live view, and ``risk-updates``. Both can be told twice.
(c) Now and then, one transaction: the profiles that changed, with the sequence they hold.

A crash anywhere leaves (a) whole or not at all. What is stored after the last (c) is the redo log from
which ``streaming.recovery`` brings the profiles up to date before anything new is read.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import orjson
import pathway as pw
import redis
from sqlalchemy import Connection, Engine

from risk import live
from risk.alerts import AlertPolicy
from risk.assessment import LEVELS, AssessmentSummary, RiskLevel
from risk.errors import Fenced
from risk.events import Label
from risk.features import FEATURE_SET, to_nullable
from risk.scorecard import SCORECARD
from risk.store import batch as store
from risk.store import leases, profiles
from risk.store.assessments import counts
from risk.store.engine import DATABASE_ERRORS, is_connection_loss
from risk.store.partitions import ensure_partitions, month_after
from risk.streams import Record, put_records
from risk.updates import UpdateType, envelopes
from streaming import metrics
from streaming.intake import RAW_KEPT, InFlight
from streaming.items import Item, Verdict, unpack
from streaming.retry import wait_after

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

logger = logging.getLogger(__name__)

T = TypeVar("T")

PUBLISH_ATTEMPTS = 4
_SUMMARY = tuple(AssessmentSummary.model_fields)


@dataclass
class Views:
    """Where what is stored is shown. A view that fails is rebuilt or refetched; it never holds up scoring."""

    valkey: redis.Redis
    kinesis: KinesisClient
    updates_stream: str
    stale: bool = False
    size: int = 0

    def publish(self, kind: UpdateType, items: Iterable[bytes]) -> None:
        """Put envelopes of ``items`` on ``risk-updates``; after a few tries they are given up, and counted."""
        records = [Record(kind.value, envelope) for envelope in envelopes(kind, items)]
        failures = put_records(self.kinesis, self.updates_stream, records, attempts=PUBLISH_ATTEMPTS)
        if failures:
            metrics.PUBLISH_FAILURES.inc(len(failures))
            logger.error("%d updates were not published: %s", len(failures), failures[0].message)

    def show(self, summaries: Sequence[tuple[int, bytes]], counts: Mapping[datetime, Mapping[RiskLevel, int]]) -> None:
        """Put assessments and their minute's counts on Valkey."""
        expected = min(live.NEWEST, self.size + len(summaries))
        try:
            self.size = live.show(self.valkey, summaries, counts)
            # A Valkey that was restarted, or emptied, answers as if nothing had been.
            self.stale = self.size < expected
        except redis.RedisError as error:
            self._falls_behind(error)

    def rebuild(self, engine: Engine) -> None:
        """Make Valkey's view from what Postgres holds: the newest 1,000, and the counts of a day."""
        since = datetime.now(UTC) - timedelta(seconds=live.COUNTS_SECONDS)
        try:
            with engine.connect() as connection:
                newest = [
                    (row["sequence"], summary_json(row)) for row in store.newest_assessments(connection, live.NEWEST)
                ]
                minutes = counts(connection, since)
            live.clear(self.valkey)
            self.size = live.show(self.valkey, newest, minutes)
            self.stale = False
        except (redis.RedisError, *DATABASE_ERRORS) as error:
            self._falls_behind(error)

    def _falls_behind(self, error: Exception) -> None:
        metrics.LIVE_VIEW_FAILURES.inc()
        if not self.stale:
            logger.error("the live view is behind until it can be built anew: %s", error)
        self.stale = True


def summary_json(row: dict[str, Any]) -> bytes:
    """An AssessmentSummary as views carry it, from a row of ``assessments``, newly made or read back."""
    summary = {name: row[name] for name in _SUMMARY}
    summary["level"] = LEVELS[row["level"]]
    if row["amount"] is not None:
        summary["amount"] = format(Decimal(row["amount"]).normalize(), "f")
    if isinstance(row["reasons"], str):
        summary["reasons"] = orjson.Fragment(row["reasons"])
    return orjson.dumps(summary)


@dataclass
class _Pending:
    """What has come in of the batch that is not closed yet."""

    rows: list[tuple[int, bytes]] = field(default_factory=list)
    profiles: dict[profiles.Key, bytes] = field(default_factory=dict)


class Outbox:
    """Writes what the graph puts out. Its callbacks run on the graph's thread, one batch at a time."""

    def __init__(
        self,
        engine: Engine,
        views: Views,
        in_flight: InFlight,
        *,
        epoch: int,
        stream_epoch: str,
        sequence: int,
        snapshot_interval: float,
        alert_policy: Callable[[], AlertPolicy],
        stop: threading.Event,
    ) -> None:
        self._engine = engine
        self._views = views
        self._in_flight = in_flight
        self._epoch = epoch
        self._stream_epoch = stream_epoch
        self._sequence = sequence
        self._snapshot_interval = snapshot_interval
        self._alert_policy = alert_policy
        self._stop = stop
        self._pending = _Pending()
        self._dirty: dict[profiles.Key, bytes] = {}
        self._snapshot_at = monotonic()
        self._partitions_until = datetime.min.replace(tzinfo=UTC)

    def on_change(self, key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:  # noqa: ARG002
        """Take one row of the open batch."""
        if not is_addition:
            raise AssertionError("the graph took back a row: each leaves it once")
        if row["kind"] in (profiles.ACCOUNT, profiles.COUNTERPARTY):
            self._pending.profiles[row["kind"], row["key"]] = row["item"]
        else:
            self._pending.rows.append((row["arrival"], row["item"]))

    def on_time_end(self, time: int) -> None:  # noqa: ARG002
        """Write the batch that is now complete."""
        pending, self._pending = self._pending, _Pending()
        if pending.rows:
            with metrics.BATCH_SECONDS.time():
                self._write([unpack(item) for _, item in sorted(pending.rows)])
        self._dirty.update(pending.profiles)
        if self._dirty and monotonic() - self._snapshot_at >= self._snapshot_interval:
            self.snapshot()

    def snapshot(self) -> None:
        """(c): store the changed profiles and how far they go."""

        def save(connection: Connection) -> None:
            leases.check(connection, self._epoch)
            profiles.save(connection, self._dirty, self._sequence)

        if self._dirty:
            with metrics.SNAPSHOT_SECONDS.time():
                self._persist(save)
            self._dirty = {}
        self._snapshot_at = monotonic()

    def _write(self, items: list[Item]) -> None:
        batch = self._batch(items)

        def save(connection: Connection) -> store.Stored:
            leases.check(connection, self._epoch)
            if batch.scored_at >= self._partitions_until:
                ensure_partitions(connection, batch.scored_at)
                self._partitions_until = month_after(batch.scored_at)
            return store.store(connection, batch, stream_epoch=self._stream_epoch)

        with metrics.STORE_SECONDS.time():
            stored = self._persist(save)
        failed = [row["event_id"] for row in batch.dead_letters if row["reason"] == "failed"]
        self._in_flight.leave(
            failed + [UUID(row["event_id"]) for row in batch.assessments],
            [(row["event_id"], row["known_at"], row["source"]) for row in batch.labels],
        )
        with metrics.PUBLISH_SECONDS.time():
            self._show(batch, stored)
        metrics.observe(batch)

    def _batch(self, items: list[Item]) -> store.Batch:
        """Give the rows of a closed batch, in order of arrival, their sequence and their tables."""
        now = datetime.now(UTC)
        batch = store.Batch(scored_at=now)
        lowest = self._alert_policy().min_level.rank
        for item in items:
            batch.offsets[item.source] = item.position
            received = datetime.fromtimestamp(item.received_ms / 1000, UTC)
            if item.label is not None:
                self._sequence += 1
                batch.labels.append(_label(item, received, self._sequence))
            elif item.verdict is None:
                batch.dead_letters.append(_dead_letter(item, received, self._stream_epoch))
            else:
                self._sequence += 1
                assessment = _assessment(item, item.verdict, received, now, self._sequence)
                batch.assessments.append(assessment)
                batch.rule_hits += [_rule_hit(assessment, *hit) for hit in item.verdict.hits]
                if item.verdict.level >= lowest:
                    batch.candidates.append(AssessmentSummary.model_validate_json(summary_json(assessment)))
        return batch

    def _persist(self, save: Callable[[Connection], T]) -> T:
        """Run ``save`` in a transaction until it holds; a lost database is waited for, a lost lease is final."""
        failures = 0
        while True:
            try:
                with self._engine.begin() as connection:
                    result = save(connection)
            except Fenced:
                self._stop.set()
                raise
            except DATABASE_ERRORS as error:
                if not is_connection_loss(error):
                    raise
                failures += 1
                metrics.STORE_FAILURES.inc()
                logger.error("Postgres does not take the batch, trying again: %s", error)
                sleep(wait_after(failures))
            else:
                return result

    def _show(self, batch: store.Batch, stored: store.Stored) -> None:
        summaries = [(row["sequence"], summary_json(row)) for row in batch.assessments]
        if summaries and not self._views.stale:
            self._views.show(summaries, stored.counts)
        if self._views.stale:
            self._views.rebuild(self._engine)
        self._views.publish(UpdateType.ASSESSMENTS, (data for _, data in summaries))
        self._views.publish(UpdateType.ALERT, (alert.model_dump_json().encode() for alert in stored.alerts))


def _assessment(item: Item, verdict: Verdict, received: datetime, now: datetime, sequence: int) -> dict[str, Any]:
    """A row of ``assessments``; what a summary holds of it is in the form that JSON has."""
    event: dict[str, Any] = orjson.loads(item.data)
    optional = ("counterparty_id", "amount", "currency", "channel", "country", "device_id", "ip")
    return {
        "event_id": event["event_id"],
        "sequence": sequence,
        "event_type": event["event_type"],
        "occurred_at": event["occurred_at"],
        "received_at": received,
        "scored_at": now,
        "account_id": event["account_id"],
        **{name: event.get(name) for name in optional},
        "attributes": orjson.dumps(event["attributes"]).decode(),
        "score": verdict.score,
        "level": verdict.level,
        "reasons": verdict.reasons.decode(),
        "features": to_nullable(item.vector),
        "feature_set": FEATURE_SET,
        "scorer": SCORECARD.version,
        "config_version": verdict.config_version,
    }


def _rule_hit(assessment: dict[str, Any], rule_id: str, version: int, mode: str) -> dict[str, Any]:
    return {
        "event_id": UUID(assessment["event_id"]),
        "rule_id": UUID(rule_id),
        "rule_version": version,
        "mode": mode,
        "scored_at": assessment["scored_at"],
    }


def _label(item: Item, received: datetime, sequence: int) -> dict[str, Any]:
    label, seen = Label.model_validate_json(item.data), item.observation
    return {
        "event_id": label.event_id,
        "known_at": label.known_at,
        "source": label.source,
        "fraud": label.fraud,
        "received_at": received,
        "sequence": sequence,
        "account_id": seen.account_id or None,
        "counterparty_id": seen.counterparty_id,
        "occurred_at": datetime.fromtimestamp(seen.at, UTC) if seen.account_id else None,
    }


def _dead_letter(item: Item, received: datetime, stream_epoch: str) -> dict[str, Any]:
    where = {"source": f"{stream_epoch}/{item.source}", "position": item.position, "received_at": received}
    if not item.error:
        letter: dict[str, Any] = orjson.loads(item.data)
        event_id = letter["event_id"] and UUID(letter["event_id"])
        return where | letter | {"raw": bytes.fromhex(letter["raw"]), "event_id": event_id}
    return where | {
        "reason": "failed",
        "detail": item.error,
        "field": None,
        "event_id": UUID(orjson.loads(item.data)["event_id"]),
        "raw": item.data[:RAW_KEPT],
        "raw_bytes": len(item.data),
    }
