"""The regular expressions that rules may use.

RE2 never takes more than linear time, but CEL makes its program anew at every evaluation, and that grows
with repetitions and classes of characters.
"""

from __future__ import annotations

import re

from cel_expr_python import cel  # type: ignore[import-untyped]  # its stubs lack the marker

MAX_PATTERN = 128
MAX_PATTERN_WORK = 160

_REPEAT = re.compile(r"((?s:.))\{(\d+)(?:,(\d*))?\}")
_WIDE = re.compile(r"\.|\[\^|\\[DSW]")  # each is many ranges of UTF-8
_CEL = cel.NewEnv()


def _pattern_work(pattern: str) -> int:
    """How large RE2's program for ``pattern`` gets, in letters: about a microsecond each, at every evaluation."""
    work, factor = len(pattern) + 4 * len(_WIDE.findall(pattern)), 1
    for before, *counts in _REPEAT.findall(pattern):
        times = max(int(count) for count in counts if count)
        if before in ")}":
            factor *= max(1, times)
        else:
            work += times * (5 if before in ".]DSW" else 1)
    return work * factor


def pattern_fault(pattern: str) -> str | None:
    """Why ``pattern`` is refused, or None for one that rules may use."""
    if len(pattern) > MAX_PATTERN or _pattern_work(pattern) > MAX_PATTERN_WORK:
        return (
            f"this pattern is too large: at most {MAX_PATTERN} characters, and few of `.` and of repetitions like {{3}}"
        )
    if re.search(r"\\[pP]", pattern):
        return "classes such as \\pL are too slow here; write the characters, such as [a-z]"
    value = _CEL.compile(f"'a'.matches({_quoted(pattern)})").eval(data={}).value()
    return None if isinstance(value, bool) else str(value).partition(": ")[2]


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'
