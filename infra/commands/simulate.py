"""``risk simulate``: simulated customers and fraud, sent in real time."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import (
    ApiUrl,
    AsJson,
    Brokers,
    DataDir,
    Destination,
    EndpointUrl,
    StreamName,
    Token,
    Topic,
    counts,
    fail,
    interruptible,
    progress,
)
from risk.domain.errors import InvalidInput, RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.commands.shared.delivery import Delivery, Target
    from streaming.simulator import Outcome

LIVE_LABEL_DELAY = timedelta(seconds=60)
FILE_LABEL_DELAY = timedelta(days=2)


class To(StrEnum):
    """Where simulated records go."""

    KINESIS = "kinesis"
    KAFKA = "kafka"
    API = "api"
    FILE = "file"


def simulate(
    rate: Annotated[float, typer.Option(help="Events a second.")] = 5.0,
    seconds: Annotated[float | None, typer.Option(min=0, help="For how long. Default: until Ctrl-C.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed has the same customers and merchants.")] = 1,
    customers: Annotated[
        int | None,
        typer.Option(min=1, help="How many customers. Default: some 2,000 for each event a second, 100 to 100,000."),
    ] = None,
    fraud_rate: Annotated[float, typer.Option(help="Share of events that are fraud, 0 to 0.5.")] = 0.04,
    label_delay: Annotated[
        float | None,
        typer.Option(help="Median seconds until a label is known. Default: 60, or two days in a file."),
    ] = None,
    to: Annotated[To, typer.Option(help="Where to send.")] = To.KINESIS,
    out: Annotated[Path | None, typer.Option(help="The file, for --to file: .jsonl or .jsonl.gz.")] = None,
    start: Annotated[
        str | None,
        typer.Option(help="When the first event happened (RFC 3339). Default: now; in a file, so that it ends now."),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(help="Play the scenario of this pack (a name or a folder): it says who acts and how often."),
    ] = None,
    history: Annotated[
        float, typer.Option(min=0, max=60, help="With --pack: days before the start that are sent at once, first.")
    ] = 0.0,
    endpoint_url: EndpointUrl = None,
    stream: StreamName = None,
    brokers: Brokers = None,
    topic: Topic = None,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Simulate customers and fraud, and send what they do as it happens.

    Writing to a file does not wait for simulated time. Labels come late; the API target takes none.
    """
    from infra.commands.shared.delivery import Delivery, moment, paced

    delay = FILE_LABEL_DELAY if to is To.FILE else LIVE_LABEL_DELAY
    if label_delay is not None:
        delay = timedelta(seconds=label_delay)
    if to is To.FILE and seconds is None:
        fail("--to file needs --seconds: a file ends")
    try:
        first = _first_moment(start, seconds if to is To.FILE else None)
        outcomes = _outcomes(pack, history, seed, first, rate, fraud_rate, delay, seconds, customers)
        target = _target(to, out, data_dir, endpoint_url, stream, brokers, topic, api_url, token)
    except (RiskError, ValueError, OSError) as error:
        fail(str(error))

    def due(outcome: Outcome) -> float:
        return 0.0 if to is To.FILE else (moment(outcome.record) - first).total_seconds()

    fraud: Counter[str] = Counter()
    began, stopped_by = time.monotonic(), None
    total = None if seconds is None or pack is not None else round(rate * seconds)
    with progress("simulating", total) as (advance, say):
        delivery = Delivery(
            target, say=say, delivered=lambda records: advance(sum(record.kind == "event" for record in records))
        )
        try:
            with interruptible() as interruption:
                delivery.sleep = interruption.sleep
                for batch in paced(outcomes, due, sleep=interruption.sleep):
                    delivery.send([outcome.record for outcome in batch])
                    fraud.update(kind for record, kind in batch if kind and record.kind == "event")
                    interruption.check()
        except KeyboardInterrupt:
            say("interrupted")
        except (RiskError, OSError) as error:
            stopped_by = str(error)
        finally:
            target.close()
    _report(delivery, fraud, time.monotonic() - began, as_json)
    if stopped_by is not None:
        fail(stopped_by, code=1)
    if delivery.failed:
        raise typer.Exit(1)


def _outcomes(
    pack: str | None,
    history: float,
    seed: int,
    first: datetime,
    rate: float,
    fraud_rate: float,
    delay: timedelta,
    seconds: float | None,
    customers: int | None,
) -> Iterator[Outcome]:
    from infra.commands.pack import read
    from streaming.simulator import simulate_with_truth
    from streaming.simulator.scenario_runner import play_with_labels

    if pack is None:
        if history:
            raise InvalidInput("--history belongs to --pack")
        return simulate_with_truth(
            seed, first, rate, fraud_rate, label_delay=delay, seconds=seconds, customers=customers
        )
    before = timedelta(days=history)
    lasts = None if seconds is None else seconds + before.total_seconds()
    return play_with_labels(read(pack), seed, first - before, lasts, delay)


def _first_moment(start: str | None, seconds: float | None) -> datetime:
    now = datetime.now(UTC)
    if start is None:
        return now - timedelta(seconds=seconds or 0)
    try:
        first = datetime.fromisoformat(start)
    except ValueError:
        raise InvalidInput(f"--start {start!r} is not a date and time, such as 2026-01-31T09:30:00Z") from None
    if first.tzinfo is None:
        raise InvalidInput(f"--start {start!r} needs a time zone, such as 2026-01-31T09:30:00Z")
    if first > now:
        raise InvalidInput("--start lies in the future: the engine takes only what has happened")
    return first


def _target(
    to: To,
    out: Path | None,
    data_dir: Path,
    endpoint_url: str | None,
    stream: str | None,
    brokers: str | None,
    topic: str | None,
    api_url: str | None,
    token: str | None,
) -> Target:
    from infra.commands.shared.connection import read_stack, target_for
    from infra.commands.shared.delivery import FileTarget

    if to is To.FILE:
        if out is None:
            fail("--to file needs --out FILE")
        return FileTarget(out)
    return target_for(
        Destination(to),
        read_stack(data_dir),
        endpoint_url=endpoint_url,
        stream=stream,
        brokers=brokers,
        topic=topic,
        api_url=api_url,
        token=token,
    )


def _report(delivery: Delivery, fraud: Counter[str], seconds: float, as_json: bool) -> None:
    if as_json:
        summary = {
            "events": delivery.events,
            "labels": delivery.sent["label"],
            "by_kind": dict(delivery.sent),
            "fraud": dict(fraud),
            "failed": delivery.failed,
            "refused": delivery.refused.total(),
            "seconds": round(seconds, 3),
        }
        typer.echo(json.dumps(summary))
        return
    per_second = delivery.events / seconds if seconds else 0.0
    typer.echo(
        f"sent {delivery.events:,} events in {seconds:.1f} s ({per_second:,.1f}/s), failed {delivery.failed:,}, "
        f"refused {delivery.refused.total():,}\n"
        f"  by kind: {counts(delivery.sent) or 'none'}\n"
        f"  fraud among them: {fraud.total():,}" + (f" ({counts(fraud)})" if fraud else "")
    )
    if delivery.refused:
        typer.echo(f"  refused: {counts(delivery.refused)}")
