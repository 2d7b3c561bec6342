"""The CDK app: ``python -m infra.app``, run by the CDK CLI (``cdk -c stage=dev deploy``) or by the local run."""

from __future__ import annotations

from aws_cdk import App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra import bundle
from infra.stacks.edge import Bundles, EdgeStack
from infra.stages import PROJECT_TAG, STAGES, Stage


def build(app: App, stage: Stage, bundles: Bundles) -> EdgeStack:
    """Put the stacks of a stage into an app."""
    edge = EdgeStack(
        app,
        f"RiskEdge-{stage.name}",
        stage=stage,
        bundles=bundles,
        env=Environment(account=stage.account, region=stage.region),
    )
    Tags.of(app).add("project", PROJECT_TAG)
    Tags.of(app).add("stage", stage.name)
    if not stage.emulated:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return edge


def main() -> None:
    """Synthesize the stage named by the context value ``stage``."""
    app = App()
    stage = STAGES[app.node.try_get_context("stage") or "dev"]
    build(app, stage, {name: bundle.build(name, stage.target) for name in bundle.EXTRAS})
    app.synth()


if __name__ == "__main__":
    main()
