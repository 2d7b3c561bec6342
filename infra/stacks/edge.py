"""The Edge stack: streams, Lambdas, the HTTP API and the WebSocket API.

What it needs of the data layer it finds by name: the secret ``risk/<stage>/database`` in the format of
RDS, and the SSM parameters ``/risk/<stage>/valkey/host`` and ``…/port``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import jsii
from aws_cdk import CfnElement, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stacks.audit import AuditTrail
from infra.stacks.exports import Exports
from infra.stacks.findings import accept
from infra.stacks.schedules import schedule
from infra.stages import Stage

Bundles = Mapping[str, Path]
"""The folder of each function, by its name."""

WEBSOCKET_STAGE = "ws"
_RETENTION = {1: logs.RetentionDays.ONE_DAY, 30: logs.RetentionDays.ONE_MONTH, 365: logs.RetentionDays.ONE_YEAR}


@jsii.implements(gateway.IAccessLogSettings)
class _AccessLogs:
    """One line a request, in the common log format, to a log group."""

    def __init__(self, log_group: logs.LogGroup) -> None:
        self._destination = gateway.LogGroupLogDestination(log_group)

    @property
    def destination(self) -> gateway.IAccessLogDestination:
        """Where the lines go."""
        return self._destination

    @property
    def format(self) -> apigateway.AccessLogFormat | None:
        """What a line says; None is the common log format."""
        return None


class EdgeStack(Stack):
    """All that faces clients. Its outputs name what programs and the local run need."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage, bundles: Bundles, env: Environment) -> None:
        super().__init__(scope, name, env=env, description="Streams, Lambdas, HTTP API and WebSocket API")
        self._stage = stage
        self._bundles = bundles
        self._removal = RemovalPolicy.RETAIN if stage.keep_data else RemovalPolicy.DESTROY

        self.events = self._stream("Events", "risk-events", stage.events_shards)
        self.updates = self._stream("Updates", "risk-updates", stage.updates_shards)
        self.secret_key = self._generated_key("SecretKey", "secret-key", "Signs access tokens")
        accept(self.secret_key, "AwsSolutions-SMG4", "A new key signs everybody out, so an operator decides when.")
        self.webhook_key = self._generated_key("WebhookKey", "webhook-key", "Secrets of webhooks are derived from it")
        accept(
            self.webhook_key, "AwsSolutions-SMG4", "A new key is a new secret for every receiver: an operator's call."
        )
        self.database = secretsmanager.Secret.from_secret_name_v2(self, "Database", stage.secret("database"))
        self._valkey = {
            "REDIS_HOST": self._parameter("ValkeyHost", "valkey/host"),
            "REDIS_PORT": self._parameter("ValkeyPort", "valkey/port"),
            "REDIS_TLS": str(stage.valkey_tls).lower(),
        }
        self._webhook_settings = {
            "WEBHOOK_KEY_SECRET": stage.secret("webhook-key"),
            # On a laptop, receivers are on the laptop.
            "WEBHOOK_PRIVATE_TARGETS": str(stage.emulated).lower(),
        }
        self.exports = Exports(self, "Exports")
        self.api = self._api()
        self.websocket = self._function("websocket", timeout=10, environment=self._valkey)
        self.broadcast = self._function("broadcast", timeout=30, environment=self._valkey)
        self.webhooks = self._webhooks()
        self.maintenance = self._maintenance()
        self.http_api = self._http_api()
        self.websocket_stage = self._websocket_api()
        self._broadcast_source()
        self._outputs()

    def _parameter(self, name: str, path: str) -> str:
        return ssm.StringParameter.from_string_parameter_attributes(
            self, name, parameter_name=self._stage.parameter(path), force_dynamic_reference=False
        ).string_value

    def _stream(self, name: str, stream: str, shards: int) -> kinesis.Stream:
        return kinesis.Stream(
            self,
            name,
            stream_name=self._stage.stream(stream),
            shard_count=shards,
            encryption=kinesis.StreamEncryption.MANAGED,
            retention_period=Duration.hours(24),
            removal_policy=self._removal,
        )

    def _generated_key(self, name: str, secret: str, description: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            name,
            secret_name=self._stage.secret(secret),
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=self._removal,
        )

    def _log_group(self, name: str) -> logs.LogGroup:
        retention = _RETENTION[self._stage.log_retention_days]
        return logs.LogGroup(self, name, retention=retention, removal_policy=self._removal)

    def _function(
        self, name: str, *, timeout: int, environment: Mapping[str, str], memory: int = 512
    ) -> lambda_.Function:
        """Make the Lambda of ``functions/<name>``, with a role of its own that may write its log."""
        title, target = name.capitalize(), self._stage.target
        log_group = self._log_group(f"{title}Log")
        role = iam.Role(self, f"{title}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        function = lambda_.Function(
            self,
            title,
            description=f"functions/{name}",
            runtime=lambda_.Runtime(f"python{target.python}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            handler=f"functions.{name}.handler.handler",
            code=lambda_.Code.from_asset(str(self._bundles[name])),
            role=role,
            memory_size=memory,
            timeout=Duration.seconds(timeout),
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if self._stage.tracing else lambda_.Tracing.DISABLED,
            environment={
                **environment,
                "STAGE": self._stage.name,
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": "RiskManagement",
            },
        )
        if self._stage.tracing:
            accept(role, "AwsSolutions-IAM5[Resource::*]", "X-Ray's write actions take no resource.")
        accept(function, "AwsSolutions-L1", "Python 3.13 is the newest that every dependency has wheels for.")
        return function

    def _api(self) -> lambda_.Function:
        function = self._function(
            "api",
            timeout=29,  # API Gateway waits 30 seconds, and an explanation takes up to 25 (OPENAI_SECONDS)
            memory=1024,
            environment={
                **self._valkey,
                **self._webhook_settings,
                "DATABASE_SECRET": self._stage.secret("database"),
                "SECRET_KEY_SECRET": self._stage.secret("secret-key"),
                "EVENTS_STREAM": self.events.stream_name,
                "UPDATES_STREAM": self.updates.stream_name,
                "EXPORTS_BUCKET": self.exports.bucket.bucket_name,
                **({"SITE_URL": self._stage.site_url} if self._stage.site_url else {}),
                **({"MAIL_FROM": self._stage.mail_from} if self._stage.mail_from else {}),
                **self._model_settings(),
            },
        )
        if self._stage.mail_from:
            self._allow_mail(function)
        self.database.grant_read(function)
        self.secret_key.grant_read(function)
        self.webhook_key.grant_read(function)
        for stream in (self.events, self.updates):
            stream.grant(function, "kinesis:PutRecord", "kinesis:PutRecords")
        self.exports.grant_write_and_sign(function)
        if self._stage.openai_model:
            key = secretsmanager.Secret.from_secret_name_v2(self, "OpenAiKey", self._stage.secret("openai-api-key"))
            key.grant_read(function)
        return function

    def _model_settings(self) -> dict[str, str]:
        """The language model that explains, whose key an operator has put into a secret of this stage."""
        if not self._stage.openai_model:
            return {}
        return {
            "RAG_ENABLED": "true",
            "OPENAI_MODEL": self._stage.openai_model,
            "OPENAI_API_KEY_SECRET": self._stage.secret("openai-api-key"),
            **({"OPENAI_BASE_URL": self._stage.openai_base_url} if self._stage.openai_base_url else {}),
        }

    def _webhooks(self) -> lambda_.Function:
        """Make the sender of webhooks: woken by news of alerts, and every minute for what is to be tried again."""
        environment = {**self._webhook_settings, "DATABASE_SECRET": self._stage.secret("database")}
        function = self._function("webhooks", timeout=60, environment=environment)
        self.database.grant_read(function)
        self.webhook_key.grant_read(function)
        news = lambda_.FilterRule.or_("alert", "delivery")
        function.add_event_source(
            sources.KinesisEventSource(
                self.updates,
                starting_position=lambda_.StartingPosition.LATEST,
                batch_size=100,
                max_batching_window=Duration.seconds(1),
                filters=[lambda_.FilterCriteria.filter({"data": {"type": news}})],
                report_batch_item_failures=True,
                retry_attempts=0,  # records only wake it: messages are in the database
            )
        )
        every_minute = events.Rule(self, "WebhooksEveryMinute", schedule=events.Schedule.rate(Duration.minutes(1)))
        every_minute.add_target(targets.LambdaFunction(function, retry_attempts=0))
        return function

    def _maintenance(self) -> lambda_.Function:
        environment = {"DATABASE_SECRET": self._stage.secret("database"), "UPDATES_STREAM": self.updates.stream_name}
        function = self._function("maintenance", timeout=60, environment=environment)
        self.database.grant_read(function)
        self.updates.grant(function, "kinesis:PutRecords")
        for task, every, description in (
            ("alerts", Duration.minutes(1), "Alerts whose deadlines were missed"),
            ("webhooks", Duration.days(1), "Messages of webhooks that nobody needs any more"),
        ):
            schedule(self, f"Task{task.capitalize()}", function, task=task, every=every, description=description)
        # A file of this machine, for the emulator; in AWS a key of KMS.
        key_file = self._parameter("AuditKeyFile", "audit/key-file") if self._stage.emulated else ""
        trail = AuditTrail(self, "Audit", stage=self._stage, key_file=key_file)
        trail.let_verify(self.api)
        trail.let_sign(function)
        trail.every_minute(function)
        self.audit_bucket = trail.bucket
        accept(trail.bucket, "AwsSolutions-S1", "Only checkpoints are written, and the function logs each.")
        bucket_id = self.get_logical_id(cast(CfnElement, trail.bucket.node.default_child))
        found = f"AwsSolutions-IAM5[Resource::<{bucket_id}.Arn>/checkpoints/*]"
        accept(self, found, "A checkpoint's key is its size, which is not known before.")
        return function

    def _allow_mail(self, function: lambda_.Function) -> None:
        domain = self._stage.mail_from.partition("@")[2]
        identities = [
            self.format_arn(service="ses", resource="identity", resource_name=name)
            for name in (domain, self._stage.mail_from)
        ]
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=identities,
                conditions={"StringEquals": {"ses:FromAddress": self._stage.mail_from}},
            )
        )

    def _access_logs(self, name: str) -> gateway.IAccessLogSettings | None:
        if not self._stage.access_logs:
            return None
        return _AccessLogs(self._log_group(name))

    def _http_api(self) -> gateway.HttpApi:
        api = gateway.HttpApi(
            self,
            "HttpApi",
            api_name=f"risk-{self._stage.name}",
            create_default_stage=False,
            default_integration=integrations.HttpLambdaIntegration("ApiIntegration", self.api),
        )
        gateway.HttpStage(
            self,
            "HttpStage",
            http_api=api,
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(rate_limit=500, burst_limit=1000),
            access_log_settings=self._access_logs("HttpAccessLog"),
        )
        accept(api, "AwsSolutions-APIG4", "The application authorizes each request: some routes are open by design.")
        return api

    def _websocket_api(self) -> gateway.WebSocketStage:
        def route(name: str) -> gateway.WebSocketRouteOptions:
            return gateway.WebSocketRouteOptions(
                integration=integrations.WebSocketLambdaIntegration(f"{name}Integration", self.websocket)
            )

        api = gateway.WebSocketApi(
            self,
            "WebSocketApi",
            api_name=f"risk-{self._stage.name}-live",
            connect_route_options=route("Connect"),
            disconnect_route_options=route("Disconnect"),
            default_route_options=route("Default"),
        )
        accept(api, "AwsSolutions-APIG4", "$connect checks a single-use ticket; later frames come over its connection.")
        stage = gateway.WebSocketStage(
            self,
            "WebSocketStage",
            web_socket_api=api,
            stage_name=WEBSOCKET_STAGE,
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(rate_limit=500, burst_limit=1000),
            access_log_settings=self._access_logs("WebSocketAccessLog"),
        )
        management = stage.callback_url
        if self._stage.emulated:
            management = f"{self._parameter('Endpoint', 'endpoint')}/_aws/execute-api/{api.api_id}/{stage.stage_name}"
        for function in (self.websocket, self.broadcast):
            function.add_environment("WS_MANAGEMENT_URL", management)
            stage.grant_management_api_access(function)
        account = self._stage.account or "<AWS::AccountId>"
        api_id = self.get_logical_id(cast(CfnElement, api.node.default_child))
        found = f"Resource::arn:<AWS::Partition>:execute-api:{self.region}:{account}:<{api_id}>/{WEBSOCKET_STAGE}"
        reason = "A connection's id is not known before it exists."
        accept(self, f"AwsSolutions-IAM5[{found}/*/@connections/*]", reason)
        return stage

    def _broadcast_source(self) -> None:
        failures = sqs.Queue(self, "BroadcastFailures", retention_period=Duration.days(14), enforce_ssl=True)
        accept(failures, "AwsSolutions-SQS3", "This is the dead-letter queue itself.")
        self.broadcast.add_event_source(
            sources.KinesisEventSource(
                self.updates,
                starting_position=lambda_.StartingPosition.LATEST,
                batch_size=100,
                max_batching_window=Duration.seconds(0),
                report_batch_item_failures=True,
                bisect_batch_on_error=True,
                retry_attempts=2,
                max_record_age=Duration.minutes(5),  # older news is no longer live: clients refetch
                on_failure=sources.SqsDlq(failures),
            )
        )
        CfnOutput(self, "BroadcastFailuresUrl", value=failures.queue_url)

    def _outputs(self) -> None:
        values = {
            "HttpApiId": self.http_api.api_id,
            "HttpApiUrl": self.http_api.api_endpoint,
            "WebSocketApiId": self.websocket_stage.api.api_id,
            "WebSocketUrl": self.websocket_stage.url,
            "EventsStream": self.events.stream_name,
            "UpdatesStream": self.updates.stream_name,
            "ApiFunction": self.api.function_name,
            "WebsocketFunction": self.websocket.function_name,
            "BroadcastFunction": self.broadcast.function_name,
            "WebhooksFunction": self.webhooks.function_name,
            "MaintenanceFunction": self.maintenance.function_name,
            "AuditBucket": self.audit_bucket.bucket_name,
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)
