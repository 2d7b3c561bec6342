"""``risk bench store``: Postgres processor time per stored event, beside a bare COPY of the same rows."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson


def store(
    events: Annotated[int, typer.Option(min=2_000, help="How many simulated events.")] = 50_000,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Store what the engine makes of simulated events, a read a transaction, in a Postgres of its own.

    The baseline is a COPY of the same assessments, in transactions of the same size, into a table without indexes.
    Processor time is that of the connection's backend, from /proc: this needs Linux.
    """
    from infra.commands.bench.storing_cost import measure

    measure(events, seed, as_json=as_json)
