"""Makes the report of records: scores them as the engine would have, and writes the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from risk.domain.events import to_json
from streaming.engine.policy import Policy
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.reader import READ_LIMIT
from streaming.engine.stages.batch import Batch, ItemKind
from streaming.importing.source import Records
from streaming.offline import offline_graph
from streaming.reports.facts import Facts
from streaming.reports.page import page


def write_report(
    records: Records,
    policy: Policy,
    out: Path,
    *,
    name: str,
    notes: list[str],
    now: datetime,
    advance: Callable[[int], None] = lambda _: None,
) -> Facts:
    """Score ``records`` by ``policy``, and write the page about them to ``out``."""
    rest = iter(records)
    first = list(islice(rest, 1))  # by then all rows are read, and the frauds among them known
    facts = Facts(frozenset(records.frauds), policy.rules.names)
    failure: list[BaseException] = []

    def reads() -> Iterator[list[RawRecord]]:
        try:
            head = [RawRecord("", now, to_json(one)) for one in first]
            while read := head + [RawRecord("", now, to_json(one)) for one in islice(rest, READ_LIMIT)]:
                head = []
                yield read
        except Exception as error:  # Pathway would wrap the error
            failure.append(error)

    def done(batch: Batch) -> None:
        facts.add(batch)
        advance(sum(item.kind is ItemKind.EVENT for item in batch.items))

    offline_graph.run(reads(), policy, done, now=now)
    if failure:
        raise failure[0]
    unfinished = out.with_name(f".{out.name}.unfinished")
    unfinished.write_text(page(name, facts, records.counts, notes), "utf-8")
    unfinished.replace(out)
    return facts
