"""The Observability stack: alarms, notifications, the dashboard, a budget."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.stacks.alarms import Watch, watches
from infra.stacks.dashboard import dashboard
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.metrics import Metrics
from infra.stacks.scoring import ScoringStack
from infra.stages import Stage


class ObservabilityStack(Stack):
    """Alarms go to one topic, to which the person on duty subscribes, by mail or otherwise."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        data: DataStack,
        edge: EdgeStack,
        scoring: ScoringStack,
        env: Environment,
    ) -> None:
        super().__init__(scope, name, env=env, description="Alarms, a dashboard, a budget")
        self._stage = stage
        self.topic = self._topic()
        metrics = Metrics(stage, data=data, edge=edge, scoring=scoring)
        for watch in watches(metrics, stage):
            self._alarm(watch)
        if stage.monthly_budget_usd:
            self._budget()
        CfnOutput(self, "AlarmTopic", value=self.topic.topic_arn)
        if stage.dashboard:
            board = dashboard(self, metrics, stage)
            CfnOutput(
                self,
                "DashboardUrl",
                value=f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}"
                f"#dashboards/dashboard/{board.dashboard_name}",
            )

    def _topic(self) -> sns.Topic:
        senders = [iam.ServicePrincipal(f"{name}.amazonaws.com") for name in ("cloudwatch", "budgets")]
        key = None
        if self._stage.own_keys:  # alarms cannot be sent to a topic under SNS's own key
            key = kms.Key(self, "Key", description=f"Encrypts alarms of {self._stage.name}", enable_key_rotation=True)
            for sender in senders:
                key.grant(sender, "kms:Decrypt", "kms:GenerateDataKey")
        topic = sns.Topic(self, "Alarms", display_name=f"risk {self._stage.name}", master_key=key, enforce_ssl=True)
        for sender in senders:
            topic.grant_publish(sender)
        if self._stage.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(self._stage.alarm_email))
        return topic

    def _alarm(self, watch: Watch) -> None:
        at_least = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        below = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        missing = cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            watch.name,
            alarm_name=f"risk-{self._stage.name}-{watch.name}",
            alarm_description=watch.meaning,
            metric=watch.metric,
            threshold=watch.threshold,
            comparison_operator=below if watch.below else at_least,
            evaluation_periods=watch.periods,
            treat_missing_data=missing.BREACHING if watch.silence_is_bad else missing.NOT_BREACHING,
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)

    def _budget(self) -> None:
        def notice(kind: str, percent: int) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
            return budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    comparison_operator="GREATER_THAN",
                    notification_type=kind,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[
                    budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self.topic.topic_arn)
                ],
            )

        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"risk-{self._stage.name}",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=self._stage.monthly_budget_usd, unit="USD"),
                cost_filters={"TagKeyValue": [f"user:stage${self._stage.name}"]},
            ),
            notifications_with_subscribers=[notice("ACTUAL", 80), notice("FORECASTED", 100)],
        )
