"""The HTTP API and the WebSocket API."""

from __future__ import annotations

from typing import cast

import jsii
from aws_cdk import CfnElement, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from infra.stacks.findings import accept
from infra.stacks.logs import log_group
from infra.stages import Stage

WEBSOCKET_STAGE = "ws"
_PUSH_LOGS = "AmazonAPIGatewayPushToCloudWatchLogs"
_NO_LOG = "Whoever set access_logs=false does without: the application logs each request."


@jsii.implements(gateway.IAccessLogSettings)
class _AccessLogs:
    """One log line per request, in the common log format."""

    def __init__(self, group: logs.LogGroup) -> None:
        self._destination = gateway.LogGroupLogDestination(group)

    @property
    def destination(self) -> gateway.IAccessLogDestination:
        """The log destination."""
        return self._destination

    @property
    def format(self) -> apigateway.AccessLogFormat | None:
        """The log format; None is the common log format."""
        return None


def _access_logs(stack: Stack, name: str, stage: Stage) -> gateway.IAccessLogSettings | None:
    return _AccessLogs(log_group(stack, name, stage)) if stage.access_logs else None


def _account_may_log(stack: Stack) -> apigateway.CfnAccount:
    """Set API Gateway's logging role, one per account and region, which WebSocket stages need.

    Every stage sets it; the last one wins. Role and setting are retained, because another stage may need them.
    """
    role = iam.Role(
        stack,
        "GatewayLogRole",
        assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(f"service-role/{_PUSH_LOGS}")],
    )
    role.apply_removal_policy(RemovalPolicy.RETAIN)
    finding = f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/{_PUSH_LOGS}]"
    accept(role, finding, "AWS's own policy for this setting, which is for every API of the account.")
    account = apigateway.CfnAccount(stack, "GatewayAccount", cloud_watch_role_arn=role.role_arn)
    account.apply_removal_policy(RemovalPolicy.RETAIN)
    return account


def _throttle(stage: Stage) -> gateway.ThrottleSettings:
    return gateway.ThrottleSettings(rate_limit=stage.requests_per_second, burst_limit=2 * stage.requests_per_second)


def _addresses(stage: Stage) -> gateway.IpAddressType | None:
    """Dual-stack where functions can reach connections by IPv6 only."""
    return None if stage.nat_gateways or stage.emulated else gateway.IpAddressType.DUAL_STACK


def http_api(stack: Stack, stage: Stage, function: lambda_.IFunction) -> gateway.HttpApi:
    """Route every request to ``function``."""
    api = gateway.HttpApi(
        stack,
        "HttpApi",
        api_name=f"risk-{stage.name}",
        create_default_stage=False,
        ip_address_type=_addresses(stage),
        default_integration=integrations.HttpLambdaIntegration("ApiIntegration", function),
    )
    made = gateway.HttpStage(
        stack,
        "HttpStage",
        http_api=api,
        auto_deploy=True,
        throttle=_throttle(stage),
        access_log_settings=_access_logs(stack, "HttpAccessLog", stage),
    )
    accept(api, "AwsSolutions-APIG4", "The application authorizes each request: some routes are open by design.")
    if not stage.access_logs:
        accept(made, "AwsSolutions-APIG1", _NO_LOG)
    return api


def websocket_api(
    stack: Stack, stage: Stage, function: lambda_.Function, *, senders: list[lambda_.Function], endpoint: str = ""
) -> gateway.WebSocketStage:
    """Route every frame to ``function``, and let ``senders`` send to connections.

    ``endpoint`` overrides the address for an emulator; empty in AWS.
    """

    def route(name: str) -> gateway.WebSocketRouteOptions:
        return gateway.WebSocketRouteOptions(
            integration=integrations.WebSocketLambdaIntegration(f"{name}Integration", function)
        )

    api = gateway.WebSocketApi(
        stack,
        "WebSocketApi",
        api_name=f"risk-{stage.name}-live",
        connect_route_options=route("Connect"),
        disconnect_route_options=route("Disconnect"),
        default_route_options=route("Default"),
        ip_address_type=_addresses(stage),
    )
    accept(api, "AwsSolutions-APIG4", "$connect checks a single-use ticket; later frames come over its connection.")
    made = gateway.WebSocketStage(
        stack,
        "WebSocketStage",
        web_socket_api=api,
        stage_name=WEBSOCKET_STAGE,
        auto_deploy=True,
        throttle=_throttle(stage),
        access_log_settings=_access_logs(stack, "WebSocketAccessLog", stage),
    )
    if stage.access_logs:
        made.node.add_dependency(_account_may_log(stack))
    else:
        accept(made, "AwsSolutions-APIG1", _NO_LOG)
    management = f"{endpoint}/_aws/execute-api/{api.api_id}/{made.stage_name}" if endpoint else made.callback_url
    for sender in senders:
        sender.add_environment("WS_MANAGEMENT_URL", management)
        made.grant_management_api_access(sender)
    account = stage.account or "<AWS::AccountId>"
    api_id = stack.get_logical_id(cast(CfnElement, api.node.default_child))
    found = f"Resource::arn:<AWS::Partition>:execute-api:{stack.region}:{account}:<{api_id}>/{WEBSOCKET_STAGE}"
    reason = "A connection's id is not known before it exists."
    accept(stack, f"AwsSolutions-IAM5[{found}/*/@connections/*]", reason)
    return made
