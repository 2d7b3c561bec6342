"""Scheduled Lambda invocations."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct


def schedule(
    scope: Construct, name: str, function: lambda_.IFunction, *, task: str, every: Duration, description: str
) -> None:
    """Invoke ``function`` with ``task`` on a schedule; a failure waits for the next run."""
    events.Rule(
        scope,
        name,
        description=description,
        schedule=events.Schedule.rate(every),
        targets=[
            targets.LambdaFunction(
                function,
                event=events.RuleTargetInput.from_object({"task": task}),
                retry_attempts=0,
                max_event_age=Duration.minutes(1),
            )
        ],
    )
