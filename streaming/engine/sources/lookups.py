"""Looks up known event ids and stored profiles in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine

from risk.features.profiles.observation import Observation
from risk.store.assessments import assessments
from risk.store.engine_state import profiles


class StoredMemory:
    """Looks up ids and profiles, each call in a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known_ids(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Those of ``event_ids`` that are stored already."""
        with self._engine.connect() as connection:
            return assessments.scored(connection, event_ids)

    def find_labels(self, event_ids: Sequence[UUID]) -> dict[UUID, list[profiles.StoredLabel]]:
        """The labels of those of these events that have some, in the order received."""
        with self._engine.connect() as connection:
            return profiles.find_labels(connection, event_ids)

    def find_events(self, event_ids: Sequence[UUID]) -> dict[UUID, Observation]:
        """What there was to see of those of these events that are stored."""
        with self._engine.connect() as connection:
            return profiles.find_events(connection, event_ids)

    def load_profiles(self, keys: Sequence[profiles.Key]) -> dict[profiles.Key, bytes]:
        """The stored states of ``keys``."""
        with self._engine.connect() as connection:
            return profiles.load(connection, keys)
