"""The Network stack: a VPC in which each part reaches only what it needs."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.stacks.findings import accept
from infra.stacks.logs import log_group
from infra.stages import Stage

POSTGRES, VALKEY, HTTPS = ec2.Port.tcp(5432), ec2.Port.tcp(6379), ec2.Port.tcp(443)
KAFKA = ec2.Port.tcp_range(9092, 9198)
PUBLIC = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
PRIVATE = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
_ENDPOINTS = {
    "KinesisEndpoint": ec2.InterfaceVpcEndpointAwsService.KINESIS_STREAMS,
    "SecretsEndpoint": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    "LogsEndpoint": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "KmsEndpoint": ec2.InterfaceVpcEndpointAwsService.KMS,
}


class NetworkStack(Stack):
    """Public subnets for NAT gateways, private ones for compute, isolated ones for data.

    Every security group is defined here with all its rules, so no other stack opens a path.
    """

    def __init__(self, scope: Construct, name: str, *, stage: Stage, env: Environment) -> None:
        super().__init__(scope, name, env=env, description="VPC, subnets, endpoints and security groups")
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.40.0.0/16"),
            max_azs=stage.availability_zones,
            nat_gateways=stage.nat_gateways,
            ip_protocol=ec2.IpProtocol.IPV4_ONLY if stage.nat_gateways else ec2.IpProtocol.DUAL_STACK,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
                ),
                ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
                ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24),
            ],
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
            restrict_default_security_group=False,
        )
        if stage.flow_logs:
            flows = log_group(self, "FlowLog", stage)
            self.vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_cloud_watch_logs(flows))
        else:
            accept(self.vpc, "AwsSolutions-VPC7", "This stage is to cost little: nobody looks at its flows.")
        self._groups(stage)
        if stage.private_endpoints:
            self._endpoints()
        CfnOutput(self, "VpcId", value=self.vpc.vpc_id)

    def _group(self, name: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, name, vpc=self.vpc, description=description, allow_all_outbound=False)

    def _groups(self, stage: Stage) -> None:
        self.functions = self._group("Functions", "Lambdas that answer: api, websocket, broadcast")
        self.webhooks = self._group("Webhooks", "The Lambda that tells other systems, at ports of their choice")
        self.operations = self._group("Operations", "Maintenance, migrations and the rotation of the password")
        self.engine = self._group("Engine", "The streaming container")
        self.proxy = self._group("DatabaseProxy", "RDS Proxy") if stage.database_proxy else None
        self.database = self._group("Database", "Postgres")
        self.valkey = self._group("Valkey", "ElastiCache")
        # Without NAT gateways functions use IPv6, and the engine its own public address.
        outside = ec2.Peer.any_ipv4() if stage.nat_gateways else ec2.Peer.any_ipv6()
        for group, anywhere in (
            (self.functions, outside),
            (self.operations, outside),
            (self.engine, ec2.Peer.any_ipv4()),
        ):
            group.add_egress_rule(anywhere, HTTPS, "AWS services, and the identity provider")
        self.webhooks.add_egress_rule(outside, ec2.Port.all_tcp(), "Receivers listen where they like")
        if stage.event_source == "kafka":
            self.engine.add_egress_rule(ec2.Peer.any_ipv4(), KAFKA, "Kafka's brokers")
        pooled = self.proxy or self.database
        ways = (
            (self.functions, pooled, POSTGRES),
            (self.webhooks, pooled, POSTGRES),
            *([(self.proxy, self.database, POSTGRES)] if self.proxy else []),
            (self.operations, self.database, POSTGRES),
            (self.engine, self.database, POSTGRES),
            (self.functions, self.valkey, VALKEY),
            (self.engine, self.valkey, VALKEY),
        )
        for source, target, port in ways:
            target.add_ingress_rule(source, port, f"from {source.node.id}")
            source.add_egress_rule(target, port, f"to {target.node.id}")

    def _endpoints(self) -> None:
        """Endpoints that keep traffic to the busiest AWS services off the NAT gateways and the internet."""
        group = self._group("Endpoints", "Endpoints of AWS services")
        for source in (self.functions, self.webhooks, self.operations, self.engine):
            group.add_ingress_rule(source, HTTPS, f"from {source.node.id}")
        for name, service in _ENDPOINTS.items():
            self.vpc.add_interface_endpoint(name, service=service, subnets=PRIVATE, security_groups=[group], open=False)
