"""What an expression may cost: searches in text, and texts that are put together, are bounded when it is written.

Searching takes as long as the one text times the other, and each ``+`` copies what is to its left. With these bounds
no expression does more than some thousands of times the work of its shortest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from risk.rules.cel import Token

MAX_JOINS = 32
MAX_SEARCHES = 32
MAX_WANTED = 128
_FIELD = ["event", "."]


def excess(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """The places in ``tokens`` that cost too much, and why."""
    joins = [place for place, token in enumerate(tokens) if token.kind == "other" and token.text == "+"]
    if len(joins) > MAX_JOINS:
        yield joins[MAX_JOINS], f"an expression may have {MAX_JOINS} times +, this has {len(joins)}"
    searches = [
        place
        for place, token in enumerate(tokens[:-1])
        if token.kind == "name" and token.text == "contains" and tokens[place + 1].text == "("
    ]
    if len(searches) > MAX_SEARCHES:
        yield searches[MAX_SEARCHES], f"an expression may search {MAX_SEARCHES} times, this does {len(searches)} times"
    for place in searches:
        if not (_is_one_text(tokens, place) and _is_short(tokens, place + 2)):
            yield (
                place,
                "contains searches one text, not several put together, for words in quotes (at most "
                f'{MAX_WANTED} characters) or a field of the event: event.channel.contains("app")',
            )


def _is_one_text(tokens: Sequence[Token], place: int) -> bool:
    """Whether what is searched is a field or a text in quotes: nothing that was put together in brackets."""
    before = tokens[max(0, place - 2) : place]
    return (
        len(before) == 2 and before[1].text == "." and (before[0].kind in {"name", "string"} or before[0].text == "]")
    )


def _is_short(tokens: Sequence[Token], place: int) -> bool:
    wanted = [*tokens[place : place + 4]]
    if wanted and wanted[0].kind == "string":
        return len(wanted[0].text) <= MAX_WANTED + 2 and [token.text for token in wanted[1:2]] == [")"]
    texts = [token.text for token in wanted]
    return texts[:2] == _FIELD and texts[2:3] != ["attributes"] and texts[3:4] == [")"]
