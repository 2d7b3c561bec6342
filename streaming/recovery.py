"""Before anything new is read: profiles as the last engine had them, views as Postgres has them.

Profiles are stored now and then; the assessments stored since are met again in the order in which they
were scored. So every profile becomes exactly what it was, whatever the shards would say of their order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Engine

from risk.profiles import AccountProfile, CounterpartyProfile, Observation
from risk.store import leases, profiles

logger = logging.getLogger(__name__)

CHUNK = 5_000


def redo(engine: Engine, epoch: int) -> tuple[int, int]:
    """Bring the stored profiles up to the newest assessment; (watermark found, newest sequence)."""
    with engine.connect() as connection:
        found = profiles.watermark(connection)
    newest = found
    while True:
        with engine.begin() as connection:
            leases.check(connection, epoch)
            events = profiles.events_after(connection, newest, CHUNK)
            if not events:
                return found, newest
            states = _states(connection, (observation for _, observation in events))
            newest = events[-1][0]
            profiles.save(connection, states, newest)
            logger.info("profiles brought up to sequence %d", newest)


def _states(connection: Connection, observations: Iterable[Observation]) -> dict[profiles.Key, bytes]:
    seen = list(observations)
    keys = {key for observation in seen for key in _keys(observation)}
    stored = profiles.load(connection, list(keys))
    accounts: dict[str, AccountProfile] = {}
    counterparties: dict[str, CounterpartyProfile] = {}
    for kind, key in keys:
        state = stored.get((kind, key))
        if kind == profiles.ACCOUNT:
            accounts[key] = AccountProfile.load(state) if state else AccountProfile()
        else:
            counterparties[key] = CounterpartyProfile.load(state) if state else CounterpartyProfile()
    for observation in seen:
        accounts[observation.account_id].observe(observation)
        if observation.counterparty_id is not None:
            counterparties[observation.counterparty_id].observe(observation)
    return {(profiles.ACCOUNT, key): profile.dump() for key, profile in accounts.items()} | {
        (profiles.COUNTERPARTY, key): profile.dump() for key, profile in counterparties.items()
    }


def _keys(observation: Observation) -> Iterator[profiles.Key]:
    yield profiles.ACCOUNT, observation.account_id
    if observation.counterparty_id is not None:
        yield profiles.COUNTERPARTY, observation.counterparty_id
