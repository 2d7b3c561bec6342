"""``risk screenshots``: pictures of every screen, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.commands.shared.terminal import fail, progress


def screenshots(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("docs/images"),
    only: Annotated[list[str] | None, typer.Option(help="Only this screen; may be given several times.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Of a stack that runs already. Default: one of its own, with simulated events.")
    ] = None,
) -> None:
    """Take pictures of every screen of the dashboard with simulated events behind them, 1440 and 390 pixels wide."""
    from infra.local.measure.pictures import take
    from infra.local.stack.processes import LocalError

    try:
        with progress("taking pictures", None) as (_, say):
            report = take(out, only or [], data_dir, say)
    except LocalError as error:
        fail(str(error), code=1)
    size = sum((out / name).stat().st_size for name in report["written"])
    typer.echo(f"{len(report['written'])} pictures in {out}, {size / 1e6:.1f} MB")
    if report["failed"]:
        fail(f"no pictures of: {', '.join(report['failed'])}", code=1)
