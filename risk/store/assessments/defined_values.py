"""The values of users' definitions at scored events, in the order of today's catalog."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from risk.features.catalog import Catalog
from risk.store.engine_state import defined_states
from risk.store.rules import definitions


class StoredValues(NamedTuple):
    """What is stored with an event: its sequence, and the values of the set with this number."""

    sequence: int
    definition_set: int | None
    defined: Sequence[float | None] | None


class DefinedValues:
    """Reads them for one chunk of events after the other.

    An event that was scored before a definition was computed has the value of its backfill; what neither has is NaN.
    """

    def __init__(self, connection: Connection, catalog: Catalog) -> None:
        self._connection = connection
        self._catalog = catalog
        self._signatures = list(catalog.places)
        self._sets: dict[int | None, Catalog] = definitions.catalogs(connection, ())

    def of(self, rows: Sequence[StoredValues]) -> list[tuple[float, ...]]:
        """The values at each event."""
        if not self._signatures or not rows:
            return [() for _ in rows]
        unknown = {row.definition_set for row in rows} - self._sets.keys()
        if unknown:
            self._sets |= definitions.catalogs(self._connection, unknown)
        sequences = [row.sequence for row in rows]
        before = defined_states.values(self._connection, self._signatures, min(sequences), max(sequences))
        found = []
        for row in rows:
            stored = self._catalog.read(row.defined or (), self._sets[row.definition_set])
            found.append(
                tuple(
                    before[signature].get(row.sequence, math.nan) if math.isnan(value) else value
                    for signature, value in zip(self._signatures, stored, strict=True)
                )
            )
        return found
