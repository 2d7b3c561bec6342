"""The effect of a label on profiles: its event's outcome before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from risk.domain.events import Label
from risk.domain.label_precedence import Said
from risk.features.profiles.observation import Observation
from risk.store.engine_state.profiles import StoredLabel, outcome_of, said_until
from streaming.engine.stages.batch import LabelChange

LabelKey = tuple[UUID, datetime, str, bool]
"""A label's identity: event, known at, source, whether withdrawn."""


def label_key(label: Label) -> LabelKey:
    """The identity of a label."""
    return label.event_id, label.known_at, label.source, bool(label.withdrawn)


def said_of(label: Label) -> Said:
    """The statement of a label."""
    return Said(label.known_at, label.source, label.fraud, bool(label.withdrawn))


def label_changes(
    labels: Sequence[Label],
    scored: Mapping[UUID, Observation],
    say: Callable[[Label], list[Said]],
    find_labels: Callable[[Sequence[UUID]], dict[UUID, list[StoredLabel]]],
) -> tuple[dict[LabelKey, LabelChange], set[LabelKey], set[LabelKey]]:
    """What each of ``labels`` changes, in their order; those stored already; withdrawals of what is not stored.

    A label of an event that is not ``scored`` changes nothing. ``say`` notes a label as on its way to the store and
    returns those of its event that were on their way before.
    """
    if not labels:
        return {}, set(), set()
    # In flight is read before the store, so that a label stored in between is in at least one.
    on_their_way = [say(label) if label.event_id in scored else [] for label in labels]
    stored = find_labels(list({label.event_id for label in labels}))
    changes: dict[LabelKey, LabelChange] = {}
    for label, before in zip(labels, on_their_way, strict=True):
        said = [*said_until(stored.get(label.event_id, ())), *before]
        learnt = [*said, said_of(label)] if label.event_id in scored else said
        changes[label_key(label)] = LabelChange(outcome_of(learnt), outcome_of(said), bool(label.withdrawn))
    told = {key for key in changes if _is_stored(key, stored.get(key[0], ()))}
    unmatched = {key for key in changes if key[3] and not _is_stored((*key[:3], False), stored.get(key[0], ()))}
    return changes, told, unmatched


def _is_stored(key: LabelKey, labels: Iterable[StoredLabel]) -> bool:
    _, known_at, source, withdrawn = key
    return any(
        (one.said.known_at, one.said.source) == (known_at, source)
        and (not withdrawn or one.withdrawn_sequence is not None)
        for one in labels
    )
