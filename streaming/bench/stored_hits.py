"""Which rules hit the events of a scenario that an engine scored, as they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, select

from risk.domain.errors import InvalidInput
from risk.packs.pack import Pack
from risk.store.db.tables import assessment_keys, rule_hits, rules
from streaming.simulator.scenario_runner import Truth

CHUNK = 5_000


class StoredHits:
    """Reads them from the database of ``connection``, live hits and those in shadow alike."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, pack: Pack, truths: Iterable[Truth]) -> Iterator[tuple[Truth, set[str]]]:
        """Each event with the names of the pack's rules that hit it; ``InvalidInput`` if one is not stored."""
        names = [one.name for one in pack.rules]
        waiting = iter(truths)
        while chunk := list(islice(waiting, CHUNK)):
            keys = [truth.event.event_id.key for truth in chunk]
            stored = set(
                self._connection.scalars(select(assessment_keys.c.event_id).where(assessment_keys.c.event_id.in_(keys)))
            )
            missing = len(set(keys) - stored)
            if missing:
                raise InvalidInput(f"{missing:,} events of the scenario are not stored; was it sent, and all scored?")
            hits = self._hits(names, keys)
            for truth, key in zip(chunk, keys, strict=True):
                yield truth, hits[key]

    def _hits(self, names: list[str], keys: list[UUID]) -> dict[UUID, set[str]]:
        found: dict[UUID, set[str]] = defaultdict(set)
        rows = self._connection.execute(
            select(rule_hits.c.event_id, rules.c.name)
            .join(rules, rules.c.id == rule_hits.c.rule_id)
            .where(rule_hits.c.event_id.in_(keys), rules.c.name.in_(names))
        )
        for row in rows:
            found[row.event_id].add(row.name)
        return found
