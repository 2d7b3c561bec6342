"""Where what is stored is shown: Valkey's live view, and ``risk-updates``. Both can be told twice."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import redis
from sqlalchemy import Engine

from risk.adapters import valkey_live
from risk.adapters.kinesis import Record, put_records
from risk.adapters.stream_contracts import UpdateType, envelopes, partition_key
from risk.domain.assessment import LEVELS, AssessmentSummary, RiskLevel
from risk.store.assessments.assessments import counts
from risk.store.engine_state import batch as store
from streaming.engine import metrics
from streaming.engine.retry import DATABASE_ERRORS

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
    """What was stored of the latest minutes, as it was last shown."""

    def publish(self, kind: UpdateType, items: Iterable[bytes]) -> None:
        """Put envelopes of ``items`` on ``risk-updates``; after a few tries they are given up, and counted."""
        records = [Record(partition_key(kind), envelope) for envelope in envelopes(kind, items)]
        failures = put_records(self.kinesis, self.updates_stream, records, attempts=PUBLISH_ATTEMPTS)
        if failures:
            metrics.PUBLISH_FAILURES.inc(len(failures))
            logger.error("%d updates were not published: %s", len(failures), failures[0].message)

    def show(self, summaries: Sequence[tuple[int, bytes]], counts: Mapping[datetime, Mapping[RiskLevel, int]]) -> None:
        """Put assessments and their minute's counts on Valkey."""
        self.counts = counts
        expected = min(valkey_live.NEWEST, self.size + len(summaries))
        try:
            self.size = valkey_live.show(self.valkey, summaries, counts)
            # A Valkey that was restarted, or emptied, answers as if nothing had been.
            self.stale = self.size < expected
        except redis.RedisError as error:
            self._falls_behind(error)

    def rebuild(self, engine: Engine) -> None:
        """Make Valkey's view from what Postgres holds: the newest 1,000, and the counts of a day."""
        since = datetime.now(UTC) - timedelta(seconds=valkey_live.COUNTS_SECONDS)
        try:
            with engine.connect() as connection:
                newest = [
                    (row["sequence"], summary_json(row))
                    for row in store.newest_assessments(connection, valkey_live.NEWEST)
                ]
                minutes = self.counts = counts(connection, since)
            valkey_live.clear(self.valkey)
            self.size = valkey_live.show(self.valkey, newest, minutes)
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
