"""The Edge stack: streams, Lambdas, the HTTP API and the WebSocket API.

What it needs of the data layer it finds by name: the secret ``risk/<stage>/database`` in the format of
RDS, and the SSM parameters that ``infra/stacks/data.py`` writes.
"""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import CfnElement, CfnOutput, Duration, Environment, Stack, triggers
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stacks.audit import AuditTrail
from infra.stacks.data import ROLES, DataStack
from infra.stacks.exports import Exports
from infra.stacks.findings import accept
from infra.stacks.functions import Bundles, Functions
from infra.stacks.gateways import http_api, websocket_api
from infra.stacks.logs import removal
from infra.stacks.network import NetworkStack
from infra.stacks.product import allow_mail, product_settings
from infra.stacks.schedules import schedule
from infra.stacks.uploads import Uploads
from infra.stages import Stage

MIGRATION_MINUTES = 15  # Lambda's maximum
AUDIT_MINUTES = 15
TASKS = (
    ("alerts", Duration.minutes(1), "Alerts whose deadlines were missed"),
    ("vitals", Duration.minutes(1), "Whether the engine lives, and what could not be scored"),
    ("webhooks", Duration.days(1), "Messages of webhooks that nobody needs any more"),
    ("partitions", Duration.days(1), "Room for the assessments of the months to come"),
    ("retention", Duration.hours(1), "What is older than it has to be kept"),
)


class EdgeStack(Stack):
    """Everything that faces clients. Its outputs are for programs and the local run."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        bundles: Bundles,
        network: NetworkStack | None,
        data: DataStack | None,
        env: Environment,
    ) -> None:
        super().__init__(scope, name, env=env, description="Streams, Lambdas, HTTP API and WebSocket API")
        self._stage = stage
        self._network = network
        self._functions = Functions(self, stage, bundles, network)
        self._answering = network.functions if network else None
        self._operations = network.operations if network else None

        self.events = self._stream("Events", "risk-events", stage.events_shards)
        self.updates = self._stream("Updates", "risk-updates", stage.updates_shards)
        self.secret_key = self._generated_key("SecretKey", "secret-key", "Signs access tokens")
        accept(self.secret_key, "AwsSolutions-SMG4", "A new key signs everybody out, so an operator decides when.")
        self.webhook_key = self._generated_key("WebhookKey", "webhook-key", "Secrets of webhooks are derived from it")
        accept(
            self.webhook_key, "AwsSolutions-SMG4", "A new key is a new secret for every receiver: an operator's call."
        )
        self.label_key = self._generated_key("LabelKey", "label-key", "Proves to the engine that a label is the API's")
        accept(self.label_key, "AwsSolutions-SMG4", "API and engine change it together: an operator's call.")
        self._valkey = {
            "REDIS_HOST": self._parameter("ValkeyHost", "valkey/host"),
            "REDIS_PORT": self._parameter("ValkeyPort", "valkey/port"),
            "REDIS_TLS": str(stage.valkey_tls).lower(),
        }
        proxied = not stage.emulated and stage.database_proxy
        self._through_proxy = {"DATABASE_PROXY": self._parameter("DatabaseProxy", "database/proxy")} if proxied else {}
        self._webhook_settings = {
            "WEBHOOK_KEY_SECRET": stage.secret("webhook-key"),
            # On a laptop, webhook receivers are local, too.
            "WEBHOOK_PRIVATE_TARGETS": str(stage.emulated).lower(),
        }
        self.exports = Exports(self, "Exports", emulated=stage.emulated)
        self.uploads = Uploads(self, "Uploads", site=stage.public_url, emulated=stage.emulated)
        self.api = self._api()
        self.websocket = self._functions.make(
            "websocket", timeout=10, environment=self._live_as("websocket"), group=self._answering
        )
        self.broadcast = self._functions.make(
            "broadcast",
            timeout=30,
            environment=self._live_as("broadcast"),
            group=self._answering,
            concurrency=stage.broadcast_concurrency,
        )
        for function, user in ((self.api, "api"), (self.websocket, "websocket"), (self.broadcast, "broadcast")):
            self._secret(f"valkey/{user}").grant_read(function)
        self.webhooks = self._webhooks()
        self.maintenance = self._maintenance()
        if data is not None:
            # A published version keeps its addresses, so replacing Valkey or the proxy must publish another.
            self.api.invalidate_version_based_on(data.fingerprint())
        answers = self._functions.live(self.api)
        if stage.openai_model and stage.openai_embedding_model:
            minute, what = Duration.minutes(1), "Passages of the knowledge base that have no vector yet"
            schedule(self, "TaskEmbed", answers, task="embed", every=minute, description=what)
        self.http_api = http_api(self, stage, answers)
        self.websocket_stage = websocket_api(
            self,
            stage,
            self.websocket,
            senders=[self.websocket, self.broadcast],
            endpoint=self._parameter("Endpoint", "endpoint") if stage.emulated else "",
        )
        self.failures = self._broadcast_source()
        if not stage.emulated:
            self._migrate_first()
        self._outputs()

    def _parameter(self, name: str, path: str) -> str:
        return ssm.StringParameter.from_string_parameter_attributes(
            self, name, parameter_name=self._stage.parameter(path), force_dynamic_reference=False
        ).string_value

    def _secret(self, name: str) -> secretsmanager.ISecret:
        """A secret of the data layer, found by its name."""
        title = "".join(part.capitalize() for part in name.split("/"))
        known = self.node.try_find_child(title)
        if known is not None:
            return cast(secretsmanager.ISecret, known)
        return secretsmanager.Secret.from_secret_name_v2(self, title, self._stage.secret(name))

    def _database_as(self, role: str) -> dict[str, str]:
        """The database settings of a role, or of the owner."""
        return {
            "DATABASE_SECRET": self._stage.secret(f"database/{role}" if role else "database"),
            "DATABASE_TLS": str(not self._stage.emulated).lower(),
        }

    def _live_as(self, user: str) -> dict[str, str]:
        """The Valkey settings of a user."""
        return {**self._valkey, "REDIS_SECRET": self._stage.secret(f"valkey/{user}")}

    def _stream(self, name: str, stream: str, shards: int) -> kinesis.Stream:
        return kinesis.Stream(
            self,
            name,
            stream_name=self._stage.stream(stream),
            shard_count=None if self._stage.streams_on_demand else shards,
            stream_mode=kinesis.StreamMode.ON_DEMAND if self._stage.streams_on_demand else None,
            encryption=kinesis.StreamEncryption.MANAGED,
            retention_period=Duration.hours(self._stage.stream_retention_hours),
            removal_policy=removal(self._stage),
        )

    def _generated_key(self, name: str, secret: str, description: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            name,
            secret_name=self._stage.secret(secret),
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=removal(self._stage),
        )

    def _api(self) -> lambda_.Function:
        stage = self._stage
        function = self._functions.make(
            "api",
            timeout=29,  # API Gateway waits 30 seconds, and an explanation takes up to 25 (OPENAI_SECONDS)
            memory=1024,
            group=self._answering,
            snap_start=stage.snap_start,
            environment={
                **self._live_as("api"),
                **self._database_as("api"),
                **self._through_proxy,
                **self._webhook_settings,
                **product_settings(stage),
                "SECRET_KEY_SECRET": stage.secret("secret-key"),
                "LABEL_KEY_SECRET": stage.secret("label-key"),
                "EVENTS_STREAM": self.events.stream_name,
                "UPDATES_STREAM": self.updates.stream_name,
                "EXPORTS_BUCKET": self.exports.bucket.bucket_name,
                "UPLOADS_BUCKET": self.uploads.bucket.bucket_name,
            },
        )
        if stage.mail_from:
            allow_mail(function, stage)
        if not stage.emulated:
            key = self._generated_key("OriginKey", "origin-key", "CloudFront adds it to what it passes on")
            accept(key, "AwsSolutions-SMG4", "CloudFront learns a new key when it is deployed: an operator's call.")
            function.add_environment("ORIGIN_KEY_SECRET", stage.secret("origin-key"))
            key.grant_read(function)
        for secret in (self._secret("database/api"), self.secret_key, self.webhook_key, self.label_key):
            secret.grant_read(function)
        if stage.oidc_issuer:
            name = stage.secret("oidc-client-secret")
            function.add_environment("OIDC_CLIENT_SECRET_SECRET", name)
            secretsmanager.Secret.from_secret_name_v2(self, "OidcClientSecret", name).grant_read(function)
        for stream in (self.events, self.updates):
            stream.grant(function, "kinesis:PutRecords")
        self.exports.grant_write_and_sign(function)
        self.uploads.grant_sign(cast(iam.IRole, function.role))
        if stage.openai_model:
            name = stage.secret("openai-api-key")
            secretsmanager.Secret.from_secret_name_v2(self, "OpenAiKey", name).grant_read(function)
        return function

    def _webhooks(self) -> lambda_.Function:
        """Create the webhook sender: invoked by alert updates, and every minute for retries."""
        function = self._functions.make(
            "webhooks",
            timeout=60,
            environment={
                **self._webhook_settings,
                **self._database_as("webhooks"),
                **self._through_proxy,
                **({"SITE_URL": self._stage.public_url} if self._stage.public_url else {}),
            },
            group=self._network.webhooks if self._network else None,
            by_clock=True,
        )
        self._secret("database/webhooks").grant_read(function)
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
                retry_attempts=0,  # records only trigger it: messages are in the database
            )
        )
        every_minute = events.Rule(self, "WebhooksEveryMinute", schedule=events.Schedule.rate(Duration.minutes(1)))
        every_minute.add_target(targets.LambdaFunction(function, retry_attempts=0))
        return function

    def _maintenance(self) -> lambda_.Function:
        stage = self._stage
        environment = {
            **self._database_as("maintenance"),
            "UPDATES_STREAM": self.updates.stream_name,
            "RETENTION_MONTHS": str(stage.retention_months),
            **({"SITE_URL": stage.public_url} if stage.public_url else {}),
        }
        function = self._functions.make(
            "maintenance", timeout=60, environment=environment, group=self._operations, by_clock=True
        )
        self._secret("database/maintenance").grant_read(function)
        self.updates.grant(function, "kinesis:PutRecords")
        for task, every, description in TASKS:
            schedule(self, f"Task{task.capitalize()}", function, task=task, every=every, description=description)
        key_file = self._parameter("AuditKeyFile", "audit/key-file") if stage.emulated else ""
        trail = AuditTrail(self, "Audit", stage=stage, key_file=key_file)
        trail.let_verify(self.api)
        trail.let_sign(function)
        trail.every_minute(function)
        self.audit, self.auditor = trail, self._auditor(trail)
        accept(trail.bucket, "AwsSolutions-S1", "Only checkpoints are written, and the function logs each.")
        bucket_id = self.get_logical_id(cast(CfnElement, trail.bucket.node.default_child))
        found = f"AwsSolutions-IAM5[Resource::<{bucket_id}.Arn>/checkpoints/*]"
        accept(self, found, "A checkpoint's key is its size, which is not known before.")
        return function

    def _auditor(self, trail: AuditTrail) -> lambda_.Function:
        """Create the verifier of the whole audit log, which is read-only and may run for long."""
        function = self._functions.make(
            "auditor",
            bundle="maintenance",
            entry="audit",
            timeout=AUDIT_MINUTES * 60,
            memory=1024,  # 32 bytes per record stay in memory
            environment=self._database_as("auditor"),
            group=self._operations,
            by_clock=True,
        )
        self._secret("database/auditor").grant_read(function)
        trail.let_verify(function)
        trail.every_day(function)
        CfnOutput(self, "AuditorFunction", value=function.function_name)
        return function

    def _migrate_first(self) -> None:
        """Migrate the schema before any new code runs. A failed migration rolls the deployment back."""
        function = self._functions.make(
            "migrations",
            bundle="maintenance",
            entry="migrate",
            timeout=MIGRATION_MINUTES * 60,
            environment={
                **self._database_as(""),
                "DATABASE_ROLE_SECRETS": self._stage.secret("database/"),
            },
            group=self._operations,
        )
        for name in ("database", *(f"database/{role}" for role in ROLES)):
            self._secret(name).grant_read(function)
        CfnOutput(self, "MigrationsFunction", value=function.function_name)
        triggers.Trigger(
            self,
            "Migrate",
            handler=function,
            timeout=Duration.minutes(MIGRATION_MINUTES),
            execute_before=[self.api, self.websocket, self.broadcast, self.webhooks, self.maintenance, self.auditor],
        )

    def _broadcast_source(self) -> sqs.Queue:
        """Invoke ``broadcast`` with updates: by enhanced fan-out where enabled, otherwise polled once a second."""
        failures = sqs.Queue(self, "BroadcastFailures", retention_period=Duration.days(14), enforce_ssl=True)
        accept(failures, "AwsSolutions-SQS3", "This is the dead-letter queue itself.")
        options: dict[str, Any] = {
            "starting_position": lambda_.StartingPosition.LATEST,
            "batch_size": 100,
            "max_batching_window": Duration.seconds(0),
            "report_batch_item_failures": True,
            "bisect_batch_on_error": True,
            "retry_attempts": 2,
            "max_record_age": Duration.minutes(5),  # older updates are no longer live: clients refetch
            "on_failure": sources.SqsDlq(failures),
        }
        if self._stage.updates_fan_out:
            consumer = kinesis.StreamConsumer(
                self, "BroadcastConsumer", stream=self.updates, stream_consumer_name="broadcast"
            )
            self.broadcast.add_event_source(sources.KinesisConsumerEventSource(consumer, **options))
        else:
            self.broadcast.add_event_source(sources.KinesisEventSource(self.updates, **options))
        CfnOutput(self, "BroadcastFailuresUrl", value=failures.queue_url)
        return failures

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
            "UploadsBucket": self.uploads.bucket.bucket_name,
            "AuditBucket": self.audit.bucket.bucket_name,
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)
