"""Publishes stored results to Valkey's live view and to ``risk-updates``. Repeats are harmless."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import redis
from sqlalchemy import Engine

from risk.adapters import valkey_live
from risk.adapters.stream_contracts import UpdateType
from risk.adapters.updates import put_updates
from risk.domain.assessment import LEVELS, AssessmentSummary, RiskLevel
from risk.domain.event_ids import EventId
from risk.store.assessments.assessments import counts, decision_of
from risk.store.engine_state import batch_writer as store
from streaming.engine import metrics
from streaming.engine.retry import DATABASE_ERRORS, wait_after

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

logger = logging.getLogger(__name__)

PUBLISH_ATTEMPTS = 4
_SUMMARY = tuple(AssessmentSummary.model_fields)


@dataclass
class Views:
    """The views. One that fails is rebuilt or refetched; it never holds up scoring."""

    valkey: redis.Redis
    kinesis: KinesisClient
    updates_stream: str
    stale: bool = False
    size: int = 0
    counts: Mapping[datetime, Mapping[RiskLevel, int]] = field(default_factory=dict)
    """The counts of the latest minutes, as last published."""
    _missed: list[tuple[int, bytes]] = field(default_factory=list)
    _missed_counts: dict[datetime, Mapping[RiskLevel, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rebuilding: threading.Thread | None = None
    _failures: int = 0

    def publish(self, kind: UpdateType, items: Iterable[bytes]) -> None:
        """Put envelopes of ``items`` on ``risk-updates``; after a few attempts they are dropped and counted."""
        failures = put_updates(self.kinesis, self.updates_stream, kind, items, attempts=PUBLISH_ATTEMPTS)
        if failures:
            metrics.PUBLISH_FAILURES.inc(len(failures))
            logger.error("%d updates were not published: %s", len(failures), failures[0].message)

    def show(self, summaries: Sequence[tuple[int, bytes]], counts: Mapping[datetime, Mapping[RiskLevel, int]]) -> None:
        """Write assessments and their minute's counts to Valkey; while it is unavailable they are kept."""
        self.counts = counts
        with self._lock:
            if self.stale:
                self._missed = [*self._missed, *summaries][-valkey_live.NEWEST :]
                self._missed_counts.update(counts)
                return
            expected = min(valkey_live.NEWEST, self.size + len(summaries))
            try:
                self.size = valkey_live.show(self.valkey, summaries, counts)
                # A Valkey that was restarted or emptied has lost the view.
                self.stale = self.size < expected
            except redis.RedisError as error:
                self._falls_behind(error)

    def say_behind(self, seconds: float) -> None:
        """Publish the engine's lag for the API, if Valkey is available."""
        if self.stale:
            return
        try:
            valkey_live.say_behind(self.valkey, seconds)
        except (redis.ConnectionError, redis.TimeoutError):
            pass  # logged where the view is written
        except redis.RedisError as error:
            logger.warning("Valkey was not told how far the engine is behind: %s", error)

    def keep_up(self, engine: Engine) -> None:
        """Rebuild an outdated view in the background, because a hanging Valkey takes seconds to time out."""
        if self.stale and (self._rebuilding is None or not self._rebuilding.is_alive()):
            self._rebuilding = threading.Thread(
                target=self._rebuild_until_it_stands, args=(engine,), name="rebuild", daemon=True
            )
            self._rebuilding.start()

    def _rebuild_until_it_stands(self, engine: Engine) -> None:
        while self.stale:
            self.rebuild(engine)
            if self.stale:
                time.sleep(wait_after(self._failures))

    def rebuild(self, engine: Engine) -> None:
        """Rebuild Valkey's view from Postgres: the newest 1,000, and the counts of a day."""
        since = datetime.now(UTC) - timedelta(seconds=valkey_live.COUNTS_SECONDS)
        try:
            with engine.connect() as connection:
                newest = list(sequenced(store.newest_assessments(connection, valkey_live.NEWEST)))
                minutes = counts(connection, since)
            valkey_live.clear(self.valkey)
            valkey_live.show(self.valkey, newest, minutes)
            with self._lock:
                self.counts = self.counts or minutes
                # Rows read back serialize differently and would be duplicates.
                last = max((sequence for sequence, _ in newest), default=0)
                missed = [item for item in self._missed if item[0] > last]
                self.size = valkey_live.show(self.valkey, missed, self._missed_counts)
                self._missed, self._missed_counts = [], {}
                self.stale, self._failures = False, 0
            logger.info("the live view is whole: %d assessments", self.size)
        except (redis.RedisError, *DATABASE_ERRORS) as error:
            self._falls_behind(error)

    def _falls_behind(self, error: Exception) -> None:
        metrics.LIVE_VIEW_FAILURES.inc()
        if not self.stale:
            logger.error("the live view is behind until it can be built anew: %s", error)
        self.stale = True
        self._failures += 1
        logger.debug("the live view failed %d times: %s", self._failures, error)


def sequenced(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[int, bytes]]:
    """Each row's sequence and summary; a row that cannot be serialized is skipped and logged."""
    for row in rows:
        try:
            yield row["sequence"], summary_json(row)
        except Exception:
            logger.exception("the assessment %s cannot be shown", row.get("sequence"))


def summary_json(row: dict[str, Any]) -> bytes:
    """An AssessmentSummary as views carry it, from a row of ``assessments``, newly made or read back."""
    summary = {name: row[name] for name in _SUMMARY}
    shown = EventId.stored(row["event_id"], row["sender_event_id"], row["event_source"])
    summary |= {"event_id": shown.text, "event_source": shown.source, "level": LEVELS[row["level"]]}
    summary["decision"] = decision_of(row)
    if row["amount"] is not None:
        summary["amount"] = format(Decimal(row["amount"]).normalize(), "f")
    if isinstance(row["reasons"], str):
        summary["reasons"] = orjson.Fragment(row["reasons"])
    return orjson.dumps(summary)
