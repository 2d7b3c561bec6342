"""Before anything new is read: profiles as the last engine had them, views as Postgres has them.

Profiles are stored now and then; the assessments and labels stored since are met again in the order in
which they were met first. So every profile becomes exactly what it was, whatever the shards would say of
their order. Profiles that were made for other features are thrown away, and made anew of all there is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine

from risk.features.profiles import AccountProfile, CounterpartyProfile, Learned, Observation
from risk.store.engine_state import batch, leases, profiles

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
                return found, max(newest, batch.last_sequence(connection))
            states = _states(connection, [(seen, label) for _, seen, label in met])
            newest = met[-1][0]
            profiles.save(connection, states, newest)
            logger.info("profiles brought up to sequence %d", newest)


def _states(connection: Connection, met: Sequence[tuple[Observation, Learned | None]]) -> dict[profiles.Key, bytes]:
    keys = {key for seen, _ in met for key in _keys(seen)}
    stored = profiles.load(connection, list(keys))
    accounts: dict[str, AccountProfile] = {}
    counterparties: dict[str, CounterpartyProfile] = {}
    for kind, key in keys:
        state = stored.get((kind, key))
        if kind == profiles.ACCOUNT:
            accounts[key] = AccountProfile.load(state) if state else AccountProfile()
        else:
            counterparties[key] = CounterpartyProfile.load(state) if state else CounterpartyProfile()
    for seen, label in met:
        account = accounts[seen.account_id]
        counterparty = None if seen.counterparty_id is None else counterparties[seen.counterparty_id]
        if label is None:
            vector = account.observe(seen)
            if counterparty is not None:
                counterparty.observe(seen, vector)
        else:
            account.learn(label)
            if counterparty is not None:
                counterparty.learn(label)
    return {(profiles.ACCOUNT, key): profile.dump() for key, profile in accounts.items()} | {
        (profiles.COUNTERPARTY, key): profile.dump() for key, profile in counterparties.items()
    }


def _keys(observation: Observation) -> Iterator[profiles.Key]:
    yield profiles.ACCOUNT, observation.account_id
    if observation.counterparty_id is not None:
        yield profiles.COUNTERPARTY, observation.counterparty_id
