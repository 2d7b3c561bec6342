"""``risk bench search``: how long searches and entity pages take in a large history."""

from __future__ import annotations

from typing import Annotated

import typer


def search(
    events: Annotated[int, typer.Option(min=1_000, help="How many assessments the history has.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=20, help="How often each question is asked.")] = 200,
) -> None:
    """Measure searches and entity pages in a history made by SQL, with a device of 100,000 events."""
    from infra.commands.bench.search_times import measure

    measure(events, rounds)
