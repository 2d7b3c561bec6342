"""The Web stack: one domain for the site, the API and the WebSocket, at the edge of the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from aws_cdk import CfnElement, CfnOutput, Duration, Environment, Fn, SecretValue, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra.stacks.edge import EdgeStack
from infra.stacks.findings import MANAGED_LOGS, accept
from infra.stacks.gateways import WEBSOCKET_STAGE
from infra.stacks.logs import log_group, removal
from infra.stages import Stage

_API = ("/api/*", "/docs", "/docs/*", "/redoc", "/openapi.json")
# A single-page app: every path that is not a file of the site serves it, even paths with dots in ids.
_ONE_PAGE = """var FILES = %s;
function handler(event) {
  var request = event.request;
  if (!request.uri.startsWith('/assets/') && FILES.indexOf(request.uri) < 0) { request.uri = '/index.html'; }
  return request;
}"""
# API Gateway addresses a WebSocket API by its stage only and rejects any further path.
_ONE_SOCKET = f"function handler(event) {{ event.request.uri = '/{WEBSOCKET_STAGE}'; return event.request; }}"
# Styles are created at run time and need 'unsafe-inline'; scripts come from the site only.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class WebStack(Stack):
    """CloudFront in front of everything: `/` the site, `/api/*` the HTTP API, `/ws/*` the WebSocket API."""

    def __init__(
        self, scope: Construct, name: str, *, stage: Stage, edge: EdgeStack, site: Path, env: Environment
    ) -> None:
        super().__init__(scope, name, env=env, description="The site, and one domain for everything")
        self._stage, self._edge = stage, edge
        self.logs = self._bucket("Logs", objects_owned_by_writer=True)
        accept(self.logs, "AwsSolutions-S1", "It holds the access logs themselves.")
        self.site = self._bucket("Site")
        self.distribution = self._distribution(site)
        self._deploy(site)
        where = f"https://{stage.domain_name or self.distribution.distribution_domain_name}"
        for key, value in {
            "SiteUrl": where,
            "ApiUrl": f"{where}/api/v1",
            "ApiDocsUrl": f"{where}/docs",
            "WebSocketUrl": f"{where.replace('https', 'wss', 1)}/ws/risk-stream",
            "DistributionDomain": self.distribution.distribution_domain_name,
        }.items():
            CfnOutput(self, key, value=value)

    def _bucket(self, name: str, *, objects_owned_by_writer: bool = False) -> s3.Bucket:
        ownership = s3.ObjectOwnership.BUCKET_OWNER_PREFERRED if objects_owned_by_writer else None
        expiry = [s3.LifecycleRule(expiration=Duration.days(self._stage.log_retention_days))]
        return s3.Bucket(
            self,
            name,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            object_ownership=ownership,
            lifecycle_rules=expiry if objects_owned_by_writer else None,
            server_access_logs_bucket=None if objects_owned_by_writer else self.logs,
            server_access_logs_prefix=None if objects_owned_by_writer else "site/",
            removal_policy=removal(self._stage),
            auto_delete_objects=not self._stage.keep_data,
        )

    def _distribution(self, site: Path) -> cloudfront.Distribution:
        stage = self._stage
        # CloudFormation resolves the key at deployment, so it is in no template.
        key = SecretValue.secrets_manager(stage.secret("origin-key")).unsafe_unwrap()
        api = self._behind(self._edge.http_api.api_endpoint, headers={"X-Origin-Key": key})
        rewrite = self._rewrite("OneSocket", _ONE_SOCKET)
        socket = self._behind(self._edge.websocket_stage.api.api_endpoint, functions=[rewrite])
        certificate = (
            acm.Certificate.from_certificate_arn(self, "Certificate", stage.certificate_arn)
            if stage.certificate_arn
            else None
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"risk {stage.name}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.site),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=self._headers(),
                function_associations=[self._rewrite("OnePage", one_page(site))],
                compress=True,
            ),
            additional_behaviors={**dict.fromkeys(_API, api), "/ws/*": socket},
            default_root_object="index.html",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            enable_logging=stage.access_logs,
            log_bucket=self.logs if stage.access_logs else None,
            log_file_prefix="cloudfront/",
            domain_names=[stage.domain_name] if stage.domain_name else None,
            certificate=certificate,
            web_acl_id=stage.web_acl_arn or (self._firewall() if stage.waf else None),
        )
        accept(distribution, "AwsSolutions-CFR1", "Customers may be anywhere; who may sign in is decided by the API.")
        if not stage.access_logs:
            accept(distribution, "AwsSolutions-CFR3", "Whoever set access_logs=false does without.")
        if not stage.waf and not stage.web_acl_arn:
            accept(distribution, "AwsSolutions-CFR2", "Without a firewall the API's own rate limits hold.")
        if not stage.domain_name:
            accept(distribution, "AwsSolutions-CFR4", "CloudFront's own domain has CloudFront's own certificate.")
        return distribution

    @staticmethod
    def _behind(
        endpoint: str,
        *,
        headers: dict[str, str] | None = None,
        functions: list[cloudfront.FunctionAssociation] | None = None,
    ) -> cloudfront.BehaviorOptions:
        """Forward everything without caching: answers are personal and current."""
        host = Fn.select(2, Fn.split("/", endpoint))
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                host,
                custom_headers=headers,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            function_associations=functions,
        )

    def _rewrite(self, name: str, code: str) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self, name, code=cloudfront.FunctionCode.from_inline(code), runtime=cloudfront.FunctionRuntime.JS_2_0
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def _policy(self) -> str:
        """Files to be imported go straight to the bucket of uploads."""
        uploads = self._edge.uploads.bucket.bucket_regional_domain_name
        return POLICY.replace("connect-src 'self'", f"connect-src 'self' https://{uploads}")

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="What browsers may do with the site",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=self._policy(), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
            ),
        )

    def _firewall(self) -> str:
        """Create the firewall: AWS managed rules, and a rate limit per address."""

        def rule(priority: int, name: str, **what: object) -> wafv2.CfnWebACL.RuleProperty:
            return wafv2.CfnWebACL.RuleProperty(
                name=name,
                priority=priority,
                visibility_config=_visible(name),
                **what,  # type: ignore[arg-type]
            )

        def managed(priority: int, name: str) -> wafv2.CfnWebACL.RuleProperty:
            group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=name)
            return rule(
                priority,
                name,
                statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
                override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
            )

        limit = wafv2.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="IP", limit=max(100, 5 * self._stage.rate_limit_address), evaluation_window_sec=300
        )
        acl = wafv2.CfnWebACL(
            self,
            "Firewall",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visible("Firewall"),
            rules=[
                rule(
                    0,
                    "RateLimit",
                    statement=wafv2.CfnWebACL.StatementProperty(rate_based_statement=limit),
                    action=wafv2.CfnWebACL.RuleActionProperty(block={}),
                ),
                managed(1, "AWSManagedRulesAmazonIpReputationList"),
                managed(2, "AWSManagedRulesKnownBadInputsRuleSet"),
            ],
        )
        return acl.attr_arn

    def _deploy(self, site: Path) -> None:
        """Upload the built site: first the content-hashed files, which are kept, then the page."""
        logs = log_group(self, "DeploymentLog", self._stage)
        options: dict[str, Any] = {"destination_bucket": self.site, "log_group": logs, "memory_limit": 512}
        assets = deployment.BucketDeployment(
            self,
            "Assets",
            sources=[deployment.Source.asset(str(site), exclude=["*", "!assets", "!assets/**"])],
            cache_control=[deployment.CacheControl.from_string("public, max-age=31536000, immutable")],
            prune=False,  # open pages still request the files that they were built with
            **options,
        )
        page = deployment.BucketDeployment(
            self,
            "Page",
            sources=[deployment.Source.asset(str(site), exclude=["assets", "assets/**"])],
            cache_control=[deployment.CacheControl.from_string("no-cache")],
            prune=False,
            distribution=self.distribution,
            distribution_paths=["/index.html", "/"],
            **options,
        )
        page.node.add_dependency(assets)
        self._accept_copier()

    def _accept_copier(self) -> None:
        copier = next(one for one in self.node.children if one.node.id.startswith("Custom::CDKBucketDeployment"))
        site = self.get_logical_id(cast(CfnElement, self.site.node.default_child))
        account = self._stage.account or "<AWS::AccountId>"
        bootstrap = f"arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-{account}-{self.region}"
        objects = (
            "Action::s3:GetBucket*",
            "Action::s3:GetObject*",
            "Action::s3:List*",
            "Action::s3:Abort*",
            "Action::s3:DeleteObject*",
            f"Resource::<{site}.Arn>/*",
            f"Resource::{bootstrap}/*",
        )
        reason = "The CDK's own: it copies the built site from the bucket of assets to the site's, object by object."
        for finding in (MANAGED_LOGS, *(f"AwsSolutions-IAM5[{one}]" for one in objects), "AwsSolutions-L1"):
            accept(copier, finding, reason)
        accept(copier, "AwsSolutions-IAM5[Resource::*]", "CloudFront's invalidations: the CDK names no distribution.")


def one_page(site: Path) -> str:
    """The CloudFront function that serves the page unless a file of ``site`` is requested."""
    files = sorted(f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*") if path.is_file())
    return _ONE_PAGE % json.dumps([name for name in files if not name.startswith("/assets/")])


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
