"""Alarms and their thresholds. docs/deploy.md says how to respond to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.stacks.audit import CHECK, CHECKPOINTS
from infra.stacks.edge import TASKS
from infra.stacks.metrics import MINUTE, Metrics
from infra.stages import Stage

GIGABYTE = 1024**3
LATE_MS = 60_000


@dataclass(frozen=True)
class Watch:
    """An alarm: ``metric`` at or above ``threshold`` (or ``below`` it) for so many periods."""

    name: str
    meaning: str
    metric: cloudwatch.IMetric
    threshold: float
    periods: int = 1
    below: bool = False
    silence_is_bad: bool = False


def watches(metrics: Metrics, stage: Stage) -> Iterator[Watch]:
    """Every alarm of a stage."""
    yield from _scoring(metrics)
    yield from _promises(metrics)
    yield from _requests(metrics)
    yield from _stores(metrics, stage)


def _scoring(metrics: Metrics) -> Iterator[Watch]:
    edge = metrics.edge
    yield Watch(
        "heartbeat-missing",
        "The engine has not renewed its lease, or nobody looked: events wait in the stream",
        metrics.own("EngineAlive", statistic="Minimum"),
        threshold=1,
        periods=3,
        below=True,
        silence_is_bad=True,
    )
    yield Watch(
        "events-late",
        "Events wait for more than a minute: the engine does not keep up, or is not running",
        metrics.stream(edge.events, "GetRecords.IteratorAgeMilliseconds", "Maximum"),
        threshold=LATE_MS,
        periods=3,
    )
    yield Watch(
        "dead-letters",
        "Many events cannot be scored: a sender is wrong, or speaks a new version",
        metrics.own("DeadLetters"),
        threshold=100,
    )
    yield Watch(
        "suspect-records",
        "An id came with two contents, or a label in the system's name: dead letters `conflict` and `forged` say whose",
        metrics.own("SuspectRecords"),
        threshold=1,
    )
    yield Watch(
        "engine-trouble",
        "The engine ends again and again at the same records, and takes them one by one: GET /api/v1/health says more",
        metrics.own("EngineTrouble"),
        threshold=1,
    )
    yield Watch(
        "events-throttled",
        "Senders are told to wait: the events stream needs more shards",
        metrics.stream(edge.events, "WriteProvisionedThroughputExceeded"),
        threshold=1,
        periods=5,
    )
    yield Watch(
        "engine-slow",
        "Events take longer than five seconds from the stream to the database",
        metrics.own("LagSeconds", service="engine", statistic="Minimum"),
        threshold=5,
        periods=5,
    )
    yield Watch(
        "engine-store-failures",
        "The engine tries again and again to store: Postgres refuses, or does not answer",
        metrics.own("StoreFailures", service="engine", statistic="Sum"),
        threshold=1,
        periods=5,
    )
    yield Watch(
        "updates-lost",
        "Updates of the engine did not enter the stream: dashboards see them when they next ask",
        metrics.own("UpdatesLost", service="engine", statistic="Sum"),
        threshold=1,
        periods=3,
    )
    yield Watch(
        "models-refused",
        "A model that is to score cannot be used: the engine's log says why",
        metrics.own("ModelsRefused", service="engine", statistic="Sum"),
        threshold=1,
    )
    yield Watch(
        "rules-suspended",
        "A rule took longer than a rule may and runs no more: events are scored without it",
        metrics.own("RulesSuspended", service="engine", statistic="Sum"),
        threshold=1,
    )
    yield Watch(
        "engine-memory",
        "The engine's memory is nearly full: give it more before it is stopped for it",
        metrics.engine("MemoryUtilization", "Maximum"),
        threshold=85,
        periods=3,
    )


def _promises(metrics: Metrics) -> Iterator[Watch]:
    yield Watch(
        "audit-log-tampered",
        "The audit log is not what was signed, or is not signed any more: docs/audit.md",
        metrics.own("AuditLogTampered"),
        threshold=1,
        periods=5,
        silence_is_bad=True,
    )
    yield Watch(
        "deadlines-missed",
        "Alerts were not acknowledged in time",
        metrics.own("DeadlinesMissed", statistic="Sum"),
        threshold=1,
    )
    for task, every, what in (
        *TASKS,
        (CHECKPOINTS, MINUTE, "Checkpoints of the audit log"),
        (CHECK, Duration.days(1), "The daily check of the audit log"),
    ):
        # A task that runs every minute may fail once; an hourly or daily one is evaluated as often as it runs.
        periods = 3 if every.to_minutes() == 1 else 1
        yield Watch(
            f"task-{task}-failed",
            f"{what}: this task fails, and maintenance's log says why",
            metrics.own("TasksFailed", statistic="Sum", period=every, task=task),
            threshold=1,
            periods=periods,
        )
    yield Watch(
        "webhooks-given-up",
        "Messages to other systems were given up: docs/webhooks.md says how to replay them",
        metrics.own("WebhooksGivenUp", service="webhooks", statistic="Sum"),
        threshold=1,
    )

    yield Watch(
        "webhooks-failing",
        "Messages to other systems are not sent: the log of webhooks says why",
        metrics.own("WebhookRunsFailed", service="webhooks", statistic="Sum"),
        threshold=1,
        periods=3,
    )
    yield Watch(
        "labels-lost",
        "Labels of resolved alerts did not reach the engine: the API's log says of which, and how to send them again",
        metrics.own("AlertLabelsLost", service="api", statistic="Sum"),
        threshold=1,
    )


def _requests(metrics: Metrics) -> Iterator[Watch]:
    yield Watch(
        "limits-not-kept",
        "Requests are not counted against their limits: Valkey does not answer the API",
        metrics.own("UnlimitedRequests", service="api", statistic="Sum"),
        threshold=1,
        periods=3,
    )
    yield Watch("api-5xx", "The API fails", metrics.http("5xx"), threshold=5)
    yield Watch(
        "api-p99",
        "One request in a hundred takes longer than two seconds",
        metrics.http("Latency", "p99"),
        threshold=2_000,
        periods=3,
    )
    yield Watch(
        "updates-late",
        "Open dashboards are told late, or not at all",
        metrics.age("broadcast"),
        threshold=LATE_MS,
        periods=3,
    )
    yield Watch(
        "updates-unreadable",
        "Updates could not be read and were dropped: writer and reader are of different versions",
        metrics.own("RecordsDropped", service="broadcast", statistic="Sum"),
        threshold=1,
    )
    yield Watch(
        "broadcast-failures",
        "Updates that nobody could be told of are in the queue",
        metrics.edge.failures.metric_approximate_number_of_messages_visible(),
        threshold=1,
    )
    for name in metrics.functions:
        yield Watch(f"{name}-errors", f"The Lambda {name} fails", metrics.errors(name), threshold=1, periods=2)


def _stores(metrics: Metrics, stage: Stage) -> Iterator[Watch]:
    yield Watch("database-cpu", "Postgres is busy", metrics.database("CPUUtilization"), threshold=80, periods=3)
    yield Watch(
        "database-connections",
        "Postgres is running out of connections",
        metrics.database("DatabaseConnections", "Maximum"),
        threshold=80 if stage.database_class.endswith(("micro", "small")) else 400,
        periods=3,
    )
    yield Watch(
        "database-storage",
        "Postgres has little room left, and may grow no more: raise database_max_storage_gb",
        metrics.database("FreeStorageSpace", "Minimum"),
        threshold=2 * GIGABYTE,
        below=True,
    )
    yield Watch(
        "database-memory",
        "Postgres has little memory left",
        metrics.database("FreeableMemory", "Minimum"),
        threshold=64 * 1024**2,
        periods=3,
        below=True,
    )
    yield Watch(
        "valkey-memory",
        "Valkey is nearly full",
        metrics.valkey("DatabaseMemoryUsagePercentage", "Maximum"),
        threshold=80,
        periods=3,
    )
