"""The stages of one partition: its accounts, its other keys, and the scoring of its accounts' events.

Three methods, one per stage of the graph, each called with all rows of a batch, batches in order. A batch
stays open between them in this partition's process; everything sent to other partitions is passed by value.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from risk.features.catalog import NO_COUNTERPARTY, SHIPPED_FEATURES, Catalog
from risk.features.definitions.definition_set import DefinitionSet, Group, Inputs, Observed, observe_groups
from risk.features.profiles.counterparty import OF_ACCOUNT
from risk.features.profiles.observation import Learned, Observation
from risk.rules.filters import set_of
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.engine.partitions.wire import (
    ANSWERS,
    ENCODER,
    PART,
    QUESTIONS,
    STATES,
    Answers,
    Part,
    Questions,
    batch_of,
    partition_of,
    result_of,
)
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import Batch, Evicted
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known, Profiles
from streaming.engine.stages.profile_features import learned, meet_accounts, note_definitions, refused
from streaming.engine.stages.scoring import judge_batch

logger = logging.getLogger(__name__)

Rows = list[tuple[int, bytes]]
"""The output of a stage: the target partition, and the data."""


@dataclass(slots=True)
class _Open:
    """A part of a batch between stages, its policy, and what is computed of it."""

    part: Part
    batch: Batch
    policy: Policy
    catalog: Catalog
    seconds: dict[str, float] = field(default_factory=dict)


class Partition:
    """One of ``partitions``: the profiles of its keys."""

    def __init__(self, number: int, partitions: int) -> None:
        self._number = number
        self._partitions = partitions
        self._states: dict[Key, bytes] = {}
        self._known: Known | None = None
        self._policy: Policy | None = None
        self._catalog: Catalog | None = None
        self._open: dict[int, _Open] = {}
        self._drift = DriftCounts()

    def accounts(self, rows: Sequence[bytes]) -> Rows:
        """Compute the features of the events' accounts, and ask for those of their other keys."""
        started = time.perf_counter()
        [data] = rows
        part = PART.decode(data)
        if part.policy is not None:
            self._policy = pickle.loads(part.policy)  # noqa: S301  (the first process of this engine sent it)
        if part.catalog is not None:
            self._catalog = pickle.loads(part.catalog)  # noqa: S301  (as the policy)
        if self._policy is None or self._catalog is None:
            raise AssertionError("the first batch brings a policy and a catalog")
        if self._known is None:
            self._known = Known(self._take, self._catalog)
        self._let_go(part.evicted, [self._known.accounts])
        self._states.update(part.states)
        batch = batch_of(part)
        meet_accounts(batch, self._known.accounts)
        questions = self._ask(part, batch, set_of(self._catalog))
        entry = self._open[part.number] = _Open(part, batch, self._policy, self._catalog)
        found = [(to, ENCODER.encode(asked)) for to, asked in enumerate(questions)]
        entry.seconds["accounts"] = time.perf_counter() - started
        return found

    def keys(self, number: int, rows: Sequence[bytes]) -> Rows:
        """Answer the questions about this partition's counterparties and definition keys, in the batch's order.

        ``rows`` are the ``States`` from the first process, and the questions of every partition.
        """
        started = time.perf_counter()
        entry, known = self._open[number], self._known
        assert known is not None
        data, *asked = rows
        sent = STATES.decode(data)
        self._let_go(sent.evicted, [known.counterparties, *known.keys.values()])
        self._states.update(sent.states)
        if known.catalog is not entry.catalog:
            # Here and not with the accounts: the keys of the batch before may have been asked after those.
            known.install(entry.catalog, dict(sent.installed))
            kinds = {COUNTERPARTY, ACCOUNT, *known.keys}
            self._states = {key: state for key, state in self._states.items() if key[0] in kinds}
        questions = [QUESTIONS.decode(data) for data in asked]
        answers = {one.asker: Answers([], [], {}) for one in questions}
        self._meet_counterparties(questions, answers, known)
        self._meet_keys(questions, answers, known)
        if entry.part.snapshot:
            entry.batch.profiles.update(known.counterparties.changes())
            for states_of_kind in known.keys.values():
                entry.batch.profiles.update(states_of_kind.changes())
        found = [(asker, ENCODER.encode(answer)) for asker, answer in answers.items()]
        entry.seconds["keys"] = time.perf_counter() - started
        return found

    def judge(self, number: int, rows: Sequence[bytes]) -> Rows:
        """Complete the vectors with all answers, score, and return the result to the first process."""
        started = time.perf_counter()
        entry = self._open.pop(number)
        part, batch = entry.part, entry.batch
        self._complete(part, batch, [ANSWERS.decode(data) for data in rows], entry.catalog)
        judge_batch(batch, entry.policy, self._drift)
        entry.seconds["judge"] = time.perf_counter() - started
        drift = self._drift.take() if part.snapshot else []
        return [(self._number, result_of(part, batch, drift, entry.seconds))]

    def _let_go(self, keys: Sequence[Key], among: Iterable[Profiles]) -> None:
        """Forget these profiles. A state that comes with the same batch was read since: it is for a later one."""
        for key in keys:
            self._states.pop(key, None)
        evicted = Evicted(keys)
        for profiles in among:
            profiles.let_go(evicted.of(profiles.kind))

    def _take(self, key: Key) -> bytes | None:
        return self._states.pop(key, None)

    def _ask(self, part: Part, batch: Batch, definitions: DefinitionSet) -> list[Questions]:
        questions = [Questions(self._number, [], [], []) for _ in range(self._partitions)]
        numbers = {group.kind: number for number, group in enumerate(definitions.groups)}
        for place, item, vector in zip(part.places, batch.items, batch.vectors, strict=True):
            counterparty = item.observation.counterparty_id
            if vector is None:
                if counterparty is not None and (label := learned(item)) is not None:
                    questions[self._partition_of(counterparty)].learnt.append((place, label))
                continue
            if counterparty is not None:
                asked = questions[self._partition_of(counterparty)]
                asked.counterparties.append((place, item.observation, tuple(vector[:OF_ACCOUNT])))

            def ask(group: Group, key: str, at: int, inputs: Inputs, place: int = place) -> Observed:
                questions[self._partition_of(key)].keys.append((place, numbers[group.kind], key, at, inputs))
                return [0.0] * len(group.places), None

            try:
                observe_groups(definitions, item.data, item.observation.at, ask)
            except Exception as problem:
                self._fail(part, batch, place, "definitions'", problem)
        return questions

    def _fail(self, part: Part, batch: Batch, place: int, kind: str, problem: Exception) -> None:
        local = part.places.index(place)
        refused(batch, local, kind, problem)
        batch.vectors[local] = None

    def _partition_of(self, key: str) -> int:
        return partition_of(key, self._partitions)

    @staticmethod
    def _meet_counterparties(questions: Sequence[Questions], answers: dict[int, Answers], known: Known) -> None:
        wanted: list[tuple[int, int, Any, Any]] = []
        for one in questions:
            wanted += [(place, one.asker, seen, of_account) for place, seen, of_account in one.counterparties]
            wanted += [(place, one.asker, label, None) for place, label in one.learnt]
        wanted.sort(key=itemgetter(0))
        for place, asker, seen, of_account in wanted:
            try:
                if isinstance(seen, Observation):
                    values = known.counterparties.observe(seen.counterparty_id or "", seen, of_account)
                    answers[asker].counterparties.append((place, values))
                elif isinstance(seen, Learned):
                    known.counterparties.learn(seen.counterparty_id or "", seen)
            except Exception as problem:
                answers[asker].errors[place] = _said(problem)

    @staticmethod
    def _meet_keys(questions: Sequence[Questions], answers: dict[int, Answers], known: Known) -> None:
        groups = known.definitions.groups
        wanted = [
            (place, one.asker, group, key, at, inputs)
            for one in questions
            for place, group, key, at, inputs in one.keys
        ]
        wanted.sort(key=itemgetter(0))
        for place, asker, group, key, at, inputs in wanted:
            try:
                values, usual = known.observe(groups[group], key, at, inputs)
                answers[asker].keys.append((place, group, values, usual))
            except Exception as problem:
                answers[asker].errors[place] = _said(problem)

    @staticmethod
    def _complete(part: Part, batch: Batch, answers: Sequence[Answers], catalog: Catalog) -> None:
        definitions, wanted = set_of(catalog), len(SHIPPED_FEATURES) + len(catalog.definitions)
        batch.catalog = catalog
        local = {place: at for at, place in enumerate(part.places)}
        of_counterparty: dict[int, tuple[float, ...]] = {}
        values: list[list[float]] = [list(definitions.unknown) for _ in part.places]
        usual: dict[int, dict[int, float]] = {}
        for one in answers:
            of_counterparty.update(one.counterparties)
            for place, group, found, usual_here in one.keys:
                mine = values[local[place]]
                for at, value in zip(definitions.groups[group].places, found, strict=True):
                    mine[at] = value
                if usual_here is not None:
                    places = definitions.groups[group].places
                    placed = {places[at]: value for at, value in usual_here.items()}
                    usual.setdefault(local[place], {}).update(placed)
        for at, (place, vector) in enumerate(zip(part.places, batch.vectors, strict=True)):
            if vector is not None:
                batch.vectors[at] = (*vector, *of_counterparty.get(place, NO_COUNTERPARTY))
                note_definitions(batch, at, values[at], usual.get(at), definitions, wanted)
        for one in answers:
            for place, error in one.errors.items():
                batch.errors[local[place]] = error
                batch.vectors[local[place]] = None


def _said(problem: Exception) -> str:
    """One event must not stop the stream: it becomes a dead letter, and the state is unchanged."""
    logger.error("a key refused an event", exc_info=problem)
    return f"{type(problem).__name__}: {problem}"
