"""The CloudWatch dashboard, in the order of an event's path."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.stacks.metrics import Metrics
from infra.stages import Stage

WIDTH, HEIGHT = 8, 6


def _graph(title: str, unit: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=[*metrics],
        left_y_axis=cloudwatch.YAxisProps(label=unit, min=0, show_units=False),
        width=WIDTH,
        height=HEIGHT,
        legend_position=cloudwatch.LegendPosition.BOTTOM,
    )


def dashboard(scope: Construct, metrics: Metrics, stage: Stage) -> cloudwatch.Dashboard:
    """Make the dashboard of a stage."""
    edge = metrics.edge
    rows = [
        [
            _graph("Events in", "records a minute", metrics.stream(edge.events, "IncomingRecords")),
            _graph(
                "Waiting for the engine",
                "ms",
                metrics.stream(edge.events, "GetRecords.IteratorAgeMilliseconds", "Maximum"),
            ),
            _graph("Engine", "1 lives", metrics.own("EngineAlive", statistic="Minimum"), metrics.own("DeadLetters")),
        ],
        [
            _graph("Requests", "in 5 minutes", metrics.http("Count"), metrics.http("4xx"), metrics.http("5xx")),
            _graph("Latency", "ms", metrics.http("Latency", "p50"), metrics.http("Latency", "p99")),
            _graph("Lambda errors", "in 5 minutes", *(metrics.errors(name) for name in metrics.functions)),
        ],
        [
            _graph("Updates told late", "ms", metrics.age("broadcast"), metrics.age("webhooks")),
            _graph("Frames to browsers", "a minute", metrics.own("FramesSent", service="broadcast", statistic="Sum")),
            _graph(
                "Promises",
                "count",
                metrics.own("AuditLogTampered"),
                metrics.own("DeadlinesMissed", statistic="Sum"),
            ),
        ],
        [
            _graph("Engine's task", "percent", metrics.engine("CPUUtilization"), metrics.engine("MemoryUtilization")),
            _graph(
                "Scored",
                "a minute",
                metrics.own("EventsScored", service="engine", statistic="Sum"),
                metrics.own("EventsInFlight", service="engine"),
            ),
            _graph("From stream to database", "seconds", metrics.own("LagSeconds", service="engine")),
        ],
        [
            _graph("Postgres", "percent", metrics.database("CPUUtilization")),
            _graph("Connections", "count", metrics.database("DatabaseConnections", "Maximum")),
        ],
        [
            _graph("Free storage", "bytes", metrics.database("FreeStorageSpace", "Minimum")),
            _graph("Valkey", "percent", metrics.valkey("DatabaseMemoryUsagePercentage", "Maximum")),
            _graph("Valkey connections", "count", metrics.valkey("CurrConnections", "Maximum")),
        ],
    ]
    return cloudwatch.Dashboard(
        scope, "Dashboard", dashboard_name=f"risk-{stage.name}", widgets=rows, default_interval=Duration.hours(3)
    )
