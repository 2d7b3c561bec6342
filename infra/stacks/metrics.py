"""The CloudWatch metrics that alarms and the dashboard use, by name."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_

from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.scoring import ScoringStack
from infra.stages import Stage

MINUTE, FIVE = Duration.minutes(1), Duration.minutes(5)


class Metrics:
    """Metrics of AWS's services, and the system's own (namespace ``RiskManagement``)."""

    def __init__(self, stage: Stage, *, data: DataStack, edge: EdgeStack, scoring: ScoringStack) -> None:
        self._stage = stage
        self.data, self.edge, self.scoring = data, edge, scoring
        self.functions: dict[str, lambda_.Function] = {
            "api": edge.api,
            "websocket": edge.websocket,
            "broadcast": edge.broadcast,
            "webhooks": edge.webhooks,
            "maintenance": edge.maintenance,
        }

    def own(
        self,
        name: str,
        *,
        service: str = "maintenance",
        statistic: str = "Maximum",
        period: Duration = MINUTE,
        **dimensions: str,
    ) -> cloudwatch.Metric:
        """A metric of the system itself, as counted by a function or the engine of this stage."""
        return cloudwatch.Metric(
            namespace="RiskManagement",
            metric_name=name,
            dimensions_map={"service": service, "stage": self._stage.name, **dimensions},
            statistic=statistic,
            period=period,
        )

    def http(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """A metric of the HTTP API: Count, 4xx, 5xx, Latency (ms)."""
        return self.edge.http_api.metric(name, statistic=statistic, period=FIVE)

    def stream(self, stream: kinesis.Stream, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """A metric of a stream."""
        return stream.metric(name, statistic=statistic, period=MINUTE)

    def errors(self, name: str) -> cloudwatch.Metric:
        """How often a function failed."""
        return self.functions[name].metric_errors(period=FIVE, label=name)

    def age(self, name: str) -> cloudwatch.Metric:
        """The iterator age of a function (ms)."""
        return self.functions[name].metric("IteratorAge", statistic="Maximum", period=MINUTE, label=name)

    def database(self, name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """A metric of Postgres."""
        return self.data.database.metric(name, statistic=statistic, period=FIVE)

    def valkey(self, name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """A metric of Valkey's first node."""
        return cloudwatch.Metric(
            namespace="AWS/ElastiCache",
            metric_name=name,
            dimensions_map={"CacheClusterId": f"{self.data.valkey.ref}-001"},
            statistic=statistic,
            period=FIVE,
        )

    def engine(self, name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """A metric of the engine's service: CPUUtilization, MemoryUtilization (percent)."""
        return self.scoring.service.metric(name, statistic=statistic, period=FIVE)
