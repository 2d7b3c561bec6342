"""Splits documents into the passages that are searched and cited.

A passage belongs to one section of one document and is never longer than ``MOST`` characters, unless a single word is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

MOST = 1_100
"""Characters of a passage, at most."""
CHUNKING = 1
"""Rises when the same document is cut in another way: everything is indexed anew."""

_HEADING = re.compile(r"#{1,6}[ \t]+(?=[^ \t])")
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_LINK = re.compile(r"https?://[^\s)>\]\"']+")
# No part of it may hold what begins another: else each beginning reads to the end of the text.
_MARKED = re.compile(r"\[([^\[\]]+)\]\((https?://[^\[()\s]+)\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Piece(NamedTuple):
    """A passage: section title, text, and the first URL in it."""

    section: str
    text: str
    source: str | None


def content_hash(text: str) -> str:
    """SHA-256 (hexadecimal) of a text and of the way in which it is cut."""
    return hashlib.sha256(f"{CHUNKING}\n{text}".encode()).hexdigest()


def title_of(text: str, otherwise: str) -> str:
    """The first heading of a document, or ``otherwise``."""
    for line in text.splitlines():
        heading = _heading(line)
        if heading:
            return heading
    return otherwise


def _heading(line: str) -> str | None:
    """The title of a heading line, without number signs."""
    found = _HEADING.match(line)
    if found is None:
        return None
    title = line[found.end() :].rstrip()
    return (title.rstrip("#").rstrip() or title)[:200]


def cut(text: str, title: str) -> list[Piece]:
    """The passages of a Markdown or plain text document, in order; headings name the sections."""
    return [
        Piece(section, _shown(passage), _source(passage))
        for section, body in _sections(text, title)
        for passage in _passages(body)
    ]


def _sections(text: str, title: str) -> Iterator[tuple[str, str]]:
    section, lines, fenced = title, list[str](), False
    for line in text.splitlines():
        fenced = fenced != bool(_FENCE.match(line))
        heading = None if fenced else _heading(line)
        if heading is None:
            lines.append(line)
            continue
        yield section, "\n".join(lines)
        section, lines = heading, []
    yield section, "\n".join(lines)


def _passages(body: str) -> Iterator[str]:
    """Paragraphs joined while they fit; longer ones are cut at sentences, or words."""
    held = ""
    for paragraph in re.split(r"\n[ \t]*\n", body):
        part = paragraph.strip()
        if not part:
            continue
        if held and len(held) + 2 + len(part) > MOST:
            yield held
            held = ""
        for piece in _fitting(part):
            if held and len(held) + 2 + len(piece) > MOST:
                yield held
                held = ""
            held = f"{held}\n\n{piece}" if held else piece
    if held:
        yield held


def _fitting(part: str) -> Iterator[str]:
    if len(part) <= MOST:
        yield part
        return
    held = ""
    for unit in _SENTENCE_END.split(part):
        for piece in [unit] if len(unit) <= MOST else [unit[at : at + MOST] for at in range(0, len(unit), MOST)]:
            if held and len(held) + 1 + len(piece) > MOST:
                yield held
                held = ""
            held = f"{held} {piece}" if held else piece
    yield held


def _shown(passage: str) -> str:
    """The words of a passage: a link is reduced to its text, since its URL is in ``source``."""
    return _MARKED.sub(r"\1", passage)


def _source(passage: str) -> str | None:
    found = _LINK.search(passage)
    return found[0].rstrip(".,;") if found else None
