"""Replaces personal data by pseudonyms in text sent to a language model, and restores it in the answer.

The same texts get the same stand-ins: letters only, so that none of them reads as a number. What no list names is
found by its form (addresses of mail and network, card and account numbers); a name in free prose is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import ascii_uppercase

_STAND_IN = r"\b[A-Z]+_[A-Z]{1,3}\b"
_FORMS = {
    "MAIL": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "ADDRESS": r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}(?![\w:])",
    "NUMBER": r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    # A date with a time of day has as many digits as a telephone number.
    r"|(?<![\w.,+-])(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ -]?\d){8,18}(?![\w.,]*\d)(?!:\d)",
}


def _letters(number: int) -> str:
    name = ""
    while number >= 0:
        name = ascii_uppercase[number % 26] + name
        number = number // 26 - 1
    return name


class Pseudonyms:
    """Stand-ins for ``known`` values (value → what it is, such as ``ACCOUNT``), and for what looks personal.

    They are given in the order in which values are first met. An empty ``known`` with ``forms=False`` hides nothing.
    """

    def __init__(self, known: Mapping[str, str], *, forms: bool = True) -> None:
        self._known = {value: kind for value, kind in known.items() if value}
        # However it is written: an account that is quoted in lower case is the same account.
        self._folded = {value.casefold(): kind for value, kind in self._known.items()}
        self._stand_ins: dict[str, str] = {}
        self._values: dict[str, str] = {}
        # Forms come first: an address of mail is one thing, whatever is known of its parts. Words that look like
        # stand-ins are replaced, too, so that none is taken for one on the way back.
        patterns = [f"(?P<{kind}>{form})" for kind, form in _FORMS.items()] if forms else []
        if self._known:
            longest_first = sorted(self._known, key=len, reverse=True)
            patterns.append(rf"(?<![\w-])(?i:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
        self._pattern = re.compile("|".join([*patterns, f"(?P<WORD>{_STAND_IN})"])) if patterns else None

    def hide(self, text: str) -> str:
        """``text`` with stand-ins."""
        return text if self._pattern is None else self._pattern.sub(self._hidden, text)

    def _hidden(self, match: re.Match[str]) -> str:
        return self._stand_in(
            match.lastgroup or self._known.get(match.group()) or self._folded[match.group().casefold()], match.group()
        )

    def show(self, text: str) -> str:
        """``text`` with what its stand-ins stand for; one that stands for nothing stays as it is."""
        return re.sub(_STAND_IN, lambda match: self._values.get(match.group(), match.group()), text)

    def _stand_in(self, kind: str, value: str) -> str:
        if value not in self._stand_ins:
            number = sum(one.startswith(f"{kind}_") for one in self._values)
            self._stand_ins[value] = f"{kind}_{_letters(number)}"
            self._values[self._stand_ins[value]] = value
        return self._stand_ins[value]


def kinds(**values: Iterable[str | None]) -> dict[str, str]:
    """Known values for ``Pseudonyms``: ``kinds(account=["ada"])``; the first kind that names a value counts."""
    found: dict[str, str] = {}
    for kind, given in values.items():
        for value in given:
            if value:
                found.setdefault(value, kind.upper())
    return found
