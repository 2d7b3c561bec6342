"""Terminal output that sending commands share: progress, interruption, errors, options."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


class Destination(StrEnum):
    """Where records are sent."""

    KINESIS = "kinesis"
    KAFKA = "kafka"
    API = "api"


DataDir = Annotated[Path, typer.Option(help="Where the local stack keeps its data and says how to reach it.")]
EndpointUrl = Annotated[
    str | None,
    typer.Option(envvar="AWS_ENDPOINT_URL", help="Kinesis endpoint. Default: the running local stack's."),
]
StreamName = Annotated[
    str | None,
    typer.Option("--stream", help="Stream to write to (risk-events). Given while no local stack runs: AWS's."),
]
Brokers = Annotated[
    str | None,
    typer.Option(help="Kafka's brokers, host:port,host:port. Default: KAFKA_BROKERS; KAFKA_… say how to be let in."),
]
Topic = Annotated[str | None, typer.Option(help="Kafka topic to write to. Default: KAFKA_TOPIC, or risk-events.")]
ApiUrl = Annotated[str | None, typer.Option(help="Base URL of the API. Default: the running local stack's.")]
Token = Annotated[
    str | None,
    typer.Option(envvar="RISK_TOKEN", help="Access token for the API. Default: sign in to the local stack as Admin."),
]
AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON.")]


def fail(detail: str, *, code: int = 2) -> NoReturn:
    """Print an error and exit: code 2 for a wrong command, 1 for any other failure."""
    typer.echo(detail, err=True)
    raise typer.Exit(code)


def counts(counter: Counter[str]) -> str:
    """``payment 12, login 3``: the most frequent first."""
    return ", ".join(f"{name} {number:,}" for name, number in counter.most_common())


class Interruption:
    """Ctrl-C or SIGTERM, deferred until the current send has been answered; a second one takes effect at once."""

    def __init__(self) -> None:
        self._asked = False
        self._idle = False

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` after a signal."""
        if self._asked:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        """Sleep; a signal raises ``KeyboardInterrupt``."""
        self._idle = True
        try:
            self.check()
            time.sleep(seconds)
        finally:
            self._idle = False

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Handle the signal."""
        if self._asked or self._idle:
            raise KeyboardInterrupt
        self._asked = True


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Handle Ctrl-C and SIGTERM inside, so that both end with a summary."""
    interruption = Interruption()
    before = {number: signal.signal(number, interruption.handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def progress(title: str, total: int | None) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """Two functions: one advances a progress bar (drawn on a terminal only), one prints above it."""
    console = Console(stderr=True, highlight=False)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=total, rate="")

        def advance(by: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, advance=by, rate=f"{speed:,.0f}/s" if speed else "")

        def say(text: str) -> None:
            console.print(text, markup=False, soft_wrap=True)

        yield advance, say
