"""Turns scored batches into the rows of one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from risk.alerts.grouping import Finding
from risk.domain.events import Label
from risk.features.catalog import FEATURE_SET
from risk.store.engine_state import batch as store
from streaming.engine.sink.publisher import summary_json
from streaming.engine.sources.admission import RAW_KEPT
from streaming.engine.stages.batch import Batch, Item, ItemKind, JudgedBy, Vector, Verdict

_OPTIONAL = ("counterparty_id", "amount", "currency", "channel", "country", "device_id", "ip")

NEWS_SECONDS = 7 * 86_400
"""What happened longer ago is history when it is scored: nobody can act on it in time, and it raises no alert."""


def rows_of(
    batches: Sequence[Batch], *, now: datetime, sequence: int, lowest_alert: int, stream_epoch: str
) -> tuple[store.Batch, int]:
    """The rows of ``batches``, in order of arrival, and the newest sequence; the first is the one after ``sequence``.

    Events of the level with rank ``lowest_alert`` or a higher one raise alerts, unless they are history when scored.
    """
    rows = store.Batch(scored_at=now)
    for batch in batches:
        judged_by = batch.judged_by or JudgedBy("", 0)
        for place, item in enumerate(batch.items):
            rows.offsets[item.source] = item.position
            received = datetime.fromtimestamp(item.received_ms / 1000, UTC)
            verdict, vector = batch.verdicts[place], batch.vectors[place]
            if item.kind is ItemKind.DEAD or place in batch.errors:
                rows.dead_letters.append(_dead_letter(item, batch.errors.get(place), received, stream_epoch))
                continue
            sequence += 1
            if verdict is None or vector is None:
                (rows.withdrawals if item.label and item.label[2] else rows.labels).append(
                    _label(item, received, sequence)
                )
                continue
            assessment = _assessment(item, vector, verdict, judged_by, received, now, sequence)
            rows.assessments.append(assessment)
            rows.rule_hits += [_rule_hit(assessment, *hit) for hit in verdict.hits]
            if verdict.level >= lowest_alert and now.timestamp() - item.observation.at <= NEWS_SECONDS:
                found = orjson.loads(summary_json(assessment)) | {"device_id": assessment["device_id"]}
                rows.candidates.append(Finding.model_validate(found))
    return rows, sequence


def _assessment(
    item: Item,
    vector: Vector,
    verdict: Verdict,
    judged_by: JudgedBy,
    received: datetime,
    now: datetime,
    sequence: int,
) -> dict[str, Any]:
    """A row of ``assessments``; what a summary holds of it is in the form that JSON has."""
    event = item.data
    return {
        "event_id": item.event_id,
        "sequence": sequence,
        "event_type": event["event_type"],
        "occurred_at": event["occurred_at"],
        "received_at": received,
        "scored_at": now,
        "account_id": event["account_id"],
        **{name: event.get(name) for name in _OPTIONAL},
        "attributes": orjson.dumps(event["attributes"]).decode(),
        "score": verdict.score,
        "level": verdict.level,
        "reasons": verdict.reasons.decode(),
        "features": _array(vector),
        "feature_set": FEATURE_SET,
        "scorer": judged_by.scorer,
        "config_version": judged_by.config_version,
        "base_score": verdict.base_score,
        "challenger": judged_by.challenger,
        "challenger_score": verdict.challenger_score,
    }


def _array(vector: Vector) -> str:
    """The vector as COPY takes it: the driver needs longer for an array than for all the rest of a row."""
    return "{" + ",".join(["NULL" if value != value else repr(value) for value in vector]) + "}"  # noqa: PLR0124


def _rule_hit(assessment: dict[str, Any], rule_id: str, version: int, mode: str) -> dict[str, Any]:
    return {
        "event_id": assessment["event_id"],
        "rule_id": UUID(rule_id),
        "rule_version": version,
        "mode": mode,
        "scored_at": assessment["scored_at"],
    }


def _label(item: Item, received: datetime, sequence: int) -> dict[str, Any]:
    label, seen = Label.model_validate(item.data), item.observation
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


def _dead_letter(item: Item, error: str | None, received: datetime, stream_epoch: str) -> dict[str, Any]:
    where = {"source": f"{stream_epoch}/{item.source}", "position": item.position, "received_at": received}
    if error is None:
        return where | item.data
    raw = orjson.dumps(item.data)
    return where | {
        "reason": "failed",
        "detail": error,
        "field": None,
        "event_id": item.event_id,
        "raw": raw[:RAW_KEPT],
        "raw_bytes": len(raw),
    }
