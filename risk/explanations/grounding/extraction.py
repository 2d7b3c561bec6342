"""The facts that a text states: quantities with their units, days and times, and what has to stand word for word.

Texts are compared by these and never by their wording: ``1,234.50`` is ``1234.5``, ``six`` is ``6``, ``EUR 840`` is
``840.00 euros``; ``840 USD`` is another fact, and so is ``30 hours`` where the evidence says ``30 days``. What is
written in no form known here has to be in the evidence as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import pycountry

from risk.explanations.grounding.quantities import EDGES, Moment, Quantity, Token, fact, plain, tokens_of
from risk.explanations.grounding.vocabulary import ABBREVIATIONS, HOLDERS, QUANTITY_WORDS, SCALES, WORDS

_QUOTED = re.compile(r"[\"“„«]([^\"”“»]+)[\"”“»]")
_CONNECTED = re.compile(r"[\d_@\\/.+#]")
_BETWEEN = {"at", "on", "utc", "around", "about"}


@dataclass
class Facts:
    """What a text states. ``literals`` have to stand in its evidence word for word, ``codes`` in capitals too."""

    quantities: set[Quantity] = field(default_factory=set)
    moments: set[Moment] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    countries: dict[str, str] = field(default_factory=dict)  # as named → ISO 3166 code
    words: set[str] = field(default_factory=set)


def read(text: str, names: Sequence[str] = ()) -> Facts:
    """The facts of ``text``. ``names`` are words that are known to name somebody or something."""
    text = plain(text)
    facts = Facts(countries=dict(_countries_in(text)))
    facts.literals.update(match.group(1).strip(EDGES + " ") for match in _QUOTED.finditer(text))
    tokens, known = tokens_of(text), {name.lower() for name in names}
    at = 0
    before: Moment | None = None
    while at < len(tokens):
        found, taken = fact(tokens, at)
        if isinstance(found, Quantity):
            facts.quantities.add(found)
        elif isinstance(found, Moment):
            facts.moments.update({found} if before is None else {found, before.with_the_rest_of(found)})
        elif isinstance(found, str):
            facts.literals.add(found)
        else:
            _add_word(tokens, at, facts, known)
        facts.words.update(token.word for token in tokens[at : at + taken])
        if not (found is None and tokens[at].word in _BETWEEN):
            before = found if isinstance(found, Moment) else None
        at += taken
    return facts


def _add_word(tokens: list[Token], at: int, facts: Facts, known: set[str]) -> None:
    token = tokens[at]
    text, word = token.text, token.word
    facts.words.update({word, *word.split("-"), *word.split("/")})
    bare = text.removesuffix("'s").removesuffix("’s")
    if word in QUANTITY_WORDS or word in SCALES or word in known:
        facts.literals.add(bare)
    elif _CONNECTED.search(bare):
        if bare.lower() not in {"e.g", "i.e", "and/or", "n/a", "vs", "etc"}:
            facts.literals.add(bare)
    elif not bare.isascii():
        facts.literals.add(bare)
    elif len(bare) > 1 and bare == bare.upper() and any(one.isalpha() for one in bare):
        if bare not in ABBREVIATIONS:
            facts.codes.add(bare)
    elif bare != bare.lower() and len(bare) > 1:
        if bare not in ABBREVIATIONS and not (token.opens and _is_ordinary(word)):
            facts.literals.add(bare)
    elif at and not tokens[at - 1].breaks and tokens[at - 1].word in HOLDERS and not _may_follow(word):
        facts.literals.add(bare)


def _may_follow(word: str) -> bool:
    """Whether ``word`` after ``account`` or ``device`` says something of it, and is not its name."""
    return _is_ordinary(word) or (len(word) > 4 and word.isalpha() and word.endswith(("ly", "ing", "ed")))


def _is_ordinary(word: str) -> bool:
    return all(part in WORDS or part.rstrip("'’") in WORDS for part in word.replace("n't", "").split("-"))


_SPOKEN = {
    "usa": "US",
    "u.s": "US",
    "america": "US",
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "russia": "RU",
    "south korea": "KR",
    "north korea": "KP",
    "iran": "IR",
    "syria": "SY",
    "turkey": "TR",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "hong kong": "HK",
    "macau": "MO",
    "the netherlands": "NL",
    "holland": "NL",
}


@cache
def _countries() -> tuple[dict[str, str], re.Pattern[str]]:
    names = {
        plain(name).lower(): country.alpha_2
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", country.name))
    } | _SPOKEN
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return names, re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w-])")


def _countries_in(text: str) -> Iterator[tuple[str, str]]:
    names, pattern = _countries()
    for match in pattern.finditer(text.lower()):
        yield match.group(), names[match.group()]
