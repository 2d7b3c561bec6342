"""The check of a sentence: what it says stands in the evidence that it cites, or it is taken out.

A sentence passes if every quantity, day, time, name and code in it stands in what it cites, with its unit, and if what
it cites speaks of the same thing. Nothing is computed: a sum or a rounding that the evidence does not state is refused.
The check reads facts, not logic: that a payment was *not* made on a new device, or whose mean a number is, it cannot
see. What is to be decided no sentence decides; ``answer_check`` does the same for whole
answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property

from risk.explanations.evidence import Evidence, EvidenceKind
from risk.explanations.evidence_builder import ATTRIBUTES
from risk.explanations.explanation import Sentence
from risk.explanations.grounding.extraction import Facts, read
from risk.explanations.grounding.quantities import Moment, Quantity, plain
from risk.explanations.grounding.vocabulary import COUNTED, GENERIC, STOP

_MARK = re.compile(r"\s*\[\s*([EK]\d{1,3}(?:\s*[,;]\s*[EK]\d{1,3})*)\s*\]")
_MARKUP = re.compile(r"://|www\.|\]\(|</?[a-z!]|```|javascript:|data:", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(low|medium|high|critical)[ -](?:risk|level)|\b(?:level|risk) (?:is |of |as |was )?(low|medium|high|critical)\b"
)
_VERDICT = re.compile(
    r"\b(?:false[ _-]positives?|confirmed[ _-](?:risk|fraud)|inconclusive|legitimate|genuine|benign|harmless|safe"
    r"|innocent|trusted|cleared|fraudulent|no (?:risk|fraud)|not (?:a )?(?:fraud|risk|risky|suspicious|fraudulent))\b"
)
_ORDER = re.compile(
    r"^(?:please )?(?:close|dismiss|approve|release|ignore|whitelist|allow|unblock|mark|resolve|disregard|skip|set|pay"
    r"|send|grant|delete|disable|stop|trust|accept)\b"
    r"|\b(?:should|can|must|may|to) be (?:closed|dismissed|approved|released|ignored|whitelisted|allowed|unblocked"
    r"|marked|resolved|disregarded|skipped|trusted|accepted)\b"
)
_THIS = re.compile(
    r"\b(?:this|the|these|all|present|current)(?: \w+)? "
    r"(?:alert|event|payment|login|trade|transaction|account|customer|activity)s?\b"
)
_OF_THE_CASE = frozenset(
    """bought came dealt did had has level logged made moved paid received score scored sent sold spent traded
    transferred used was were withdrew""".split()  # noqa: SIM905
)
_OWN_WORDS = {EvidenceKind.CASE, EvidenceKind.HISTORY, EvidenceKind.KNOWLEDGE}


class Fault(StrEnum):
    """Why a sentence is taken out."""

    UNCITED = "no evidence is cited"
    UNKNOWN_CITATION = "it cites evidence that there is not"
    UNRELATED = "what it cites speaks of something else"
    NUMBER = "a number is not in the evidence cited"
    MOMENT = "a day or a time is not in the evidence cited"
    NAME = "a name is not in the evidence cited"
    LEVEL = "a level is not in the evidence cited"
    MARKUP = "it holds a link, markup, or characters that cannot be seen"
    VERDICT = "it decides, or orders, what is for people to decide"
    DISPOSITION = "the disposition is not the one that the evidence speaks for"


class _Piece:
    """One piece of evidence, read when it is first cited."""

    def __init__(self, evidence: Evidence) -> None:
        self.kind = evidence.kind
        self.text = plain(f"{evidence.title}. {evidence.text}")
        own, mark, _ = self.text.partition(ATTRIBUTES)
        self.without_attributes = _Piece(evidence.model_copy(update={"title": "", "text": own})) if mark else self

    @cached_property
    def facts(self) -> Facts:
        return read(self.text)

    @cached_property
    def stems(self) -> set[str]:
        return _stems(self.facts.words)

    @cached_property
    def nouns(self) -> set[str]:
        return {COUNTED[word] for word in self.facts.words if word in COUNTED}

    def says(self, words: str, *, exactly: bool = False) -> bool:
        """Whether the words stand here, and are not a part of longer ones."""
        pattern = rf"(?<![\w-])(?<!\w[.:@/]){re.escape(words)}(?![\w-]|[.:@/]\w)"
        return re.search(pattern, self.text, 0 if exactly else re.IGNORECASE) is not None


class Grounds:
    """The evidence that sentences are checked against.

    ``names`` are who and what the evidence speaks of (accounts, counterparties, devices), where they look like words.
    """

    def __init__(self, evidence: Iterable[Evidence], names: Sequence[str] = ()) -> None:
        self._pieces = {one.id: _Piece(one) for one in evidence}
        self._names = names

    def check(self, sentence: Sentence, *, decides: bool = False) -> Sentence | Fault:
        """The sentence with the citations that bear it, or why it cannot stand.

        ``decides`` for a sentence that gives the reason of a disposition, which may name it.
        """
        text, cites = _without_marks(sentence)
        if not cites:
            return Fault.UNCITED
        if any(one not in self._pieces for one in cites):
            return Fault.UNKNOWN_CITATION
        if not text or _MARKUP.search(text) or any(unicodedata.category(one)[0] == "C" for one in text):
            return Fault.MARKUP
        text = plain(text)
        cited = {one: self._pieces[one] for one in cites}
        if "attribute" not in text.lower():
            # What the sender says may be told as such alone.
            cited = {one: piece.without_attributes for one, piece in cited.items()}
        facts = read(_without_ids(text, cites), self._names)
        if facts.words & _OF_THE_CASE and (facts.quantities or facts.moments or facts.literals or facts.codes):
            # Knowledge is of how things go; what somebody did, and for how much, no document can say.
            cited = {one: piece for one, piece in cited.items() if piece.kind is not EvidenceKind.KNOWLEDGE}
        bearing = {one: piece for one, piece in cited.items() if _bears(piece, facts)}
        fault = _missing(facts, text, list((bearing or cited).values()))
        if fault is None and not bearing:
            fault = Fault.UNRELATED
        if fault is None and _judges(text, list(bearing.values()), decides=decides):
            fault = Fault.VERDICT
        return fault or Sentence(text=text, cites=list(bearing))


def _without_marks(sentence: Sentence) -> tuple[str, list[str]]:
    """The text without ``[E1]`` marks in it, and all that is cited, each once."""
    cites = dict.fromkeys(sentence.cites)
    for match in _MARK.finditer(sentence.text):
        cites.update(dict.fromkeys(re.findall(r"[EK]\d+", match[1])))
    return _MARK.sub("", sentence.text).strip(), list(cites)


def _without_ids(text: str, cites: Iterable[str]) -> str:
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, cites))})\b", "it", text)


def _stems(words: Iterable[str]) -> set[str]:
    return {_stem(word) for word in words if word not in STOP and word not in GENERIC and word.isalpha()}


def _stem(word: str) -> str:
    for ending, rest in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + rest
    return word


def _bears(piece: _Piece, facts: Facts) -> bool:
    """Whether a piece has to do with what a sentence says: a fact of it, or two words that are not everywhere."""
    stems = _stems(facts.words)
    shared = stems & piece.stems
    if len(shared) >= min(2, max(1, len(stems))):
        return True
    return (
        any(_has_quantity(one, [piece]) for one in facts.quantities)
        or any(_has_moment(one, [piece]) for one in facts.moments)
        or any(piece.says(one) for one in facts.literals)
        or any(piece.says(one, exactly=True) for one in facts.codes)
        or any(_has_country(name, code, [piece]) for name, code in facts.countries.items())
    )


def _missing(facts: Facts, text: str, pieces: list[_Piece]) -> Fault | None:
    """What a sentence states that none of ``pieces`` states."""
    if not all(_has_quantity(one, pieces) for one in facts.quantities):
        return Fault.NUMBER
    if not all(_has_moment(one, pieces) for one in facts.moments):
        return Fault.MOMENT
    if not all(_has_country(name, code, pieces) for name, code in facts.countries.items()):
        return Fault.NAME
    of_countries = {word for name in facts.countries for word in re.split(r"[ -]", name)}
    for literal in facts.literals:
        if literal.lower() not in of_countries and not any(piece.says(literal) for piece in pieces):
            return Fault.NUMBER if any(one.isdigit() for one in literal) else Fault.NAME
    for code in facts.codes:
        if code.lower() in of_countries or any(piece.says(code, exactly=True) for piece in pieces):
            continue
        if not any(code in piece.facts.countries.values() for piece in pieces):
            return Fault.NAME
    levels = {level for match in _LEVEL.finditer(text.lower()) for level in match.groups() if level}
    return None if all(any(piece.says(level) for piece in pieces) for level in levels) else Fault.LEVEL


def _has_quantity(claim: Quantity, pieces: list[_Piece]) -> bool:
    return any(_states(piece, claim) for piece in pieces)


def _states(piece: _Piece, claim: Quantity) -> bool:
    if claim in piece.facts.quantities:
        return True
    if claim.is_strict:
        return False
    if not claim.unit and any(moment.year == claim.value for moment in piece.facts.moments if moment.year):
        return True
    alike = [one for one in piece.facts.quantities if one.value == claim.value and not one.is_strict]
    if not claim.unit:
        return bool(alike)
    # The noun may stand elsewhere ("payments in 30 days: 12"), but not where the number has another.
    return any(not one.unit for one in alike) and claim.unit in piece.nouns


def _has_moment(claim: Moment, pieces: list[_Piece]) -> bool:
    return any(claim.is_part_of(moment) for piece in pieces for moment in piece.facts.moments)


def _has_country(name: str, code: str, pieces: list[_Piece]) -> bool:
    return any(
        piece.says(name) or piece.says(code, exactly=True) or code in piece.facts.countries.values() for piece in pieces
    )


def _judges(text: str, pieces: list[_Piece], *, decides: bool) -> bool:
    """Whether a sentence decides or orders, in words that are not the system's own."""
    lowered = text.lower()
    order, verdict = _ORDER.search(lowered), _VERDICT.search(lowered)
    if order is None and verdict is None:
        return False
    own = [piece for piece in pieces if piece.kind in _OWN_WORDS]
    if order is not None and not any(
        piece.kind is EvidenceKind.KNOWLEDGE and piece.says(order.group()) for piece in own
    ):
        return True
    if verdict is None:
        return False
    if not decides and _THIS.search(lowered):
        return True
    spoken = verdict.group().replace("_", " ")
    return not any(piece.says(spoken) or piece.says(spoken.replace(" ", "_")) for piece in own)
