"""What the API takes and answers. Generated from the OpenAPI document: see infra/clients.py."""

# ruff: noqa
# fmt: off

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict
from uuid import UUID

AccessToken = TypedDict('AccessToken', {
    'access_token': 'str',
    'expires_in': 'int',
    'refresh_expires_in': 'int',
    'refresh_token': 'str',
    'token_type': "NotRequired[Literal['bearer']]",
})

Acknowledgement = TypedDict('Acknowledgement', {
    'note': 'NotRequired[str | None]',
})

Action: TypeAlias = "Literal['opened', 'grew', 'acknowledged', 'assigned', 'unassigned', 'noted', 'snoozed', 'woken', 'resolved', 'reopened', 'undone', 'breached', 'merged']"

Activity = TypedDict('Activity', {
    'amounts': 'list[Amounts]',
    'by_level': 'dict[str, int]',
    'channels': 'list[ValueCount]',
    'complete': 'bool',
    'countries': 'list[ValueCount]',
    'devices': 'list[ValueCount]',
    'events': 'int',
    'first_at': 'str',
    'id': 'str',
    'labels': 'Labelled',
    'last_at': 'str',
    'related': 'list[Related]',
    'scores': 'list[ScorePoint]',
    'types': 'list[ValueCount]',
})

Aggregate: TypeAlias = "Literal['count', 'sum', 'mean', 'min', 'max', 'distinct', 'last', 'seconds_since_last', 'ratio', 'stddev', 'zscore']"

Alert = TypedDict('Alert', {
    'account_count': 'NotRequired[int]',
    'account_id': 'str',
    'acknowledged_at': 'NotRequired[str | None]',
    'acknowledged_by': 'NotRequired[str | None]',
    'amount': 'NotRequired[str | None]',
    'assigned_at': 'NotRequired[str | None]',
    'assignee': 'NotRequired[str | None]',
    'at_risk': 'NotRequired[list[AmountAtRisk]]',
    'base_amount': 'NotRequired[float | None]',
    'breached': 'NotRequired[bool]',
    'breached_at': 'NotRequired[str | None]',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'decision': 'NotRequired[DecisionAction | None]',
    'disposition': 'NotRequired[Disposition | None]',
    'disposition_reason': 'NotRequired[str | None]',
    'due_at': 'NotRequired[str | None]',
    'event_count': 'int',
    'event_type': 'NotRequired[str | None]',
    'first_occurred_at': 'str',
    'group_key': 'GroupKey',
    'group_value': 'str',
    'id': 'UUID | str',
    'last_occurred_at': 'str',
    'level': 'RiskLevel',
    'merged_into': 'NotRequired[UUID | str | None]',
    'note': 'NotRequired[str | None]',
    'opened_at': 'str',
    'rank': 'NotRequired[float]',
    'reason_code': 'str',
    'reason_text': 'str',
    'reasons': 'list[AlertReason]',
    'resolved_at': 'NotRequired[str | None]',
    'resolved_by': 'NotRequired[str | None]',
    'snoozed_by': 'NotRequired[str | None]',
    'snoozed_until': 'NotRequired[str | None]',
    'status': 'AlertStatus',
    'suppressed_count': 'NotRequired[int]',
    'suppressed_until': 'NotRequired[str | None]',
    'top_event_id': 'str',
    'top_event_source': 'NotRequired[str]',
    'top_score': 'float',
    'updated_at': 'str',
    'version': 'NotRequired[int]',
})

AlertAccount = TypedDict('AlertAccount', {
    'account_id': 'str',
    'event_count': 'int',
    'last_occurred_at': 'str',
})

AlertCounts = TypedDict('AlertCounts', {
    'acknowledged': 'int',
    'more': 'bool',
    'open': 'int',
})

AlertDetail = TypedDict('AlertDetail', {
    'account_count': 'NotRequired[int]',
    'account_id': 'str',
    'accounts': 'list[AlertAccount]',
    'acknowledged_at': 'NotRequired[str | None]',
    'acknowledged_by': 'NotRequired[str | None]',
    'allowed': 'list[str]',
    'amount': 'NotRequired[str | None]',
    'assigned_at': 'NotRequired[str | None]',
    'assignee': 'NotRequired[str | None]',
    'at_risk': 'NotRequired[list[AmountAtRisk]]',
    'base_amount': 'NotRequired[float | None]',
    'breached': 'NotRequired[bool]',
    'breached_at': 'NotRequired[str | None]',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'decision': 'NotRequired[DecisionAction | None]',
    'disposition': 'NotRequired[Disposition | None]',
    'disposition_reason': 'NotRequired[str | None]',
    'due_at': 'NotRequired[str | None]',
    'event_count': 'int',
    'event_type': 'NotRequired[str | None]',
    'events': 'list[AlertEvent]',
    'first_occurred_at': 'str',
    'group_key': 'GroupKey',
    'group_value': 'str',
    'id': 'UUID | str',
    'last_occurred_at': 'str',
    'level': 'RiskLevel',
    'merged_into': 'NotRequired[UUID | str | None]',
    'note': 'NotRequired[str | None]',
    'opened_at': 'str',
    'rank': 'NotRequired[float]',
    'reason_code': 'str',
    'reason_text': 'str',
    'reasons': 'list[AlertReason]',
    'related_by_account': 'list[Alert]',
    'related_by_counterparty': 'list[Alert]',
    'resolved_at': 'NotRequired[str | None]',
    'resolved_by': 'NotRequired[str | None]',
    'snoozed_by': 'NotRequired[str | None]',
    'snoozed_until': 'NotRequired[str | None]',
    'status': 'AlertStatus',
    'suppressed_count': 'NotRequired[int]',
    'suppressed_until': 'NotRequired[str | None]',
    'timeline': 'list[TimelineEntry]',
    'top_event_id': 'str',
    'top_event_source': 'NotRequired[str]',
    'top_score': 'float',
    'updated_at': 'str',
    'version': 'NotRequired[int]',
})

AlertEvent = TypedDict('AlertEvent', {
    'account_id': 'str',
    'amount': 'NotRequired[str | None]',
    'channel': 'NotRequired[str | None]',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'decision': 'NotRequired[Decision | None]',
    'event_id': 'str',
    'event_source': 'NotRequired[str]',
    'event_type': 'str',
    'family': 'Family',
    'fraud': 'NotRequired[bool | None]',
    'level': 'RiskLevel',
    'occurred_at': 'str',
    'overturn': 'NotRequired[Overturn | None]',
    'reasons': 'list[Reason]',
    'received_at': 'str',
    'score': 'float',
    'scored_at': 'str',
    'sequence': 'int',
})

AlertPage = TypedDict('AlertPage', {
    'items': 'list[Alert]',
    'next_cursor': 'str | None',
})

AlertPolicy_Input = TypedDict('AlertPolicy_Input', {
    'exchange': 'NotRequired[ExchangeRates_Input]',
    'grouping': 'NotRequired[Grouping]',
    'min_level': 'NotRequired[RiskLevel]',
    'service_levels': 'NotRequired[ServiceLevels]',
})

AlertPolicy_Output = TypedDict('AlertPolicy_Output', {
    'exchange': 'NotRequired[ExchangeRates_Output]',
    'grouping': 'NotRequired[Grouping]',
    'min_level': 'NotRequired[RiskLevel]',
    'service_levels': 'NotRequired[ServiceLevels]',
})

AlertReason = TypedDict('AlertReason', {
    'code': 'str',
    'contribution': 'float',
    'event_count': 'int',
    'text': 'str',
})

AlertStats = TypedDict('AlertStats', {
    'acknowledged': 'int',
    'breached': 'int',
    'median_seconds_to_acknowledge': 'float | None',
    'median_seconds_to_resolve': 'float | None',
    'oldest_open_at': 'str | None',
    'open': 'int',
    'open_by_level': 'dict[str, int]',
    'opened_last_24h': 'int',
    'resolved': 'int',
    'snoozed': 'int',
    'span': 'Span',
    'unassigned': 'int',
})

AlertStatus: TypeAlias = "Literal['open', 'acknowledged', 'resolved']"

AmountAtRisk = TypedDict('AmountAtRisk', {
    'amount': 'str',
    'currency': 'str | None',
})

AmountBin = TypedDict('AmountBin', {
    'events': 'int',
    'lower': 'str',
    'upper': 'str',
})

AmountFlow: TypeAlias = "Literal['outgoing', 'incoming', 'none']"

Amounts = TypedDict('Amounts', {
    'bins': 'list[AmountBin]',
    'currency': 'str | None',
    'events': 'int',
    'largest': 'str',
    'median': 'str',
    'total': 'str',
})

AnalystPerformance = TypedDict('AnalystPerformance', {
    'acknowledged': 'Duration',
    'analyst': 'str',
    'false_positive_rate': 'float | None',
    'resolved': 'Duration',
})

Anomaly = TypedDict('Anomaly', {
    'change': 'NotRequired[Change | None]',
    'found_by': 'NotRequired[list[str]]',
    'given': 'NotRequired[dict[str, JsonValue]]',
    'honest': 'NotRequired[bool]',
    'kind': 'str',
    'of': 'str',
    'per_day': 'float',
    'steps': 'NotRequired[list[Step]]',
})

ApiKey = TypedDict('ApiKey', {
    'created_at': 'str',
    'created_by': 'str',
    'event_source': 'str',
    'expires_at': 'str | None',
    'id': 'UUID | str',
    'last_used_at': 'str | None',
    'name': 'str',
    'prefix': 'str',
    'revoked_at': 'str | None',
    'revoked_by': 'str | None',
    'scopes': 'list[Permission]',
})

ApiKeyPage = TypedDict('ApiKeyPage', {
    'items': 'list[ApiKey]',
    'next_cursor': 'str | None',
})

ApiKeyWithSecret = TypedDict('ApiKeyWithSecret', {
    'created_at': 'str',
    'created_by': 'str',
    'event_source': 'str',
    'expires_at': 'str | None',
    'id': 'UUID | str',
    'key': 'str',
    'last_used_at': 'str | None',
    'name': 'str',
    'prefix': 'str',
    'revoked_at': 'str | None',
    'revoked_by': 'str | None',
    'scopes': 'list[Permission]',
})

AssessmentDetail = TypedDict('AssessmentDetail', {
    'account_id': 'str',
    'amount': 'NotRequired[str | None]',
    'amount_flow': 'AmountFlow',
    'attributes': 'dict[str, bool | int | float | None | str | list[Any] | dict[str, Any]]',
    'base_score': 'float | None',
    'challenger': 'str | None',
    'challenger_score': 'float | None',
    'channel': 'NotRequired[str | None]',
    'config_version': 'int',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'decision': 'NotRequired[Decision | None]',
    'device_id': 'str | None',
    'event_id': 'str',
    'event_source': 'NotRequired[str]',
    'event_type': 'str',
    'family': 'Family',
    'features': 'list[FeatureValue]',
    'ip': 'str | None',
    'level': 'RiskLevel',
    'notes': 'list[str]',
    'occurred_at': 'str',
    'original_event_id': 'str | None',
    'overturn': 'NotRequired[Overturn | None]',
    'overturns': 'list[Overturn]',
    'reasons': 'list[Reason]',
    'received_at': 'str',
    'score': 'float',
    'scored_at': 'str',
    'scorer': 'str',
    'sequence': 'int',
    'undone_by': 'list[UndoingEvent]',
})

AssessmentPage = TypedDict('AssessmentPage', {
    'items': 'list[ListedAssessment]',
    'next_cursor': 'str | None',
})

Assignee = TypedDict('Assignee', {
    'email': 'str',
    'id': 'UUID | str',
    'role': 'Role',
})

Assignees = TypedDict('Assignees', {
    'items': 'list[Assignee]',
})

Assignment = TypedDict('Assignment', {
    'assignee': 'str | None',
})

AuditCheckpoint = TypedDict('AuditCheckpoint', {
    'key': 'str',
    'note': 'str',
    'origin': 'str',
    'root': 'str',
    'signed_at': 'str',
    'size': 'int',
})

AuditErased = TypedDict('AuditErased', {
    'records': 'int',
    'rows': 'dict[str, int]',
})

AuditErasure = TypedDict('AuditErasure', {
    'reason': 'str',
    'value': 'str',
})

AuditFinding = TypedDict('AuditFinding', {
    'detail': 'str',
    'kind': 'FindingKind',
    'seq': 'int',
    'until': 'int',
})

AuditPage = TypedDict('AuditPage', {
    'items': 'list[AuditRecord]',
    'next_cursor': 'str | None',
})

AuditProof = TypedDict('AuditProof', {
    'leaf_hash': 'str',
    'proof': 'str',
    'record': 'str',
    'seq': 'int',
    'size': 'int',
})

AuditRecord = TypedDict('AuditRecord', {
    'action': 'str',
    'actor': 'str',
    'at': 'str',
    'details': 'dict[str, Any]',
    'id': 'str',
    'leaf_hash': 'str',
    'outcome': 'Outcome',
    'personal': 'dict[str, PersonalValue]',
    'request_id': 'str | None',
    'seq': 'int',
    'subject': 'str',
})

AuditVerification = TypedDict('AuditVerification', {
    'first': 'NotRequired[int | None]',
    'last': 'NotRequired[int | None]',
})

AuditVerified = TypedDict('AuditVerified', {
    'findings': 'list[AuditFinding]',
    'first': 'int | None',
    'last': 'int | None',
    'next': 'int | None',
    'ok': 'bool',
    'records': 'int',
    'root': 'str',
    'size': 'int',
})

BacktestExample = TypedDict('BacktestExample', {
    'account_id': 'str',
    'event_id': 'str',
    'event_source': 'str',
    'fraud': 'bool | None',
    'level': 'RiskLevel',
    'level_with_rule': 'RiskLevel',
    'reason_text': 'str',
    'score': 'float',
})

BacktestHour = TypedDict('BacktestHour', {
    'alerts_after': 'int',
    'alerts_before': 'int',
    'events': 'int',
    'fraud_hits': 'int',
    'hits': 'int',
    'hour': 'str',
    'labelled_hits': 'int',
})

BacktestMoney = TypedDict('BacktestMoney', {
    'alerts_after': 'float',
    'alerts_before': 'float',
    'currency': 'str',
    'fraud_hits': 'float',
    'frauds': 'float',
    'hits': 'float',
    'legitimate_hits': 'float',
})

BacktestOverlap = TypedDict('BacktestOverlap', {
    'hits': 'int',
    'name': 'str',
    'rule_id': 'UUID | str',
    'version': 'int',
})

BacktestReport = TypedDict('BacktestReport', {
    'alerts_after': 'int',
    'alerts_before': 'int',
    'compared_hits': 'int',
    'complete': 'bool',
    'errors': 'int',
    'events': 'int',
    'examples': 'list[BacktestExample]',
    'first_scored_at': 'str | None',
    'fraud_hits': 'int',
    'frauds': 'int',
    'hits': 'int',
    'hours': 'list[BacktestHour]',
    'labelled': 'int',
    'labelled_hits': 'int',
    'last_scored_at': 'str | None',
    'money': 'BacktestMoney',
    'oldest_sequence': 'int | None',
    'overlap': 'list[BacktestOverlap]',
    'precision': 'float | None',
    'recall': 'float | None',
    'scored': 'int',
})

BacktestRequest = TypedDict('BacktestRequest', {
    'before': 'NotRequired[int | None]',
    'from': 'NotRequired[str | None]',
    'max_events': 'NotRequired[int]',
    'to': 'NotRequired[str | None]',
    'version': 'NotRequired[int | None]',
})

Band: TypeAlias = "Literal['stable', 'watch', 'shifted']"

BulkAcknowledgement = TypedDict('BulkAcknowledgement', {
    'action': "Literal['acknowledge']",
    'ids': 'list[UUID | str]',
    'note': 'NotRequired[str | None]',
})

BulkAssignment = TypedDict('BulkAssignment', {
    'action': "Literal['assign']",
    'assignee': 'str | None',
    'ids': 'list[UUID | str]',
})

BulkResolution = TypedDict('BulkResolution', {
    'action': "Literal['resolve']",
    'disposition': 'Disposition',
    'ids': 'list[UUID | str]',
    'note': 'NotRequired[str | None]',
    'reason': 'NotRequired[DispositionReason | None]',
    'suppress_days': 'NotRequired[int | None]',
})

BulkResult = TypedDict('BulkResult', {
    'alert': 'NotRequired[Alert | None]',
    'detail': 'NotRequired[str | None]',
    'id': 'UUID | str',
    'status': "Literal['done', 'conflict', 'not-found']",
})

BulkResults = TypedDict('BulkResults', {
    'done': 'int',
    'items': 'list[BulkResult]',
    'refused': 'int',
})

BulkSnooze = TypedDict('BulkSnooze', {
    'action': "Literal['snooze']",
    'ids': 'list[UUID | str]',
    'note': 'NotRequired[str | None]',
    'until': 'str',
})

Calibration = TypedDict('Calibration', {
    'as_of': 'str',
    'challenger': 'ScorerCalibration | None',
    'champion': 'ScorerCalibration',
    'since': 'str',
    'until': 'str',
})

Campaign = TypedDict('Campaign', {
    'min_accounts': 'int',
    'window_minutes': 'int',
})

Change = TypedDict('Change', {
    'activity': 'str',
    'given': 'NotRequired[dict[str, JsonValue]]',
    'minutes': 'JsonValue',
})

ChartSection = TypedDict('ChartSection', {
    'by': 'NotRequired[str | None]',
    'event_types': 'list[str]',
    'hours': 'NotRequired[int]',
    'kind': "Literal['chart']",
    'title': 'str',
    'unit': 'str',
    'value': 'str',
})

Configuration = TypedDict('Configuration', {
    'alert_policy': 'NotRequired[AlertPolicy_Output]',
    'changed_at': 'str',
    'changed_by': 'str',
    'decisions': 'NotRequired[DecisionPolicy]',
    'event_types': 'NotRequired[dict[str, Any]]',
    'reason': 'str',
    'thresholds': 'NotRequired[Thresholds]',
    'version': 'int',
})

ConfigurationChange = TypedDict('ConfigurationChange', {
    'alert_policy': 'AlertPolicy_Input',
    'reason': 'str',
    'thresholds': 'Thresholds',
})

ConfigurationPage = TypedDict('ConfigurationPage', {
    'items': 'list[Configuration]',
    'next_cursor': 'str | None',
})

ConfigurationRollback = TypedDict('ConfigurationRollback', {
    'reason': 'str',
    'version': 'int',
})

Contribution = TypedDict('Contribution', {
    'kind': 'ContributionKind',
    'name': 'str',
    'points': 'float',
    'text': 'str',
    'unit': 'str | None',
    'value': 'float | None',
})

ContributionKind: TypeAlias = "Literal['feature', 'rule']"

Contributions = TypedDict('Contributions', {
    'base': 'float',
    'event_id': 'str',
    'event_source': 'str',
    'exact': 'bool',
    'level': 'RiskLevel',
    'parts': 'list[Contribution]',
    'score': 'float',
    'scorer': 'str',
    'total': 'float',
})

Credentials = TypedDict('Credentials', {
    'email': 'str',
    'password': 'str',
})

DayQuality = TypedDict('DayQuality', {
    'day': 'str',
    'frauds': 'int',
    'labelled': 'int',
    'levels': 'list[LevelQuality]',
    'unlabelled': 'int',
})

DeadLetter = TypedDict('DeadLetter', {
    'closed_at': 'str | None',
    'closed_by': 'str | None',
    'detail': 'str',
    'event_id': 'str | None',
    'event_source': 'str | None',
    'field': 'str | None',
    'note': 'str | None',
    'number': 'int',
    'outcome': "Literal['replayed', 'dismissed'] | None",
    'position': 'str',
    'raw_bytes': 'int',
    'reason': 'str',
    'received_at': 'str',
    'source': 'str',
})

DeadLetterCounts = TypedDict('DeadLetterCounts', {
    'by_reason': 'dict[str, int]',
    'open': 'int',
})

DeadLetterDetail = TypedDict('DeadLetterDetail', {
    'closed_at': 'str | None',
    'closed_by': 'str | None',
    'cut': 'bool',
    'detail': 'str',
    'event_id': 'str | None',
    'event_source': 'str | None',
    'field': 'str | None',
    'note': 'str | None',
    'number': 'int',
    'outcome': "Literal['replayed', 'dismissed'] | None",
    'position': 'str',
    'raw': 'str',
    'raw_bytes': 'int',
    'raw_encoding': "Literal['text', 'base64']",
    'reason': 'str',
    'received_at': 'str',
    'source': 'str',
})

DeadLetterDismissal = TypedDict('DeadLetterDismissal', {
    'numbers': 'list[int]',
    'reason': 'str',
})

DeadLetterPage = TypedDict('DeadLetterPage', {
    'items': 'list[DeadLetter]',
    'next_cursor': 'str | None',
})

DeadLetterReplay = TypedDict('DeadLetterReplay', {
    'note': 'NotRequired[str | None]',
    'record': 'NotRequired[dict[str, Any] | None]',
})

DeadLettersDismissed = TypedDict('DeadLettersDismissed', {
    'dismissed': 'int',
})

Dealing = TypedDict('Dealing', {
    'account_id': 'str',
    'counterparty_id': 'str',
    'events': 'int',
    'last_occurred_at': 'str',
    'level': 'RiskLevel',
    'risky': 'int',
})

DecidedByRule = TypedDict('DecidedByRule', {
    'events': 'int',
    'frauds': 'int',
    'labelled': 'int',
    'rule': 'str',
    'value': 'float',
})

Decision = TypedDict('Decision', {
    'action': 'DecisionAction',
    'because': 'str',
    'policy_version': 'int',
})

DecisionAction: TypeAlias = "Literal['approve', 'challenge', 'review', 'decline']"

DecisionMove = TypedDict('DecisionMove', {
    'after': 'DecisionAction',
    'before': 'DecisionAction',
    'events': 'int',
    'frauds': 'int',
    'labelled': 'int',
    'value': 'float',
})

DecisionPolicy = TypedDict('DecisionPolicy', {
    'fallback': 'NotRequired[DecisionAction]',
    'rules': 'NotRequired[list[PolicyRule]]',
})

DecisionPolicyChange = TypedDict('DecisionPolicyChange', {
    'policy': 'DecisionPolicy',
    'reason': 'str',
})

DecisionPolicyPage = TypedDict('DecisionPolicyPage', {
    'items': 'list[DecisionPolicyVersion]',
    'next_cursor': 'str | None',
})

DecisionPolicyRollback = TypedDict('DecisionPolicyRollback', {
    'reason': 'str',
    'version': 'int',
})

DecisionPolicyVersion = TypedDict('DecisionPolicyVersion', {
    'changed_at': 'str',
    'changed_by': 'str',
    'policy': 'DecisionPolicy',
    'reason': 'str',
    'version': 'int',
})

DecisionPreview = TypedDict('DecisionPreview', {
    'after': 'dict[str, int]',
    'before': 'dict[str, int]',
    'changed': 'int',
    'complete': 'bool',
    'currency': 'str',
    'events': 'int',
    'failed': 'int',
    'first_scored_at': 'str | None',
    'moves': 'list[DecisionMove]',
    'rules': 'list[DecidedByRule]',
    'scored': 'int',
    'since': 'str',
    'text': 'list[str]',
    'until': 'str',
})

DecisionPreviewRequest = TypedDict('DecisionPreviewRequest', {
    'days': 'NotRequired[int]',
    'policy': 'NotRequired[DecisionPolicy | None]',
    'thresholds': 'NotRequired[Thresholds | None]',
})

Definition = TypedDict('Definition', {
    'aggregate': 'Aggregate',
    'direction': 'NotRequired[Direction]',
    'field': 'NotRequired[str | None]',
    'filter': 'NotRequired[str | None]',
    'key': 'list[str]',
    'meaning': 'str',
    'name': 'str',
    'unit': 'str',
    'window': 'str',
})

DefinitionBackfill = TypedDict('DefinitionBackfill', {
    'bytes': 'int',
    'events': 'int',
    'keys': 'int',
    'sequence': 'int',
})

DefinitionDetail = TypedDict('DefinitionDetail', {
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'latest': 'DefinitionVersion',
    'name': 'str',
    'second_person': 'bool',
    'stage': 'DefinitionStage',
    'stages': 'list[DefinitionStageChange]',
    'status': 'DefinitionStatus',
    'versions': 'list[DefinitionVersionDetail]',
})

DefinitionEdit = TypedDict('DefinitionEdit', {
    'aggregate': 'Aggregate',
    'base_version': 'int',
    'direction': 'NotRequired[Direction]',
    'field': 'NotRequired[str | None]',
    'filter': 'NotRequired[str | None]',
    'key': 'list[str]',
    'meaning': 'str',
    'unit': 'str',
    'window': 'str',
})

DefinitionPage = TypedDict('DefinitionPage', {
    'items': 'list[DefinitionSummary]',
    'next_cursor': 'str | None',
})

DefinitionPreview = TypedDict('DefinitionPreview', {
    'bytes': 'int',
    'bytes_per_key': 'float',
    'complete': 'bool',
    'events': 'int',
    'examples': 'list[Example]',
    'keys': 'int',
    'largest_key_bytes': 'int',
    'quantiles': 'list[Quantile]',
    'since': 'str | None',
    'standard_error': 'float | None',
    'until': 'str | None',
    'with_value': 'int',
})

DefinitionRollback = TypedDict('DefinitionRollback', {
    'reason': 'str',
})

DefinitionStage = TypedDict('DefinitionStage', {
    'archived': 'bool',
    'backfilled_version': 'int | None',
    'live_version': 'int | None',
})

DefinitionStageChange = TypedDict('DefinitionStageChange', {
    'back_to': 'int | None',
    'changed_at': 'str',
    'changed_by': 'str',
    'number': 'int',
    'reason': 'str',
    'stage': 'DefinitionStage',
})

DefinitionStatus: TypeAlias = "Literal['draft', 'backfilled', 'live', 'archived']"

DefinitionSummary = TypedDict('DefinitionSummary', {
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'latest': 'DefinitionVersion',
    'name': 'str',
    'stage': 'DefinitionStage',
    'status': 'DefinitionStatus',
})

DefinitionTransition = TypedDict('DefinitionTransition', {
    'reason': 'str',
    'to': 'DefinitionStatus',
    'version': 'NotRequired[int | None]',
})

DefinitionValidation = TypedDict('DefinitionValidation', {
    'errors': 'list[FieldError]',
    'valid': 'bool',
})

DefinitionVersion = TypedDict('DefinitionVersion', {
    'aggregate': 'Aggregate',
    'created_at': 'str',
    'created_by': 'str',
    'direction': 'NotRequired[Direction]',
    'field': 'NotRequired[str | None]',
    'filter': 'NotRequired[str | None]',
    'key': 'list[str]',
    'meaning': 'str',
    'name': 'str',
    'unit': 'str',
    'version': 'int',
    'window': 'str',
})

DefinitionVersionDetail = TypedDict('DefinitionVersionDetail', {
    'aggregate': 'Aggregate',
    'backfill': 'DefinitionBackfill | None',
    'created_at': 'str',
    'created_by': 'str',
    'direction': 'NotRequired[Direction]',
    'field': 'NotRequired[str | None]',
    'filter': 'NotRequired[str | None]',
    'key': 'list[str]',
    'meaning': 'str',
    'name': 'str',
    'status': 'DefinitionStatus',
    'unit': 'str',
    'version': 'int',
    'window': 'str',
})

Delivery = TypedDict('Delivery', {
    'alert_id': 'UUID | str | None',
    'attempts': 'int',
    'created_at': 'str',
    'error': 'str | None',
    'event': 'str',
    'id': 'UUID | str',
    'last_attempt_at': 'str | None',
    'next_attempt_at': 'str | None',
    'queued_at': 'str',
    'response_status': 'int | None',
    'sequence': 'int',
    'status': 'DeliveryStatus',
    'webhook_id': 'UUID | str',
})

DeliveryPage = TypedDict('DeliveryPage', {
    'items': 'list[Delivery]',
    'next_cursor': 'str | None',
})

DeliveryStatus: TypeAlias = "Literal['pending', 'delivered', 'dead']"

Direction: TypeAlias = "Literal['higher_is_riskier', 'lower_is_riskier', 'none']"

Disposition: TypeAlias = "Literal['confirmed_risk', 'false_positive', 'inconclusive']"

DispositionReason: TypeAlias = "Literal['account_takeover', 'card_testing', 'mule', 'compromised_counterparty', 'market_abuse', 'operational', 'known_customer_behaviour', 'travel', 'data_error', 'rule_too_broad', 'no_answer', 'not_enough_evidence', 'other']"

Document = TypedDict('Document', {
    'bytes': 'int',
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'media_type': 'str',
    'origin': "Literal['shipped', 'uploaded']",
    'passages': 'int',
    'slug': 'str',
    'title': 'str',
    'version': 'int',
})

DocumentDetail = TypedDict('DocumentDetail', {
    'bytes': 'int',
    'content': 'list[PassageView]',
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'media_type': 'str',
    'origin': "Literal['shipped', 'uploaded']",
    'passages': 'int',
    'slug': 'str',
    'title': 'str',
    'version': 'int',
})

DocumentPage = TypedDict('DocumentPage', {
    'items': 'list[Document]',
    'next_cursor': 'str | None',
})

DriftPoint = TypedDict('DriftPoint', {
    'events': 'int',
    'features': 'list[FeatureDrift]',
    'since': 'str',
})

Duration = TypedDict('Duration', {
    'count': 'int',
    'p50': 'float | None',
    'p90': 'float | None',
})

EntityAlerts = TypedDict('EntityAlerts', {
    'items': 'list[Alert]',
})

EntityKind: TypeAlias = "Literal['account', 'counterparty', 'device', 'ip', 'card', 'email', 'email_domain']"

EntriesAdded = TypedDict('EntriesAdded', {
    'added': 'int',
    'replaced': 'int',
})

EntriesPreview = TypedDict('EntriesPreview', {
    'new': 'list[str]',
    'present': 'list[str]',
    'rules': 'list[str]',
})

EntriesRemoved = TypedDict('EntriesRemoved', {
    'removed': 'int',
})

EntriesToPreview = TypedDict('EntriesToPreview', {
    'values': 'list[str]',
})

EntriesToRemove = TypedDict('EntriesToRemove', {
    'reason': 'str',
    'values': 'list[str]',
})

EntryInput = TypedDict('EntryInput', {
    'expires_at': 'NotRequired[str | None]',
    'value': 'str',
})

EntryPage = TypedDict('EntryPage', {
    'items': 'list[StoredEntry]',
    'next_cursor': 'str | None',
})

EventAccepted = TypedDict('EventAccepted', {
    'event_id': 'str',
    'event_source': 'str',
    'notes': 'NotRequired[list[str]]',
    'status': "NotRequired[Literal['accepted']]",
})

EventInput = TypedDict('EventInput', {
    'account_id': 'str',
    'amount': 'NotRequired[float | str | None]',
    'attributes': 'NotRequired[dict[str, bool | int | float | None | str | list[Any] | dict[str, Any]]]',
    'channel': 'NotRequired[str | None]',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'device_id': 'NotRequired[str | None]',
    'event_id': 'NotRequired[str]',
    'event_type': 'str',
    'ip': 'NotRequired[Any | None]',
    'kind': "NotRequired[Literal['event']]",
    'occurred_at': 'str',
    'original_event_id': 'NotRequired[str | None]',
})

EventResult = TypedDict('EventResult', {
    'detail': 'NotRequired[str | None]',
    'event_id': 'str | None',
    'field': 'NotRequired[str | None]',
    'notes': 'NotRequired[list[str]]',
    'status': "Literal['accepted', 'duplicate', 'conflict', 'refused', 'failed']",
})

EventType = TypedDict('EventType', {
    'amounts': 'NotRequired[AmountFlow]',
    'family': 'Family',
    'noun': 'str',
    'required': 'NotRequired[list[str]]',
})

EventTypeChange = TypedDict('EventTypeChange', {
    'amounts': 'NotRequired[AmountFlow]',
    'family': 'Family',
    'noun': 'str',
    'reason': 'NotRequired[str | None]',
    'required': 'NotRequired[list[str]]',
})

EventTypeList = TypedDict('EventTypeList', {
    'items': 'list[RegisteredEventType]',
    'unregistered': 'list[UnregisteredEventType]',
})

EventTypesReplacement = TypedDict('EventTypesReplacement', {
    'event_types': 'dict[str, Any]',
    'reason': 'NotRequired[str | None]',
})

EventsResult = TypedDict('EventsResult', {
    'accepted': 'int',
    'items': 'list[EventResult]',
    'rejected': 'int',
})

Evidence = TypedDict('Evidence', {
    'id': 'str',
    'kind': 'EvidenceKind',
    'link': 'NotRequired[str | None]',
    'text': 'str',
    'title': 'str',
})

EvidenceKind: TypeAlias = "Literal['event', 'reason', 'rule', 'account', 'counterparty', 'history', 'case', 'knowledge']"

Example = TypedDict('Example', {
    'event_id': 'str',
    'event_source': 'NotRequired[str]',
    'value': 'float',
})

ExchangeRates_Input = TypedDict('ExchangeRates_Input', {
    'base': 'str',
    'rates': 'list[Rate_Input]',
})

ExchangeRates_Output = TypedDict('ExchangeRates_Output', {
    'base': 'str',
    'rates': 'list[Rate_Output]',
})

Explanation = TypedDict('Explanation', {
    'against': 'list[Sentence]',
    'checks': 'list[Sentence]',
    'suggestion': 'NotRequired[Suggestion | None]',
    'summary': 'list[Sentence]',
    'why': 'list[Sentence]',
})

ExplanationRequest = TypedDict('ExplanationRequest', {
    'alert_id': 'NotRequired[UUID | str | None]',
    'event_id': 'NotRequired[str | None]',
    'event_source': 'NotRequired[str | None]',
    'question': 'NotRequired[str | None]',
})

ExportFormat: TypeAlias = "Literal['csv', 'jsonl']"

ExportLink = TypedDict('ExportLink', {
    'bytes': 'int',
    'expires_at': 'str',
    'format': 'ExportFormat',
    'rows': 'int',
    'url': 'str',
})

ExpressionFunction = TypedDict('ExpressionFunction', {
    'meaning': 'str',
    'name': 'str',
    'usage': 'str',
})

ExpressionName = TypedDict('ExpressionName', {
    'meaning': 'str',
    'name': 'str',
    'type': 'str',
    'unit': 'NotRequired[str | None]',
})

ExpressionNames = TypedDict('ExpressionNames', {
    'functions': 'list[ExpressionFunction]',
    'items': 'list[ExpressionName]',
})

Family: TypeAlias = "Literal['payment', 'login', 'trade', 'metric', 'other']"

FeatureDrift = TypedDict('FeatureDrift', {
    'band': 'Band',
    'feature': 'str',
    'psi': 'float',
})

FeatureValue = TypedDict('FeatureValue', {
    'meaning': 'str',
    'name': 'str',
    'unit': 'str',
    'value': 'float | None',
})

FieldError = TypedDict('FieldError', {
    'column': 'NotRequired[int | None]',
    'detail': 'str',
    'field': 'str',
    'line': 'NotRequired[int | None]',
})

FilledChart = TypedDict('FilledChart', {
    'kind': "Literal['chart']",
    'series': 'list[FilledSeries]',
    'times': 'list[str]',
    'title': 'str',
    'unit': 'str',
})

FilledPage = TypedDict('FilledPage', {
    'description': 'str',
    'name': 'str',
    'sections': 'list[FilledTable | FilledChart | FilledRules]',
    'title': 'str',
})

FilledRow = TypedDict('FilledRow', {
    'cells': 'list[str | None]',
    'event_id': 'str',
    'event_source': 'str',
})

FilledRules = TypedDict('FilledRules', {
    'hours': 'int',
    'items': 'list[RuleHits]',
    'kind': "Literal['rules']",
    'title': 'str',
})

FilledSeries = TypedDict('FilledSeries', {
    'name': 'str',
    'values': 'list[float | None]',
})

FilledTable = TypedDict('FilledTable', {
    'columns': 'list[str]',
    'kind': "Literal['table']",
    'rows': 'list[FilledRow]',
    'title': 'str',
})

FindingKind: TypeAlias = "Literal['changed', 'missing', 'added', 'reordered']"

FromTo = TypedDict('FromTo', {
    'after': 'str | int | None',
    'before': 'str | int | None',
})

Given = TypedDict('Given', {
    'created_at': 'str',
    'event_id': 'str',
    'event_source': 'NotRequired[str]',
    'evidence': 'list[Evidence]',
    'evidence_hash': 'str',
    'explanation': 'Explanation',
    'id': 'UUID | str',
    'model': 'str | None',
    'notice': 'NotRequired[str | None]',
    'prompt_version': 'str',
    'question': 'str | None',
    'removed': 'NotRequired[int]',
    'source': 'Source',
})

GroupKey: TypeAlias = "Literal['account', 'device', 'counterparty', 'rule']"

Grouping = TypedDict('Grouping', {
    'counterparty': 'NotRequired[Campaign | None]',
    'device': 'NotRequired[Campaign | None]',
    'key': 'NotRequired[GroupKey]',
    'suppression': 'NotRequired[Suppression]',
    'window_minutes': 'NotRequired[int]',
})

Habit = TypedDict('Habit', {
    'event': 'dict[str, JsonValue]',
    'every_minutes': 'NotRequired[float | None]',
    'given': 'NotRequired[dict[str, JsonValue]]',
    'hours': 'NotRequired[list[float] | None]',
    'name': 'str',
    'of': 'str',
    'per_day': 'NotRequired[float | None]',
    'remember': 'NotRequired[dict[str, JsonValue]]',
    'weekdays': 'NotRequired[list[float] | None]',
})

Health = TypedDict('Health', {
    'database': "Literal['connected', 'disconnected']",
    'reason': 'NotRequired[str | None]',
    'status': "Literal['healthy', 'degraded', 'unhealthy']",
    'streaming': "Literal['active', 'inactive', 'unknown']",
})

Hit = TypedDict('Hit', {
    'detail': 'NotRequired[str | None]',
    'event_source': 'NotRequired[str | None]',
    'id': 'str',
    'kind': 'HitKind',
    'level': 'NotRequired[RiskLevel | None]',
    'match': 'Match',
    'name': 'str',
})

HitKind: TypeAlias = "Literal['event', 'alert', 'account', 'counterparty', 'device', 'ip', 'card', 'email', 'email_domain', 'rule', 'list', 'list_entry', 'user']"

HourHits = TypedDict('HourHits', {
    'hour': 'str',
    'live': 'int',
    'shadow': 'int',
})

ImportDetail = TypedDict('ImportDetail', {
    'created_at': 'str',
    'created_by': 'str',
    'detail': 'str | None',
    'events': 'int',
    'failed': 'int',
    'finished_at': 'str | None',
    'id': 'int',
    'labels': 'int',
    'name': 'str',
    'part_bytes': 'NotRequired[int]',
    'parts': 'int',
    'preview': 'Preview | None',
    'read_share': 'float',
    'reading': 'dict[str, Any]',
    'refused': 'int',
    'repeated': 'int',
    'rows': 'int',
    'size': 'int',
    'source': 'str',
    'started_at': 'str | None',
    'status': 'ImportStatus',
    'undone_at': 'str | None',
    'undone_by': 'str | None',
    'uploaded': 'bool',
})

ImportPage = TypedDict('ImportPage', {
    'items': 'list[ImportView]',
    'next_cursor': 'str | None',
})

ImportStatus: TypeAlias = "Literal['uploading', 'uploaded', 'planned', 'running', 'done', 'failed', 'undoing', 'undone']"

ImportView = TypedDict('ImportView', {
    'created_at': 'str',
    'created_by': 'str',
    'detail': 'str | None',
    'events': 'int',
    'failed': 'int',
    'finished_at': 'str | None',
    'id': 'int',
    'labels': 'int',
    'name': 'str',
    'read_share': 'float',
    'refused': 'int',
    'repeated': 'int',
    'rows': 'int',
    'size': 'int',
    'source': 'str',
    'started_at': 'str | None',
    'status': 'ImportStatus',
    'undone_at': 'str | None',
    'undone_by': 'str | None',
    'uploaded': 'bool',
})

Invitation = TypedDict('Invitation', {
    'email': 'str',
    'role': 'NotRequired[Role]',
})

JsonValue: TypeAlias = 'Any'

LabelAccepted = TypedDict('LabelAccepted', {
    'event_id': 'str',
    'event_source': 'str',
    'fraud': 'bool',
    'known_at': 'str',
    'source': 'str',
})

LabelInput = TypedDict('LabelInput', {
    'fraud': 'bool',
    'known_at': 'NotRequired[str | None]',
    'source': 'NotRequired[str | None]',
})

LabelList = TypedDict('LabelList', {
    'items': 'list[StoredLabel]',
})

LabelResult = TypedDict('LabelResult', {
    'detail': 'NotRequired[str | None]',
    'event_id': 'str | None',
    'event_source': 'NotRequired[str | None]',
    'field': 'NotRequired[str | None]',
    'row': 'int',
    'status': "Literal['accepted', 'duplicate', 'refused', 'unknown', 'ambiguous', 'failed']",
})

Labelled = TypedDict('Labelled', {
    'fraud': 'int',
    'legitimate': 'int',
})

LabelsResult = TypedDict('LabelsResult', {
    'accepted': 'int',
    'items': 'list[LabelResult]',
    'rejected': 'int',
})

LevelMove = TypedDict('LevelMove', {
    'after': 'RiskLevel',
    'before': 'RiskLevel',
    'events': 'int',
})

LevelPerformance = TypedDict('LevelPerformance', {
    'breached': 'int',
    'confirmed_risk': 'int',
    'false_positive': 'int',
    'false_positive_rate': 'float | None',
    'inconclusive': 'int',
    'level': 'RiskLevel',
    'opened': 'int',
    'resolved': 'int',
    'to_acknowledge': 'Duration',
    'to_resolve': 'Duration',
})

LevelQuality = TypedDict('LevelQuality', {
    'f1': 'float | None',
    'false_negatives': 'int',
    'false_positives': 'int',
    'level': 'RiskLevel',
    'precision': 'float | None',
    'recall': 'float | None',
    'true_negatives': 'int',
    'true_positives': 'int',
})

ListChange = TypedDict('ListChange', {
    'description': 'NotRequired[str]',
    'purpose': 'ListPurpose',
})

ListPage = TypedDict('ListPage', {
    'items': 'list[StoredList]',
    'next_cursor': 'str | None',
})

ListPurpose: TypeAlias = "Literal['allow', 'deny', 'watch']"

ListSubject: TypeAlias = "Literal['account', 'counterparty', 'device', 'ip', 'country']"

ListedAssessment = TypedDict('ListedAssessment', {
    'account_id': 'str',
    'amount': 'NotRequired[str | None]',
    'channel': 'NotRequired[str | None]',
    'counterparty_id': 'NotRequired[str | None]',
    'country': 'NotRequired[str | None]',
    'currency': 'NotRequired[str | None]',
    'decision': 'NotRequired[Decision | None]',
    'event_id': 'str',
    'event_source': 'NotRequired[str]',
    'event_type': 'str',
    'family': 'Family',
    'level': 'RiskLevel',
    'occurred_at': 'str',
    'overturn': 'NotRequired[Overturn | None]',
    'reasons': 'list[Reason]',
    'received_at': 'str',
    'score': 'float',
    'scored_at': 'str',
    'sequence': 'int',
})

Logout = TypedDict('Logout', {
    'everywhere': 'NotRequired[bool]',
    'refresh_token': 'str',
})

Match: TypeAlias = "Literal['exact', 'prefix', 'similar']"

Me = TypedDict('Me', {
    'created_at': 'str',
    'email': 'str',
    'id': 'UUID | str',
    'permissions': 'list[Permission]',
    'role': 'Role',
})

Membership = TypedDict('Membership', {
    'added_at': 'str',
    'added_by': 'str',
    'expires_at': 'str | None',
    'list_name': 'str',
    'purpose': 'ListPurpose',
    'reason': 'str',
    'value': 'str',
})

Memberships = TypedDict('Memberships', {
    'items': 'list[Membership]',
    'listable': 'bool',
})

MinuteCounts = TypedDict('MinuteCounts', {
    'CRITICAL': 'int',
    'HIGH': 'int',
    'LOW': 'int',
    'MEDIUM': 'int',
    'minute': 'str',
})

Mode: TypeAlias = "Literal['live', 'shadow']"

ModelChangeReason = TypedDict('ModelChangeReason', {
    'reason': 'str',
})

ModelComparison = TypedDict('ModelComparison', {
    'as_of': 'str',
    'challenger': 'ScorerMeasure',
    'champion': 'ScorerMeasure',
    'complete': 'bool',
    'events': 'int',
    'frauds': 'int',
    'since': 'str',
    'until': 'str',
})

ModelDetail = TypedDict('ModelDetail', {
    'created_at': 'str | None',
    'created_by': 'str',
    'manifest': 'dict[str, Any]',
    'metrics': 'dict[str, float]',
    'period': 'dict[str, ModelPeriod]',
    'refused': 'str | None',
    'role': 'ModelRole | None',
    'source': 'str | None',
    'version': 'str',
})

ModelDrift = TypedDict('ModelDrift', {
    'events': 'int',
    'features': 'list[FeatureDrift]',
    'score': 'ScoreDistribution | None',
    'scorer': 'str',
    'since': 'str',
})

ModelDriftHistory = TypedDict('ModelDriftHistory', {
    'points': 'list[DriftPoint]',
    'scorer': 'str',
    'since': 'str',
    'step_hours': 'int',
})

ModelPage = TypedDict('ModelPage', {
    'items': 'list[ModelSummary]',
    'next_cursor': 'str | None',
})

ModelPeriod = TypedDict('ModelPeriod', {
    'events': 'int',
    'frauds': 'int',
    'from': 'str',
    'to': 'str',
})

ModelPromotion = TypedDict('ModelPromotion', {
    'as': 'ModelRole',
    'reason': 'str',
})

ModelRole: TypeAlias = "Literal['champion', 'challenger']"

ModelStageChange = TypedDict('ModelStageChange', {
    'back_to': 'int | None',
    'challenger': 'str | None',
    'champion': 'str',
    'changed_at': 'str | None',
    'changed_by': 'str',
    'number': 'int',
    'reason': 'str',
})

ModelStagePage = TypedDict('ModelStagePage', {
    'items': 'list[ModelStageChange]',
    'next_cursor': 'str | None',
})

ModelSummary = TypedDict('ModelSummary', {
    'created_at': 'str | None',
    'created_by': 'str',
    'metrics': 'dict[str, float]',
    'period': 'dict[str, ModelPeriod]',
    'refused': 'str | None',
    'role': 'ModelRole | None',
    'source': 'str | None',
    'version': 'str',
})

Neighbour = TypedDict('Neighbour', {
    'confirmed': 'int',
    'id': 'str',
    'kind': 'EntityKind',
    'unresolved': 'int',
})

Neighbourhood = TypedDict('Neighbourhood', {
    'account_id': 'str',
    'events': 'int',
    'links': 'list[Dealing]',
    'nodes': 'list[Neighbour]',
})

NewApiKey = TypedDict('NewApiKey', {
    'event_source': 'NotRequired[str | None]',
    'expires_at': 'NotRequired[str | None]',
    'name': 'str',
    'scopes': "list[Literal['alerts:read', 'config:read', 'events:write', 'labels:write', 'lists:read', 'lists:write', 'risk:read', 'rules:read']]",
})

NewDefinition = TypedDict('NewDefinition', {
    'aggregate': 'Aggregate',
    'direction': 'NotRequired[Direction]',
    'field': 'NotRequired[str | None]',
    'filter': 'NotRequired[str | None]',
    'key': 'list[str]',
    'meaning': 'str',
    'name': 'str',
    'unit': 'str',
    'window': 'str',
})

NewEntries = TypedDict('NewEntries', {
    'items': 'list[EntryInput]',
    'reason': 'str',
})

NewImport = TypedDict('NewImport', {
    'columns': 'NotRequired[dict[str, Any]]',
    'currency': 'NotRequired[str]',
    'encoding': 'NotRequired[str | None]',
    'labels': 'NotRequired[bool]',
    'mapping': 'NotRequired[str | None]',
    'name': 'str',
    'size': 'int',
    'source': 'NotRequired[str | None]',
})

NewList = TypedDict('NewList', {
    'description': 'NotRequired[str]',
    'name': 'str',
    'purpose': 'ListPurpose',
    'subject': 'ListSubject',
})

NewNote = TypedDict('NewNote', {
    'text': 'str',
})

NewOverturn = TypedDict('NewOverturn', {
    'action': 'DecisionAction',
    'reason': 'str',
})

NewRule = TypedDict('NewRule', {
    'description': 'NotRequired[str]',
    'expression': 'str',
    'min_level': 'NotRequired[RiskLevel | None]',
    'name': 'str',
    'owner': 'str',
    'points': 'NotRequired[float | None]',
    'reason_text': 'str',
})

NewWebhook = TypedDict('NewWebhook', {
    'events': 'NotRequired[list[WebhookEvent]]',
    'filter': 'NotRequired[WebhookFilter]',
    'kind': 'NotRequired[WebhookKind]',
    'name': 'str',
    'url': 'str',
})

NextAlert = TypedDict('NextAlert', {
    'min_level': 'NotRequired[RiskLevel | None]',
})

Order: TypeAlias = "Literal['-scored_at', 'scored_at', '-occurred_at', 'occurred_at', '-score']"

Outcome: TypeAlias = "Literal['success', 'failure', 'refused']"

Overturn = TypedDict('Overturn', {
    'action': 'DecisionAction',
    'decided': 'DecisionAction',
    'event_id': 'str',
    'event_source': 'str',
    'id': 'UUID | str',
    'made_at': 'str',
    'made_by': 'str',
    'reason': 'str',
    'undone_at': 'NotRequired[str | None]',
    'undone_by': 'NotRequired[str | None]',
})

OverturnCount = TypedDict('OverturnCount', {
    'action': 'DecisionAction',
    'count': 'int',
    'decided': 'DecisionAction',
})

Pack = TypedDict('Pack', {
    'definitions': 'NotRequired[list[Definition]]',
    'description': 'str',
    'event_types': 'NotRequired[dict[str, Any]]',
    'knowledge': 'NotRequired[list[PackDocument]]',
    'lists': 'NotRequired[list[PackList]]',
    'name': 'str',
    'page': 'NotRequired[PackPage | None]',
    'rules': 'NotRequired[list[PackRule]]',
    'scenario': 'NotRequired[Scenario | None]',
    'title': 'str',
    'version': 'int',
})

PackChange = TypedDict('PackChange', {
    'change': 'str',
    'kind': "Literal['event type', 'definition', 'rule', 'list', 'document']",
    'name': 'str',
})

PackDetail = TypedDict('PackDetail', {
    'contents': 'dict[str, int]',
    'description': 'str',
    'has_page': 'bool',
    'installed_at': 'str | None',
    'installed_by': 'str | None',
    'installed_version': 'int | None',
    'name': 'str',
    'pack': 'Pack',
    'shipped_version': 'int | None',
    'title': 'str',
})

PackDocument = TypedDict('PackDocument', {
    'name': 'str',
    'text': 'str',
})

PackIndex = TypedDict('PackIndex', {
    'items': 'list[PackSummary]',
})

PackInstallation = TypedDict('PackInstallation', {
    'dry_run': 'NotRequired[bool]',
    'pack': 'NotRequired[Pack | None]',
    'reason': 'NotRequired[str | None]',
    'rules': 'NotRequired[RuleTarget]',
})

PackList = TypedDict('PackList', {
    'description': 'NotRequired[str]',
    'entries': 'NotRequired[list[str]]',
    'name': 'str',
    'purpose': 'ListPurpose',
    'subject': 'ListSubject',
})

PackOutcome = TypedDict('PackOutcome', {
    'changes': 'list[PackChange]',
    'dry_run': 'bool',
    'name': 'str',
    'unchanged': 'int',
    'version': 'int',
    'waiting': 'list[str]',
})

PackPage = TypedDict('PackPage', {
    'sections': 'list[TableSection | ChartSection | RulesSection]',
})

PackRule = TypedDict('PackRule', {
    'description': 'NotRequired[str]',
    'expression': 'str',
    'min_level': 'NotRequired[RiskLevel | None]',
    'name': 'str',
    'owner': 'str',
    'points': 'NotRequired[float | None]',
    'reason_text': 'str',
})

PackSummary = TypedDict('PackSummary', {
    'contents': 'dict[str, int]',
    'description': 'str',
    'has_page': 'bool',
    'installed_at': 'str | None',
    'installed_by': 'str | None',
    'installed_version': 'int | None',
    'name': 'str',
    'shipped_version': 'int | None',
    'title': 'str',
})

PageColumn = TypedDict('PageColumn', {
    'path': 'str',
    'title': 'str',
})

PassageView = TypedDict('PassageView', {
    'section': 'str',
    'source': 'str | None',
    'text': 'str',
})

PasswordChange = TypedDict('PasswordChange', {
    'current_password': 'str',
    'new_password': 'str',
})

PasswordLink = TypedDict('PasswordLink', {
    'expires_at': 'str',
    'link': 'str',
})

PasswordReset = TypedDict('PasswordReset', {
    'password': 'str',
    'token': 'str',
})

Performance = TypedDict('Performance', {
    'breached': 'int',
    'confirmed_risk': 'int',
    'false_positive': 'int',
    'false_positive_rate': 'float | None',
    'inconclusive': 'int',
    'opened': 'int',
    'resolved': 'int',
    'to_acknowledge': 'Duration',
    'to_resolve': 'Duration',
})

Permission: TypeAlias = "Literal['risk:read', 'risk:explain', 'knowledge:manage', 'alerts:read', 'alerts:act', 'events:write', 'labels:write', 'config:read', 'config:write', 'rules:read', 'rules:draft', 'rules:promote', 'lists:read', 'lists:write', 'lists:manage', 'models:read', 'models:promote', 'packs:manage', 'webhooks:manage', 'dead-letters:manage', 'imports:manage', 'data:export', 'audit:read', 'audit:verify', 'audit:erase', 'users:manage', 'keys:manage']"

PersonalValue = TypedDict('PersonalValue', {
    'commitment': 'str',
    'erased': 'bool',
    'value': 'str | None',
})

PolicyRule = TypedDict('PolicyRule', {
    'action': 'NotRequired[DecisionAction | None]',
    'event_types': 'NotRequired[list[str]]',
    'families': 'NotRequired[list[Family]]',
    'forbid': 'NotRequired[DecisionAction | None]',
    'levels': 'NotRequired[list[RiskLevel]]',
    'lists': 'NotRequired[list[str]]',
    'name': 'str',
    'rules': 'NotRequired[list[str]]',
    'when': 'NotRequired[str | None]',
})

Population = TypedDict('Population', {
    'count': 'int',
    'fields': 'NotRequired[dict[str, JsonValue]]',
})

Preview = TypedDict('Preview', {
    'about': 'NotRequired[str]',
    'columns': 'NotRequired[list[PreviewColumn]]',
    'doubts': 'NotRequired[list[str]]',
    'error': 'NotRequired[PreviewError | None]',
    'fields': 'NotRequired[dict[str, list[str]]]',
    'guessed': 'NotRequired[bool]',
    'mapping': 'NotRequired[str | None]',
    'notes': 'NotRequired[list[str]]',
    'rows': 'NotRequired[list[dict[str, Any]]]',
})

PreviewColumn = TypedDict('PreviewColumn', {
    'examples': 'list[str]',
    'name': 'str',
})

PreviewError = TypedDict('PreviewError', {
    'detail': 'str',
    'field': 'str | None',
})

PreviewRequest = TypedDict('PreviewRequest', {
    'definition': 'Definition',
    'max_events': 'NotRequired[int]',
})

Problem = TypedDict('Problem', {
    'detail': 'str',
    'errors': 'NotRequired[list[FieldError] | None]',
    'instance': 'str',
    'request_id': 'str',
    'status': 'int',
    'title': 'str',
    'type': 'str',
})

Quality = TypedDict('Quality', {
    'as_of': 'str',
    'days': 'list[DayQuality]',
    'frauds': 'int',
    'labelled': 'int',
    'levels': 'list[LevelQuality]',
    'rules': 'list[RuleQuality]',
    'scorers': 'list[ScorerQuality]',
    'since': 'str',
    'unlabelled': 'int',
    'until': 'str',
})

Quantile = TypedDict('Quantile', {
    'share': 'float',
    'value': 'float',
})

Rate_Input = TypedDict('Rate_Input', {
    'currency': 'str',
    'per_base': 'float | str',
    'since': 'str',
})

Rate_Output = TypedDict('Rate_Output', {
    'currency': 'str',
    'per_base': 'str',
    'since': 'str',
})

Reading = TypedDict('Reading', {
    'columns': 'NotRequired[dict[str, Any]]',
    'currency': 'NotRequired[str]',
    'encoding': 'NotRequired[str | None]',
    'labels': 'NotRequired[bool]',
    'mapping': 'NotRequired[str | None]',
    'source': 'NotRequired[str | None]',
})

Reason = TypedDict('Reason', {
    'baseline': 'NotRequired[float | None]',
    'code': 'str',
    'contribution': 'float',
    'feature': 'NotRequired[str | None]',
    'text': 'str',
    'value': 'NotRequired[float | None]',
})

Reasons = TypedDict('Reasons', {
    'items': 'list[ReasonsOfDisposition]',
})

ReasonsOfDisposition = TypedDict('ReasonsOfDisposition', {
    'disposition': 'Disposition',
    'reasons': 'list[DispositionReason]',
})

Refresh = TypedDict('Refresh', {
    'refresh_token': 'str',
})

RefusedLink = TypedDict('RefusedLink', {
    'expires_at': 'str',
    'url': 'str',
})

RegisteredEventType = TypedDict('RegisteredEventType', {
    'amounts': 'NotRequired[AmountFlow]',
    'family': 'Family',
    'name': 'str',
    'noun': 'str',
    'required': 'NotRequired[list[str]]',
    'shipped': 'bool',
})

Registration = TypedDict('Registration', {
    'email': 'str',
})

RegistrationAccepted = TypedDict('RegistrationAccepted', {
    'detail': 'NotRequired[str]',
})

Related = TypedDict('Related', {
    'events': 'int',
    'id': 'str',
    'last_at': 'str',
    'top_level': 'RiskLevel',
    'top_score': 'float',
})

ReliabilityBin = TypedDict('ReliabilityBin', {
    'events': 'int',
    'frauds': 'int',
    'labelled': 'int',
    'lower': 'float',
    'observed': 'float | None',
    'predicted': 'float | None',
    'upper': 'float',
})

Reopening = TypedDict('Reopening', {
    'note': 'NotRequired[str | None]',
})

Replayed = TypedDict('Replayed', {
    'replayed': 'int',
})

ResetAccepted = TypedDict('ResetAccepted', {
    'detail': 'NotRequired[str]',
})

ResetRequest = TypedDict('ResetRequest', {
    'email': 'str',
})

Resolution = TypedDict('Resolution', {
    'disposition': 'Disposition',
    'note': 'NotRequired[str | None]',
    'reason': 'NotRequired[DispositionReason | None]',
    'suppress_days': 'NotRequired[int | None]',
})

RiskLevel: TypeAlias = "Literal['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']"

RiskOverview = TypedDict('RiskOverview', {
    'accounts': 'list[TopAccount]',
    'as_of': 'str',
    'minutes': 'int',
    'reasons': 'list[TopReason]',
    'scores': 'ScoreHistogram',
})

RiskStats = TypedDict('RiskStats', {
    'as_of': 'str',
    'by_decision': 'dict[str, int]',
    'by_level': 'dict[str, int]',
    'minutes': 'int',
    'overturned': 'list[OverturnCount]',
    'per_minute': 'list[MinuteCounts]',
    'total': 'int',
})

Role: TypeAlias = "Literal['admin', 'analyst', 'viewer']"

RuleDetail = TypedDict('RuleDetail', {
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'latest': 'RuleVersion',
    'name': 'str',
    'second_person': 'bool',
    'stage': 'Stage',
    'stages': 'list[StageChange]',
    'status': 'RuleStatus',
    'suspended': 'str | None',
    'versions': 'list[RuleVersionDetail]',
})

RuleDraft = TypedDict('RuleDraft', {
    'expression': 'str',
    'reason_text': 'NotRequired[str | None]',
})

RuleEdit = TypedDict('RuleEdit', {
    'base_version': 'int',
    'description': 'NotRequired[str]',
    'expression': 'str',
    'min_level': 'NotRequired[RiskLevel | None]',
    'owner': 'str',
    'points': 'NotRequired[float | None]',
    'reason_text': 'str',
})

RuleHits = TypedDict('RuleHits', {
    'live': 'int',
    'name': 'str',
    'rule_id': 'UUID | str',
    'shadow': 'int',
    'status': 'RuleStatus',
})

RulePage = TypedDict('RulePage', {
    'items': 'list[RuleSummary]',
    'next_cursor': 'str | None',
})

RuleQuality = TypedDict('RuleQuality', {
    'f1': 'float | None',
    'false_negatives': 'int',
    'false_positives': 'int',
    'hits': 'int',
    'labelled': 'int',
    'name': 'str',
    'precision': 'float | None',
    'recall': 'float | None',
    'rule_id': 'UUID | str',
    'true_negatives': 'int',
    'true_positives': 'int',
})

RuleReading = TypedDict('RuleReading', {
    'description': 'str',
    'event_fields': 'list[str]',
    'expression': 'str',
    'features': 'list[str]',
    'lists': 'list[str]',
    'min_level': 'RiskLevel | None',
    'mode': 'Mode',
    'name': 'str',
    'points': 'float | None',
    'rule_id': 'UUID | str',
    'version': 'int',
})

RuleReadings = TypedDict('RuleReadings', {
    'items': 'list[RuleReading]',
})

RuleRollback = TypedDict('RuleRollback', {
    'reason': 'str',
})

RuleStats = TypedDict('RuleStats', {
    'events': 'int',
    'hours': 'list[HourHits]',
    'since': 'str',
    'versions': 'list[VersionHits]',
})

RuleStatus: TypeAlias = "Literal['draft', 'shadow', 'live', 'archived']"

RuleSummary = TypedDict('RuleSummary', {
    'created_at': 'str',
    'created_by': 'str',
    'id': 'UUID | str',
    'latest': 'RuleVersion',
    'name': 'str',
    'stage': 'Stage',
    'status': 'RuleStatus',
    'suspended': 'str | None',
})

RuleTarget: TypeAlias = "Literal['draft', 'shadow', 'live']"

RuleTotals = TypedDict('RuleTotals', {
    'frauds': 'int',
    'labelled': 'int',
    'last_hit_at': 'str',
    'live': 'int',
    'rule_id': 'UUID | str',
    'shadow': 'int',
})

RuleTransition = TypedDict('RuleTransition', {
    'percent': 'NotRequired[int]',
    'reason': 'str',
    'to': 'RuleStatus',
    'version': 'NotRequired[int | None]',
})

RuleTrial = TypedDict('RuleTrial', {
    'event': 'EventInput',
    'expression': 'str',
    'features': 'NotRequired[dict[str, float | None]]',
    'reason_text': 'NotRequired[str | None]',
})

RuleTrialResult = TypedDict('RuleTrialResult', {
    'error': 'str | None',
    'hit': 'bool',
    'reason_text': 'str | None',
    'values': 'list[RuleTrialValue]',
})

RuleTrialValue = TypedDict('RuleTrialValue', {
    'name': 'str',
    'value': 'float | bool | str | None',
})

RuleValidation = TypedDict('RuleValidation', {
    'errors': 'list[FieldError]',
    'valid': 'bool',
})

RuleVersion = TypedDict('RuleVersion', {
    'created_at': 'str',
    'created_by': 'str',
    'description': 'NotRequired[str]',
    'expression': 'str',
    'min_level': 'NotRequired[RiskLevel | None]',
    'owner': 'str',
    'points': 'NotRequired[float | None]',
    'reason_text': 'str',
    'version': 'int',
})

RuleVersionDetail = TypedDict('RuleVersionDetail', {
    'created_at': 'str',
    'created_by': 'str',
    'description': 'NotRequired[str]',
    'expression': 'str',
    'min_level': 'NotRequired[RiskLevel | None]',
    'owner': 'str',
    'points': 'NotRequired[float | None]',
    'reason_text': 'str',
    'status': 'RuleStatus',
    'version': 'int',
})

RulesSection = TypedDict('RulesSection', {
    'hours': 'NotRequired[int]',
    'kind': "Literal['rules']",
    'title': 'str',
})

RulesStats = TypedDict('RulesStats', {
    'events': 'int',
    'items': 'list[RuleTotals]',
    'since': 'str',
})

Scenario = TypedDict('Scenario', {
    'activities': 'list[Habit]',
    'anomalies': 'NotRequired[list[Anomaly]]',
    'judged_days': 'NotRequired[float]',
    'populations': 'dict[str, Any]',
    'warm_up_days': 'NotRequired[float]',
})

ScoreBin = TypedDict('ScoreBin', {
    'CRITICAL': 'int',
    'HIGH': 'int',
    'LOW': 'int',
    'MEDIUM': 'int',
    'high': 'float',
    'low': 'float',
})

ScoreDistribution = TypedDict('ScoreDistribution', {
    'counts': 'list[int]',
    'edges': 'list[float]',
    'shares': 'list[float]',
})

ScoreHistogram = TypedDict('ScoreHistogram', {
    'bins': 'list[ScoreBin]',
    'since': 'str | None',
    'total': 'int',
})

ScorePoint = TypedDict('ScorePoint', {
    'event_id': 'str',
    'event_source': 'str',
    'level': 'RiskLevel',
    'occurred_at': 'str',
    'score': 'float',
})

ScorerCalibration = TypedDict('ScorerCalibration', {
    'bins': 'list[ReliabilityBin]',
    'error': 'float | None',
    'events': 'int',
    'labelled': 'int',
    'scorer': 'str',
})

ScorerMeasure = TypedDict('ScorerMeasure', {
    'auc': 'float | None',
    'average_precision': 'float | None',
    'brier': 'float | None',
    'levels': 'list[LevelQuality]',
    'mean_score': 'float | None',
    'scorer': 'str',
})

ScorerQuality = TypedDict('ScorerQuality', {
    'frauds': 'int',
    'labelled': 'int',
    'levels': 'list[LevelQuality]',
    'scorer': 'str',
    'unlabelled': 'int',
})

SearchResult = TypedDict('SearchResult', {
    'items': 'list[Hit]',
})

Sentence = TypedDict('Sentence', {
    'cites': 'list[str]',
    'text': 'str',
})

ServiceLevel = TypedDict('ServiceLevel', {
    'acknowledge_minutes': 'int',
    'resolve_minutes': 'int',
})

ServiceLevels = TypedDict('ServiceLevels', {
    'CRITICAL': 'NotRequired[ServiceLevel]',
    'HIGH': 'NotRequired[ServiceLevel]',
    'LOW': 'NotRequired[ServiceLevel]',
    'MEDIUM': 'NotRequired[ServiceLevel]',
})

Session = TypedDict('Session', {
    'created_at': 'str',
    'current': 'bool',
    'expires_at': 'str',
    'id': 'UUID | str',
    'last_used_at': 'str',
})

Sessions = TypedDict('Sessions', {
    'items': 'list[Session]',
})

Shared = TypedDict('Shared', {
    'events': 'int',
    'last_at': 'str',
    'level': 'RiskLevel',
    'risky': 'int',
    'value': 'str',
})

SharedKind = TypedDict('SharedKind', {
    'items': 'list[Shared]',
    'kind': 'EntityKind',
    'total': 'int',
})

Sharing = TypedDict('Sharing', {
    'complete': 'bool',
    'events': 'int',
    'kind': 'EntityKind',
    'kinds': 'list[SharedKind]',
    'level': 'RiskLevel',
    'value': 'str',
})

SignInOptions = TypedDict('SignInOptions', {
    'identity_provider': 'bool',
    'registration': 'bool',
})

Snooze = TypedDict('Snooze', {
    'note': 'NotRequired[str | None]',
    'until': 'str',
})

Sort: TypeAlias = "Literal['opened', 'rank', 'amount', '-amount', 'country', '-country', 'counterparty_id', '-counterparty_id']"

Source: TypeAlias = "Literal['template', 'model']"

Span = TypedDict('Span', {
    'by_analyst': 'list[AnalystPerformance]',
    'by_level': 'list[LevelPerformance]',
    'since': 'str',
    'total': 'Performance',
    'until': 'str',
})

Stage = TypedDict('Stage', {
    'archived': 'NotRequired[bool]',
    'live_version': 'NotRequired[int | None]',
    'percent': 'NotRequired[int]',
    'shadow_version': 'NotRequired[int | None]',
})

StageChange = TypedDict('StageChange', {
    'back_to': 'int | None',
    'changed_at': 'str',
    'changed_by': 'str',
    'number': 'int',
    'reason': 'str',
    'stage': 'Stage',
})

Status: TypeAlias = "Literal['open', 'replayed', 'dismissed', 'all']"

Step = TypedDict('Step', {
    'event': 'dict[str, JsonValue]',
    'gap_seconds': 'NotRequired[JsonValue]',
    'given': 'NotRequired[dict[str, JsonValue]]',
    'repeat': 'NotRequired[JsonValue]',
})

StoredEntry = TypedDict('StoredEntry', {
    'added_at': 'str',
    'added_by': 'str',
    'expires_at': 'str | None',
    'id': 'int',
    'reason': 'str',
    'value': 'str',
})

StoredLabel = TypedDict('StoredLabel', {
    'event_id': 'str',
    'event_source': 'str',
    'fraud': 'bool',
    'known_at': 'str',
    'received_at': 'str',
    'source': 'str',
})

StoredList = TypedDict('StoredList', {
    'created_at': 'str',
    'created_by': 'str',
    'description': 'str',
    'entries': 'int',
    'name': 'str',
    'purpose': 'ListPurpose',
    'subject': 'ListSubject',
})

Suggestion = TypedDict('Suggestion', {
    'because': 'list[Sentence]',
    'confidence': 'float',
    'disposition': 'Disposition',
})

Suppression = TypedDict('Suppression', {
    'confirmed_risk_days': 'NotRequired[int]',
    'false_positive_days': 'NotRequired[int]',
    'inconclusive_days': 'NotRequired[int]',
})

TableSection = TypedDict('TableSection', {
    'columns': 'list[PageColumn]',
    'event_types': 'list[str]',
    'kind': "Literal['table']",
    'min_level': 'NotRequired[RiskLevel]',
    'title': 'str',
})

ThresholdPreview = TypedDict('ThresholdPreview', {
    'after': 'dict[str, int]',
    'before': 'dict[str, int]',
    'changed': 'int',
    'events': 'int',
    'moves': 'list[LevelMove]',
    'sampled': 'int | None',
    'scores': 'list[int]',
    'since': 'str',
    'until': 'str',
})

Thresholds = TypedDict('Thresholds', {
    'high': 'NotRequired[float]',
    'low': 'NotRequired[float]',
    'medium': 'NotRequired[float]',
})

Ticket = TypedDict('Ticket', {
    'expires_in': 'int',
    'ticket': 'str',
})

TimelineEntry = TypedDict('TimelineEntry', {
    'action': 'Action',
    'actor': 'str',
    'at': 'str',
    'changes': 'dict[str, FromTo]',
    'note': 'str | None',
    'version': 'int',
})

TopAccount = TypedDict('TopAccount', {
    'account_id': 'str',
    'count': 'int',
    'critical': 'int',
    'last_scored_at': 'str',
    'max_score': 'float',
})

TopReason = TypedDict('TopReason', {
    'code': 'str',
    'count': 'int',
    'meaning': 'str',
    'text': 'str',
})

UndoingEvent = TypedDict('UndoingEvent', {
    'amount': 'str | None',
    'currency': 'str | None',
    'event_id': 'str',
    'event_source': 'str',
    'event_type': 'str',
    'occurred_at': 'str',
})

UnregisteredEventType = TypedDict('UnregisteredEventType', {
    'events': 'int',
    'first_scored_at': 'str',
    'last_scored_at': 'str',
    'name': 'str',
})

UploadPart = TypedDict('UploadPart', {
    'bytes': 'int',
    'expires_at': 'str',
    'start': 'int',
    'url': 'str',
})

UserChange = TypedDict('UserChange', {
    'disabled': 'NotRequired[bool]',
    'role': 'NotRequired[Role]',
})

UserDetail = TypedDict('UserDetail', {
    'created_at': 'str',
    'email': 'str',
    'id': 'UUID | str',
    'reset_requested_at': 'str | None',
    'role': 'Role',
    'status': "Literal['active', 'invited', 'disabled']",
})

UserPage = TypedDict('UserPage', {
    'items': 'list[UserDetail]',
    'next_cursor': 'str | None',
})

ValueCount = TypedDict('ValueCount', {
    'events': 'int',
    'value': 'str',
})

VersionHits = TypedDict('VersionHits', {
    'frauds': 'int',
    'hits': 'int',
    'labelled': 'int',
    'last_hit_at': 'str',
    'mode': 'Mode',
    'version': 'int',
})

Webhook = TypedDict('Webhook', {
    'created_at': 'str',
    'created_by': 'str',
    'disabled_reason': 'str | None',
    'enabled': 'bool',
    'events': 'list[WebhookEvent]',
    'failing_since': 'str | None',
    'filter': 'WebhookFilter',
    'id': 'UUID | str',
    'kind': 'WebhookKind',
    'name': 'str',
    'paused_until': 'str | None',
    'secret_changed_at': 'str',
    'secret_generation': 'int',
    'updated_at': 'str',
    'url': 'str',
    'version': 'int',
})

WebhookChange = TypedDict('WebhookChange', {
    'enabled': 'bool',
    'events': 'list[WebhookEvent]',
    'filter': 'NotRequired[WebhookFilter | None]',
    'name': 'str',
    'url': 'NotRequired[str | None]',
})

WebhookEvent: TypeAlias = "Literal['alert.opened', 'alert.updated', 'alert.acknowledged', 'alert.resolved', 'alert.reopened', 'alert.breached', 'decision.overturned', 'decision.restored']"

WebhookFilter = TypedDict('WebhookFilter', {
    'countries': 'NotRequired[list[str]]',
    'event_types': 'NotRequired[list[str]]',
    'min_amount': 'NotRequired[float | None]',
    'min_level': 'NotRequired[RiskLevel | None]',
})

WebhookKind: TypeAlias = "Literal['standard', 'slack']"

WebhookList = TypedDict('WebhookList', {
    'items': 'list[Webhook]',
    'next_cursor': 'NotRequired[None]',
})

WebhookWithSecret = TypedDict('WebhookWithSecret', {
    'created_at': 'str',
    'created_by': 'str',
    'disabled_reason': 'str | None',
    'enabled': 'bool',
    'events': 'list[WebhookEvent]',
    'failing_since': 'str | None',
    'filter': 'WebhookFilter',
    'id': 'UUID | str',
    'kind': 'WebhookKind',
    'name': 'str',
    'paused_until': 'str | None',
    'secret': 'str | None',
    'secret_changed_at': 'str',
    'secret_generation': 'int',
    'updated_at': 'str',
    'url': 'str',
    'version': 'int',
})
