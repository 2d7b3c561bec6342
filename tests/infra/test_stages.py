"""Settings of a stage on the command line: taken when they can be, refused by name when not."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.stage_file import StageError, configured
from infra.stages import DEV_STAGE, PROD_STAGE, STAGES


def test_a_stage_is_as_it_is_unless_told() -> None:
    assert configured({}) == DEV_STAGE
    assert configured({"stage": "prod", "@aws-cdk/core:x": True, "availability-zones:account=1": []}) == PROD_STAGE


def test_text_of_the_command_line_becomes_what_it_means() -> None:
    stage = configured(
        {
            "stage": "prod",
            "events_shards": "8",
            "waf": "false",
            "oidc_group_roles": '{"ops": "admin"}',
            "account": "000000000000",
        }
    )
    assert (stage.events_shards, stage.waf, dict(stage.oidc_group_roles)) == (8, False, {"ops": "admin"})


def test_a_stage_file_is_read_by_every_command_and_the_command_line_wins(tmp_path: Path) -> None:
    (tmp_path / "dev.toml").write_text('engine_tag = "3f9c2a1"\nevents_shards = 3\n')
    assert configured({}, tmp_path).engine_tag == "3f9c2a1"
    assert configured({"events_shards": "4"}, tmp_path).events_shards == 4
    assert configured({"stage": "prod"}, tmp_path).engine_tag == ""
    (tmp_path / "dev.toml").write_text("engine_tags = 1")
    with pytest.raises(
        StageError, match=r"dev\.toml: engine_tags = 1: there is no such setting; did you mean engine_tag"
    ):
        configured({}, tmp_path)
    (tmp_path / "dev.toml").write_text("engine_tag: 1")
    with pytest.raises(StageError, match=r"dev\.toml"):
        configured({}, tmp_path)


def test_no_stage_in_aws_lets_anybody_register_or_has_an_image_of_its_own_accord() -> None:
    for stage in STAGES.values():
        assert stage.emulated or (not stage.registration_open and not stage.engine_tag)


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"stage": "test"}, "there is no such stage; there are local, dev, prod, tiny"),
        ({"event_shards": "3"}, "did you mean events_shards?"),
        ({"emulated": "true"}, "there is no such setting"),
        ({"events_shards": "many"}, "-c events_shards=many: Input should be a valid integer"),
        ({"events_shards": "0"}, "-c events_shards=0: Input should be greater than or equal to 1"),
        ({"log_retention_days": "31"}, "-c log_retention_days=31"),
        ({"engine_architecture": "sparc"}, "-c engine_architecture=sparc: Input should be 'arm64' or 'x86_64'"),
        ({"site_url": "http://risk.example.com"}, "-c site_url=http://risk.example.com"),
        ({"oidc_group_roles": "admins"}, "is not JSON"),
        ({"openai_base_url": "http://models.example.com/v1"}, "openai_base_url must begin with https://"),
        ({"risk_low_threshold": "0.6"}, "must rise"),
        ({"domain_name": "risk.example.com"}, "certificate_arn"),
        ({"stage": "prod", "region": "eu-central-1"}, "web_acl_arn"),
        ({"oidc_issuer": "https://login.example.com"}, "oidc_client_id"),
        ({"event_source": "kafka"}, "kafka_brokers"),
        ({"nat_gateways": "3"}, "availability_zones"),
        ({"engine_processes": "2"}, "engine_cpu"),
    ],
)
def test_what_cannot_be_is_refused_by_name(context: dict[str, str], said: str) -> None:
    with pytest.raises(StageError) as refused:
        configured(context)
    assert said in str(refused.value)
