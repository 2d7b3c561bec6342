"""The graph: profile features of accounts, then of counterparties, then defined features, then scoring.

A row is a batch (``stages.batch``). Profiles are the state of ``stateful_many`` reducers, so that Pathway
orders the work: a combiner sorts its rows by number, because rows of one time have no order. ``to_stream``
turns the changing group into a stream of batches, each emitted once. The policy joins as of now:
a batch is judged by one policy, and nothing that was judged is judged again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pathway as pw

from streaming.engine import metrics
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import Batch
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known
from streaming.engine.stages.profile_features import meet_accounts, meet_counterparties, meet_definitions
from streaming.engine.stages.scoring import judge_batch

Work = pw.PyObjectWrapper[Batch]
Numbered = Callable[[int | None], Policy]
Stage = Callable[[Batch], None]
_State = tuple[int, tuple[tuple[int, Work], ...]]


class Incoming(pw.Schema):
    """A row of the graph: a batch, under its number."""

    number: int = pw.column_definition(primary_key=True)
    work: Work


def outputs(
    incoming: pw.Table[Any], policy: pw.Table[Any], numbered: Numbered, known: Known, drift: DriftCounts
) -> pw.Table[Any]:
    """The input of the outbox: ``number`` and ``work``, each batch once, with its columns filled in.

    ``drift`` counts what the champion meets.
    """
    with_account = _through(incoming, "accounts", lambda batch: meet_accounts(batch, known.accounts))
    with_both = _through(with_account, "counterparties", lambda batch: meet_counterparties(batch, known.counterparties))
    with_all = _through(with_both, "definitions", lambda batch: meet_definitions(batch, known))
    return _judged(with_all, policy, numbered, drift)


def _through(batches: pw.Table[Any], name: str, stage: Stage) -> pw.Table[Any]:
    """The batches after a stateful stage, in order."""

    seconds = metrics.STAGE_SECONDS.labels(name)

    def combine(state: _State | None, rows: list[tuple[tuple[int, Work], int]]) -> _State:  # noqa: ARG001
        arrived = sorted((row for row, _ in rows), key=lambda row: row[0])
        for _, work in arrived:
            with seconds.time():
                stage(work.value)
        return arrived[-1][0], tuple(arrived)

    untyped: Any = combine  # Pathway's types do not know of rows of more than one value
    reduce = pw.reducers.stateful_many(untyped)
    groups = batches.groupby().reduce(state=reduce(pw.this.number, pw.this.work)).to_stream()
    groups = groups.filter(pw.this.is_upsert)
    met = groups.select(row=pw.apply_with_type(lambda state: state[1], list[tuple[int, Work]], pw.this.state))
    met = met.flatten(pw.this.row).select(number=pw.this.row[0], work=pw.this.row[1])
    batches_on: pw.Table[Any] = met.with_id_from(pw.this.number)
    return batches_on


def _judged(batches: pw.Table[Any], policy: pw.Table[Any], numbered: Numbered, drift: DriftCounts) -> pw.Table[Any]:
    """The batches with verdicts, by the policy as it is at that moment."""

    # Declared deterministic: otherwise Pathway keeps every result for its lifetime, in case the row is
    # retracted. No row is.
    @pw.udf(deterministic=True)
    def judge(work: Work, number: int | None) -> Work:
        with metrics.STAGE_SECONDS.labels("judge").time():
            judge_batch(work.value, numbered(number), drift)
        return work

    named = batches.with_columns(name="current")
    joined = named.asof_now_join(policy, named.name == policy.name, how=pw.JoinMode.LEFT, id=named.id).select(
        named.number, named.work, policy=policy.number
    )
    judged: pw.Table[Any] = joined.select(pw.this.number, work=judge(pw.this.work, pw.this.policy))
    return judged
