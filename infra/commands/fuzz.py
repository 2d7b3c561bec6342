"""``risk fuzz``: hostile records through the real engine, which must keep scoring."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, counts, fail, progress

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.rehearsal.hostile_gateway import Answers


def fuzz(
    minutes: Annotated[float, typer.Option(min=0.05, help="For how long.")] = 5.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same records.")] = 1,
    gateway: Annotated[
        int, typer.Option(min=0, help="Instead: how many requests and frames to send through the gateway.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Put hostile records on a stream of a real engine, and check that it scores every good one among them.

    Arbitrary bytes, broken and deeply nested JSON, records with spoilt fields, repeated and contradicting ones. After
    each hundred a good event must be scored; every record must end as one assessment, label or dead letter. Starts
    Postgres, Valkey, the Kinesis API and an engine of its own, and ends them. Ends with code 1 when something is wrong.

    With --gateway it sends as many hostile requests to the API and frames to the WebSocket of a stack of its own, half
    and half, as three roles: none may be answered with an error of the server's, or refused without a reason.

    For example: risk fuzz --minutes 30 --seed 7, or risk fuzz --gateway 10000
    """
    if gateway:
        _through_gateway(gateway, seed, as_json)
        return
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.fuzz import Fuzz
    from infra.rehearsal.rig import rig

    try:
        with progress("fuzzing", None) as (advance, say), rig() as services:
            say("starting Postgres, Valkey, the Kinesis API and an engine")
            engine = services.engine()
            engine.start()
            engine.wait_until_healthy()
            database = services.pool()
            run = Fuzz(services.kinesis(), services.events, database, seed, lambda: engine.ends)
            found = run.run(minutes * 60, advance)
            if not found.ok and engine.child is not None:
                say(engine.child.tail(30))
            database.dispose()
            engine.stop()
    except LocalError as error:
        fail(str(error), code=1)
    typer.echo(
        f"{'OK' if found.ok else 'NOT OK'}: {found.records:,} records, the slowest hundred {found.slowest:.2f} s, "
        f"the engine ended {engine.ends} times\n  {counts(found.outcomes)}"
    )
    for fault in found.faults[:20]:
        typer.echo(f"  {fault}")
    if as_json:
        figures = {
            "records": found.records,
            "seed": seed,
            "outcomes": dict(found.outcomes),
            "slowest_seconds": round(found.slowest, 3),
            "engine_ends": engine.ends,
            "faults": found.faults,
        }
        typer.echo(json.dumps(figures))
    if not found.ok:
        raise typer.Exit(1)


def _through_gateway(number: int, seed: int, as_json: bool) -> None:
    from infra.local.measure.own import own_stack
    from infra.local.stack.processes import LocalError
    from infra.rehearsal.hostile_gateway import Person, send_frames, send_requests
    from infra.rehearsal.hostile_requests import routes

    try:
        with own_stack(frontend=False) as (stack, _, _folder), progress("fuzzing", number) as (advance, _say):
            api, url = stack.deployment.api_url, stack.deployment.websocket_url
            people = [Person(api, user["email"], user["password"]) for user in stack.users.values()]
            found = {
                "REST": send_requests(people, routes(), number // 2, seed, advance),
                "WebSocket": send_frames(people[0], url, number - number // 2, seed, advance),
            }
    except LocalError as error:
        fail(str(error), code=1)
    faults = [fault for answers in found.values() for fault in answers.faults]
    typer.echo("NOT OK" if faults else "OK")
    for name, answers in found.items():
        typer.echo(f"  {name}: {counts(answers.counts)}; the slowest {answers.slowest:.2f} s")
    for fault in faults[:20]:
        typer.echo(f"  {fault}")
    if as_json:
        typer.echo(
            json.dumps({"seed": seed, "faults": faults, **{name: _figures(each) for name, each in found.items()}})
        )
    if faults:
        raise typer.Exit(1)


def _figures(answers: Answers) -> dict[str, object]:
    return {"answers": dict(answers.counts), "slowest_seconds": round(answers.slowest, 3)}
