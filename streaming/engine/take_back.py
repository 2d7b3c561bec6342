"""Undoes imports: deletes their events and labels, and restores profiles as if they had never been loaded.

Runs at a start, before anything new is read, in one transaction per import. The profiles that observed something
of it are rebuilt from the remaining events in their order; all others are unchanged.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from risk.features.catalog import ACCOUNT_FEATURES, BUILT_IN, Catalog, from_stored
from risk.features.definitions.definition_set import Group, Inputs, Observed, observe_groups
from risk.rules.filters import set_of
from risk.store.db.engine import driver
from risk.store.engine_state import leases, profiles
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key, Met
from risk.store.imports import imports
from streaming.engine.recovery import CHUNK, keys_of
from streaming.engine.stages.profile_cache import Known

logger = logging.getLogger(__name__)

_KEYS = "CREATE TEMP TABLE taken_back (kind text, key text, PRIMARY KEY (kind, key)) ON COMMIT DROP"
_ADD = (
    "INSERT INTO taken_back SELECT DISTINCT kind, key FROM unnest(%s::text[], %s::text[]) AS met (kind, key) "
    "ON CONFLICT DO NOTHING"
)
_AMONG = "SELECT kind, key FROM taken_back JOIN unnest(%s::text[], %s::text[]) AS met (kind, key) USING (kind, key)"
_CLEAR = "DELETE FROM profiles USING taken_back AS t WHERE profiles.kind = t.kind AND profiles.key = t.key"


def take_back(engine: Engine, epoch: int, newest: int, catalog: Catalog = BUILT_IN) -> None:
    """Undo every import marked for it; ``newest`` is the sequence of the stored profiles.

    ``catalog`` has the definitions of users whose states are among them.
    """
    with engine.connect() as connection:
        wanted = imports.to_undo(connection)
    for import_id in wanted:
        started = time.monotonic()
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            leases.check(connection, epoch)
            _note_keys(connection, import_id, catalog)
            found = imports.take_back(connection, import_id, at=datetime.now(UTC))
            driver(connection).execute(_CLEAR)
            _remake(connection, newest, catalog)
        logger.info("import %d is taken back (%s) in %.1f s", import_id, found, time.monotonic() - started)


def _note_keys(connection: Connection, import_id: int, catalog: Catalog) -> None:
    """Collect every profile that observed something of the import."""
    driver(connection).execute(_KEYS)
    definitions, after = set_of(catalog), 0
    while met := profiles.met_after(connection, after, CHUNK, import_id=import_id):
        _on_keys(connection, _ADD, {key for one in met for key in keys_of(one, definitions)})
        after = met[-1].sequence


def _remake(connection: Connection, newest: int, catalog: Catalog) -> None:
    """Rebuild the collected profiles from the remaining events."""
    definitions, after = set_of(catalog), 0
    while met := profiles.met_after(connection, after, CHUNK, vectors=True):
        keys = {key for one in met for key in keys_of(one, definitions)}
        affected = set(_on_keys(connection, _AMONG, keys))
        if affected:
            profiles.save(connection, _states(connection, met, affected, catalog), newest)
        after = met[-1].sequence


def _on_keys(connection: Connection, statement: str, keys: Iterable[Key]) -> list[Key]:
    kinds, names = [], []
    for kind, name in keys:
        kinds.append(kind)
        names.append(name)
    found = driver(connection).execute(statement, [kinds, names])
    return [(kind, key) for kind, key in found] if found.description else []


def _states(connection: Connection, met: Sequence[Met], affected: Set[Key], catalog: Catalog) -> dict[Key, bytes]:
    """The states of the affected profiles after ``met``; of those that are not, what was stored is enough."""
    definitions = set_of(catalog)
    stored = profiles.load(connection, list(affected))
    known = Known(stored.get, catalog)

    def observe(group: Group, key: str, at: int, inputs: Inputs) -> Observed:
        if (group.kind, key) in affected:
            return known.observe(group, key, at, inputs)
        return [math.nan] * len(group.places), None

    for one in met:
        account, counterparty = one.observation.account_id, one.observation.counterparty_id
        of_account, of_counterparty = (ACCOUNT, account) in affected, (COUNTERPARTY, counterparty) in affected
        if one.label is not None:
            if one.label.outcome != one.label.before:
                if of_account:
                    known.accounts.learn(account, one.label)
                if of_counterparty and counterparty is not None:
                    known.counterparties.learn(counterparty, one.label)
            continue
        vector = known.accounts.observe(account, one.observation) if of_account else _stored_vector(one)
        if of_counterparty and counterparty is not None:
            known.counterparties.observe(counterparty, one.observation, vector)
        observe_groups(definitions, one.event, one.observation.at, observe)
    return known.changes()


def _stored_vector(one: Met) -> tuple[float, ...]:
    return tuple(from_stored(one.vector or ())[: len(ACCOUNT_FEATURES)])
