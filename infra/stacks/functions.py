"""The Lambda functions: code, role, network placement."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.stacks.findings import accept
from infra.stacks.logs import log_group
from infra.stacks.network import PRIVATE, NetworkStack
from infra.stages import Stage

Bundles = Mapping[str, Path]
"""The folder of each function, by its name."""

LIVE = "live"
# Permissions for attaching a function to a VPC; they cannot be narrowed to interfaces that do not exist yet.
_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


class Functions:
    """Creates the Lambdas of a stack, in a VPC unless ``network`` is missing (on a laptop)."""

    def __init__(self, stack: Stack, stage: Stage, bundles: Bundles, network: NetworkStack | None) -> None:
        self._stack, self._stage, self._bundles, self._network = stack, stage, bundles, network
        self._by_ipv6 = network is not None and not stage.nat_gateways

    def make(
        self,
        name: str,
        *,
        timeout: int,
        environment: Mapping[str, str],
        group: ec2.SecurityGroup | None,
        bundle: str = "",
        entry: str = "handler",
        memory: int = 512,
        concurrency: int = 0,
        snap_start: bool = False,
        by_clock: bool = False,
    ) -> lambda_.Function:
        """Create the Lambda of ``functions/<bundle or name>``, with its own role, which may write its log."""
        title, target, code = name.capitalize(), self._stage.target, bundle or name
        logs = log_group(self._stack, f"{title}Log", self._stage)
        role = iam.Role(self._stack, f"{title}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        logs.grant_write(role)
        function = lambda_.Function(
            self._stack,
            title,
            description=f"functions/{code}",
            runtime=lambda_.Runtime(
                f"python{target.python}", lambda_.RuntimeFamily.PYTHON, supports_snap_start=snap_start
            ),
            architecture=lambda_.Architecture.ARM_64,
            handler=f"functions.{code}.handler.{entry}",
            code=lambda_.Code.from_asset(str(self._bundles[code])),
            role=role,
            memory_size=memory,
            timeout=Duration.seconds(timeout),
            log_group=logs,
            tracing=lambda_.Tracing.ACTIVE if self._stage.tracing else lambda_.Tracing.DISABLED,
            reserved_concurrent_executions=concurrency or None,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            environment={
                **environment,
                **({"AWS_USE_DUALSTACK_ENDPOINT": "true"} if self._by_ipv6 else {}),
                "STAGE": self._stage.name,
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": "RiskManagement",
            },
            vpc=self._network.vpc if self._network else None,
            vpc_subnets=PRIVATE if self._network else None,
            security_groups=[group] if group else None,
            ipv6_allowed_for_dual_stack=True if self._by_ipv6 else None,
            # The next scheduled call comes before a retry would; this way each failure counts once.
            retry_attempts=0 if by_clock else None,
            max_event_age=Duration.minutes(1) if by_clock else None,
        )
        if self._stage.tracing:
            accept(role, "AwsSolutions-IAM5[Resource::*]", "X-Ray's write actions take no resource.")
        if self._network:
            role.add_to_policy(iam.PolicyStatement(actions=[*_INTERFACES], resources=["*"]))
            accept(role, "AwsSolutions-IAM5[Resource::*]", "Network interfaces do not exist before they are made.")
        accept(function, "AwsSolutions-L1", "Python 3.13 is the newest that every dependency has wheels for.")
        return function

    def live(self, function: lambda_.Function) -> lambda_.IFunction:
        """The alias of the newest version, of which SnapStart takes its snapshot."""
        if not self._stage.snap_start:
            return function
        alias = lambda_.Alias(
            self._stack,
            f"{function.node.id}Live",
            alias_name=LIVE,
            version=function.current_version,
            retry_attempts=0,
            max_event_age=Duration.minutes(1),
        )
        return cast(lambda_.IFunction, alias)
