"""``risk bench world``: a labelled world of payments for judging fraud detection."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, counts, fail


def world(
    out: Annotated[Path, typer.Option(help="Where to write events and labels (JSON lines). The truth goes beside it.")],
    seed: Annotated[int, typer.Option(help="Each seed is another world.")] = 1,
    days: Annotated[int, typer.Option(min=10, max=400, help="How long it lasts.")] = 60,
    per_day: Annotated[int, typer.Option(min=50, max=100_000, help="Payments a day, about.")] = 5_833,
    as_json: AsJson = False,
) -> None:
    """Write a world of honest and fraudulent payments, made apart from the simulator that models learn from.

    Attributes are category, approved, card, ship_to and entry of payments, success of logins. Labels come when they
    became known, if ever. FILE.truth.jsonl has event_id, fraud and kind of each payment: for risk bench judge alone.
    """
    from streaming.bench.judging_world.world import truth_file, write

    began = time.monotonic()
    try:
        written = write(seed, days, out, per_day=per_day)
    except OSError as error:
        fail(f"{out} cannot be written: {error}", code=1)
    frauds, seconds = written.frauds.total(), time.monotonic() - began
    typer.echo(
        f"{written.payments:,} payments, {frauds:,} of them frauds ({frauds / written.payments:.2%}), "
        f"{written.others:,} logins and {written.labels:,} labels in {seconds:.0f} s"
        f"\n  frauds: {counts(written.frauds)}\nwritten to {out}, the truth to {truth_file(out)}"
    )
    if as_json:
        summary = {
            "bench": "world",
            "seed": seed,
            "payments": written.payments,
            "frauds": dict(written.frauds),
            "others": written.others,
            "labels": written.labels,
            "seconds": round(seconds, 1),
        }
        typer.echo(json.dumps(summary))
