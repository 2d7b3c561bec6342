"""What a language model may say: it chooses among the system's own statements, and writes none.

A statement says in which parts of an explanation it may stand: what raises a score cannot be told against the
suspicion, nor the other way round. No text of a sender's attributes or of an uploaded document is a statement: the
first stands among the evidence alone, of the second a statement says where to read it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from risk.explanations.context import Dossier
from risk.explanations.evidence import Evidence, EvidenceKind
from risk.explanations.evidence_builder import ATTRIBUTES, Exhibits
from risk.explanations.explanation import MAX_TEXT, Explanation, Sentence

SUMMARY, WHY, AGAINST, CHECKS = PARTS = ("summary", "why", "against", "checks")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_RAISES = {EvidenceKind.REASON, EvidenceKind.RULE}


class Statement(NamedTuple):
    """A sentence that may be chosen under ``id``, and the parts in which it may stand."""

    id: str
    parts: tuple[str, ...]
    sentence: Sentence


def statements(
    dossier: Dossier, found: Exhibits, template: Explanation, quotable: Collection[str]
) -> dict[str, Statement]:
    """All that may be said of ``dossier``, by id: the template's sentences, facts, and knowledge.

    Of documents named in ``quotable``, which come with the system, single sentences may be quoted.
    """
    made: dict[Sentence | str, Statement] = {}
    for parts, sentence in (*_told(template), *_facts(found.evidence), *_known(dossier, found, quotable)):
        known = made.get(sentence.text)
        if known is not None:
            more = tuple(part for part in parts if part not in known.parts)
            made[sentence.text] = known._replace(parts=known.parts + more)
        else:
            made[sentence.text] = Statement(f"S{len(made) + 1}", parts, sentence)
    return {one.id: one for one in made.values()}


_Told = tuple[tuple[str, ...], Sentence]


def _told(template: Explanation) -> Iterator[_Told]:
    yield from (((SUMMARY,), one) for one in template.summary)
    yield from (((WHY, SUMMARY), one) for one in template.why)
    yield from (((AGAINST, SUMMARY), one) for one in template.against)
    yield from (((CHECKS, SUMMARY), one) for one in template.checks)


def _facts(evidence: list[Evidence]) -> Iterator[_Told]:
    for one in evidence:
        text = one.text.partition(ATTRIBUTES)[0].strip()
        if one.kind is not EvidenceKind.KNOWLEDGE and 0 < len(text) <= MAX_TEXT:
            yield (WHY, SUMMARY) if one.kind in _RAISES else (SUMMARY,), Sentence(text=text, cites=[one.id])


def _known(dossier: Dossier, found: Exhibits, quotable: Collection[str]) -> Iterator[_Told]:
    for place, passage in enumerate(dossier.passages):
        cites = found.cite(f"passage:{place}")
        if passage.document in quotable:
            for text in _SENTENCE_END.split(passage.text):
                if 0 < len(text) < MAX_TEXT - len(passage.title) - 10:
                    yield (CHECKS, SUMMARY), Sentence(text=f"{passage.title}: “{text}”", cites=cites)
        else:
            text = f"The document {passage.document} has a passage on this, which is among the evidence."
            yield (CHECKS, SUMMARY), Sentence(text=text, cites=cites)


@dataclass
class Choice:
    """What a model has chosen of ``statements``; ``removed`` counts what it may not choose.

    Where no question is asked, the first sentence of each part of the ``template`` stands whatever it chooses: a model
    can add to what is said, and cannot leave out what weighs most.
    """

    statements: Mapping[str, Statement]
    template: Explanation
    removed: int = 0
    _chosen: int = 0
    _parts: dict[str, list[Sentence]] = field(default_factory=lambda: {part: [] for part in PARTS})

    def begin(self) -> Iterator[tuple[str, Sentence]]:
        """The sentences that stand in any case, each with its part."""
        for part in PARTS:
            for sentence in getattr(self.template, part)[:1]:
                self._parts[part].append(sentence)
                yield part, sentence

    def take(self, part: str, choice: object) -> Sentence | None:
        """The sentence chosen for ``part``; None if it may not stand there, or stands there already."""
        statement = self.statements.get(choice) if isinstance(choice, str) else None
        if statement is None or part not in statement.parts:
            self.removed += 1
            return None
        self._chosen += part == SUMMARY
        if statement.sentence in self._parts[part]:
            return None
        self._parts[part].append(statement.sentence)
        return statement.sentence

    @property
    def is_enough(self) -> bool:
        """Whether the choice is worth showing: it has a summary, and not more was removed than is left."""
        return self._chosen > 0 and self.removed <= sum(map(len, self._parts.values()))

    def explanation(self) -> Explanation:
        """The explanation; what is suggested is the template's in every case."""
        return Explanation(**self._parts, suggestion=self.template.suggestion)
