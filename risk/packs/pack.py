"""What a pack is, and what makes one whole: it brings all that its rules read, or they read what ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from risk.domain.errors import InvalidExpression, InvalidInput
from risk.domain.event_types import EventTypes, OwnEventTypes
from risk.features.catalog import INDEX, Catalog, Defined
from risk.features.definitions.definition import MAX_LIVE, Definition
from risk.packs.page import PackPage
from risk.packs.scenario import Scenario
from risk.rules.cel import check
from risk.rules.evaluator import RuleDefinition, RuleName
from risk.rules.filters import check_filter
from risk.rules.lists import LIST_NAME, MAX_VALUE, ListPurpose, ListSubject, checked_value
from risk.rules.reason_template import Template
from risk.rules.unreachable import unreachable

MAX_RULES = 100
MAX_TEXT = 100_000
STORED = object()
"""Context of a validation: the pack was whole when it was stored, whatever ships under the same names since."""
PackName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=3, max_length=40)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]+$")]
_Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackRule(RuleDefinition):
    """A rule of a pack. ``owner`` is the pack if left out."""

    name: RuleName


class PackList(_Part):
    """A list of a pack, with the ``entries`` that it begins with."""

    name: Annotated[str, StringConstraints(pattern=f"^{LIST_NAME.pattern}$")]
    purpose: ListPurpose
    subject: ListSubject
    description: Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")] = ""
    entries: Annotated[list[Annotated[str, Field(max_length=MAX_VALUE)]], Field(max_length=1_000)] = []

    @model_validator(mode="after")
    def _normal(self) -> Self:
        for value in self.entries:
            try:
                normal = checked_value(self.subject, value)
            except InvalidInput as error:
                raise ValueError(f"entries: {error.detail}") from error
            if normal != value:
                raise ValueError(f"entries: {value} is written {normal}")
        return self


class PackDocument(_Part):
    """A document that explanations may cite, in Markdown."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$")]
    text: Annotated[_Text, StringConstraints(max_length=MAX_TEXT, min_length=20)]


class Pack(_Part):
    """Event types, definitions, rules, lists and knowledge that are installed, upgraded and removed together.

    ``version`` rises with every change of the pack.
    """

    name: PackName
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: _Line
    description: Annotated[_Text, StringConstraints(max_length=2_000)]
    event_types: OwnEventTypes = {}
    definitions: Annotated[list[Definition], Field(max_length=MAX_LIVE)] = []
    rules: Annotated[list[PackRule], Field(max_length=MAX_RULES)] = []
    lists: Annotated[list[PackList], Field(max_length=50)] = []
    knowledge: Annotated[list[PackDocument], Field(max_length=50)] = []
    scenario: Scenario | None = None
    page: PackPage | None = None

    @field_validator("rules", mode="before")
    @classmethod
    def _owned(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, list):
            return value
        owner = f"pack {info.data.get('name', '')}"
        return [{"owner": owner, **one} if isinstance(one, dict) else one for one in value]

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Self:
        if info.context is STORED:
            return self
        for kind, names in self.names().items():
            repeated = sorted(name for name, count in Counter(names).items() if count > 1)
            if repeated:
                raise ValueError(f"{kind}: {', '.join(repeated)} is there more than once")
        for definition in self.definitions:
            with _at(f"definitions: {definition.name}"):
                _check_definition(definition)
        for rule in self.rules:
            with _at(f"rules: {rule.name}"):
                self._check_rule(rule)
        for anomaly in () if self.scenario is None else self.scenario.anomalies:
            unknown = sorted(set(anomaly.found_by) - set(_names(self.rules)))
            if unknown:
                raise ValueError(f"scenario: {anomaly.kind}: there is no rule {unknown[0]}")
        return self

    @classmethod
    def of_stored(cls, document: dict[str, Any]) -> Self:
        """The pack that was stored as ``document``."""
        return cls.model_validate(document, context=STORED)

    @property
    def catalog(self) -> Catalog:
        """The features that its rules may read: those that ship, and its own."""
        return Catalog(1, tuple(Defined(1, True, one) for one in self.definitions))

    def names(self) -> dict[str, list[str]]:
        """The names of what it brings, by kind."""
        return {
            "event_types": list(self.event_types),
            "definitions": _names(self.definitions),
            "lists": _names(self.lists),
            "rules": _names(self.rules),
            "knowledge": _names(self.knowledge),
        }

    def _check_rule(self, rule: PackRule) -> None:
        subjects = {one.name: one.subject for one in self.lists}
        Template(rule.reason_text, self.catalog.index)
        check(rule.expression, subjects, self.catalog)
        if faults := unreachable(rule.expression, subjects, list(EventTypes(self.event_types))):
            raise InvalidExpression(faults)


def _names(parts: Iterable[Any]) -> list[str]:
    return [one.name for one in parts]


def _check_definition(definition: Definition) -> None:
    if definition.name in INDEX:
        raise InvalidInput("a feature that ships has this name")
    if definition.filter is not None:
        check_filter(definition.filter)


@contextmanager
def _at(where: str) -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        raise ValueError(f"{where}: {error.detail}") from error
