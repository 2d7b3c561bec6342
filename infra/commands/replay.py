"""``risk replay``: a file of transactions or of the stream's own records, sent again."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.terminal import (
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
from risk.domain.errors import RiskError, Unavailable

# The rest is imported when it runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.commands.connection import Stack
    from infra.commands.delivery import Delivery
    from infra.commands.reconciliation import Reconciliation, SentIds
    from risk.domain.events import Event, Label
    from streaming.offline.record_files import Refused

# So many refused rows are described one by one; the rest are only counted.
DESCRIBED = 20


def replay(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".parquet, .jsonl or .jsonl.gz")],
    speed: Annotated[float, typer.Option(min=0, help="Times real time; 0: as fast as possible.")] = 0.0,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    to: Annotated[Destination, typer.Option(help="Where to send.")] = Destination.KINESIS,
    column: Annotated[
        list[str] | None,
        typer.Option(help="field=COLUMN, for a table whose columns are named otherwise; field= for none. Repeatable."),
    ] = None,
    currency: Annotated[str, typer.Option(help="Currency of a table's amounts, where no column says.")] = "EUR",
    labels: Annotated[bool, typer.Option("--labels", help="Send a table's truth too, seven days late.")] = False,
    endpoint_url: EndpointUrl = None,
    stream: StreamName = None,
    brokers: Brokers = None,
    topic: Topic = None,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    database_url: Annotated[
        str | None,
        typer.Option(envvar="DATABASE_URL", help="Where to reconcile. Default: the running local stack's database."),
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for an engine that makes no progress, before counting.")
    ] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Send a file's records again, then check that each became an assessment or a dead letter, once.

    Ends with code 1 when one did not, or could not be sent.
    """
    from infra.commands.connection import read_stack, target_for
    from infra.commands.delivery import Delivery, Schedule, paced
    from infra.commands.reconciliation import SentIds
    from streaming.offline.record_files import Accepted, count_rows, is_table, read_records

    try:
        records = read_records(
            file, datetime.now(UTC), column=column or (), currency=currency, labels=labels, limit=limit
        )
        total = count_rows(file) if limit is None else min(limit, count_rows(file))
        stack = read_stack(data_dir)
        target = target_for(
            to,
            stack,
            endpoint_url=endpoint_url,
            stream=stream,
            brokers=brokers,
            topic=topic,
            api_url=api_url,
            token=token,
        )
    except (RiskError, OSError) as error:
        fail(str(error))
    sent, stopped_by = SentIds(), None
    began = time.monotonic()
    with progress("replaying", total) as (advance, say):

        def delivered(through: Sequence[Event | Label]) -> None:
            for record in through:
                if record.kind == "event":
                    sent.add(record.event_id)

        def refuse(row: Refused) -> None:
            if rows.refused <= DESCRIBED:
                say(f"not sent: {row}")

        delivery = Delivery(target, say=say, delivered=delivered)
        rows = Accepted(records, refuse, label_rows=not is_table(file))
        try:
            with interruptible() as interruption:
                delivery.sleep = interruption.sleep
                seen = 0
                for batch in paced(rows, Schedule(speed), sleep=interruption.sleep):
                    delivery.send(batch)
                    advance(rows.taken - seen)
                    seen = rows.taken
                    interruption.check()
        except KeyboardInterrupt:
            say("interrupted")
        except (RiskError, OSError) as error:
            stopped_by = str(error)
        finally:
            target.close()
    seconds = time.monotonic() - began
    try:
        found = _reconciled(database_url, stack, sent, patience)
    except Unavailable as error:
        found, stopped_by = None, stopped_by or error.detail
    _report(delivery, rows.refused, seconds, found, as_json)
    if stopped_by is not None:
        fail(stopped_by, code=1)
    if delivery.failed or (found is not None and not found.ok):
        raise typer.Exit(1)


def _reconciled(database_url: str | None, stack: Stack | None, sent: SentIds, patience: float) -> Reconciliation | None:
    from infra.commands.reconciliation import reconcile

    url = database_url or (stack.database_url.get_secret_value() if stack else None)
    if url is None:
        return None
    with progress("waiting for the engine", len(sent)) as (advance, _):
        return reconcile(url, sent, patience=patience, settled=advance)


def _report(delivery: Delivery, refused_rows: int, seconds: float, found: Reconciliation | None, as_json: bool) -> None:
    refused = refused_rows + delivery.refused.total()
    if as_json:
        summary = {
            "events": delivery.events,
            "labels": delivery.sent["label"],
            "by_kind": dict(delivery.sent),
            "failed": delivery.failed,
            "refused": refused,
            "seconds": round(seconds, 3),
            "reconciliation": found.as_dict() if found else None,
        }
        typer.echo(json.dumps(summary))
        return
    per_second = delivery.events / seconds if seconds else 0.0
    typer.echo(
        f"sent {delivery.events:,} events in {seconds:.1f} s ({per_second:,.0f}/s), failed {delivery.failed:,}, "
        f"refused {refused:,}\n  by kind: {counts(delivery.sent) or 'none'}"
    )
    if delivery.refused:
        typer.echo(f"  refused: {counts(delivery.refused)}")
    typer.echo(str(found) if found else "not reconciled: no database is known; give --database-url")
