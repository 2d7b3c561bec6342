"""Reading quantities, days and times in a text, whichever of the usual ways they are written in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

import pycountry

from risk.explanations.grounding.vocabulary import (
    CARDINALS,
    COUNTED,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    MONTHS,
    SCALES,
    STOP,
    TIME_UNITS,
)

PERCENT, TIMES = "%", "×"
_MONEY = re.compile(r"[A-Z]{3}")
_SPLIT = re.compile(r"[^\s()\[\]{}\"“”„«»;=<>≥≤≈~|…—–*]+|[;()\[\]—–]")
EDGES = ".,:!?'’‘`"
_NUMBER = re.compile(r"([-+−]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_QUANTITY = re.compile(rf"([€$£¥]?)({_NUMBER.pattern})(?:-?([^\W\d_]+|%|×))?(?:-[a-z]+)*")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(am|pm|Z)?", re.IGNORECASE)
_WINDOWS = {"a", "an", "per", "each", "every", "last", "past", "previous"}
_SHORT = {"ms", "s", "sec", "min", "h", "hr", "d"}
_SIGNS = {PERCENT, TIMES, *CURRENCY_SIGNS}


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts: ``""`` if nothing is said, an ISO 4217 code, ``%``, ``×``, or a noun."""

    value: Decimal
    unit: str = ""

    @property
    def is_strict(self) -> bool:
        """Whether the unit is part of the number: money, shares, ratios and times are nothing without theirs."""
        return bool(_MONEY.fullmatch(self.unit)) or self.unit in {PERCENT, TIMES, *TIME_UNITS.values()}


@dataclass(frozen=True)
class Moment:
    """A day, a time of day, or both, as far as a text says; what it leaves open is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    def is_part_of(self, other: Moment) -> bool:
        """Whether ``other`` says all that this says."""
        return all(mine is None or mine == getattr(other, name) for name, mine in vars(self).items())

    def with_the_rest_of(self, other: Moment) -> Moment:
        """A day and a time of day that stand side by side: one moment, of which neither is taken from another."""
        if (self.month is None) == (other.month is None):
            return other
        return Moment(**{name: mine if mine is not None else vars(other)[name] for name, mine in vars(self).items()})


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, without the punctuation around it."""

    text: str
    opens: bool  # whether a sentence begins with it
    breaks: bool  # whether punctuation follows, which no unit reaches over

    @property
    def word(self) -> str:
        """As words are compared: small, without a possessive ending."""
        return self.text.lower().removesuffix("'s").removesuffix("’s")


def plain(text: str) -> str:
    """``text`` with one way to write each character, and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and signs of a text that is ``plain``, in their order."""
    found: list[Token] = []
    opens = True
    for match in _SPLIT.finditer(text):
        chunk = match.group()
        core = chunk.strip(EDGES)
        if not core:
            continue
        if core not in _SIGNS and not any(one.isalnum() for one in core):
            if found:
                found[-1] = Token(found[-1].text, found[-1].opens, True)
            continue
        tail = chunk[chunk.rindex(core[-1]) + 1 :]
        found.append(Token(core, opens, bool(tail.strip("'’`"))))
        opens = any(mark in tail for mark in ".!?:")
    return found


def fact(tokens: list[Token], at: int) -> tuple[Quantity | Moment | str | None, int]:
    """What begins at ``at``, and how many tokens it takes; None for a word."""
    for reading in (_a_moment, _an_amount, _a_number_in_words, _a_window):
        found = reading(tokens, at)
        if found is not None:
            return found
    return None, 1


_Read = tuple[Quantity | Moment | str, int] | None


def _a_moment(tokens: list[Token], at: int) -> _Read:
    text = tokens[at].text
    if match := _ISO.fullmatch(text):
        return _iso(text, match), 1
    following = [token.word for token in tokens[at + 1 : at + 3]]
    if match := _CLOCK.fullmatch(text):
        half = (match[4] or "").lower().removesuffix("z")
        spelled = following[0] if following and following[0].replace(".", "") in {"am", "pm"} else ""
        if match[2] or half or spelled:
            return _clock(match, half or spelled.replace(".", ""), text), 2 if spelled and not half else 1
    return _calendar(tokens, at)


def _iso(text: str, match: re.Match[str]) -> Moment | str:
    try:
        moment = datetime.fromisoformat(text.split(".", 1)[0] + (match[3] or "" if "." in text else ""))
    except ValueError:
        return text
    if moment.utcoffset():
        moment -= moment.utcoffset()  # type: ignore[operator]  # just seen to be there
    if match[2] is None:
        return Moment(moment.year, moment.month, moment.day)
    second = moment.second if match[2].count(":") == 2 else None
    return Moment(moment.year, moment.month, moment.day, moment.hour, moment.minute, second)


def _clock(match: re.Match[str], half: str, text: str) -> Moment | str:
    hour, minute = int(match[1]), int(match[2] or 0)
    if half:
        if not 1 <= hour <= 12:
            return text
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Moment(hour=hour, minute=minute, second=int(match[3]) if match[3] else None)


def _day(token: Token) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token.text)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _calendar(tokens: list[Token], at: int) -> _Read:
    """``31 January 2026``, ``January 31, 2026``, ``31 January``, ``January 2026``."""
    here = [token for token in tokens[at : at + 4] if token.word != "of"][:3]
    skipped = sum(token.word == "of" for token in tokens[at : at + len(here)])
    month_at = next(
        (place for place, token in enumerate(here[:2]) if token.text[0].isupper() and token.word in MONTHS), None
    )
    if month_at is None or (month_at == 1 and _day(here[0]) is None):
        return None
    month = MONTHS[here[month_at].word]
    parts = here[:1] if month_at == 1 else here[1:2]
    day = _day(parts[0]) if parts else None
    year_at = 2 if day is not None else 1
    year = here[year_at].text if len(here) > year_at and re.fullmatch(r"\d{4}", here[year_at].text) else None
    if day is None and year is None:
        return None
    return Moment(int(year) if year else None, month, day), year_at + (1 if year else 0) + skipped


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _an_amount(tokens: list[Token], at: int) -> _Read:
    token = tokens[at]
    if token.text in CURRENCY_SIGNS and at + 1 < len(tokens) and _NUMBER.fullmatch(tokens[at + 1].text):
        return Quantity(_decimal(tokens[at + 1].text), CURRENCY_SIGNS[token.text]), 2
    match = _QUANTITY.fullmatch(token.text)
    if match is None:
        return (token.text, 1) if any(one.isdigit() for one in token.text) else None
    if not token.breaks and at + 1 < len(tokens) and _NUMBER.fullmatch(tokens[at + 1].text):
        return f"{token.text} {tokens[at + 1].text}", 2  # 1 234 may be one number or two
    value, sign, glued = _decimal(match[2]), match[1], match[6]
    if sign or glued:
        unit = _unit(sign or glued) if not (sign and glued) else None
        return (token.text, 1) if unit is None else (Quantity(value, unit), 1)
    before = tokens[at - 1].text if at and not tokens[at - 1].breaks else ""
    return _with_unit(value, tokens, at + 1, before, token.breaks)


def _a_number_in_words(tokens: list[Token], at: int) -> _Read:
    first, *rest = tokens[at].word.split("-")
    if first in CARDINALS and rest and not _is_numeral(tokens[at]):  # five-day, two-factor
        unit = _unit(rest[0])
        return (tokens[at].text, 1) if unit is None else (Quantity(Decimal(CARDINALS[first]), unit), 1)
    words: list[str] = []
    place = at
    while place < len(tokens) and (place == at or not tokens[place - 1].breaks):
        word = tokens[place].word
        if (
            word == "and"
            and words
            and words[-1] in SCALES
            and place + 1 < len(tokens)
            and _is_numeral(tokens[place + 1])
        ):
            place += 1
            continue
        if not _is_numeral(tokens[place]) or (words and not _goes_on(words[-1], word.split("-")[0])):
            break
        words += word.split("-")
        place += 1
    if not words or words[0] in SCALES:
        return None
    total = group = 0
    for word in words:
        if word in CARDINALS:
            group += CARDINALS[word]
        elif word == "hundred":
            group *= 100
        else:
            total, group = total + group * SCALES[word], 0
    quantity, taken = _with_unit(Decimal(total + group), tokens, place, "", tokens[place - 1].breaks, place - at)
    # "one of these", "no one", "one after the other": without a noun no number is meant.
    return None if words == ["one"] and not quantity.unit else (quantity, taken)


def _is_numeral(token: Token) -> bool:
    return all(part in CARDINALS or part in SCALES for part in token.word.split("-"))


def _goes_on(last: str, word: str) -> bool:
    """Whether ``word`` belongs to the number that ``last`` is part of: twenty five, five hundred, hundred five."""
    if word in SCALES or last in SCALES:
        return True
    return CARDINALS[last] >= 20 and CARDINALS[word] < 10


def _with_unit(
    value: Decimal, tokens: list[Token], at: int, before: str, breaks: bool, taken: int = 1
) -> tuple[Quantity, int]:
    """The quantity with the unit that follows it, from ``at`` on, or that stood before it."""
    more = 0
    if not breaks and at < len(tokens) and tokens[at].word in SCALES:
        value, breaks, more = value * SCALES[tokens[at].word], tokens[at].breaks, 1
    if not breaks:
        following = tokens[at + more : at + more + 3]
        for place, token in enumerate(following):
            pair = f"{token.word} {following[place + 1].word}" if place + 1 < len(following) else ""
            if place == 0 and pair in {"per cent", "percentage points"}:
                return Quantity(value, PERCENT if pair == "per cent" else "points"), taken + more + 2
            unit = _unit(token.text)
            if unit is not None and (place == 0 or unit in COUNTED.values() or unit in TIME_UNITS.values()):
                return Quantity(value, unit), taken + more + (1 if place == 0 else 0)
            if token.breaks or token.word in STOP or any(one.isdigit() for one in token.text):
                break
    code = CURRENCY_SIGNS.get(before) or (before if before in currencies() else "")
    return Quantity(value, code), taken + more


def _unit(text: str) -> str | None:
    word = text.lower()
    if text in {PERCENT, "percent", "pct"}:
        return PERCENT
    if text in {TIMES, "x", "times", "fold"}:
        return TIMES
    if text.upper() == text and text in currencies():
        return text
    if text in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[text]
    if len(text) == 1 and text != word:  # 3-D is no three days
        return None
    return TIME_UNITS.get(word.split("-")[0]) or CURRENCY_WORDS.get(word) or COUNTED.get(word)


def _a_window(tokens: list[Token], at: int) -> _Read:
    """``an hour``, ``per day``, ``the last week``: one of that unit."""
    if tokens[at].word not in _WINDOWS or tokens[at].breaks or at + 1 == len(tokens):
        return None
    word = tokens[at + 1].word
    unit = TIME_UNITS.get(word)
    # In "a second device" it is no time.
    if unit is None or word in _SHORT or word.endswith("s") or (word == "second" and not _ends(tokens, at + 1)):
        return None
    return Quantity(Decimal(1), unit), 2


def _ends(tokens: list[Token], at: int) -> bool:
    return tokens[at].breaks or at + 1 == len(tokens)


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)
