"""The graph: each event meets its account's profile, then its counterparty's, then is scored.

Profiles are the state of ``stateful_many`` reducers, so that Pathway orders and partitions the work; a
combiner sorts its rows by arrival, because the order inside a batch is any. ``to_stream`` turns the
changing group into the stream of its batches, and each event leaves once, with its own features.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import orjson
import pathway as pw

from risk.configuration import Configuration
from risk.features import NO_COUNTERPARTY
from risk.profiles import AccountProfile, CounterpartyProfile, Observation
from risk.scoring import score
from risk.store.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.intake import RowKind
from streaming.sources import Observed

logger = logging.getLogger(__name__)

Vector = tuple[float, ...]
Verdict = tuple[float, int, bytes, int, str]
"""Score, rank of the level, reasons as JSON, version of the configuration, error."""
Carried = tuple[int, str, str, int, Observed, bytes, Vector, str]
"""Arrival, source, position, received (ms), observation, event as JSON, features so far, error."""
_State = tuple[bytes, tuple[Carried, ...], int]
Take = Callable[[Key], bytes | None]

_NO_VERDICT: Verdict = (0.0, 0, b"", 0, "")


class _Profile(Protocol):
    def observe(self, event: Observation) -> Vector: ...

    def dump(self) -> bytes: ...


class ConfigurationRow(pw.Schema):
    """The configuration in force, as JSON, under the one key ``name``."""

    name: str = pw.column_definition(primary_key=True)
    document: str


def outputs(incoming: pw.Table[Any], configuration: pw.Table[Any], initial: Configuration, take: Take) -> pw.Table[Any]:
    """All that the outbox writes, as one table, so that a batch of it is closed at once.

    Columns: ``kind`` (event, label, dead, or the kind of a changed profile), ``arrival``, ``source``,
    ``position``, ``received_ms``, ``key`` (of a profile), ``data``, ``vector``, ``verdict``.
    """
    events = incoming.filter(pw.this.kind == RowKind.EVENT.value).with_columns(vector=_constant((), Vector), error="")
    others = incoming.filter(pw.this.kind != RowKind.EVENT.value)
    with_account, accounts = _meet_profiles(events, pw.this.account_id, ACCOUNT, take)
    with_both, counterparties = _meet_profiles(with_account, pw.this.counterparty_id, COUNTERPARTY, take)
    scored = _score(with_both, configuration, initial)
    no_vector = _constant((), Vector)
    no_verdict = _constant(_NO_VERDICT, Verdict)
    profiles = pw.Table.concat_reindex(accounts, counterparties).select(
        pw.this.kind, arrival=0, source="", position="", received_ms=0, key=pw.this.key, data=pw.this.state
    )
    everything: pw.Table[Any] = pw.Table.concat_reindex(
        scored,
        others.select(
            pw.this.kind, pw.this.arrival, pw.this.source, pw.this.position, pw.this.received_ms,
            key="", data=pw.this.data, vector=no_vector, verdict=no_verdict,
        ),
        profiles.with_columns(vector=no_vector, verdict=no_verdict),
    )  # fmt: skip
    return everything


def _constant(value: Any, kind: Any) -> Any:
    """A column of one value; Pathway has no literal tuples."""
    return pw.apply_with_type(lambda _: value, kind, pw.this.arrival)


def _combiner(kind: str, take: Take) -> Any:
    """What ``stateful_many`` calls with a key's state and its new rows: state, outputs, count of batches."""

    def combine(state: _State | None, rows: list[tuple[tuple[Any, ...], int]]) -> _State:
        arrived = sorted(values for values, _ in rows)
        key = arrived[0][1]
        dump, batches = (take((kind, key)), 0) if state is None else (state[0], state[2])
        profile = _load(kind, dump)
        out: list[Carried] = []
        for arrival, _, source, position, received, observation, data, vector, failed in arrived:
            new: Vector = ()
            error = failed
            if not error:
                try:
                    new = profile.observe(Observation(*observation)) if key else NO_COUNTERPARTY
                except Exception as problem:
                    # One event must not stop the stream: it becomes a dead letter, the profile as it was before it.
                    logger.exception("the %s profile refused an event", kind)
                    error = f"{type(problem).__name__}: {problem}"
                    profile = _load(kind, dump)
                else:
                    dump = profile.dump() if key else b""
            out.append((arrival, source, position, received, observation, data, vector + new, error))
        return dump or b"", tuple(out), batches + 1

    return combine


def _load(kind: str, dump: bytes | None) -> _Profile:
    profile = AccountProfile if kind == ACCOUNT else CounterpartyProfile
    return profile.load(dump) if dump else profile()


def _meet_profiles(events: pw.Table[Any], key: Any, kind: str, take: Take) -> tuple[pw.Table[Any], pw.Table[Any]]:
    """The events with one more part of their vector, and the profiles that this changed."""
    reduce = pw.reducers.stateful_many(_combiner(kind, take))
    keyed = events.select(
        pw.this.arrival, pw.this.source, pw.this.position, pw.this.received_ms, pw.this.observation,
        pw.this.data, pw.this.vector, pw.this.error, key=key,
    )  # fmt: skip
    groups = (
        keyed.groupby(pw.this.key)
        .reduce(
            key=pw.this.key,
            state=reduce(
                pw.this.arrival, pw.this.key, pw.this.source, pw.this.position, pw.this.received_ms,
                pw.this.observation, pw.this.data, pw.this.vector, pw.this.error,
            ),
        )
        .to_stream()
    )  # fmt: skip
    groups = groups.filter(pw.this.is_upsert)
    changed = groups.filter(pw.this.key != "").select(
        pw.this.key, kind=kind, state=pw.apply_with_type(lambda state: state[0], bytes, pw.this.state)
    )
    carried = groups.select(item=pw.apply_with_type(lambda state: state[1], list[Carried], pw.this.state)).flatten(
        pw.this.item
    )
    names = ("arrival", "source", "position", "received_ms", "observation", "data", "vector", "error")
    columns = {name: pw.this.item[place] for place, name in enumerate(names)}
    met = carried.select(**columns).with_id_from(pw.this.arrival)
    return met.with_columns(counterparty_id=_counterparty(met.observation)), changed


def _counterparty(observation: Any) -> Any:
    return pw.apply_with_type(lambda seen: seen[3] or "", str, observation)


def _score(events: pw.Table[Any], configuration: pw.Table[Any], initial: Configuration) -> pw.Table[Any]:
    """The events with verdicts, by the configuration as it is at that moment; the past is never scored again."""
    first = initial.model_dump_json()

    @pw.udf(max_batch_size=1024, deterministic=True)
    def judge(
        observation: list[Observed], vector: list[Vector], document: list[str | None], error: list[str]
    ) -> list[Verdict]:
        return [
            (*_NO_VERDICT[:-1], failed) if failed else _judge(Observation(*seen), values, current or first)
            for seen, values, current, failed in zip(observation, vector, document, error, strict=True)
        ]

    named = events.with_columns(name="current")
    kept = ("arrival", "source", "position", "received_ms", "observation", "data", "vector", "error")
    joined = named.asof_now_join(
        configuration, named.name == configuration.name, how=pw.JoinMode.LEFT, id=named.id
    ).select(*(named[name] for name in kept), document=configuration.document)
    scored: pw.Table[Any] = joined.select(
        pw.this.arrival, pw.this.source, pw.this.position, pw.this.received_ms, pw.this.data, pw.this.vector,
        kind=RowKind.EVENT.value, key="",
        verdict=judge(pw.this.observation, pw.this.vector, pw.this.document, pw.this.error),
    )  # fmt: skip
    return scored


@lru_cache(maxsize=2)
def _configuration(document: str) -> Configuration:
    return Configuration.model_validate_json(document)


def _judge(observation: Observation, vector: Vector, document: str) -> Verdict:
    try:
        configuration = _configuration(document)
        value, reasons = score(observation, vector)
        level = configuration.thresholds.level(value)
        told = orjson.dumps([reason.model_dump(exclude_none=True) for reason in reasons])
    except Exception as problem:
        logger.exception("scoring refused an event")
        return (*_NO_VERDICT[:-1], f"{type(problem).__name__}: {problem}")
    return value, level.rank, told, configuration.version, ""
