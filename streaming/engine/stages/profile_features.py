"""Compute profile features and defined features for a batch, event by event in order."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from risk.features.catalog import NO_COUNTERPARTY, SHIPPED_FEATURES
from risk.features.definitions.definition_set import DefinitionSet, observe_groups
from risk.features.profiles.observation import Learned
from streaming.engine.stages.batch import Batch, Item, ItemKind
from streaming.engine.stages.profile_cache import Known, Profiles

logger = logging.getLogger(__name__)


def meet_accounts(batch: Batch, profiles: Profiles) -> None:
    """Give each event the features of its account; let accounts learn from labels."""
    profiles.let_go(batch.evicted.of(profiles.kind))
    vectors = batch.vectors
    for place, item in enumerate(batch.items):
        vector = None
        try:
            if item.kind is ItemKind.EVENT:
                vector = profiles.observe(item.observation.account_id, item.observation)
            elif (label := learned(item)) is not None:
                profiles.learn(label.account_id, label)
        except Exception as problem:
            refused(batch, place, profiles.kind, problem)
        vectors.append(vector)
    if batch.snapshot:
        batch.profiles.update(profiles.changes())


def meet_counterparties(batch: Batch, profiles: Profiles) -> None:
    """Give each event the features of its counterparty; let counterparties learn from labels."""
    profiles.let_go(batch.evicted.of(profiles.kind))
    vectors = batch.vectors
    for place, item in enumerate(batch.items):
        counterparty, vector = item.observation.counterparty_id, vectors[place]
        try:
            if vector is not None:
                more = NO_COUNTERPARTY
                if counterparty is not None:
                    more = profiles.observe(counterparty, item.observation, vector)
                vectors[place] = vector + more
            elif counterparty is not None and (label := learned(item)) is not None:
                profiles.learn(counterparty, label)
        except Exception as problem:
            refused(batch, place, profiles.kind, problem)
            vectors[place] = None
    if batch.snapshot:
        batch.profiles.update(profiles.changes())


def meet_definitions(batch: Batch, known: Known) -> None:
    """Give each event the values of the definitions, of every key that it has."""
    known.let_go(batch.evicted)
    if batch.install is not None:
        known.install(batch.install.catalog, batch.install.states)
    batch.catalog = known.catalog
    wanted = len(SHIPPED_FEATURES) + len(known.catalog.definitions)
    vectors = batch.vectors
    for place, item in enumerate(batch.items):
        vector = vectors[place]
        if vector is None:
            continue
        try:
            values, usual = observe_groups(known.definitions, item.data, item.observation.at, known.observe)
            note_definitions(batch, place, values, usual, known.definitions, wanted)
        except Exception as problem:
            refused(batch, place, "definitions'", problem)
            vectors[place] = None
    if batch.snapshot:
        for states in known.keys.values():
            batch.profiles.update(states.changes())


def note_definitions(
    batch: Batch,
    place: int,
    values: Sequence[float],
    usual: Mapping[int, float] | None,
    definitions: DefinitionSet,
    wanted: int = len(SHIPPED_FEATURES),
) -> None:
    """Complete the vector of the event at ``place`` with the first ``wanted`` definitions."""
    batch.vectors[place] = (*(batch.vectors[place] or ()), *values[:wanted])
    if usual is not None:
        batch.usual[place] = {definitions.definitions[at].name: value for at, value in usual.items()}


def learned(item: Item) -> Learned | None:
    """The effect of a label on its event's profiles; None if there is none."""
    seen, label = item.observation, item.label
    if label is None or label.outcome == label.before or not seen.account_id:
        return None
    return Learned(seen.account_id, seen.counterparty_id, seen.at, label.outcome, label.before)


def refused(batch: Batch, place: int, kind: str, problem: Exception) -> None:
    """One event must not stop the stream: it becomes a dead letter, and the profile is unchanged."""
    logger.error("the %s profile refused an event", kind, exc_info=problem)
    batch.errors[place] = f"{type(problem).__name__}: {problem}"
