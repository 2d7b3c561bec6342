"""``risk bench pack``: what the rules of a pack find in its own scenario, by kind of anomaly."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.pack import Named, read
from infra.commands.shared.terminal import AsJson, fail
from risk.domain.errors import RiskError

if TYPE_CHECKING:
    from risk.packs.pack import Pack
    from streaming.bench.pack_detection import Found, PackDetection

UNSEEN = (101, 102, 103)
"""Seeds that nobody looked at while rules were written: those used then are below 100."""


def pack(
    name: Named,
    seed: Annotated[list[int] | None, typer.Option(help="May be repeated. Default: three that are unseen.")] = None,
    days: Annotated[float | None, typer.Option(min=0.1, help="How long is judged. Default: as the pack says.")] = None,
    database_url: Annotated[
        str | None, typer.Option(help="Judge what an engine scored and stored there, in place of scoring it here.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="With --database-url: the --start of the 'risk simulate --pack' that was sent (RFC 3339)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge the rules of a pack by its own scenario: rules alone, no model, on seeds that they were not written on.

    Recall is the share of an anomaly's events that a rule meant for it hit, precision the share of these rules' hits
    that belong to an anomaly of any kind.

    Example:

      risk bench pack card-payments
    """
    found = read(name)
    rows = []
    for one in seed or UNSEEN:
        try:
            result = _judge(found, one, days, database_url, until)
        except (RiskError, ValueError) as error:
            fail(str(error))
        if not as_json:
            typer.echo(f"{found.name}, seed {one}: {result.events:,} events")
            typer.echo(f"  {'kind':24} {'events':>7} {'episodes':>9} {'found':>6} {'recall':>7} {'precision':>10}")
        for kind, of_kind in [*result.kinds.items(), ("all", result.total)]:
            rows.append(_row(one, kind, of_kind))
            if not as_json:
                typer.echo(_line(kind, of_kind))
    if as_json:
        typer.echo(json.dumps({"bench": "pack", "pack": found.name, "version": found.version, "rows": rows}))


def _judge(pack: Pack, seed: int, days: float | None, database_url: str | None, until: str | None) -> PackDetection:
    from streaming.bench.pack_detection import judge, length

    if database_url is None and until is None:
        return judge(pack, seed, days)
    if database_url is None or until is None:
        fail("--database-url and --until belong together")
    from risk.store.db.engine import create_pool
    from streaming.bench.stored_hits import StoredHits

    engine = create_pool(database_url, application="risk bench")
    try:
        with engine.connect() as connection:
            start = datetime.fromisoformat(until) - length(pack, days)
            return judge(pack, seed, days, start=start, hits_of=StoredHits(connection))
    finally:
        engine.dispose()


def _row(seed: int, kind: str, found: Found) -> dict[str, float | str]:
    return {
        "seed": seed,
        "kind": kind,
        "events": found.events,
        "episodes": len(found.episodes),
        "episodes_found": len(found.caught_episodes),
        "recall": round(found.recall, 4),
        "precision": round(found.precision, 4),
    }


def _line(kind: str, found: Found) -> str:
    episodes, caught = len(found.episodes), len(found.caught_episodes)
    recall = f"{found.recall:.2f}" if found.events else "-"
    precision = f"{found.precision:.2f}" if found.hits else "-"
    return f"  {kind:24} {found.events:>7,} {episodes:>9,} {caught:>6,} {recall:>7} {precision:>10}"
