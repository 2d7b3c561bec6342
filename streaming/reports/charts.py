"""Bar charts as SVG, for a self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, ROW = 720, 200, 24
_LABEL = 190
_MOST_LABELS = 12


class Bar(NamedTuple):
    """A bar: its label, its length, and its caption."""

    label: str
    value: float
    text: str


def columns(title: str, bars: Sequence[Bar], *, alert: bool = False) -> str:
    """Vertical bars, for months and the like."""
    most = max((bar.value for bar in bars), default=0) or 1
    step = WIDTH / max(1, len(bars))
    every = -(-len(bars) // _MOST_LABELS) or 1
    drawn = []
    for place, bar in enumerate(bars):
        height, left = bar.value / most * HEIGHT, place * step
        drawn.append(
            f'<rect x="{left + step * 0.1:.1f}" y="{HEIGHT - height:.1f}" width="{step * 0.8:.1f}" '
            f'height="{height:.1f}"><title>{escape(bar.label)}: {escape(bar.text)}</title></rect>'
        )
        if place % every == 0:
            drawn.append(f'<text x="{left + step / 2:.1f}" y="{HEIGHT + 16}" class="tick">{escape(bar.label)}</text>')
    top = max(bars, key=lambda bar: bar.value, default=Bar("", 0, ""))
    note = f"highest: {top.label}, {top.text}" if top.label else "nothing to show"
    return _figure(title, note, f"0 0 {WIDTH} {HEIGHT + 22}", "".join(drawn), alert=alert)


def rows(title: str, bars: Sequence[Bar], *, alert: bool = False) -> str:
    """Horizontal bars with names, for fields and the like."""
    most = max((bar.value for bar in bars), default=0) or 1
    drawn = []
    for place, bar in enumerate(bars):
        top, length = place * ROW, bar.value / most * (WIDTH - _LABEL - 150)
        drawn.append(
            f'<text x="{_LABEL - 8}" y="{top + 16}" class="name">{escape(bar.label)}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{max(1.0, length):.1f}" height="{ROW - 8}"/>'
            f'<text x="{_LABEL + length + 6:.1f}" y="{top + 16}">{escape(bar.text)}</text>'
        )
    return _figure(title, "", f"0 0 {WIDTH} {max(1, len(bars)) * ROW}", "".join(drawn), alert=alert)


def _figure(title: str, note: str, box: str, drawn: str, *, alert: bool) -> str:
    kind = ' class="alert"' if alert else ""
    caption = f"<figcaption>{escape(title)}{f' <small>{escape(note)}</small>' if note else ''}</figcaption>"
    return f'<figure{kind}>{caption}<svg viewBox="{box}" role="img" aria-label="{escape(title)}">{drawn}</svg></figure>'
