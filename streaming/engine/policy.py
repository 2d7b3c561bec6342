"""The policy that batches are scored by: thresholds, alert policy, rules, lists, definitions, models.

A change takes effect within a fraction of a second. The graph carries only the number of a policy, by an
as-of-now join, so that a batch is judged by one policy and nothing that was judged is judged again. What a policy
needs is read and compiled by the polling thread, while scoring continues with the previous one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pathway as pw
from sqlalchemy import Connection, Engine

from risk.alerts.configuration import Configuration
from risk.decisions.evaluation import DecisionSet
from risk.features.catalog import BUILT_IN, Catalog
from risk.rules.evaluator import RuleSet
from risk.rules.lists import Membership
from risk.scoring.scorecard import SCORECARD
from risk.scoring.scorer import Scorer
from risk.store.config import configurations
from risk.store.models import models
from risk.store.rules import definitions, lists, rules
from streaming.engine.model_loader import Scorers
from streaming.engine.retry import DATABASE_ERRORS
from streaming.engine.stages.rule_prefilter import Screening

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.25
KEPT = 8
"""Policies kept for batches that were joined just before a change."""


@dataclass(frozen=True)
class Policy:
    """A compiled state of everything that an Admin can change. ``stage`` is the number of the models' stage.

    ``catalog`` is the order of the vectors that rules and models read. The champion judges; the challenger, if there is
    one, scores the same events in its shadow.
    """

    configuration: Configuration
    revision: int
    rules: RuleSet
    champion: Scorer = SCORECARD
    challenger: Scorer | None = None
    stage: int = 0
    catalog: Catalog = BUILT_IN
    screening: Screening = field(init=False)
    decisions: DecisionSet = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "screening", Screening(self.rules.screens, self.rules.lists, self.catalog))
        rates = self.configuration.alert_policy.exchange
        compiled = DecisionSet(self.configuration.decisions, self.rules.lists, rates, self.catalog)
        object.__setattr__(self, "decisions", compiled)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its sources, and compiled again."""
        kept = (self.configuration, self.revision, self.rules, self.champion, self.challenger, self.stage)
        return Policy, (*kept, self.catalog)


class PolicyRow(pw.Schema):
    """The number of the policy in force, under the one key ``name``."""

    name: str = pw.column_definition(primary_key=True)
    number: int


class Policies(pw.io.python.ConnectorSubject):
    """Polls for changes; ``current`` is the policy in force, ``numbered`` finds one by what the graph carries."""

    def __init__(self, engine: Engine, configuration: Configuration, stop: threading.Event) -> None:
        super().__init__(datasource_name="policy", session_type="upsert")
        self._engine = engine
        self._stop = stop
        self._scorers = Scorers()
        with engine.connect() as connection:
            self.current = read_policy(connection, configuration, self._scorers)
        self._number = 0
        self._kept = {0: self.current}

    def numbered(self, number: int | None) -> Policy:
        """The policy with this number; the first one for rows that came before any."""
        return self._kept.get(number or 0, self.current)

    def run(self) -> None:
        """Put the number of each new policy into the graph."""
        self.watch(self._announce)

    def watch(self, announce: Callable[[], None] | None = None) -> None:
        """Keep the newest policy in force until the engine stops; ``announce`` each, including the first."""
        announce = announce or self._say
        announce()
        while not self._stop.wait(POLL_SECONDS):
            try:
                with self._engine.connect() as connection:
                    changed = self._look(connection)
            except DATABASE_ERRORS as error:
                logger.warning("changes of the policy cannot be read, the present one stays: %s", error)
                continue
            if changed is not None:
                self.current = changed
                self._number += 1
                self._kept[self._number] = changed
                self._kept.pop(self._number - KEPT, None)
                announce()

    def _look(self, connection: Connection) -> Policy | None:
        """The policy, if it has changed."""
        configuration = configurations.current(connection) or self.current.configuration
        now = (configuration.version, rules.revision(connection), models.revision(connection))
        if now == (self.current.configuration.version, self.current.revision, self.current.stage):
            return None
        return read_policy(connection, configuration, self._scorers, self.current)

    def _announce(self) -> None:
        self.next(name="current", number=self._number)
        self.commit()
        self._say()

    def _say(self) -> None:
        logger.info(
            "configuration version %d, revision %d of the rules and %s (challenger: %s) are in force",
            self.current.configuration.version,
            self.current.revision,
            self.current.champion.version,
            self.current.challenger.version if self.current.challenger else "none",
        )


def read_policy(
    connection: Connection, configuration: Configuration, scorers: Scorers, present: Policy | None = None
) -> Policy:
    """The policy in the database.

    Of ``present``, the policy before, the champion stays if the one named now is refused, and of lists only what
    changed since is read.
    """
    # What changes between these queries makes the revision too old, never too new: the next look reads again.
    revision = rules.revision(connection)
    active, membership = rules.active(connection), _membership(connection, revision, present)
    catalog = definitions.current(connection)
    compiled = RuleSet.build(active, membership, configuration.alert_policy.exchange, catalog)
    for rule_id, why in compiled.refused.items():
        logger.error("rule %s is left out: %s", rule_id, why)
    stage = models.current(connection)
    champion, challenger = scorers.in_force(connection, stage.stage, present.champion if present else None, catalog)
    policy = Policy(configuration, revision, compiled, champion, challenger, stage.number, catalog)
    for name, why in policy.decisions.refused.items():
        logger.error("rule %s of the decision policy is left out: %s", name, why)
    return policy


def _membership(connection: Connection, revision: int, present: Policy | None) -> Membership:
    """The lists at ``revision``, of which ``present`` has those of an earlier one."""
    if present is not None:
        if present.revision == revision:
            return present.rules.lists
        found = present.rules.lists.changed(*lists.changes(connection, after=present.revision, until=revision))
        if found is not None:
            return found
    return Membership(lists.entries_in_force(connection))
