"""``risk bench coldstart``: how long a Lambda takes from process start to its first answer."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress


def coldstart(
    runs: Annotated[int, typer.Option(min=1, max=100, help="How often each is started.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Start each function's bundle in a bare interpreter, and give it its first event.

    Beside each runs the smallest program of its kind, with the same libraries: FastAPI and Mangum with one route for
    `api`, boto3 and pydantic for the others. Neither has a database, so what is measured is importing and building.
    In AWS, SnapStart spares `api` most of this.
    """
    from infra.bundle import BundleError
    from infra.coldstart import FUNCTIONS, measure

    found = []
    try:
        with progress("starting", runs * len(FUNCTIONS)) as (advance, _):
            found = [measure(name, runs, advance) for name in FUNCTIONS]
    except BundleError as error:
        fail(str(error), code=1)
    for one in found:
        typer.echo(
            f"{one.function:<10} {one.seconds * 1000:>6.0f} ms   smallest of its kind {one.baseline * 1000:>5.0f} ms   "
            f"ratio {one.ratio:.2f}   zipped {one.zipped / 1e6:.1f} MB"
        )
    if as_json:
        figures = {
            one.function: {
                "seconds": round(one.seconds, 4),
                "baseline_seconds": round(one.baseline, 4),
                "ratio": round(one.ratio, 3),
                "zipped_bytes": one.zipped,
            }
            for one in found
        }
        typer.echo(json.dumps({"bench": "coldstart", "runs": runs, **figures, "ratio": figures["api"]["ratio"]}))
