"""The graph: each event meets its account's profile, then its counterparty's, then is scored.

Profiles are the state of ``stateful_many`` reducers, so that Pathway orders and partitions the work; a
combiner sorts its rows by arrival, because the order inside a batch is any. ``to_stream`` turns the
changing group into the stream of its batches, and each event leaves once, with its own features.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import orjson
import pathway as pw

from risk.features import NO_COUNTERPARTY
from risk.profiles import AccountProfile, CounterpartyProfile, Learned
from risk.scoring import judge, score
from risk.store.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.items import Item, Vector, Verdict, pack, unpack
from streaming.policy import Policy

logger = logging.getLogger(__name__)

Carried = tuple[int, str, bytes]
"""Arrival, the key of the next profile, the item."""
Take = Callable[[Key], bytes | None]
Numbered = Callable[[int | None], Policy]
RECENT = 20_000
"""Profiles of each kind that are kept as objects, to spare reading them."""
_State = tuple[bytes, tuple[Carried, ...], int]


_Profile = AccountProfile | CounterpartyProfile


def outputs(incoming: pw.Table[Any], policy: pw.Table[Any], numbered: Numbered, take: Take) -> pw.Table[Any]:
    """All that the outbox writes, as one table, so that a batch of it is closed at once.

    Columns: ``kind`` ("" or the kind of a changed profile), ``arrival``, ``key`` (of a profile), ``item``
    (packed; of a profile its state). Dead letters, and labels of unknown events, have no key and pass by.
    """
    with_account, accounts = _meet_profiles(incoming.filter(pw.this.key != ""), ACCOUNT, take)
    others = incoming.filter(pw.this.key == "")
    with_both, counterparties = _meet_profiles(with_account, COUNTERPARTY, take)
    scored = _score(with_both, policy, numbered)
    everything: pw.Table[Any] = pw.Table.concat_reindex(
        scored.select(pw.this.arrival, pw.this.item, kind="", key=""),
        others.select(pw.this.arrival, pw.this.item, pw.this.key, kind=""),
        accounts,
        counterparties,
    )
    return everything


def _meet_profiles(events: pw.Table[Any], kind: str, take: Take) -> tuple[pw.Table[Any], pw.Table[Any]]:
    """The events (by ``key``) with one more part of their vector, and the profiles that this changed."""
    reduce = pw.reducers.stateful_many(_combiner(kind, take))
    groups = (
        events.groupby(pw.this.key)
        .reduce(key=pw.this.key, state=reduce(pw.this.arrival, pw.this.key, pw.this.item))
        .to_stream()
    )
    groups = groups.filter(pw.this.is_upsert)
    changed = groups.filter(pw.this.key != "").select(pw.this.key, kind=kind, arrival=0, item=_part(0, bytes))
    met = groups.select(carried=_part(1, list[Carried])).flatten(pw.this.carried)
    met = met.select(arrival=pw.this.carried[0], key=pw.this.carried[1], item=pw.this.carried[2])
    return met.with_id_from(pw.this.arrival), changed


def _part(place: int, kind: Any) -> Any:
    """A column with one part of a group's state."""
    return pw.apply_with_type(lambda state: state[place], kind, pw.this.state)


def _combiner(kind: str, take: Take) -> Any:
    """What ``stateful_many`` calls with a key's state and its new rows: state, outputs, count of batches."""

    recent: dict[str, tuple[bytes, _Profile]] = {}

    def profile_of(key: str, dump: bytes | None) -> _Profile:
        """The profile with this state: the object that made it, where it is still at hand, or read again."""
        made, profile = recent.pop(key, (None, None))
        return profile if profile is not None and made == dump else _load(kind, dump)

    def combine(state: _State | None, rows: list[tuple[tuple[int, str, bytes], int]]) -> _State:
        arrived = sorted(values for values, _ in rows)
        key = arrived[0][1]
        dump, batches = (take((kind, key)), 0) if state is None else (state[0], state[2])
        if not key:  # events without a counterparty: nothing is remembered of nobody
            return b"", tuple((at, "", _extend(item, NO_COUNTERPARTY)) for at, _, item in arrived), batches + 1
        profile = profile_of(key, dump)
        out: list[Carried] = []
        for arrival, _, packed in arrived:
            item = unpack(packed)
            if not item.error:
                try:
                    item = _meet(profile, item)
                except Exception as problem:
                    # One event must not stop the stream: it becomes a dead letter, the profile as it was before it.
                    logger.exception("the %s profile refused an event", kind)
                    item = item._replace(error=f"{type(problem).__name__}: {problem}")
                    profile = _again(_load(kind, dump), (before for _, _, before in out))
            out.append((arrival, item.observation.counterparty_id or "", pack(item)))
        after = profile.dump()
        recent[key] = after, profile
        if len(recent) > RECENT:
            del recent[next(iter(recent))]
        return after, tuple(out), batches + 1

    return combine


def _load(kind: str, dump: bytes | None) -> _Profile:
    profile = AccountProfile if kind == ACCOUNT else CounterpartyProfile
    return profile.load(dump) if dump else profile()


def _again(profile: _Profile, packed: Iterable[bytes]) -> _Profile:
    """The profile after these events, which it took before."""
    for item in map(unpack, packed):
        if not item.error:
            _meet(profile, item)
    return profile


def _meet(profile: _Profile, item: Item) -> Item:
    """The event with what the profile makes of it; a label is only learnt."""
    seen = item.observation
    if item.label is not None:
        profile.learn(Learned(seen.account_id, seen.counterparty_id, seen.at, *item.label))
        return item
    if isinstance(profile, AccountProfile):
        return item._replace(vector=profile.observe(seen))
    return item._replace(vector=item.vector + profile.observe(seen, item.vector))


def _extend(packed: bytes, values: Vector) -> bytes:
    item = unpack(packed)
    return packed if item.label is not None else pack(item._replace(vector=item.vector + values))


def _score(events: pw.Table[Any], policy: pw.Table[Any], numbered: Numbered) -> pw.Table[Any]:
    """The events with verdicts, by the policy as it is at that moment; the past is never scored again."""

    @pw.udf(max_batch_size=4096, deterministic=True)
    def judge_all(packed: list[bytes], number: list[int | None]) -> list[bytes]:
        return [pack(judge_item(unpack(item), numbered(at))) for item, at in zip(packed, number, strict=True)]

    named = events.with_columns(name="current")
    joined = named.asof_now_join(policy, named.name == policy.name, how=pw.JoinMode.LEFT, id=named.id).select(
        named.arrival, named.item, number=policy.number
    )
    scored: pw.Table[Any] = joined.select(pw.this.arrival, item=judge_all(pw.this.item, pw.this.number))
    return scored


def judge_item(item: Item, policy: Policy) -> Item:
    """The event with its verdict; labels, and events that failed before, as they are."""
    if item.error or item.label is not None:
        return item
    try:
        hits = policy.rules.evaluate(*_facts(item)) if policy.rules else []
        judged = judge(score(item.observation, item.vector), hits, policy.configuration.thresholds)
        told = orjson.dumps([reason.model_dump(exclude_none=True) for reason in judged.reasons])
    except Exception as problem:
        logger.exception("scoring refused an event")
        return item._replace(error=f"{type(problem).__name__}: {problem}")
    kept = tuple((str(hit.rule_id), hit.rule_version, hit.mode.value) for hit in hits)
    return item._replace(verdict=Verdict(judged.value, judged.level.rank, told, policy.configuration.version, kept))


def _facts(item: Item) -> tuple[dict[str, Any], Vector, UUID]:
    """What rules look at: the event as JSON has it, its features, its id."""
    event: dict[str, Any] = orjson.loads(item.data)
    return event, item.vector, UUID(event["event_id"])
