"""Who reaches whom, by subnets, routes and security groups: each edge of the architecture, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.templates import Template, of_type

Stacks = dict[str, Template]
Stages = dict[str, Stacks]
POSTGRES, VALKEY, HTTPS = 5432, 6379, 443
WORLD, WORLD6 = "0.0.0.0/0", "::/0"

# The architecture: (who, whom, at which port). Whatever is not here is closed.
POOLED = {
    ("Functions", "DatabaseProxy", POSTGRES),
    ("Webhooks", "DatabaseProxy", POSTGRES),
    ("DatabaseProxy", "Database", POSTGRES),
}
STRAIGHT = {("Functions", "Database", POSTGRES), ("Webhooks", "Database", POSTGRES)}
ALWAYS = {
    ("Operations", "Database", POSTGRES),
    ("Engine", "Database", POSTGRES),
    ("Functions", "Valkey", VALKEY),
    ("Engine", "Valkey", VALKEY),
}
ENDPOINTS = {(who, "Endpoints", HTTPS) for who in ("Functions", "Webhooks", "Operations", "Engine")}
EDGES = {"dev": POOLED | ALWAYS, "prod": POOLED | ALWAYS | ENDPOINTS, "tiny": STRAIGHT | ALWAYS}


def plain(reference: Any) -> str:
    """The name of what is referred to, without its hash."""
    name = reference.get("Ref") or reference["Fn::GetAtt"][0]
    return re.sub(r"[0-9A-F]{8}$", "", str(name))


def rules(network: Template, way: str, other: str) -> Iterator[tuple[str, str, range]]:
    """Who may (whom, ports), by the rules of one direction: those of groups, and those beside them."""
    for name, group in of_type(network, "AWS::EC2::SecurityGroup").items():
        for rule in group.get(f"SecurityGroup{way}", []):
            yield re.sub(r"[0-9A-F]{8}$", "", name), rule.get("CidrIp") or rule.get("CidrIpv6") or "", ports(rule)
    for rule in of_type(network, f"AWS::EC2::SecurityGroup{way}").values():
        cidr = rule.get("CidrIp") or rule.get("CidrIpv6")
        yield plain(rule["GroupId"]), cidr or plain(rule[other]), ports(rule)


def ports(rule: dict[str, Any]) -> range:
    return range(rule["FromPort"], rule["ToPort"] + 1) if "FromPort" in rule else range(0)


def open_between(network: Template) -> set[tuple[str, str, int]]:
    """What one group may send and another one take."""
    leaving = list(rules(network, "Egress", "DestinationSecurityGroupId"))
    entering = list(rules(network, "Ingress", "SourceSecurityGroupId"))
    found = set()
    for target, source, allowed in entering:
        for sender, to, sent in leaving:
            if sender == source and to in (target, WORLD):
                found |= {(source, target, port) for port in allowed if port in sent}
    return found


@pytest.mark.parametrize("stage", EDGES)
def test_each_edge_of_the_architecture_is_open_and_every_other_closed(templates: Stages, stage: str) -> None:
    assert open_between(templates[stage]["network"]) == EDGES[stage]


@pytest.mark.parametrize("stage", [*EDGES, "full"])
def test_nothing_from_outside_is_let_in(templates: Stages, stage: str) -> None:
    entering = rules(templates[stage]["network"], "Ingress", "SourceSecurityGroupId")
    assert [one for one in entering if one[1] in (WORLD, WORLD6)] == []


def default_routes(network: Template) -> dict[str, set[str]]:
    """By the kind of a subnet: what its default routes lead to."""
    found: dict[str, set[str]] = {"Public": set(), "Private": set(), "Isolated": set()}
    for route in of_type(network, "AWS::EC2::Route").values():
        table = plain(route["RouteTableId"])
        (kind,) = (one for one in found if f"{one}Subnet" in table)
        (way,) = (key for key in route if key in ("GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId"))
        found[kind].add(f"{way} {route.get('DestinationCidrBlock') or route.get('DestinationIpv6CidrBlock')}")
    return found


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_with_nat_gateways_what_runs_leaves_through_them(templates: Stages, stage: str) -> None:
    routes = default_routes(templates[stage]["network"])
    assert routes == {"Public": {f"GatewayId {WORLD}"}, "Private": {f"NatGatewayId {WORLD}"}, "Isolated": set()}


def test_without_nat_gateways_functions_leave_by_ipv6_and_the_engine_by_an_address_of_its_own(
    templates: Stages,
) -> None:
    tiny = templates["tiny"]
    routes = default_routes(tiny["network"])
    assert routes["Private"] == {f"EgressOnlyInternetGatewayId {WORLD6}"}
    assert routes["Isolated"] == set()
    assert not of_type(tiny["network"], "AWS::EC2::NatGateway")
    for name, function in of_type(tiny["edge"], "AWS::Lambda::Function").items():
        if "functions." in function["Handler"]:
            assert function["VpcConfig"]["Ipv6AllowedForDualStack"] is True, name
            assert function["Environment"]["Variables"]["AWS_USE_DUALSTACK_ENDPOINT"] == "true", name
    assert {one["IpAddressType"] for one in of_type(tiny["edge"], "AWS::ApiGatewayV2::Api").values()} == {"dualstack"}
    (service,) = of_type(tiny["scoring"], "AWS::ECS::Service").values()
    network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["AssignPublicIp"] == "ENABLED"
    assert "PublicSubnet" in str(network["Subnets"])
    assert service["CapacityProviderStrategy"] == [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
    leaving = {(who, to) for who, to, _ in rules(tiny["network"], "Egress", "DestinationSecurityGroupId")}
    assert {("Functions", WORLD6), ("Webhooks", WORLD6), ("Operations", WORLD6), ("Engine", WORLD)} <= leaving
    assert not {("Functions", WORLD), ("Webhooks", WORLD), ("Operations", WORLD)} & leaving


@pytest.mark.parametrize("stage", EDGES)
def test_each_part_stands_in_its_own_group_and_what_is_stored_has_no_way_out(templates: Stages, stage: str) -> None:
    stacks = templates[stage]
    kinds = ("AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup")
    stored = [group for kind in kinds for group in of_type(stacks["data"], kind).values()]
    assert len(stored) == 2
    for subnets in map(str, stored):
        assert "IsolatedSubnet" in subnets
        assert "PublicSubnet" not in subnets
        assert "PrivateSubnet" not in subnets
    placed = {
        function["Handler"].split(".")[1]: str(function["VpcConfig"]["SecurityGroupIds"])
        for function in of_type(stacks["edge"], "AWS::Lambda::Function").values()
        if "functions." in function["Handler"]
    }
    expected = {"api": "Functions", "websocket": "Functions", "broadcast": "Functions", "webhooks": "Webhooks"}
    for name, group in {**expected, "maintenance": "Operations"}.items():
        assert group in placed[name], name
