"""What was meant by a text with one mistake in it.

Trigrams tell ids apart badly: ``customer-1042`` shares most of its own with every other customer. So the texts that
are one mistake away are looked up instead, whose number depends on the length of the text alone.
"""

from __future__ import annotations

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_.@:"
"""What a missing or a wrong letter may have been: what ids are made of."""
SHORTEST, LONGEST = 4, 40
"""Of a text shorter than that, everything is one mistake away."""


def one_mistake_away(text: str) -> list[str]:
    """Every text, in lower case, that ``text`` is with one letter missing, too many, wrong, or swapped with the next.

    Nothing for a text that is too short or too long for it.
    """
    text = text.lower()
    if not SHORTEST <= len(text) <= LONGEST:
        return []
    letters = sorted({*LETTERS, *text})
    found: set[str] = set()
    for place in range(len(text) + 1):
        head, tail = text[:place], text[place:]
        found.update(head + letter + tail for letter in letters)
        if tail:
            found.add(head + tail[1:])
            found.update(head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return sorted(found - {text})
