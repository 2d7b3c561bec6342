"""The CDK app: ``python -m infra.app``, run by the CDK CLI (``cdk -c stage=dev deploy``) or by the local run."""

from __future__ import annotations

import sys
from pathlib import Path

from aws_cdk import App, Environment, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra import bundle, site
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.functions import Bundles
from infra.stacks.network import NetworkStack
from infra.stacks.observability import ObservabilityStack
from infra.stacks.scoring import ScoringStack
from infra.stacks.web import WebStack
from infra.stage_file import StageError, configured
from infra.stages import PROJECT_TAG, Stage


def build(app: App, stage: Stage, bundles: Bundles, pages: Path | None = None) -> dict[str, Stack]:
    """Add the stacks of a stage to an app. The emulator gets the Edge stack only."""
    env = Environment(account=stage.account, region=stage.region)
    stacks: dict[str, Stack] = {}
    if stage.emulated:
        stacks["edge"] = EdgeStack(
            app, f"RiskEdge-{stage.name}", stage=stage, bundles=bundles, network=None, data=None, env=env
        )
    else:
        if pages is None:
            raise ValueError("the built site is needed for a stage in AWS")
        stacks = _whole(app, stage, bundles, pages, env)
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    for key, value in (("project", PROJECT_TAG), ("stage", stage.name)):
        Tags.of(app).add(key, value, exclude_resource_types=["AWS::RDS::DBProxyTargetGroup"])  # it takes no arguments
    return stacks


def _whole(app: App, stage: Stage, bundles: Bundles, pages: Path, env: Environment) -> dict[str, Stack]:
    network = NetworkStack(app, f"RiskNetwork-{stage.name}", stage=stage, env=env)
    data = DataStack(app, f"RiskData-{stage.name}", stage=stage, network=network, env=env)
    edge = EdgeStack(app, f"RiskEdge-{stage.name}", stage=stage, bundles=bundles, network=network, data=data, env=env)
    edge.add_stack_dependency(data)  # looked up by name, so the CDK cannot see the dependency
    scoring = ScoringStack(
        app, f"RiskScoring-{stage.name}", stage=stage, network=network, data=data, edge=edge, env=env
    )
    web = WebStack(app, f"RiskWeb-{stage.name}", stage=stage, edge=edge, site=pages, env=env)
    observability = ObservabilityStack(
        app, f"RiskObservability-{stage.name}", stage=stage, data=data, edge=edge, scoring=scoring, env=env
    )
    return {
        "network": network,
        "data": data,
        "edge": edge,
        "scoring": scoring,
        "web": web,
        "observability": observability,
    }


def main() -> None:
    """Synthesize the stage named by the context value ``stage``."""
    app = App()
    try:
        stage = configured(app.node.get_all_context())
    except StageError as error:
        sys.exit(str(error))
    bundles = {name: bundle.build(name, stage.target) for name in bundle.EXTRAS}
    build(app, stage, bundles, None if stage.emulated else site.build())
    app.synth()


if __name__ == "__main__":
    main()
