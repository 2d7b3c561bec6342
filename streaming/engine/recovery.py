"""Restores profiles and views to the last stored assessment before anything new is read.

Profiles are stored now and then; the assessments and labels stored since are met again in the order in
which they were met first. So every profile becomes exactly what it was, whatever the shards would say of
their order. Profiles that were made for other features are thrown away, and made anew of all there is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine

from risk.features.definitions.definition_set import DefinitionSet, observe_groups
from risk.rules.filters import shipped_set
from risk.store.engine_state import batch_writer, leases, profiles
from streaming.engine.stages.profile_cache import Known

logger = logging.getLogger(__name__)

CHUNK = 5_000


def redo(engine: Engine, epoch: int) -> tuple[int, int]:
    """Bring the stored profiles up to the newest assessment; (watermark found, newest sequence)."""
    with engine.begin() as connection:
        leases.check(connection, epoch)
        found = profiles.watermark(connection)
    newest = found
    while True:
        with engine.begin() as connection:
            leases.check(connection, epoch)
            met = profiles.met_after(connection, newest, CHUNK)
            if not met:
                return found, max(newest, batch_writer.last_sequence(connection))
            after = states(connection, met)
            newest = met[-1].sequence
            profiles.save(connection, after, newest)
            logger.info("profiles brought up to sequence %d", newest)


def states(connection: Connection, met: Sequence[profiles.Met]) -> dict[profiles.Key, bytes]:
    """The states of all profiles that met these events and labels, after them; the stored ones are as before them."""
    definitions = shipped_set()
    keys = {key for one in met for key in keys_of(one, definitions)}
    stored = profiles.load(connection, list(keys))
    known = Known(stored.get, definitions)
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
    """Every profile that an event or a label met."""
    yield profiles.ACCOUNT, met.observation.account_id
    if met.observation.counterparty_id is not None:
        yield profiles.COUNTERPARTY, met.observation.counterparty_id
    if met.label is None:
        yield from definitions.keys(met.event)
