"""Evaluates the prefilters of all rules for a whole batch: which rules can match which event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.features.catalog import BUILT_IN, Catalog
from risk.rules.lists import Membership
from risk.rules.prefilter import AMOUNT, OPERATORS, TEXT_READERS, AllOf, Listed, Number, OneOf, Screen, acceptance

if TYPE_CHECKING:
    from numpy.typing import NDArray

Event = Mapping[str, Any]


class _Columns:
    """The columns of a batch that prefilters read, each built once."""

    def __init__(self, events: Sequence[Event], vectors: Sequence[Sequence[float]], amounts: Sequence[float]) -> None:
        self._events = events
        self.features = np.array(vectors, np.float64).T
        self.amounts = np.array(amounts, np.float64)
        self._texts: dict[str, tuple[list[str], NDArray[np.intp]]] = {}

    def texts(self, field: str) -> tuple[list[str], NDArray[np.intp]]:
        """The different texts of ``field``, and the place among them of each event's."""
        found = self._texts.get(field)
        if found is None:
            places: dict[str, int] = {}
            read = TEXT_READERS[field]
            codes = [places.setdefault(read(event) or "", len(places)) for event in self._events]
            found = self._texts[field] = list(places), np.array(codes, np.intp)
        return found


class Screening:
    """Screens, ready for batches. The lists and the catalog are those that the rules were compiled with."""

    def __init__(self, screens: Sequence[Screen], lists: Membership, catalog: Catalog = BUILT_IN) -> None:
        self._index = catalog.index
        self._screens = screens
        self._lists = lists

    def possible(
        self, events: Sequence[Event], vectors: Sequence[Sequence[float]], amounts: Sequence[float]
    ) -> list[list[int]]:
        """For each event the places of the screens that let it pass; ``amounts`` are NaN where there is none."""
        found: list[list[int]] = [[] for _ in events]
        if not self._screens or not events:
            return found
        columns = _Columns(events, vectors, amounts)
        for number, wanted in enumerate(self._screens):
            for place in np.flatnonzero(self._passing(wanted, columns)).tolist():
                found[place].append(number)
        return found

    def _passing(self, wanted: Screen, columns: _Columns) -> NDArray[np.bool_]:
        if isinstance(wanted, Number):
            column = columns.amounts if wanted.name == AMOUNT else columns.features[self._index[wanted.name]]
            compared: NDArray[np.bool_] = OPERATORS[wanted.operator](column, wanted.constant)
            return compared
        if isinstance(wanted, OneOf | Listed):
            accepts = acceptance(wanted, self._lists)
            texts, codes = columns.texts(wanted.field)
            return np.array([accepts(text) for text in texts])[codes]
        combine = np.logical_and if isinstance(wanted, AllOf) else np.logical_or
        passing = self._passing(wanted.parts[0], columns)
        for part in wanted.parts[1:]:
            if isinstance(wanted, AllOf) and not passing.any():
                break
            passing = combine(passing, self._passing(part, columns))
        return passing
