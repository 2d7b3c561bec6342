"""``risk up``: the whole system on this machine."""

from __future__ import annotations

import json
import signal
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from infra.commands.shared.processes import Processes
from infra.commands.shared.terminal import DataDir
from infra.local.services.emulator import Choice


def up(
    port: Annotated[int, typer.Option(help="Port of the dashboard; 0 for any free one.", min=0, max=65535)] = 5173,
    data_dir: DataDir = Path(".risk"),
    fresh: Annotated[bool, typer.Option(help="Forget what earlier runs kept there.")] = False,
    rate: Annotated[float, typer.Option(help="Simulated events a second.", min=0.1, max=1000)] = 1.0,
    empty: Annotated[bool, typer.Option("--empty", help="Start without a simulated past.")] = False,
    simulator: Annotated[bool, typer.Option(help="Send simulated events, after a simulated past.")] = True,
    frontend: Annotated[bool, typer.Option(help="Serve the dashboard.")] = True,
    emulator: Annotated[Choice, typer.Option(help="What stands for AWS: see docs/local.md.")] = Choice.DEFAULT,
    processes: Processes = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON when ready.")] = False,
) -> None:
    """Run the whole system on this machine: nothing has to be installed first.

    PostgreSQL, Valkey and an emulator of AWS start; the real stack is deployed to it; the engine scores;
    the first run makes up two months of customers, and a simulator goes on from there; the dashboard opens on a
    local port. Ctrl-C stops everything.

    Examples:

      risk up                               the whole system

      risk up --empty                       with no events before the first

      risk up --rate 50                     with more events

      risk up --port 0 --data-dir .risk2     a second one beside it

      risk up --emulator localstack         Kinesis, S3, SQS and Secrets Manager of LocalStack

      risk up --json --no-frontend          for scripts: addresses and passwords as JSON
    """
    from infra.local.stack.console import Checklist
    from infra.local.stack.processes import Children, Guardian, LocalError, Stopped
    from infra.local.stack.state import DataFolder, write_private
    from infra.local.stack.supervisor import watch
    from infra.local.stack.up import Options, start

    began = time.monotonic()
    checklist = Checklist(quiet=as_json)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    try:
        folder = DataFolder.take(data_dir)
        history = simulator and not empty
        # No child process inherits the key after this.
        options = Options(folder.path, port, rate, simulator, history, frontend, emulator, processes)
    except LocalError as error:
        checklist.fail(str(error))
        raise typer.Exit(1) from error
    children = Children(folder.path / "logs", Guardian(keep_open=[folder.lock]), stopping)
    description = folder.path / "stack.json"
    children.guardian.tell(f"remove {description}")
    failure: LocalError | None = None
    try:
        if fresh:
            folder.empty()
        with checklist:
            stack = start(options, folder, children, checklist)
            described = stack.describe()
            write_private(description, described)
            if as_json:
                print(json.dumps(described), flush=True)  # noqa: T201  (the one line that was asked for)
            checklist.ready(described, time.monotonic() - began)
            watch(stack, children, checklist, lambda: write_private(description, stack.describe()))
    except LocalError as error:
        if not isinstance(error, Stopped):
            failure = error
            checklist.fail(str(error))
    finally:
        children.stop_all()
        folder.release()
    if failure:
        raise typer.Exit(1)
    checklist.console.print("Stopped.")
