"""Scores a file of records into a Parquet file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

from risk.domain.assessment import LEVELS
from risk.domain.decisions import ACTIONS
from risk.domain.event_ids import STREAM
from risk.domain.events import Event, Label, to_json
from risk.features.catalog import Catalog, to_nullable
from streaming.engine.policy import Policy
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.reader import READ_LIMIT
from streaming.engine.stages.batch import Batch, ItemKind, Vector
from streaming.offline import offline_graph

SCHEMA = pa.schema(
    [
        ("event_source", pa.string()),
        ("event_id", pa.string()),
        ("sequence", pa.int64()),
        ("event_type", pa.string()),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("account_id", pa.string()),
        ("counterparty_id", pa.string()),
        ("amount", pa.string()),
        ("currency", pa.string()),
        ("score", pa.float64()),
        ("level", pa.string()),
        ("decision", pa.string()),
        ("decision_because", pa.string()),
        ("base_score", pa.float64()),
        ("scorer", pa.string()),
        ("reasons", pa.string()),
        ("rule_hits", pa.list_(pa.string())),
    ]
)
_COPIED = ("event_type", "account_id", "counterparty_id", "amount", "currency")


@dataclass
class Scores:
    """The result: events by level, labels learnt, and unscored records by reason."""

    levels: Counter[str] = field(default_factory=Counter)
    labels: int = 0
    dead: Counter[str] = field(default_factory=Counter)


def with_features(catalog: Catalog) -> Any:
    """``SCHEMA`` plus a column for each feature of ``catalog``, null where missing. The amount is there already."""
    return pa.schema([*SCHEMA, *((name, pa.float64()) for name in catalog.index if name != "amount")])


def write_scores(
    records: Iterable[Event | Label],
    policy: Policy,
    out: Path,
    *,
    now: datetime,
    features: bool = False,
    processes: int = 1,
    advance: Callable[[int], None] = lambda _: None,
) -> Scores:
    """Run ``records`` through the graph into ``out``, which appears only when complete.

    With ``features`` each row has its vector, too. ``now`` bounds how far in the future a record may lie;
    ``advance`` hears of events that are done. ``processes`` share the work; what is written is the same.
    """
    found, schema = Scores(), with_features(policy.catalog) if features else SCHEMA
    unfinished = out.with_name(f".{out.name}.unfinished")
    failure: list[BaseException] = []

    def reads() -> Iterator[list[RawRecord]]:
        rest = iter(records)
        try:
            while read := [RawRecord("", now, to_json(record)) for record in islice(rest, READ_LIMIT)]:
                yield read
        except Exception as error:  # Pathway would wrap the error
            failure.append(error)

    try:
        with pq.ParquetWriter(unfinished, schema) as writer:

            def done(batch: Batch) -> None:
                rows = list(_rows(batch, found, policy.catalog if features else None))
                if rows:
                    writer.write_table(pa.Table.from_pylist(rows, schema))
                advance(sum(item.kind is not ItemKind.LABEL for item in batch.items))

            offline_graph.run(reads(), policy, done, now=now, processes=processes)
        if failure:
            raise failure[0]
        unfinished.replace(out)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return found


def _rows(batch: Batch, found: Scores, catalog: Catalog | None) -> Iterator[dict[str, Any]]:
    scorer = "" if batch.judged_by is None else batch.judged_by.scorer
    for place, (item, verdict) in enumerate(zip(batch.items, batch.verdicts, strict=True)):
        if item.kind is ItemKind.DEAD:
            found.dead[item.data["reason"]] += 1
        elif place in batch.errors:
            found.dead["failed"] += 1
        elif verdict is None:
            found.labels += 1
        else:
            level = LEVELS[verdict.level].value
            found.levels[level] += 1
            yield {
                "event_source": item.data.get("event_source", STREAM),
                "event_id": item.data["event_id"],
                "sequence": found.levels.total(),
                "occurred_at": datetime.fromisoformat(item.data["occurred_at"]),
                **{name: item.data.get(name) for name in _COPIED},
                "score": verdict.score,
                "level": level,
                "decision": None if verdict.decision is None else ACTIONS[verdict.decision].value,
                "decision_because": verdict.because,
                "base_score": verdict.base_score,
                "scorer": scorer,
                "reasons": verdict.reasons.decode(),
                "rule_hits": [f"{rule_id}/{version} {mode}" for rule_id, version, mode in verdict.hits],
            } | ({} if catalog is None else _named(batch.vectors[place] or (), catalog))


def _named(vector: Vector, catalog: Catalog) -> dict[str, float | None]:
    values = to_nullable(vector)
    return {name: values[place] for name, place in catalog.index.items() if name != "amount"}
