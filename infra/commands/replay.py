"""``risk replay``: sends a file of transactions or of stream records again."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared import files
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
from risk.domain.errors import RiskError, Unavailable

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.commands.shared.connection import Stack
    from infra.commands.shared.delivery import Delivery
    from infra.commands.shared.reconciliation import Reconciliation, SentIds
    from infra.commands.shared.scored_before import ScoredBefore
    from risk.domain.events import Event, Label


def replay(
    file: files.File,
    speed: Annotated[float, typer.Option(min=0, help="Times real time; 0: as fast as possible.")] = 0.0,
    limit: files.Limit = None,
    to: Annotated[Destination, typer.Option(help="Where to send.")] = Destination.KINESIS,
    map_file: files.MapFile = None,
    column: files.ColumnOption = None,
    currency: files.Currency = "EUR",
    source: files.SourceName = None,
    encoding: files.Encoding = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Send a table's truth too, as late as it became known.")
    ] = False,
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

    Ids belong to a source: the same source and id are the same event. Ends with code 1 when a record did not arrive,
    could not be sent, or was scored before this run.
    """
    from infra.commands.shared.connection import read_stack, target_for
    from infra.commands.shared.delivery import Delivery, Schedule, paced
    from infra.commands.shared.reconciliation import SentIds
    from infra.commands.shared.scored_before import ScoredBefore

    now = datetime.now(UTC)
    rows = files.RefusedRows(lambda line: typer.echo(line, err=True), "not sent")
    try:
        chosen = files.options(map_file, column, currency, source, encoding, limit, labels=labels)
        plans = files.plan_files([file], chosen, lambda line: typer.echo(line, err=True))
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
    before = ScoredBefore(_reconciled_in(database_url, stack), now)
    with progress("replaying", None) as (advance, say), files.reading(plans, now, chosen, rows) as records:

        def delivered(through: Sequence[Event | Label]) -> None:
            for record in through:
                if record.kind == "event":
                    sent.add(record.event_id)

        delivery = Delivery(target, say=say, delivered=delivered)
        try:
            with interruptible() as interruption:
                delivery.sleep = interruption.sleep
                for batch in paced(before.pass_on(records), Schedule(speed), sleep=interruption.sleep):
                    delivery.send(batch)
                    advance(len(batch))
                    interruption.check()
        except KeyboardInterrupt:
            say("interrupted")
        except (RiskError, OSError) as error:
            stopped_by = str(error)
        finally:
            target.close()
    seconds = time.monotonic() - began
    try:
        found = _reconciled(before, sent, patience)
    except Unavailable as error:
        found, stopped_by = None, stopped_by or error.detail
    _report(delivery, rows.count, before, seconds, found, as_json)
    if stopped_by is not None:
        fail(stopped_by, code=1)
    if delivery.failed or rows.count or delivery.refused or before.same or before.conflicts:
        raise typer.Exit(1)
    if found is not None and not found.ok:
        raise typer.Exit(1)


def _reconciled_in(database_url: str | None, stack: Stack | None) -> str | None:
    return database_url or (stack.database_url.get_secret_value() if stack else None)


def _reconciled(before: ScoredBefore, sent: SentIds, patience: float) -> Reconciliation | None:
    from infra.commands.shared.reconciliation import reconcile

    if before.database_url is None:
        return None
    with progress("waiting for the engine", len(sent)) as (advance, _):
        return reconcile(before.database_url, sent, patience=patience, settled=advance)


def _report(
    delivery: Delivery,
    refused_rows: int,
    before: ScoredBefore,
    seconds: float,
    found: Reconciliation | None,
    as_json: bool,
) -> None:
    refused = refused_rows + delivery.refused.total()
    if as_json:
        summary = {
            "events": delivery.events,
            "labels": delivery.sent["label"],
            "by_kind": dict(delivery.sent),
            "failed": delivery.failed,
            "refused": refused,
            "scored_before": before.same,
            "other_events_with_their_ids": before.conflicts,
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
    if str(before):
        typer.echo(str(before))
    if found is None:
        typer.echo("not reconciled: no database is known; give --database-url")
    elif found.ok and (refused or str(before)):
        typer.echo(f"NOT OK: not all that the file holds was sent; what was: {str(found).removeprefix('OK: ')}")
    else:
        typer.echo(str(found))
