"""``risk doctor``: what would stop a deployment, and whether a deployed stage is healthy."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from infra.commands.shared.terminal import fail


class Moment(StrEnum):
    """When to check a stage. ``auto`` means ``both`` if it is deployed, otherwise ``before``."""

    AUTO = "auto"
    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


def doctor(
    stage: Annotated[str, typer.Option(help="The stage, with the settings of its stage file.")] = "dev",
    moment: Annotated[
        Moment, typer.Option(help="The account before a deployment, the running system after it, or both.")
    ] = Moment.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Check the AWS account of a stage and what runs there; says what to do for each finding. Changes nothing.

    Before a deployment: credentials, bootstrap, quotas, account settings, SES, certificate, secrets, image. After it:
    stacks, Postgres and its proxy, streams, Lambdas, engine, lag, alarms, checkpoints, the API through CloudFront. Ends
    with 1 unless everything is well. A local stack: risk status

    Examples:

      risk doctor --stage prod --moment before

      risk doctor --stage prod --json
    """
    from infra.doctor.account import BEFORE
    from infra.doctor.check import Account, Status, run
    from infra.doctor.running import AFTER, deployed
    from infra.stage_file import StageError, configured

    try:
        account = Account(configured({"stage": stage}))
    except StageError as error:
        fail(str(error))
    if account.stage.emulated:
        fail("This stage is on this machine: risk status")
    results = []

    def show(checks: tuple[object, ...]) -> None:
        for result in run(checks, account):  # type: ignore[arg-type]
            results.append(result)
            if not as_json:
                typer.echo(f"{result.status:<8}{result.name}: {result.seen}")
                if result.next_step:
                    typer.echo(f"        next: {result.next_step}")

    if moment is not Moment.AFTER:
        show(BEFORE)
    signed_in = not results or results[0].status is Status.OK
    if moment in (Moment.AFTER, Moment.BOTH) or (moment is Moment.AUTO and signed_in and deployed(account)):
        show(AFTER)
    well = all(result.status is Status.OK for result in results)
    if as_json:
        typer.echo(json.dumps({"stage": stage, "well": well, "checks": [result.as_json() for result in results]}))
    if not well:
        raise typer.Exit(1)
