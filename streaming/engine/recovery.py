"""Restores profiles and views to the last stored assessment before anything new is read.

Profiles are stored periodically; the assessments and labels stored since are replayed in the order in
which they were first observed. So every profile becomes exactly what it was, whatever the shards' current
order. Profiles of another feature set are discarded and rebuilt from all stored events.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine

from risk.features.catalog import BUILT_IN, Catalog
from risk.features.definitions.definition_set import DefinitionSet, observe_groups
from risk.rules.filters import set_of
from risk.store.engine_state import batch_writer, defined_states, leases, profiles
from streaming.engine import backfill
from streaming.engine.stages.profile_cache import Known

logger = logging.getLogger(__name__)

CHUNK = 5_000


def redo(engine: Engine, epoch: int, catalog: Catalog = BUILT_IN) -> tuple[int, int]:
    """Bring the stored profiles up to the newest assessment; (watermark found, newest sequence).

    Definitions of ``catalog`` that are not backfilled yet are backfilled.
    """
    with engine.begin() as connection:
        leases.check(connection, epoch)
        found = profiles.watermark(connection)
        defined_states.drop_all_but(connection, catalog.places)
        present = defined_states.backfilled(connection)
    ready = Catalog(catalog.number, tuple(one for one in catalog.defined if one.definition.signature in present))
    newest = _redo(engine, epoch, found, ready)
    new = backfill.missing(catalog, present)
    if new:
        with engine.begin() as connection:
            added, done = backfill.fold_all(connection, new, newest)
            leases.check(connection, epoch)
            profiles.save(connection, added, newest)
            defined_states.finish(connection, done)
        logger.info("%d definitions backfilled up to sequence %d", len(new), newest)
    return found, newest


def _redo(engine: Engine, epoch: int, found: int, catalog: Catalog) -> int:
    newest = found
    while True:
        with engine.begin() as connection:
            leases.check(connection, epoch)
            met = profiles.met_after(connection, newest, CHUNK)
            if not met:
                return max(newest, batch_writer.last_sequence(connection))
            after = states(connection, met, catalog)
            newest = met[-1].sequence
            profiles.save(connection, after, newest)
            logger.info("profiles brought up to sequence %d", newest)


def states(
    connection: Connection, met: Sequence[profiles.Met], catalog: Catalog = BUILT_IN
) -> dict[profiles.Key, bytes]:
    """The states of all profiles that observed these events and labels, after them."""
    definitions = set_of(catalog)
    keys = {key for one in met for key in keys_of(one, definitions)}
    stored = profiles.load(connection, list(keys))
    known = Known(stored.get, catalog)
    for one in met:
        account, counterparty = one.observation.account_id, one.observation.counterparty_id
        if one.label is None:
            vector = known.accounts.observe(account, one.observation)
            if counterparty is not None:
                known.counterparties.observe(counterparty, one.observation, vector)
            observe_groups(definitions, one.event, one.observation.at, known.observe)
        elif one.label.outcome != one.label.before:
            known.accounts.learn(account, one.label)
            if counterparty is not None:
                known.counterparties.learn(counterparty, one.label)
    return known.changes()


def keys_of(met: profiles.Met, definitions: DefinitionSet) -> Iterator[profiles.Key]:
    """The keys of every profile that observes an event or a label."""
    yield profiles.ACCOUNT, met.observation.account_id
    if met.observation.counterparty_id is not None:
        yield profiles.COUNTERPARTY, met.observation.counterparty_id
    if met.label is None:
        yield from definitions.keys(met.event)
