"""Checks before a deployment: requirements on the account that no template creates."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from infra.doctor.check import Account, Check, Result, Status, judge

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = 6  # required by the rule CheckBootstrapVersion of every synthesized template
CONCURRENCY = 50  # four scheduled calls a minute, two stream readers, and a dashboard that loads
UNRESERVED = 100  # what AWS keeps unreserved
EVERYWHERE = "us-east-1"  # where CloudFront's certificates are


def check_credentials(account: Account) -> Iterator[Result]:
    """The credentials are valid and belong to the stage's account."""
    identity = account.client("sts").get_caller_identity()
    wanted = account.stage.account
    yield judge(
        "credentials",
        wanted in (None, identity["Account"]),
        f"{identity['Arn']} in {identity['Account']}",
        f"The stage belongs to account {wanted}: sign in there (aws sso login, or AWS_PROFILE).",
    )


def check_bootstrap(account: Account) -> Iterator[Result]:
    """The CDK has been bootstrapped in the region, and is not too old."""
    region = account.stage.region
    command = f"python -m infra.cdk bootstrap aws://ACCOUNT/{region}"
    try:
        value = account.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        yield judge("bootstrap", False, f"{region} is not bootstrapped", f"Run: {command}")
        return
    yield judge("bootstrap", int(value) >= BOOTSTRAP_VERSION, f"version {value} in {region}", f"Run again: {command}")


def check_lambda_concurrency(account: Account) -> Iterator[Result]:
    """New accounts have 10 concurrent executions, too few for any stage."""
    reserved = account.stage.broadcast_concurrency
    needed = UNRESERVED + reserved if reserved else CONCURRENCY
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    limit = limits["ConcurrentExecutions"]
    yield judge(
        "Lambda concurrency",
        limit >= needed,
        f"{limit}, of {needed} needed",
        "Service Quotas: raise L-B99A9384 of Lambda to 1,000"
        + (", or set broadcast_concurrency = 0 until then." if reserved else "."),
    )


def check_fargate(account: Account) -> Iterator[Result]:
    """The engine and the task that replaces it fit into the quota of Fargate."""
    stage = account.stage
    code, kind = ("L-36FBB829", "Spot") if stage.engine_spot else ("L-3032A538", "On-Demand")
    needed = 2 * stage.engine_cpu / 1024
    quota = account.client("service-quotas").get_service_quota(ServiceCode="fargate", QuotaCode=code)["Quota"]["Value"]
    step = f"Service Quotas: raise {code} of Fargate."
    yield judge(f"Fargate {kind} vCPU", quota >= needed, f"{quota:g}, of {needed:g} needed", step)


def check_elastic_addresses(account: Account) -> Iterator[Result]:
    """Each NAT gateway needs an Elastic IP; this stage may have some already."""
    stage = account.stage
    if not stage.nat_gateways:
        return
    addresses = account.client("ec2").describe_addresses()["Addresses"]
    own = [one for one in addresses if {"Key": "stage", "Value": stage.name} in one.get("Tags", [])]
    needed = len(addresses) + max(0, stage.nat_gateways - len(own))
    quotas = account.client("service-quotas")
    quota = quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]["Value"]
    seen = f"{len(addresses)} in use, {needed} with this stage, of {quota:g}"
    yield judge("Elastic IPs", quota >= needed, seen, "Release addresses, or raise L-0263D0A3 of EC2.")


def check_shards(account: Account) -> Iterator[Result]:
    """The shards of both streams fit into the account's quota."""
    stage = account.stage
    if stage.streams_on_demand:
        return
    client = account.client("kinesis")
    limits = client.describe_limits()
    names = set(client.list_streams()["StreamNames"])
    missing = {stage.stream("risk-events"): stage.events_shards, stage.stream("risk-updates"): stage.updates_shards}
    needed = limits["OpenShardCount"] + sum(count for name, count in missing.items() if name not in names)
    seen = f"{limits['OpenShardCount']} open, {needed} with this stage, of {limits['ShardLimit']}"
    yield judge("Kinesis shards", needed <= limits["ShardLimit"], seen, "Service Quotas: raise L-0E8A9DBB of Kinesis.")


def check_gateway_role(account: Account) -> Iterator[Result]:
    """API Gateway has one logging role per account and region; the Edge stack sets its own."""
    if not account.stage.access_logs:
        return
    role = account.client("apigateway").get_account().get("cloudwatchRoleArn", "")
    own = not role or "GatewayLogRole" in role
    yield judge(
        "API Gateway's role for logs",
        own,
        role or "not set: the Edge stack will",
        "Another system set this role. The Edge stack replaces it, with equal rights; or access_logs = false.",
    )


def check_mail_identity(account: Account) -> Iterator[Result]:
    """SES may send from the address."""
    sender = account.stage.mail_from
    if not sender:
        return
    client = account.client("sesv2")
    verified = []
    for identity in (sender, sender.partition("@")[2]):
        try:
            if client.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
                verified.append(identity)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
    step = f"Verify {sender}, or its domain, in SES: aws sesv2 create-email-identity"
    yield judge("SES identity", bool(verified), ", ".join(verified) or "not verified", step)


def check_mail_sandbox(account: Account) -> Iterator[Result]:
    """SES is out of the sandbox."""
    if not account.stage.mail_from:
        return
    production = account.client("sesv2").get_account().get("ProductionAccessEnabled", False)
    seen = "production access" if production else "in the sandbox: only verified addresses get mail"
    yield judge("SES production access", production, seen, "Request production access in the SES console.")


def check_certificate(account: Account) -> Iterator[Result]:
    """The domain's certificate is issued, in the region that CloudFront reads."""
    stage = account.stage
    if not stage.certificate_arn:
        return
    if f":acm:{EVERYWHERE}:" not in stage.certificate_arn:
        yield judge(
            "certificate", False, stage.certificate_arn, f"CloudFront needs one in {EVERYWHERE}: request it there."
        )
        return
    found = account.client("acm", EVERYWHERE).describe_certificate(CertificateArn=stage.certificate_arn)["Certificate"]
    names = [found["DomainName"], *found.get("SubjectAlternativeNames", [])]
    covers = stage.domain_name in names or f"*.{stage.domain_name.partition('.')[2]}" in names
    seen = f"{found['Status']} for {', '.join(dict.fromkeys(names))}"
    step = (
        f"It must be ISSUED and cover {stage.domain_name}: add the DNS records that ACM asks for, or request another."
    )
    yield judge("certificate", covers and found["Status"] == "ISSUED", seen, step)


def check_secrets(account: Account) -> Iterator[Result]:
    """The secrets that an operator must create exist."""
    stage = account.stage
    wanted = {
        "oidc-client-secret": bool(stage.oidc_issuer),
        "openai-api-key": bool(stage.openai_model),
        "kafka": stage.kafka_login,
    }
    client = account.client("secretsmanager")
    for name in (stage.secret(name) for name, needed in wanted.items() if needed):
        try:
            client.describe_secret(SecretId=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            yield judge(
                f"secret {name}", False, "missing", f"aws secretsmanager create-secret --name {name} --secret-string …"
            )
        else:
            yield Result(f"secret {name}", Status.OK, "there")


def check_image(account: Account) -> Iterator[Result]:
    """The engine's image has been pushed under the tag of the stage."""
    stage = account.stage
    repository = f"risk-{stage.name}/engine"
    if not stage.engine_tag:
        step = f'Push an image, then write engine_tag = "…" into stages/{stage.name}.toml.'
        yield judge("image", False, "engine_tag is not set", step)
        return
    try:
        account.client("ecr").describe_images(repositoryName=repository, imageIds=[{"imageTag": stage.engine_tag}])
    except ClientError as error:
        code = error.response["Error"]["Code"]
        steps = {
            "RepositoryNotFoundException": f"Deploy RiskNetwork-{stage.name} and RiskData-{stage.name} first.",
            "ImageNotFoundException": f"Push {repository}:{stage.engine_tag} (docs/deploy.md, Deploy).",
        }
        if code not in steps:
            raise
        yield judge("image", False, f"{repository}:{stage.engine_tag} is missing", steps[code])
    else:
        yield Result("image", Status.OK, f"{repository}:{stage.engine_tag}")


BEFORE: tuple[Check, ...] = (
    check_credentials,
    check_bootstrap,
    check_lambda_concurrency,
    check_fargate,
    check_elastic_addresses,
    check_shards,
    check_gateway_role,
    check_mail_identity,
    check_mail_sandbox,
    check_certificate,
    check_secrets,
    check_image,
)
