"""Turns scored batches into the rows of one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from risk.alerts.grouping import Finding
from risk.domain.event_ids import STREAM, stored_names
from risk.domain.events import Label
from risk.domain.field_rules import safe_text
from risk.features.catalog import FEATURE_SET, FEATURES
from risk.store.engine_state import batch_writer as store
from risk.store.imports import imports
from streaming.engine.sink.publisher import summary_json
from streaming.engine.sources.admission import RAW_KEPT
from streaming.engine.stages.batch import NO_ID, Batch, Item, ItemKind, JudgedBy, Vector, Verdict

_OPTIONAL = ("counterparty_id", "amount", "currency", "channel", "country", "device_id", "ip")
_RESOLVED = ("family", "amount_flow", "unregistered")
"""Fields added by the engine; senders may not set them."""


logger = logging.getLogger(__name__)

DETAIL, FIELD, POSITION = 2_000, 200, 200
"""The maximum length of a dead letter's texts."""


class ItemRows(NamedTuple):
    """The rows of one item: an assessment with its dependents, a label or a dead letter."""

    item: Item
    received: datetime
    assessment: dict[str, Any] | None = None
    rule_hits: Sequence[dict[str, Any]] = ()
    candidate: Finding | None = None
    label: dict[str, Any] | None = None
    withdrawn: bool = False
    dead_letter: dict[str, Any] | None = None
    repeated: bool = False
    """Whether an import repeats it."""
    bare: bool = False
    """Whether the dead letter is already minimal."""


def rows_of(
    batches: Sequence[Batch], *, now: datetime | None, sequence: int, lowest_alert: int, stream_epoch: str
) -> tuple[list[ItemRows], int]:
    """The rows of ``batches``, in order of arrival, and the newest sequence; the first is the one after ``sequence``.

    Events of the level with rank ``lowest_alert`` or a higher one raise alerts. Without ``now`` each was scored when it
    was received: as it would have been, had the engine run then.
    """
    rows: list[ItemRows] = []
    for batch in batches:
        judged_by = batch.judged_by or JudgedBy("", 0)
        for place, item in enumerate(batch.items):
            received = datetime.fromtimestamp(item.received_ms / 1000, UTC)
            imported = imports.of_source(item.source)
            if item.kind is ItemKind.DEAD and imported is not None and item.data["reason"] == "duplicate":
                rows.append(ItemRows(item, received, repeated=True))
                continue
            if item.kind is ItemKind.DEAD or place in batch.errors:
                letter = _dead_letter(item, batch.errors.get(place), received, stream_epoch)
                rows.append(ItemRows(item, received, dead_letter=letter))
                continue
            sequence += 1
            verdict, vector = batch.verdicts[place], batch.vectors[place]
            try:
                if verdict is None or vector is None:
                    label, withdrawn = _label(item, received, sequence), bool(item.label and item.label.withdraws)
                    rows.append(ItemRows(item, received, label=label, withdrawn=withdrawn))
                    continue
                assessment = _assessment(item, vector, verdict, judged_by, received, now or received, sequence)
                if batch.catalog.number:
                    assessment |= {"definition_set": batch.catalog.number, "defined": _array(vector[len(FEATURES) :])}
                candidate = None
                if verdict.level >= lowest_alert and imported is None:
                    found = orjson.loads(summary_json(assessment)) | {"device_id": assessment["device_id"]}
                    candidate = Finding.model_validate(found)
                hits = [_rule_hit(assessment, *hit) for hit in verdict.hits]
                rows.append(ItemRows(item, received, assessment, hits, candidate))
            except Exception as error:
                logger.exception("an item makes no row")
                rows.append(unstorable(ItemRows(item, received), error, stream_epoch))
    return rows, sequence


def together(rows: Sequence[ItemRows], now: datetime) -> store.Batch:
    """The rows of one transaction."""
    batch = store.Batch(scored_at=now)
    for of_item in rows:
        _move(batch, of_item)
        if of_item.assessment is not None:
            batch.assessments.append(of_item.assessment)
            if "unregistered" in of_item.item.data:
                batch.unregistered.append((of_item.assessment["event_id"], of_item.assessment["event_type"]))
            batch.rule_hits += of_item.rule_hits
        if of_item.candidate is not None:
            batch.candidates.append(of_item.candidate)
        if of_item.label is not None:
            (batch.withdrawals if of_item.withdrawn else batch.labels).append(of_item.label)
        if of_item.dead_letter is not None:
            batch.dead_letters.append(of_item.dead_letter)
    return batch


def _move(batch: store.Batch, of_item: ItemRows) -> None:
    """Record the position of its source; for an import, the outcome of its record."""
    item = of_item.item
    import_id = imports.of_source(item.source)
    if import_id is None:
        batch.offsets[item.source] = item.position
        return
    loaded = batch.loaded.setdefault(import_id, imports.Loaded(item.position))
    loaded.position = item.position
    loaded.events += of_item.assessment is not None
    loaded.labels += of_item.label is not None
    loaded.repeated += of_item.repeated
    loaded.failed += of_item.dead_letter is not None


def unstorable(rows: ItemRows, error: BaseException, stream_epoch: str) -> ItemRows:
    """The dead letter of an item whose rows the database refuses; of a dead letter, a reduced one."""
    if rows.dead_letter is not None:
        bare = {"reason": "unstorable", "detail": "what was said of this record cannot be stored", "field": None}
        return rows._replace(dead_letter=rows.dead_letter | bare, bare=True)
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    letter = _letter(rows.item, "unstorable", said, rows.received, stream_epoch)
    return ItemRows(rows.item, rows.received, dead_letter=letter)


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
    text, source = stored_names(item.event_id, event["event_id"], event.get("event_source", STREAM))
    return {
        "event_id": item.event_id,
        "sender_event_id": text,
        "event_source": source,
        "original_event_id": event.get("original_event_id"),
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
        "features": _array(vector[: len(FEATURES)]),
        "feature_set": FEATURE_SET,
        "scorer": judged_by.scorer,
        "config_version": judged_by.config_version,
        "base_score": verdict.base_score,
        "challenger": judged_by.challenger,
        "challenger_score": verdict.challenger_score,
        "import_id": imports.of_source(item.source),
        "family": event["family"],
        "amount_flow": event["amount_flow"],
        "decision": verdict.decision,
        "decision_because": None if verdict.decision is None else verdict.because,
    }


def _array(vector: Vector) -> str:
    """The vector in COPY format: the driver is slow with arrays."""
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
        "event_id": label.event_id.key,
        "known_at": label.known_at,
        "source": label.source,
        "fraud": label.fraud,
        "received_at": received,
        "sequence": sequence,
        "account_id": seen.account_id or None,
        "counterparty_id": seen.counterparty_id,
        "occurred_at": datetime.fromtimestamp(seen.at, UTC) if seen.account_id else None,
        "import_id": imports.of_source(item.source),
    }


def _dead_letter(item: Item, error: str | None, received: datetime, stream_epoch: str) -> dict[str, Any]:
    if error is not None:
        return _letter(item, "failed", error, received, stream_epoch)
    data = item.data
    texts = {"detail": safe_text(data["detail"], DETAIL), "field": data["field"] and safe_text(data["field"], FIELD)}
    return _where(item, received, stream_epoch) | data | texts


def _letter(item: Item, reason: str, detail: str, received: datetime, stream_epoch: str) -> dict[str, Any]:
    try:
        raw = orjson.dumps({name: value for name, value in item.data.items() if name not in _RESOLVED})
    except TypeError:  # what orjson cannot write (a lone surrogate) is still useful to a reader
        raw = repr(item.data).encode(errors="backslashreplace")
    names: tuple[str | None, str | None] = (None, None)
    if item.event_id != NO_ID:
        names = stored_names(item.event_id, item.data["event_id"], item.data.get("event_source", STREAM))
    return _where(item, received, stream_epoch) | {
        "sender_event_id": names[0],
        "event_source": names[1],
        "reason": reason,
        "detail": safe_text(detail, DETAIL),
        "field": None,
        "event_id": None if item.event_id == NO_ID else item.event_id,
        "raw": raw[:RAW_KEPT],
        "raw_bytes": len(raw),
    }


def _where(item: Item, received: datetime, stream_epoch: str) -> dict[str, Any]:
    imported = imports.of_source(item.source) is not None
    source = safe_text(item.source if imported else f"{stream_epoch}/{item.source}", POSITION)
    return {"source": source, "position": safe_text(item.position, POSITION), "received_at": received}
