"""Sends new labels to the engine, with the accounts of their events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from sqlalchemy import Connection

from functions.api.http.logs import SERVICE, logger
from functions.api.http.services import Services
from functions.api.labels.body_parsing import Parsed
from functions.api.labels.schemas import LabelResult, LabelsResult
from risk.adapters import metrics
from risk.adapters.kinesis import MAX_RECORDS, Record, put_records
from risk.alerts.alert import Alert, Disposition
from risk.domain.decisions import Overturn
from risk.domain.errors import Unavailable
from risk.domain.event_ids import EventId
from risk.domain.events import Label, to_json
from risk.domain.label_origin import prove
from risk.store.assessments import event_lookup, labels
from risk.store.engine_state.batch_writer import known_labels

# A batch takes six seconds at worst: started by then, it ends before the Lambda's timeout.
LAST_START_SECONDS = 6.0
ATTEMPTS = 2
_FRAUD = {Disposition.CONFIRMED_RISK: True, Disposition.FALSE_POSITIVE: False}


def put(services: Services, wanted: Mapping[int, tuple[str, Label]]) -> dict[int, str]:
    """Put labels, each with its account, on the stream; returns the reason of each failure by row."""
    started = monotonic()
    failed: dict[int, str] = {}
    rows = list(wanted)
    for first in range(0, len(rows), MAX_RECORDS):
        part = rows[first : first + MAX_RECORDS]
        if monotonic() - started > LAST_START_SECONDS:
            failed |= dict.fromkeys(rows[first:], "OutOfTime")
            break
        records = [
            Record(account_id, to_json(prove(label, services.label_key)), order=label.event_id.hex)
            for account_id, label in (wanted[row] for row in part)
        ]
        failures = put_records(services.kinesis, services.settings.events_stream, records, attempts=ATTEMPTS)
        failed |= {part[failure.index]: failure.code for failure in failures}
    if failed:
        logger.error(
            "labels did not enter the stream", extra={"failed": len(failed), "codes": sorted({*failed.values()})}
        )
    return failed


def of_stored_events(connection: Connection, parsed: Parsed, own: str | None) -> Parsed:
    """``parsed`` with the sources of the events that rows name by their ids alone; ``own`` is the caller's source."""
    rows = [row for row in parsed.labels if row in parsed.unsaid]
    wanted: list[tuple[str, str | None]] = [(parsed.labels[row].event_id.text, None) for row in rows]
    found = event_lookup.candidates(connection, wanted, own)
    labels_by_row, refused = dict(parsed.labels), list(parsed.refused)
    for row, events in zip(rows, found, strict=True):
        if len(events) > 1:
            text = labels_by_row.pop(row).event_id.text
            detail = event_lookup.ambiguous(events)
            refused.append(LabelResult(row=row, event_id=text, status="ambiguous", field="event_id", detail=detail))
        elif events:
            of = {"event_source": events[0].source, "event_id": events[0]}
            labels_by_row[row] = labels_by_row[row].model_copy(update=of)
    return Parsed(labels_by_row, refused)


def send(services: Services, connection: Connection, parsed: Parsed) -> LabelsResult:
    """Put new labels of scored events on the stream; returns the outcome of every row.

    ``Unavailable`` if there were new labels and none entered the stream.
    """
    accounts = labels.accounts_of(connection, list({label.event_id for label in parsed.labels.values()}))
    keys = {row: (label.event_id, label.known_at, label.source, False) for row, label in parsed.labels.items()}
    told = known_labels(connection, list(keys.values())) if keys else set()
    first: dict[tuple[object, ...], int] = {}
    wanted: dict[int, tuple[str, Label]] = {}
    results = {result.row: result for result in parsed.refused}
    for row, label in parsed.labels.items():
        result = LabelResult(row=row, event_id=label.event_id.text, event_source=label.event_source, status="accepted")
        if label.event_id not in accounts:
            result.status, result.field = "unknown", "event_id"
            result.detail = "this event has not been scored; one just sent is there within a second"
        elif keys[row] in told:
            result.status, result.detail = "duplicate", "stored already"
        elif first.setdefault(keys[row], row) != row:
            result.status, result.detail = "duplicate", f"the same as row {first[keys[row]]}"
        else:
            wanted[row] = accounts[label.event_id], label
        results[row] = result
    failed = put(services, wanted)
    if failed and len(failed) == len(wanted):
        raise Unavailable("no label entered the stream; send them again in a moment")
    for row, code in failed.items():
        results[row].status, results[row].detail = "failed", f"{code}; send it again"
    accepted = len(wanted) - len(failed)
    items = [results[row] for row in sorted(results)]
    return LabelsResult(accepted=accepted, rejected=len(items) - accepted, items=items)


def of_alert(alert: Alert, event_ids: Iterable[EventId]) -> list[Label]:
    """The labels that the resolution of ``alert`` implies; none if it was inconclusive.

    They follow from the alert alone, so that sending them again sends the same labels.
    """
    if alert.disposition not in _FRAUD or alert.resolved_at is None:
        return []
    fraud, known_at = _FRAUD[alert.disposition], alert.resolved_at
    return [
        Label(
            kind="label",
            event_source=event_id.source,
            event_id=event_id,
            fraud=fraud,
            known_at=known_at,
            source=f"alert:{alert.id}",
        )
        for event_id in event_ids
    ]


def push(
    services: Services, resolved: Sequence[tuple[Alert, Mapping[EventId, str]]], *, withdrawn: bool = False
) -> None:
    """Put the labels of resolved alerts on the stream, after the commit. Failures are logged and counted.

    Each alert comes with its events and their accounts. If it fails the resolution stands, and ``POST
    /alerts/{alert_id}/labels`` repeats it. With ``withdrawn`` the labels are withdrawn.
    """
    found = [
        (alert.id, events[label.event_id], label) for alert, events in resolved for label in of_alert(alert, events)
    ]
    if withdrawn:
        found = [(at, account, label.model_copy(update={"withdrawn": True})) for at, account, label in found]
    try:
        failed = put(services, {row: (account_id, label) for row, (_, account_id, label) in enumerate(found)})
        lost = Counter(found[row][0] for row in failed)
    except Exception:
        logger.exception("the labels of alerts were not put")
        lost = Counter(alert_id for alert_id, _, _ in found)
    for alert_id, count in lost.items():
        logger.error(
            "labels of a resolved alert are missing; send them with POST /api/v1/alerts/{alert_id}/labels",
            extra={"alert_id": str(alert_id), "lost": count},
        )
    if lost:
        metrics.count(SERVICE, "AlertLabelsLost", lost.total())


def of_overturn(overturn: Overturn) -> Label | None:
    """The label that an overturn implies, or its withdrawal once that is undone; None if it says nothing."""
    if overturn.fraud is None:
        return None
    return Label(
        kind="label",
        event_source=overturn.event_source,
        event_id=overturn.event_id,
        fraud=overturn.fraud,
        known_at=overturn.made_at,
        source=f"overturn:{overturn.id}",
        withdrawn=True if overturn.undone_at is not None else None,
    )


def push_overturn(services: Services, overturn: Overturn, account_id: str) -> None:
    """Put the label of an overturn, or its withdrawal, on the stream after the commit. A failure is logged and counted.

    If it fails the overturn stands, and the same request repeats it.
    """
    label = of_overturn(overturn)
    if label is None:
        return
    try:
        failed = bool(put(services, {0: (account_id, label)}))
    except Exception:
        logger.exception("the label of an overturn was not put")
        failed = True
    if failed:
        logger.error(
            "the label of an overturned decision is missing; send the overturn, or its undoing, again",
            extra={"overturn_id": str(overturn.id)},
        )
        metrics.count(SERVICE, "AlertLabelsLost", 1)
