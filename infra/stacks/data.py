"""The Data stack: Postgres behind its proxy, Valkey, and the registry of the engine's images.

It publishes addresses for the Edge stack: the secret ``risk/<stage>/database`` in the format of RDS, and the
SSM parameters ``/risk/<stage>/database/proxy``, ``/risk/<stage>/valkey/host`` and ``…/port``.
"""

from __future__ import annotations

import json
from typing import cast

from aws_cdk import CfnOutput, CfnResource, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stacks.findings import MANAGED_LOGS, accept
from infra.stacks.logs import RETENTION, removal
from infra.stacks.network import ISOLATED, PRIVATE, NetworkStack
from infra.stages import Stage
from infra.valkey_users import ACCESS, DISABLED
from infra.versions import POSTGRES_VERSION, VALKEY_VERSION

DATABASE, USER = "risk", "risk"
ROLES = ("engine", "api", "webhooks", "maintenance", "auditor")  # of risk/store/db/roles.py
PROXIED = ("api", "webhooks")
# The proxy rejects startup settings of a connection; elsewhere risk/store/db/engine.py sets these.
SESSION = "SET statement_timeout = 10000; SET timezone = 'UTC'"


class DataStack(Stack):
    """Resources that outlive deployments."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage, network: NetworkStack, env: Environment) -> None:
        super().__init__(
            scope, name, env=env, description="Postgres, Valkey, images", termination_protection=stage.keep_data
        )
        self._stage, self._network = stage, network
        self._key = self._encryption() if stage.own_keys else None  # otherwise the services' own keys, which are free
        self.database = self._postgres()
        self.logins = {role: self._login(role) for role in ROLES}
        self.proxy = self._proxy(network.proxy) if network.proxy else None
        self.valkey = self._valkey()
        self.images = self._images()
        if self.proxy:
            self._tell("DatabaseProxyHost", "database/proxy", self.proxy.endpoint)
        self._tell("ValkeyHost", "valkey/host", self.valkey.attr_primary_end_point_address)
        self._tell("ValkeyPort", "valkey/port", self.valkey.attr_primary_end_point_port)
        CfnOutput(self, "DatabaseHost", value=self.database.db_instance_endpoint_address)
        CfnOutput(self, "DatabaseSecret", value=stage.secret("database"))
        CfnOutput(self, "EngineRepository", value=self.images.repository_uri)

    def fingerprint(self) -> str:
        """A hash of the properties of Valkey and the proxy; it changes when they are replaced and get new addresses."""
        made = [self.valkey, *([self.proxy.node.default_child] if self.proxy else [])]
        asked = [self.resolve(cast(CfnResource, one)._cfn_properties) for one in made]
        return json.dumps(asked, sort_keys=True, default=str)

    def _encryption(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description=f"Encrypts the data of {self._stage.name}: Postgres, Valkey, images",
            enable_key_rotation=True,
            alias=f"alias/risk-{self._stage.name}-data",
            removal_policy=removal(self._stage),
        )

    def _fixed(self, name: str, group: ec2.SecurityGroup) -> ec2.ISecurityGroup:
        """The group as immutable, so that constructs do not add rules of their own."""
        return ec2.SecurityGroup.from_security_group_id(self, name, group.security_group_id, mutable=False)

    def _tell(self, name: str, path: str, value: str) -> None:
        ssm.StringParameter(self, f"{name}Parameter", parameter_name=self._stage.parameter(path), string_value=value)
        CfnOutput(self, name, value=value)

    def _postgres(self) -> rds.DatabaseInstance:
        stage = self._stage
        self.secret = secretsmanager.Secret(
            self,
            "DatabaseLogin",
            secret_name=stage.secret("database"),
            description="How migrations sign in to Postgres, as its owner; RDS adds where it is",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=f'{{"username": "{USER}"}}',
                generate_string_key="password",
                password_length=40,
                exclude_punctuation=True,
            ),
            removal_policy=removal(stage),
        )
        engine = rds.DatabaseInstanceEngine.postgres(
            version=rds.PostgresEngineVersion.of(POSTGRES_VERSION, POSTGRES_VERSION)
        )
        database = rds.DatabaseInstance(
            self,
            "Postgres",
            engine=engine,
            instance_type=ec2.InstanceType(stage.database_class),
            credentials=rds.Credentials.from_secret(self.secret),
            database_name=DATABASE,
            vpc=self._network.vpc,
            vpc_subnets=ISOLATED,
            security_groups=[self._fixed("DatabaseGroup", self._network.database)],
            publicly_accessible=False,
            multi_az=stage.database_multi_az,
            storage_type=rds.StorageType.GP3,
            allocated_storage=stage.database_storage_gb,
            max_allocated_storage=stage.database_max_storage_gb,
            storage_encrypted=True,
            storage_encryption_key=self._key,
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            parameter_group=rds.ParameterGroup(
                self,
                f"Parameters{POSTGRES_VERSION}",  # one per major version
                engine=engine,
                description="TLS always, slow statements in the log",
                parameters={"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
            ),
            allow_major_version_upgrade=True,  # raising POSTGRES_VERSION upgrades in place, after a snapshot
            auto_minor_version_upgrade=True,
            backup_retention=Duration.days(stage.database_backup_days),
            copy_tags_to_snapshot=True,
            delete_automated_backups=not stage.keep_data,
            deletion_protection=stage.keep_data,
            cloudwatch_logs_exports=["postgresql"],
            cloudwatch_logs_retention=RETENTION[stage.log_retention_days],
            removal_policy=RemovalPolicy.SNAPSHOT if stage.keep_data else RemovalPolicy.DESTROY,
        )
        if stage.database_rotation_days:
            database.add_rotation_single_user(
                automatically_after=Duration.days(stage.database_rotation_days),
                security_group=self._fixed("OperationsGroup", self._network.operations),
                vpc_subnets=PRIVATE,
            )
        else:
            accept(self.secret, "AwsSolutions-SMG4", "This stage has no way for AWS's function, which needs IPv4.")
        keeper = next(one for one in self.node.children if one.node.id.startswith("LogRetention"))
        for finding in (MANAGED_LOGS, "AwsSolutions-IAM5[Resource::*]"):
            accept(keeper, finding, "The CDK's own: it gives the database's log group, made by RDS, its retention.")
        accept(database, "AwsSolutions-RDS11", "Another port hides nothing: only four security groups reach it.")
        if not stage.keep_data:
            accept(database, "AwsSolutions-RDS3", "This stage may be away for a while, and be destroyed.")
            accept(database, "AwsSolutions-RDS10", "This stage is made to be destroyed.")
        return database

    def _login(self, role: str) -> secretsmanager.Secret:
        """Create the login of a database role; migrations create the role with this password."""
        secret = secretsmanager.Secret(
            self,
            f"{role.capitalize()}Login",
            secret_name=self._stage.secret(f"database/{role}"),
            description=f"How {role} signs in to Postgres; RDS adds where it is",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=f'{{"username": "risk_{role}"}}',
                generate_string_key="password",
                password_length=40,
                exclude_punctuation=True,
            ),
            removal_policy=removal(self._stage),
        )
        secret.attach(self.database)
        accept(secret, "AwsSolutions-SMG4", "Migrations set it in Postgres: a new one is given with a deployment.")
        return secret

    def _proxy(self, group: ec2.SecurityGroup) -> rds.DatabaseProxy:
        """Create the proxy, through which the Lambdas share connections. The engine bypasses it."""
        role = iam.Role(self, "ProxyRole", assumed_by=iam.ServicePrincipal("rds.amazonaws.com"))
        return rds.DatabaseProxy(
            self,
            "Proxy",
            db_proxy_name=f"risk-{self._stage.name}",
            proxy_target=rds.ProxyTarget.from_instance(self.database),
            secrets=[self.logins[role] for role in PROXIED],
            vpc=self._network.vpc,
            vpc_subnets=PRIVATE,
            security_groups=[self._fixed("ProxyGroup", group)],
            role=role,
            require_tls=True,
            init_query=SESSION,
            borrow_timeout=Duration.seconds(5),
            max_connections_percent=70,  # besides those of the engine, maintenance and an operator
        )

    def _valkey(self) -> elasticache.CfnReplicationGroup:
        stage = self._stage
        subnets = elasticache.CfnSubnetGroup(
            self,
            "ValkeySubnets",
            description="Where Valkey is",
            subnet_ids=self._network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
        )
        replicated = stage.valkey_replicas > 0
        users = self._valkey_users()
        group = elasticache.CfnReplicationGroup(
            self,
            "Valkey",
            replication_group_description=f"The live view of {stage.name}",
            engine="valkey",
            engine_version=VALKEY_VERSION,
            cache_node_type=stage.valkey_class,
            num_cache_clusters=1 + stage.valkey_replicas,
            automatic_failover_enabled=replicated,
            multi_az_enabled=replicated,
            at_rest_encryption_enabled=True,
            kms_key_id=self._key.key_arn if self._key else None,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[self._network.valkey.security_group_id],
            user_group_ids=[users.ref],
            auto_minor_version_upgrade=True,
            snapshot_retention_limit=0,  # rebuilt from Postgres, so a backup would be useless
        )
        accept(group, "AwsSolutions-AEC5", "Another port hides nothing: only two security groups reach it.")
        accept(group, "AwsSolutions-AEC6", "Users sign in by name and password (RBAC), which is instead of AUTH.")
        if not replicated:
            accept(group, "AwsSolutions-AEC4", "This stage does without while Valkey is made anew from Postgres.")
        return group

    def _valkey_users(self) -> elasticache.CfnUserGroup:
        """Create a user for each part, with its own commands and keys; unauthenticated clients may do nothing."""
        stage, made = self._stage, []
        for user, access in {"default": DISABLED, **ACCESS}.items():
            secret = secretsmanager.Secret(
                self,
                f"Valkey{user.capitalize()}Login",
                secret_name=stage.secret(f"valkey/{user}"),
                description=f"How {user} signs in to Valkey",
                generate_secret_string=secretsmanager.SecretStringGenerator(
                    secret_string_template=f'{{"username": "{user}"}}',
                    generate_string_key="password",
                    password_length=40,
                    exclude_punctuation=True,
                ),
                removal_policy=removal(stage),
            )
            accept(secret, "AwsSolutions-SMG4", "Valkey learns a new one when it is deployed: an operator's call.")
            password = secret.secret_value_from_json("password").unsafe_unwrap()  # a reference, resolved by AWS
            made.append(
                elasticache.CfnUser(
                    self,
                    f"Valkey{user.capitalize()}",
                    user_id=f"risk-{stage.name}-{user}",
                    user_name=user,
                    engine="valkey",
                    access_string=access,
                    authentication_mode={"Type": "password", "Passwords": [password]},
                )
            )
        return elasticache.CfnUserGroup(
            self,
            "ValkeyUsers",
            user_group_id=f"risk-{stage.name}",
            engine="valkey",
            user_ids=[user.ref for user in made],
        )

    def _images(self) -> ecr.Repository:
        return ecr.Repository(
            self,
            "Engine",
            repository_name=f"risk-{self._stage.name}/engine",
            encryption=ecr.RepositoryEncryption.KMS if self._key else ecr.RepositoryEncryption.AES_256,
            encryption_key=self._key,
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,  # a tag always names the image that was tested
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=20, description="Enough to go back to")],
            removal_policy=removal(self._stage),
            empty_on_delete=not self._stage.keep_data,
        )
