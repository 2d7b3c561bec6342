"""The Scoring stack: the engine and the importer beside it, as exactly one Fargate task."""

from __future__ import annotations

from aws_cdk import Annotations, CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.findings import accept
from infra.stacks.logs import log_group
from infra.stacks.network import PRIVATE, PUBLIC, NetworkStack
from infra.stacks.product import thresholds
from infra.stages import Stage

PORT = 8080
# Fargate's maximum. Draining takes seconds, and the lease keeps a second writer out in any case.
STOP_SECONDS = 120
# An uploaded file of 5 GB, and what it becomes while it is sorted.
SCRATCH_GIB = 60
IMPORTER_MEMORY = 768
_CHECK = "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4).read()"  # raises unless 200


class ScoringStack(Stack):
    """Reads and scores events; the only writer of assessments."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        network: NetworkStack,
        data: DataStack,
        edge: EdgeStack,
        env: Environment,
    ) -> None:
        super().__init__(scope, name, env=env, description="The engine")
        self._stage, self._edge = stage, edge
        if not stage.engine_tag:  # so that the CDK can deploy the other stacks by name
            message = "engine_tag is not set: push an image, and name its tag in the stage file (docs/deploy.md)"
            Annotations.of(self).add_error(message)
        self._tag = stage.engine_tag or "engine_tag-is-not-set"
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED
            if stage.container_insights
            else ecs.ContainerInsights.DISABLED,
            enable_fargate_capacity_providers=stage.engine_spot or None,
        )
        if not stage.container_insights:
            accept(
                self.cluster, "AwsSolutions-ECS4", "This stage is to cost little: the engine's own metrics say enough."
            )
        definition = self._definition(data)
        self.service = ecs.FargateService(
            self,
            "Engine",
            cluster=self.cluster,
            task_definition=definition,
            desired_count=1,
            # Stop the old task before the new one starts: never two writers. Events wait in the stream.
            min_healthy_percent=0,
            max_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            capacity_provider_strategies=[ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=1)]
            if stage.engine_spot
            else None,
            vpc_subnets=PRIVATE if stage.nat_gateways else PUBLIC,
            security_groups=[network.engine],
            assign_public_ip=not stage.nat_gateways,  # the only route out; none leads in
            platform_version=ecs.FargatePlatformVersion.LATEST,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        CfnOutput(self, "ClusterName", value=self.cluster.cluster_name)
        CfnOutput(self, "EngineService", value=self.service.service_name)
        CfnOutput(self, "EngineImage", value=data.images.repository_uri_for_tag(self._tag))

    def _definition(self, data: DataStack) -> ecs.FargateTaskDefinition:
        stage = self._stage
        arm = stage.engine_architecture == "arm64"
        definition = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=stage.engine_cpu,
            memory_limit_mib=stage.engine_memory,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.ARM64 if arm else ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
            volumes=[ecs.Volume(name="scratch"), ecs.Volume(name="uploads")],
            ephemeral_storage_gib=SCRATCH_GIB,
        )
        logs = log_group(self, "EngineLog", stage)
        container = definition.add_container(
            "engine",
            image=ecs.ContainerImage.from_ecr_repository(data.images, self._tag),
            essential=True,
            readonly_root_filesystem=True,
            stop_timeout=Duration.seconds(STOP_SECONDS),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="engine", log_group=logs),
            environment=self._environment(),
            health_check=ecs.HealthCheck(
                command=["CMD", "python", "-c", _CHECK],
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                retries=3,
                start_period=Duration.seconds(300),  # profiles are brought up to date first
            ),
            port_mappings=[ecs.PortMapping(container_port=PORT)],
        )
        container.add_mount_points(
            ecs.MountPoint(container_path="/tmp", source_volume="scratch", read_only=False)  # noqa: S108
        )
        self._add_importer(definition, data)
        self._allow(definition)
        accept(definition, "AwsSolutions-ECS2", "Nothing in its environment is secret: it names the secret.")
        return definition

    def _add_importer(self, definition: ecs.FargateTaskDefinition, data: DataStack) -> None:
        """The reader of uploaded files: it may fail and start again without the engine noticing."""
        container = definition.add_container(
            "importer",
            image=ecs.ContainerImage.from_ecr_repository(data.images, self._tag),
            essential=False,
            enable_restart_policy=True,
            readonly_root_filesystem=True,
            entry_point=["python", "-m", "streaming.importing.worker"],
            memory_limit_mib=IMPORTER_MEMORY,
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix="importer", log_group=log_group(self, "ImporterLog", self._stage)
            ),
            environment=self._shared() | {"UPLOADS_BUCKET": self._edge.uploads.bucket.bucket_name},
        )
        container.add_mount_points(
            ecs.MountPoint(container_path="/tmp", source_volume="uploads", read_only=False)  # noqa: S108
        )

    def _shared(self) -> dict[str, str]:
        stage = self._stage
        return {
            "STAGE": stage.name,
            "AWS_DEFAULT_REGION": self.region,
            "DATABASE_SECRET": stage.secret("database/engine"),
            "DATABASE_TLS": "true",
            "UPDATES_STREAM": self._edge.updates.stream_name,
        }

    def _environment(self) -> dict[str, str]:
        stage = self._stage
        return {
            **self._shared(),
            "REDIS_HOST": self._parameter("ValkeyHost", "valkey/host"),
            "REDIS_PORT": self._parameter("ValkeyPort", "valkey/port"),
            "REDIS_TLS": str(stage.valkey_tls).lower(),
            "REDIS_SECRET": stage.secret("valkey/engine"),
            "LABEL_KEY_SECRET": stage.secret("label-key"),
            "EVENTS_STREAM": self._edge.events.stream_name,
            "STREAM_EPOCH": stage.stream_epoch,
            "ENGINE_PROCESSES": str(stage.engine_processes),
            "ENGINE_PROFILES": str(stage.engine_profiles),
            "CLOUDWATCH_METRICS": "true",
            **thresholds(stage),
            **self._kafka(),
        }

    def _kafka(self) -> dict[str, str]:
        stage = self._stage
        if stage.event_source != "kafka":
            return {}
        login = {"KAFKA_SECRET": stage.secret("kafka")} if stage.kafka_login else {}
        names = ("event_source", *(name for name in vars(stage) if name.startswith("kafka_")))
        return {name.upper(): str(getattr(stage, name)) for name in names} | login

    def _parameter(self, name: str, path: str) -> str:
        return ssm.StringParameter.from_string_parameter_attributes(
            self, name, parameter_name=self._stage.parameter(path), force_dynamic_reference=False
        ).string_value

    def _allow(self, definition: ecs.FargateTaskDefinition) -> None:
        role = definition.task_role
        for title, name in (("Database", "database/engine"), ("Valkey", "valkey/engine"), ("LabelKey", "label-key")):
            secretsmanager.Secret.from_secret_name_v2(self, title, self._stage.secret(name)).grant_read(role)
        if self._stage.kafka_login:
            name = self._stage.secret("kafka")
            secretsmanager.Secret.from_secret_name_v2(self, "KafkaLogin", name).grant_read(role)
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=[
                    "kinesis:ListShards",
                    "kinesis:GetShardIterator",
                    "kinesis:GetRecords",
                ],
                resources=[self._edge.events.stream_arn],
            )
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["kinesis:PutRecords"], resources=[self._edge.updates.stream_arn])
        )
        self._edge.uploads.grant_import(role)
        accept(definition, "AwsSolutions-IAM5[Resource::*]", "ecr:GetAuthorizationToken takes no resource.")
