"""The operations of the API. Generated from the OpenAPI document: see infra/clients.py."""

# ruff: noqa
# fmt: off

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from realtime_risk.schemas import *
from realtime_risk.transport import Transport


class Operations(Transport):
    """A method for every operation; an ``idempotency_key`` is made where none is given."""

    def get_account(self, account_id: str) -> Activity:
        """Summarize the newest 1,000 assessments of an account: levels, scores, amounts, counterparties."""
        answer: Activity = self.request('GET', f'/api/v1/accounts/{self.quote(account_id)}')
        return answer

    def list_alerts(self, *, sort: Sort | None = None, cursor: str | None = None, limit: int | None = None, status: AlertStatus | None = None, level: RiskLevel | None = None, min_level: RiskLevel | None = None, decision: DecisionAction | None = None, overturned: bool | None = None, account_id: str | None = None, counterparty_id: str | None = None, country: str | None = None, min_amount: float | None = None, assignee: str | None = None, breached: bool | None = None, snoozed: bool | None = None, from_: str | None = None, to: str | None = None) -> AlertPage:
        """List alerts: newest first, in the order of the queue, or by a column."""
        answer: AlertPage = self.request('GET', '/api/v1/alerts', query={'sort': sort, 'cursor': cursor, 'limit': limit, 'status': status, 'level': level, 'min_level': min_level, 'decision': decision, 'overturned': overturned, 'account_id': account_id, 'counterparty_id': counterparty_id, 'country': country, 'min_amount': min_amount, 'assignee': assignee, 'breached': breached, 'snoozed': snoozed, 'from': from_, 'to': to})
        return answer

    def list_assignees(self) -> Assignees:
        """List the people to whom an alert may be assigned: those who may act on alerts and can sign in."""
        answer: Assignees = self.request('GET', '/api/v1/alerts/assignees')
        return answer

    def act_on_alerts(self, body: BulkAcknowledgement | BulkAssignment | BulkResolution | BulkSnooze, *, idempotency_key: str | None = None, if_match: str | None = None) -> BulkResults:
        """Apply one action to up to 100 alerts."""
        answer: BulkResults = self.request('POST', '/api/v1/alerts/bulk', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def count_alerts(self, *, status: AlertStatus | None = None, level: RiskLevel | None = None, min_level: RiskLevel | None = None, decision: DecisionAction | None = None, overturned: bool | None = None, account_id: str | None = None, counterparty_id: str | None = None, country: str | None = None, min_amount: float | None = None, assignee: str | None = None, breached: bool | None = None, snoozed: bool | None = None, from_: str | None = None, to: str | None = None) -> AlertCounts:
        """Count the unresolved alerts of a filter by status; a status in the filter is left out of account."""
        answer: AlertCounts = self.request('GET', '/api/v1/alerts/counts', query={'status': status, 'level': level, 'min_level': min_level, 'decision': decision, 'overturned': overturned, 'account_id': account_id, 'counterparty_id': counterparty_id, 'country': country, 'min_amount': min_amount, 'assignee': assignee, 'breached': breached, 'snoozed': snoozed, 'from': from_, 'to': to})
        return answer

    def export_alerts(self, *, format: ExportFormat | None = None, status: AlertStatus | None = None, level: RiskLevel | None = None, min_level: RiskLevel | None = None, decision: DecisionAction | None = None, overturned: bool | None = None, account_id: str | None = None, counterparty_id: str | None = None, country: str | None = None, min_amount: float | None = None, assignee: str | None = None, breached: bool | None = None, snoozed: bool | None = None, from_: str | None = None, to: str | None = None) -> ExportLink:
        """Export every alert that a filter finds, newest first."""
        answer: ExportLink = self.request('GET', '/api/v1/alerts/export', query={'format': format, 'status': status, 'level': level, 'min_level': min_level, 'decision': decision, 'overturned': overturned, 'account_id': account_id, 'counterparty_id': counterparty_id, 'country': country, 'min_amount': min_amount, 'assignee': assignee, 'breached': breached, 'snoozed': snoozed, 'from': from_, 'to': to})
        return answer

    def claim_next_alert(self, body: NextAlert | None, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert | None:
        """Take the next unassigned alert of the queue and assign it to yourself."""
        answer: Alert | None = self.request('POST', '/api/v1/alerts/next', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def list_reasons(self) -> Reasons:
        """List the reasons that a resolution may give, by disposition."""
        answer: Reasons = self.request('GET', '/api/v1/alerts/reasons')
        return answer

    def get_alert_stats(self, *, from_: str | None = None, to: str | None = None) -> AlertStats:
        """Count alerts by status; for those opened in a time span, times to decision and dispositions."""
        answer: AlertStats = self.request('GET', '/api/v1/alerts/stats', query={'from': from_, 'to': to})
        return answer

    def get_alert(self, alert_id: UUID | str) -> AlertDetail:
        """Get one alert with its details. `ETag` is its version: send it as `If-Match` with an action."""
        answer: AlertDetail = self.request('GET', f'/api/v1/alerts/{self.quote(alert_id)}')
        return answer

    def acknowledge_alert(self, alert_id: UUID | str, body: Acknowledgement | None, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Acknowledge an open alert. An unassigned alert is assigned to you."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/acknowledge', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def assign_alert(self, alert_id: UUID | str, body: Assignment, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Assign or unassign an alert."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/assign', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def send_alert_labels(self, alert_id: UUID | str, *, idempotency_key: str | None = None) -> LabelsResult:
        """Send the labels of a resolved alert again, if the logs say that some were lost."""
        answer: LabelsResult = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/labels', idempotency_key=idempotency_key, keyed=True)
        return answer

    def note_on_alert(self, alert_id: UUID | str, body: NewNote, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Add a note, whatever the alert's status. Notes are never changed; the timeline keeps them all."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/notes', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def get_related(self, alert_id: UUID | str) -> Neighbourhood:
        """Connections around an alert."""
        answer: Neighbourhood = self.request('GET', f'/api/v1/alerts/{self.quote(alert_id)}/related')
        return answer

    def reopen_alert(self, alert_id: UUID | str, body: Reopening | None, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Reopen an acknowledged or resolved alert: it is open and due like a new one."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/reopen', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def resolve_alert(self, alert_id: UUID | str, body: Resolution, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Resolve an alert with a disposition and a reason."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/resolve', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def snooze_alert(self, alert_id: UUID | str, body: Snooze, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Snooze an alert. It returns to the queue at that time, or at once if a more severe event joins it."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/snooze', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def undo_alert(self, alert_id: UUID | str, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """Undo the last acknowledgement or resolution."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/undo', idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def wake_alert(self, alert_id: UUID | str, *, idempotency_key: str | None = None, if_match: str | None = None) -> Alert:
        """End a snooze early."""
        answer: Alert = self.request('POST', f'/api/v1/alerts/{self.quote(alert_id)}/wake', idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def list_api_keys(self, *, cursor: str | None = None, limit: int | None = None) -> ApiKeyPage:
        """List API keys, newest first, including revoked and expired ones."""
        answer: ApiKeyPage = self.request('GET', '/api/v1/api-keys', query={'cursor': cursor, 'limit': limit})
        return answer

    def create_api_key(self, body: NewApiKey, *, idempotency_key: str | None = None) -> ApiKeyWithSecret:
        """Create an API key. The response is the only place where it is ever shown."""
        answer: ApiKeyWithSecret = self.request('POST', '/api/v1/api-keys', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def revoke_api_key(self, key_id: UUID | str, *, idempotency_key: str | None = None) -> ApiKey:
        """Revoke an API key at once. Revoking it again changes nothing."""
        answer: ApiKey = self.request('POST', f'/api/v1/api-keys/{self.quote(key_id)}/revoke', idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_audit_checkpoint(self) -> AuditCheckpoint:
        """Get the newest checkpoint. Keep a copy elsewhere: records that it covers cannot be changed undetected."""
        answer: AuditCheckpoint = self.request('GET', '/api/v1/audit/checkpoint')
        return answer

    def erase_personal_value(self, body: AuditErasure, *, idempotency_key: str | None = None) -> AuditErased:
        """Erase a personal value from all audit records, and the account or counterparty of that id. It cannot be undone."""
        answer: AuditErased = self.request('POST', '/api/v1/audit/erasures', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_audit_logs(self, *, cursor: str | None = None, limit: int | None = None, actor: str | None = None, action: str | None = None, subject: str | None = None, outcome: Outcome | None = None, from_: str | None = None, to: str | None = None, since: str | None = None, until: str | None = None) -> AuditPage:
        """List audit records, newest first. Reading them is audited."""
        answer: AuditPage = self.request('GET', '/api/v1/audit/logs', query={'cursor': cursor, 'limit': limit, 'actor': actor, 'action': action, 'subject': subject, 'outcome': outcome, 'from': from_, 'to': to, 'since': since, 'until': until})
        return answer

    def export_audit_logs(self, *, format: ExportFormat | None = None, actor: str | None = None, action: str | None = None, subject: str | None = None, outcome: Outcome | None = None, from_: str | None = None, to: str | None = None, since: str | None = None, until: str | None = None) -> ExportLink:
        """Export the audit records that a filter finds, newest first, for reading."""
        answer: ExportLink = self.request('GET', '/api/v1/audit/logs/export', query={'format': format, 'actor': actor, 'action': action, 'subject': subject, 'outcome': outcome, 'from': from_, 'to': to, 'since': since, 'until': until})
        return answer

    def get_audit_proof(self, seq: int) -> AuditProof:
        """Get a record with its inclusion proof, which anyone can verify with the log's public key."""
        answer: AuditProof = self.request('GET', f'/api/v1/audit/proof/{self.quote(seq)}')
        return answer

    def verify_audit_log(self, body: AuditVerification | None, *, idempotency_key: str | None = None) -> AuditVerified:
        """Verify records against the newest checkpoint, at most 100,000 per call: `next` is where to continue."""
        answer: AuditVerified = self.request('POST', '/api/v1/audit/verify', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def login(self, body: Credentials) -> AccessToken:
        """Exchange an address and its password for an access token and a refresh token."""
        answer: AccessToken = self.request('POST', '/api/v1/auth/login', json=body)
        return answer

    def logout(self, body: Logout) -> None:
        """End the session of a refresh token, or all sessions of its owner. Access tokens are refused at once."""
        self.request('POST', '/api/v1/auth/logout', json=body)

    def get_me(self) -> Me:
        """Get the person and permissions of the token."""
        answer: Me = self.request('GET', '/api/v1/auth/me')
        return answer

    def complete_oidc_login(self, *, state: str | None = None, code: str | None = None, error: str | None = None) -> Any:
        """Complete the sign-in after the identity provider."""
        answer: Any = self.request('GET', '/api/v1/auth/oidc/callback', query={'state': state, 'code': code, 'error': error})
        return answer

    def begin_oidc_login(self, *, state: str) -> Any:
        """Redirect to the identity provider, which returns the browser to `/auth/oidc/callback`."""
        answer: Any = self.request('GET', '/api/v1/auth/oidc/login', query={'state': state})
        return answer

    def get_sign_in_options(self) -> SignInOptions:
        """Whether anyone may register, and whether `/auth/oidc/login` leads to an identity provider."""
        answer: SignInOptions = self.request('GET', '/api/v1/auth/options')
        return answer

    def change_password(self, body: PasswordChange) -> None:
        """Change your own password. All your other sessions end."""
        self.request('POST', '/api/v1/auth/password', json=body)

    def reset_password(self, body: PasswordReset) -> None:
        """Set a password with the token of a link, once. All sessions of the person end."""
        self.request('POST', '/api/v1/auth/password/reset', json=body)

    def request_password_reset(self, body: ResetRequest) -> ResetAccepted:
        """Request a link to set a new password by mail; without mail, administrators see the request."""
        answer: ResetAccepted = self.request('POST', '/api/v1/auth/password/reset-request', json=body)
        return answer

    def refresh(self, body: Refresh) -> AccessToken:
        """Exchange a refresh token, once, for the next tokens of its session."""
        answer: AccessToken = self.request('POST', '/api/v1/auth/refresh', json=body)
        return answer

    def register(self, body: Registration) -> RegistrationAccepted:
        """Register an account with the role viewer for the owner of an address."""
        answer: RegistrationAccepted = self.request('POST', '/api/v1/auth/register', json=body)
        return answer

    def list_sessions(self) -> Sessions:
        """List your sessions."""
        answer: Sessions = self.request('GET', '/api/v1/auth/sessions')
        return answer

    def end_other_sessions(self) -> None:
        """End all your sessions except the current one."""
        self.request('DELETE', '/api/v1/auth/sessions')

    def end_session(self, session_id: UUID | str) -> None:
        """End one of your sessions."""
        self.request('DELETE', f'/api/v1/auth/sessions/{self.quote(session_id)}')

    def create_ws_ticket(self, *, idempotency_key: str | None = None) -> Ticket:
        """Create a ticket for one WebSocket: connect to `/ws/risk-stream?ticket=…` within 30 seconds."""
        answer: Ticket = self.request('POST', '/api/v1/auth/ws-ticket', idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_configuration(self) -> Configuration:
        """Get the configuration in force."""
        answer: Configuration = self.request('GET', '/api/v1/config')
        return answer

    def change_configuration(self, body: ConfigurationChange, *, if_match: str | None = None) -> Configuration:
        """Put a new configuration version in force. The engine uses it within a second; stored scores do not change."""
        answer: Configuration = self.request('PUT', '/api/v1/config', json=body, if_match=if_match)
        return answer

    def preview_configuration(self, *, low: float, medium: float, high: float, days: int | None = None) -> ThresholdPreview:
        """Preview other thresholds on recent events. Nothing is changed."""
        answer: ThresholdPreview = self.request('GET', '/api/v1/config/preview', query={'low': low, 'medium': medium, 'high': high, 'days': days})
        return answer

    def roll_back_configuration(self, body: ConfigurationRollback, *, idempotency_key: str | None = None, if_match: str | None = None) -> Configuration:
        """Put the content of an earlier version in force again, as a new version."""
        answer: Configuration = self.request('POST', '/api/v1/config/rollback', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def list_configurations(self, *, cursor: str | None = None, limit: int | None = None) -> ConfigurationPage:
        """List all configuration versions, newest first, with author, time and reason."""
        answer: ConfigurationPage = self.request('GET', '/api/v1/config/versions', query={'cursor': cursor, 'limit': limit})
        return answer

    def get_counterparty(self, counterparty_id: str) -> Activity:
        """Summarize the newest 1,000 assessments with a counterparty: levels, scores, amounts, accounts."""
        answer: Activity = self.request('GET', f'/api/v1/counterparties/{self.quote(counterparty_id)}')
        return answer

    def list_dead_letters(self, *, cursor: str | None = None, limit: int | None = None, status: Status | None = None, reason: str | None = None, field: str | None = None, source: str | None = None, event_id: str | None = None, from_: str | None = None, to: str | None = None) -> DeadLetterPage:
        """Records that could not be scored, newest first: at first those that wait to be worked off."""
        answer: DeadLetterPage = self.request('GET', '/api/v1/dead-letters', query={'cursor': cursor, 'limit': limit, 'status': status, 'reason': reason, 'field': field, 'source': source, 'event_id': event_id, 'from': from_, 'to': to})
        return answer

    def dismiss_dead_letters(self, body: DeadLetterDismissal, *, idempotency_key: str | None = None) -> DeadLettersDismissed:
        """Say that nothing is to come of these dead letters, and why. Those that are closed already stay as they are."""
        answer: DeadLettersDismissed = self.request('POST', '/api/v1/dead-letters/dismiss', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def export_dead_letters(self, *, status: Status | None = None, reason: str | None = None, field: str | None = None, source: str | None = None, event_id: str | None = None, from_: str | None = None, to: str | None = None) -> Any:
        """The newest 5,000 of those wanted with their records, one JSON object a line."""
        answer: Any = self.request('GET', '/api/v1/dead-letters/export', query={'status': status, 'reason': reason, 'field': field, 'source': source, 'event_id': event_id, 'from': from_, 'to': to})
        return answer

    def count_dead_letters(self) -> DeadLetterCounts:
        """How many wait to be worked off, by reason."""
        answer: DeadLetterCounts = self.request('GET', '/api/v1/dead-letters/stats')
        return answer

    def get_dead_letter(self, number: int) -> DeadLetterDetail:
        """One dead letter, with its record."""
        answer: DeadLetterDetail = self.request('GET', f'/api/v1/dead-letters/{self.quote(number)}')
        return answer

    def replay_dead_letter(self, number: int, body: DeadLetterReplay, *, idempotency_key: str | None = None) -> DeadLetterDetail:
        """Put its record on the stream again, corrected or as it is. The id of its event stays: it is scored once."""
        answer: DeadLetterDetail = self.request('POST', f'/api/v1/dead-letters/{self.quote(number)}/replay', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_decision_policy(self) -> DecisionPolicyVersion:
        """Get the decision policy in force, and since which version of the configuration."""
        answer: DecisionPolicyVersion = self.request('GET', '/api/v1/decisions/policy')
        return answer

    def change_decision_policy(self, body: DecisionPolicyChange, *, if_match: str | None = None) -> DecisionPolicyVersion:
        """Put a decision policy in force. The engine decides by it within a second; what was decided stays."""
        answer: DecisionPolicyVersion = self.request('PUT', '/api/v1/decisions/policy', json=body, if_match=if_match)
        return answer

    def roll_back_decision_policy(self, body: DecisionPolicyRollback, *, idempotency_key: str | None = None, if_match: str | None = None) -> DecisionPolicyVersion:
        """Put the decision policy of an earlier version in force again; thresholds and the rest stay as they are."""
        answer: DecisionPolicyVersion = self.request('POST', '/api/v1/decisions/policy/rollback', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def list_decision_policies(self, *, cursor: str | None = None, limit: int | None = None) -> DecisionPolicyPage:
        """List the versions of the configuration that changed the decision policy, newest first."""
        answer: DecisionPolicyPage = self.request('GET', '/api/v1/decisions/policy/versions', query={'cursor': cursor, 'limit': limit})
        return answer

    def preview_decisions(self, body: DecisionPreviewRequest, *, idempotency_key: str | None = None) -> DecisionPreview:
        """Preview another policy, or other thresholds, on recent events: what would be decided otherwise, in money."""
        answer: DecisionPreview = self.request('POST', '/api/v1/decisions/preview', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_definitions(self, *, status: DefinitionStatus | None = None, cursor: str | None = None, limit: int | None = None) -> DefinitionPage:
        """List definitions by name. Features that ship are not among them; `GET /rules/names` lists all features."""
        answer: DefinitionPage = self.request('GET', '/api/v1/definitions', query={'status': status, 'cursor': cursor, 'limit': limit})
        return answer

    def create_definition(self, body: NewDefinition, *, idempotency_key: str | None = None) -> DefinitionDetail:
        """Create a definition as a draft. It has no effect until it is moved to backfilled, and then to live."""
        answer: DefinitionDetail = self.request('POST', '/api/v1/definitions', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def preview_definition(self, body: PreviewRequest, *, idempotency_key: str | None = None) -> DefinitionPreview:
        """Compute a definition over stored events: its values, its keys, and the memory that they would take."""
        answer: DefinitionPreview = self.request('POST', '/api/v1/definitions/preview', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def validate_definition(self, body: dict[str, Any], *, idempotency_key: str | None = None) -> DefinitionValidation:
        """Validate a definition, without storing it."""
        answer: DefinitionValidation = self.request('POST', '/api/v1/definitions/validate', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_definition(self, definition_id: UUID | str) -> DefinitionDetail:
        """Get a definition with all its versions and stages."""
        answer: DefinitionDetail = self.request('GET', f'/api/v1/definitions/{self.quote(definition_id)}')
        return answer

    def edit_definition(self, definition_id: UUID | str, body: DefinitionEdit, *, if_match: str | None = None) -> DefinitionDetail:
        """Add a version. The live and backfilled versions stay as they are."""
        answer: DefinitionDetail = self.request('PUT', f'/api/v1/definitions/{self.quote(definition_id)}', json=body, if_match=if_match)
        return answer

    def roll_back_definition(self, definition_id: UUID | str, body: DefinitionRollback, *, idempotency_key: str | None = None, if_match: str | None = None) -> DefinitionDetail:
        """Undo the last change of stage; again, the one before it. The engine follows within a second."""
        answer: DefinitionDetail = self.request('POST', f'/api/v1/definitions/{self.quote(definition_id)}/rollback', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def move_definition(self, definition_id: UUID | str, body: DefinitionTransition, *, idempotency_key: str | None = None, if_match: str | None = None) -> DefinitionDetail:
        """Move a version to draft, backfilled, live or archived. The engine follows within a second."""
        answer: DefinitionDetail = self.request('POST', f'/api/v1/definitions/{self.quote(definition_id)}/transition', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def get_entity(self, kind: EntityKind, *, value: str) -> Activity:
        """Summarize the newest 1,000 assessments of an entity: levels, scores, amounts, accounts."""
        answer: Activity = self.request('GET', f'/api/v1/entities/{self.quote(kind)}', query={'value': value})
        return answer

    def list_entity_alerts(self, kind: EntityKind, *, value: str, limit: int | None = None) -> EntityAlerts:
        """List the alerts that an entity's latest events are in."""
        answer: EntityAlerts = self.request('GET', f'/api/v1/entities/{self.quote(kind)}/alerts', query={'limit': limit, 'value': value})
        return answer

    def list_entity_lists(self, kind: EntityKind, *, value: str) -> Memberships:
        """List the lists that an entity is on now."""
        answer: Memberships = self.request('GET', f'/api/v1/entities/{self.quote(kind)}/lists', query={'value': value})
        return answer

    def get_entity_sharing(self, kind: EntityKind, *, value: str, only: EntityKind | None = None, limit: int | None = None) -> Sharing:
        """What an entity shares with others in its latest 1,000 events: accounts of a device, cards of an account …"""
        answer: Sharing = self.request('GET', f'/api/v1/entities/{self.quote(kind)}/sharing', query={'only': only, 'limit': limit, 'value': value})
        return answer

    def list_event_types(self) -> EventTypeList:
        """List the registry, and the unregistered types that events came with."""
        answer: EventTypeList = self.request('GET', '/api/v1/event-types')
        return answer

    def replace_event_types(self, body: EventTypesReplacement, *, if_match: str | None = None) -> EventTypeList:
        """Replace all that is registered beside the shipped types, as from a file."""
        answer: EventTypeList = self.request('PUT', '/api/v1/event-types', json=body, if_match=if_match)
        return answer

    def register_event_type(self, name: str, body: EventTypeChange, *, if_match: str | None = None) -> RegisteredEventType:
        """Register an event type, or change how it is understood. The engine does so within a second; the past stays."""
        answer: RegisteredEventType = self.request('PUT', f'/api/v1/event-types/{self.quote(name)}', json=body, if_match=if_match)
        return answer

    def remove_event_type(self, name: str, *, reason: str | None = None, if_match: str | None = None) -> None:
        """Remove an event type from the registry; a shipped one is again understood as it is shipped."""
        self.request('DELETE', f'/api/v1/event-types/{self.quote(name)}', query={'reason': reason}, if_match=if_match)

    def send_events(self, body: EventInput | list[EventInput], *, wait_ms: int | None = None) -> AssessmentDetail | EventAccepted | EventsResult:
        """Send one event, or a list of up to 500, to be scored."""
        answer: AssessmentDetail | EventAccepted | EventsResult = self.request('POST', '/api/v1/events', query={'wait_ms': wait_ms}, json=body)
        return answer

    def explain_risk(self, body: ExplanationRequest, *, idempotency_key: str | None = None) -> Given:
        """Explain an event or an alert: what happened, why it was scored so, what speaks against it, what to check."""
        answer: Given = self.request('POST', '/api/v1/explain/risk', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_health(self) -> Health:
        """Query the database for its own health and the engine's last heartbeat."""
        answer: Health = self.request('GET', '/api/v1/health')
        return answer

    def list_imports(self, *, cursor: str | None = None, limit: int | None = None) -> ImportPage:
        """List imports, the newest first: those of `risk import` too."""
        answer: ImportPage = self.request('GET', '/api/v1/imports', query={'cursor': cursor, 'limit': limit})
        return answer

    def create_import(self, body: NewImport, *, idempotency_key: str | None = None) -> ImportDetail:
        """Begin to upload a file of at most 5 GB. CSV, TSV, Excel, Parquet, JSON, ISO 20022 XML; also gzipped or zipped."""
        answer: ImportDetail = self.request('POST', '/api/v1/imports', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_import(self, import_id: int) -> ImportDetail:
        """Get an import, with the preview of its file until it is started."""
        answer: ImportDetail = self.request('GET', f'/api/v1/imports/{self.quote(import_id)}')
        return answer

    def get_upload_part(self, import_id: int, part: int) -> UploadPart:
        """Get the address to which a part of the file is sent by `PUT`. A part may be sent again."""
        answer: UploadPart = self.request('GET', f'/api/v1/imports/{self.quote(import_id)}/parts/{self.quote(part)}')
        return answer

    def change_reading(self, import_id: int, body: Reading) -> ImportDetail:
        """Say how the file is read: which column is which field, whose ids these are. It is previewed again."""
        answer: ImportDetail = self.request('PUT', f'/api/v1/imports/{self.quote(import_id)}/reading', json=body)
        return answer

    def get_refused_rows(self, import_id: int) -> RefusedLink:
        """Get where the rows that became nothing can be downloaded as CSV, with their number, field and reason."""
        answer: RefusedLink = self.request('GET', f'/api/v1/imports/{self.quote(import_id)}/refused')
        return answer

    def start_import(self, import_id: int, *, idempotency_key: str | None = None) -> ImportDetail:
        """Load the file as history: profiles, definitions and labels learn of it; it raises no alerts."""
        answer: ImportDetail = self.request('POST', f'/api/v1/imports/{self.quote(import_id)}/start', idempotency_key=idempotency_key, keyed=True)
        return answer

    def undo_import(self, import_id: int, *, idempotency_key: str | None = None) -> ImportDetail:
        """Take an import back whole, with all that profiles learnt of it; one that was not started is given up."""
        answer: ImportDetail = self.request('POST', f'/api/v1/imports/{self.quote(import_id)}/undo', idempotency_key=idempotency_key, keyed=True)
        return answer

    def complete_upload(self, import_id: int, *, idempotency_key: str | None = None) -> ImportDetail:
        """Say that all parts are there. The file is then previewed: its status becomes `planned`."""
        answer: ImportDetail = self.request('POST', f'/api/v1/imports/{self.quote(import_id)}/uploaded', idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_documents(self, *, cursor: str | None = None, limit: int | None = None) -> DocumentPage:
        """List the documents, by name."""
        answer: DocumentPage = self.request('GET', '/api/v1/knowledge', query={'cursor': cursor, 'limit': limit})
        return answer

    def upload_document(self, body: bytes, *, name: str, title: str | None = None, idempotency_key: str | None = None) -> Document:
        """Upload a document that explanations may cite, or its next version."""
        answer: Document = self.request('POST', '/api/v1/knowledge', query={'name': name, 'title': title}, content=body, content_type='application/pdf', idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_document(self, document_id: UUID | str) -> DocumentDetail:
        """Get a document with its passages, as they are searched and cited."""
        answer: DocumentDetail = self.request('GET', f'/api/v1/knowledge/{self.quote(document_id)}')
        return answer

    def delete_document(self, document_id: UUID | str) -> None:
        """Remove a document from the knowledge base. Explanations that cited it keep their citations."""
        self.request('DELETE', f'/api/v1/knowledge/{self.quote(document_id)}')

    def send_labels(self, body: list[dict[str, Any]], *, idempotency_key: str | None = None) -> LabelsResult:
        """Label up to 5,000 scored events."""
        answer: LabelsResult = self.request('POST', '/api/v1/labels', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_lists(self, *, cursor: str | None = None, limit: int | None = None) -> ListPage:
        """List the lists, by name."""
        answer: ListPage = self.request('GET', '/api/v1/lists', query={'cursor': cursor, 'limit': limit})
        return answer

    def create_list(self, body: NewList, *, idempotency_key: str | None = None) -> StoredList:
        """Create an empty list."""
        answer: StoredList = self.request('POST', '/api/v1/lists', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_list(self, name: str) -> StoredList:
        """Get a list without its entries."""
        answer: StoredList = self.request('GET', f'/api/v1/lists/{self.quote(name)}')
        return answer

    def change_list(self, name: str, body: ListChange, *, if_match: str | None = None) -> StoredList:
        """Change the description of a list."""
        answer: StoredList = self.request('PUT', f'/api/v1/lists/{self.quote(name)}', json=body, if_match=if_match)
        return answer

    def remove_list(self, name: str, *, reason: str) -> None:
        """Delete a list. Its entries stay stored as removed."""
        self.request('DELETE', f'/api/v1/lists/{self.quote(name)}', query={'reason': reason})

    def list_entries(self, name: str, *, text: str | None = None, cursor: str | None = None, limit: int | None = None) -> EntryPage:
        """List the entries of a list, oldest first."""
        answer: EntryPage = self.request('GET', f'/api/v1/lists/{self.quote(name)}/entries', query={'text': text, 'cursor': cursor, 'limit': limit})
        return answer

    def add_entries(self, name: str, body: NewEntries, *, idempotency_key: str | None = None) -> EntriesAdded:
        """Add up to 1,000 entries to a list: all, or none if one is invalid. Existing entries are replaced."""
        answer: EntriesAdded = self.request('POST', f'/api/v1/lists/{self.quote(name)}/entries', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def preview_entries(self, name: str, body: EntriesToPreview, *, idempotency_key: str | None = None) -> EntriesPreview:
        """Say what adding values to a list would change: which are on it already, and which active rules ask for it."""
        answer: EntriesPreview = self.request('POST', f'/api/v1/lists/{self.quote(name)}/entries/preview', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def remove_entries(self, name: str, body: EntriesToRemove, *, idempotency_key: str | None = None) -> EntriesRemoved:
        """Remove entries from a list; values that are not on it are ignored."""
        answer: EntriesRemoved = self.request('POST', f'/api/v1/lists/{self.quote(name)}/entries/remove', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_models(self, *, cursor: str | None = None, limit: int | None = None) -> ModelPage:
        """List models, newest first; last the shipped model and the scorecard."""
        answer: ModelPage = self.request('GET', '/api/v1/models', query={'cursor': cursor, 'limit': limit})
        return answer

    def get_model_calibration(self, *, from_: str | None = None, to: str | None = None, since: str | None = None, until: str | None = None) -> Calibration:
        """Compare predicted with observed fraud in a time span, for champion and challenger."""
        answer: Calibration = self.request('GET', '/api/v1/models/calibration', query={'from': from_, 'to': to, 'since': since, 'until': until})
        return answer

    def withdraw_challenger(self, body: ModelChangeReason, *, idempotency_key: str | None = None) -> ModelStageChange:
        """Withdraw the challenger. The engine follows within a second."""
        answer: ModelStageChange = self.request('POST', '/api/v1/models/challenger/withdraw', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def compare_models(self, *, champion: str | None = None, challenger: str | None = None, from_: str | None = None, to: str | None = None, since: str | None = None, until: str | None = None) -> ModelComparison:
        """Compare champion and challenger on labelled events of a time span that both scored, before rules."""
        answer: ModelComparison = self.request('GET', '/api/v1/models/comparison', query={'champion': champion, 'challenger': challenger, 'from': from_, 'to': to, 'since': since, 'until': until})
        return answer

    def get_models_in_force(self) -> ModelStageChange:
        """Get the champion and challenger in force, and who put them there."""
        answer: ModelStageChange = self.request('GET', '/api/v1/models/current')
        return answer

    def roll_back_models(self, body: ModelChangeReason, *, idempotency_key: str | None = None) -> ModelStageChange:
        """Undo the last change of stage; again, the one before it. The engine follows within a second."""
        answer: ModelStageChange = self.request('POST', '/api/v1/models/current/rollback', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_model_drift(self, *, hours: int | None = None) -> ModelDrift:
        """Measure the drift of the champion's events from its training data."""
        answer: ModelDrift = self.request('GET', '/api/v1/models/drift', query={'hours': hours})
        return answer

    def get_model_drift_history(self, *, hours: int | None = None) -> ModelDriftHistory:
        """Measure drift over time: hourly for up to two days, six-hourly beyond."""
        answer: ModelDriftHistory = self.request('GET', '/api/v1/models/drift/history', query={'hours': hours})
        return answer

    def list_model_stages(self, *, cursor: str | None = None, limit: int | None = None) -> ModelStagePage:
        """List all stage changes, newest first."""
        answer: ModelStagePage = self.request('GET', '/api/v1/models/history', query={'cursor': cursor, 'limit': limit})
        return answer

    def get_model(self, version: str) -> ModelDetail:
        """Get a model with its manifest."""
        answer: ModelDetail = self.request('GET', f'/api/v1/models/{self.quote(version)}')
        return answer

    def promote_model(self, version: str, body: ModelPromotion, *, idempotency_key: str | None = None) -> ModelStageChange:
        """Promote a version to champion, which scores, or challenger, which scores in shadow."""
        answer: ModelStageChange = self.request('POST', f'/api/v1/models/{self.quote(version)}/promote', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_packs(self) -> PackIndex:
        """List the packs that ship or are installed, by name."""
        answer: PackIndex = self.request('GET', '/api/v1/packs')
        return answer

    def get_pack(self, name: str) -> PackDetail:
        """Get a pack with all that it brings: as it is installed, or as it ships."""
        answer: PackDetail = self.request('GET', f'/api/v1/packs/{self.quote(name)}')
        return answer

    def install_pack(self, name: str, body: PackInstallation) -> PackOutcome:
        """Install a pack, or upgrade it, as far as it can go now: all of that, or nothing."""
        answer: PackOutcome = self.request('PUT', f'/api/v1/packs/{self.quote(name)}', json=body)
        return answer

    def remove_pack(self, name: str, *, reason: str | None = None, dry_run: bool | None = None) -> PackOutcome:
        """Remove what a pack made. Rules and definitions are archived; lists with entries of others are kept."""
        answer: PackOutcome = self.request('DELETE', f'/api/v1/packs/{self.quote(name)}', query={'reason': reason, 'dry_run': dry_run})
        return answer

    def get_pack_page(self, name: str) -> FilledPage:
        """Get the page that an installed pack declares, with the events and hits that are stored."""
        answer: FilledPage = self.request('GET', f'/api/v1/packs/{self.quote(name)}/page')
        return answer

    def get_quality(self, *, from_: str | None = None, to: str | None = None) -> Quality:
        """Precision, recall and F1 of levels, scorers, rules and days, over up to 92 days."""
        answer: Quality = self.request('GET', '/api/v1/quality', query={'from': from_, 'to': to})
        return answer

    def get_history(self, *, sort: Order | None = None, cursor: str | None = None, limit: int | None = None, from_: str | None = None, to: str | None = None, level: RiskLevel | None = None, min_level: RiskLevel | None = None, event_type: str | None = None, account_id: str | None = None, counterparty_id: str | None = None, min_score: float | None = None, decision: DecisionAction | None = None, overturned: bool | None = None, device_id: str | None = None, ip: str | None = None, card: str | None = None, email: str | None = None, email_domain: str | None = None) -> AssessmentPage:
        """Search all assessments, filtered and sorted; last scored first by default."""
        answer: AssessmentPage = self.request('GET', '/api/v1/risk/history', query={'sort': sort, 'cursor': cursor, 'limit': limit, 'from': from_, 'to': to, 'level': level, 'min_level': min_level, 'event_type': event_type, 'account_id': account_id, 'counterparty_id': counterparty_id, 'min_score': min_score, 'decision': decision, 'overturned': overturned, 'device_id': device_id, 'ip': ip, 'card': card, 'email': email, 'email_domain': email_domain})
        return answer

    def export_history(self, *, format: ExportFormat | None = None, from_: str | None = None, to: str | None = None, level: RiskLevel | None = None, min_level: RiskLevel | None = None, event_type: str | None = None, account_id: str | None = None, counterparty_id: str | None = None, min_score: float | None = None, decision: DecisionAction | None = None, overturned: bool | None = None, device_id: str | None = None, ip: str | None = None, card: str | None = None, email: str | None = None, email_domain: str | None = None) -> ExportLink:
        """Export every assessment that a filter finds, last scored first."""
        answer: ExportLink = self.request('GET', '/api/v1/risk/history/export', query={'format': format, 'from': from_, 'to': to, 'level': level, 'min_level': min_level, 'event_type': event_type, 'account_id': account_id, 'counterparty_id': counterparty_id, 'min_score': min_score, 'decision': decision, 'overturned': overturned, 'device_id': device_id, 'ip': ip, 'card': card, 'email': email, 'email_domain': email_domain})
        return answer

    def get_live(self, *, limit: int | None = None, min_level: RiskLevel | None = None) -> AssessmentPage:
        """List the newest assessments. Later ones arrive over the WebSocket."""
        answer: AssessmentPage = self.request('GET', '/api/v1/risk/live', query={'limit': limit, 'min_level': min_level})
        return answer

    def get_risk_overview(self, *, minutes: int | None = None) -> RiskOverview:
        """Summarize the newest assessments: score distribution, top reasons and accounts of the risky ones."""
        answer: RiskOverview = self.request('GET', '/api/v1/risk/overview', query={'minutes': minutes})
        return answer

    def get_risk_stats(self, *, minutes: int | None = None) -> RiskStats:
        """Count assessments by level and minute."""
        answer: RiskStats = self.request('GET', '/api/v1/risk/stats', query={'minutes': minutes})
        return answer

    def get_assessment(self, event_id: str, *, event_source: str | None = None) -> AssessmentDetail:
        """Get everything that is known about one scored event."""
        answer: AssessmentDetail = self.request('GET', f'/api/v1/risk/{self.quote(event_id)}', query={'event_source': event_source})
        return answer

    def get_contributions(self, event_id: str, *, event_source: str | None = None) -> Contributions:
        """Break a score down into the contributions of features and rules, largest first."""
        answer: Contributions = self.request('GET', f'/api/v1/risk/{self.quote(event_id)}/contributions', query={'event_source': event_source})
        return answer

    def label_event(self, event_id: str, body: LabelInput, *, event_source: str | None = None, idempotency_key: str | None = None) -> LabelAccepted:
        """Label a scored event as fraud or legitimate."""
        answer: LabelAccepted = self.request('POST', f'/api/v1/risk/{self.quote(event_id)}/label', query={'event_source': event_source}, json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_event_labels(self, event_id: str, *, event_source: str | None = None) -> LabelList:
        """List all labels of an event, the one that counts first."""
        answer: LabelList = self.request('GET', f'/api/v1/risk/{self.quote(event_id)}/labels', query={'event_source': event_source})
        return answer

    def overturn_decision(self, event_id: str, body: NewOverturn, *, event_source: str | None = None, idempotency_key: str | None = None) -> Overturn:
        """Overturn the decision on an event: from now on `action` holds."""
        answer: Overturn = self.request('POST', f'/api/v1/risk/{self.quote(event_id)}/overturn', query={'event_source': event_source}, json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def restore_decision(self, event_id: str, *, event_source: str | None = None) -> Overturn:
        """Undo the overturn of a decision: what the policy decided holds again, and the label is withdrawn."""
        answer: Overturn = self.request('DELETE', f'/api/v1/risk/{self.quote(event_id)}/overturn', query={'event_source': event_source})
        return answer

    def list_rule_hits(self, event_id: str, *, event_source: str | None = None) -> RuleReadings:
        """List the rules that hit an event, each with the fields and features that it reads."""
        answer: RuleReadings = self.request('GET', f'/api/v1/risk/{self.quote(event_id)}/rules', query={'event_source': event_source})
        return answer

    def list_rules(self, *, status: RuleStatus | None = None, cursor: str | None = None, limit: int | None = None) -> RulePage:
        """List rules by name."""
        answer: RulePage = self.request('GET', '/api/v1/rules', query={'status': status, 'cursor': cursor, 'limit': limit})
        return answer

    def create_rule(self, body: NewRule, *, idempotency_key: str | None = None) -> RuleDetail:
        """Create a rule as a draft. It has no effect until it is moved to shadow or live."""
        answer: RuleDetail = self.request('POST', '/api/v1/rules', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_expression_names(self) -> ExpressionNames:
        """List what expressions may use: event fields, features with their units, and functions."""
        answer: ExpressionNames = self.request('GET', '/api/v1/rules/names')
        return answer

    def list_rule_stats(self, *, hours: int | None = None) -> RulesStats:
        """Count hits of each rule, live and in shadow, and how many turned out to be fraud."""
        answer: RulesStats = self.request('GET', '/api/v1/rules/stats', query={'hours': hours})
        return answer

    def test_rule(self, body: RuleTrial, *, idempotency_key: str | None = None) -> RuleTrialResult:
        """Evaluate an expression on one event, without storing either."""
        answer: RuleTrialResult = self.request('POST', '/api/v1/rules/test', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def validate_rule(self, body: RuleDraft, *, idempotency_key: str | None = None) -> RuleValidation:
        """Validate an expression and its reason text, without storing them."""
        answer: RuleValidation = self.request('POST', '/api/v1/rules/validate', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_rule(self, rule_id: UUID | str) -> RuleDetail:
        """Get a rule with all its versions and stages."""
        answer: RuleDetail = self.request('GET', f'/api/v1/rules/{self.quote(rule_id)}')
        return answer

    def edit_rule(self, rule_id: UUID | str, body: RuleEdit, *, if_match: str | None = None) -> RuleDetail:
        """Add a version. The live and shadow versions stay as they are."""
        answer: RuleDetail = self.request('PUT', f'/api/v1/rules/{self.quote(rule_id)}', json=body, if_match=if_match)
        return answer

    def backtest_rule(self, rule_id: UUID | str, body: BacktestRequest, *, idempotency_key: str | None = None) -> BacktestReport:
        """Backtest a rule version on scored events, newest first, for at most nine seconds."""
        answer: BacktestReport = self.request('POST', f'/api/v1/rules/{self.quote(rule_id)}/backtest', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def roll_back_rule(self, rule_id: UUID | str, body: RuleRollback, *, idempotency_key: str | None = None, if_match: str | None = None) -> RuleDetail:
        """Undo the last change of stage; again, the one before it. The engine follows within a second."""
        answer: RuleDetail = self.request('POST', f'/api/v1/rules/{self.quote(rule_id)}/rollback', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def get_rule_stats(self, rule_id: UUID | str, *, hours: int | None = None) -> RuleStats:
        """Count the hits of a rule by version and hour, and how many turned out to be fraud."""
        answer: RuleStats = self.request('GET', f'/api/v1/rules/{self.quote(rule_id)}/stats', query={'hours': hours})
        return answer

    def move_rule(self, rule_id: UUID | str, body: RuleTransition, *, idempotency_key: str | None = None, if_match: str | None = None) -> RuleDetail:
        """Move a version to draft, shadow, live (for a share of events) or archived."""
        answer: RuleDetail = self.request('POST', f'/api/v1/rules/{self.quote(rule_id)}/transition', json=body, idempotency_key=idempotency_key, keyed=True, if_match=if_match)
        return answer

    def search(self, *, text: str, limit: int | None = None) -> SearchResult:
        """Find events, alerts, accounts, counterparties, devices, addresses, cards, e-mails, rules, lists and users."""
        answer: SearchResult = self.request('GET', '/api/v1/search', query={'text': text, 'limit': limit})
        return answer

    def list_users(self, *, cursor: str | None = None, limit: int | None = None) -> UserPage:
        """List people by address."""
        answer: UserPage = self.request('GET', '/api/v1/users', query={'cursor': cursor, 'limit': limit})
        return answer

    def invite_user(self, body: Invitation, *, idempotency_key: str | None = None) -> UserDetail:
        """Invite a person, who sets their own password with a mailed link."""
        answer: UserDetail = self.request('POST', '/api/v1/users/invite', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_user(self, user_id: UUID | str) -> UserDetail:
        """Get one person."""
        answer: UserDetail = self.request('GET', f'/api/v1/users/{self.quote(user_id)}')
        return answer

    def change_user(self, user_id: UUID | str, body: UserChange, *, if_match: str | None = None) -> UserDetail:
        """Change a person's role, or deactivate or reactivate them. It takes effect at once and ends their sessions."""
        answer: UserDetail = self.request('PATCH', f'/api/v1/users/{self.quote(user_id)}', json=body, if_match=if_match)
        return answer

    def create_reset_link(self, user_id: UUID | str, *, idempotency_key: str | None = None) -> PasswordLink:
        """Create a link with which a person sets their password, once. Earlier links become invalid."""
        answer: PasswordLink = self.request('POST', f'/api/v1/users/{self.quote(user_id)}/reset-link', idempotency_key=idempotency_key, keyed=True)
        return answer

    def list_sessions_of_user(self, user_id: UUID | str) -> Sessions:
        """List a person's sessions."""
        answer: Sessions = self.request('GET', f'/api/v1/users/{self.quote(user_id)}/sessions')
        return answer

    def end_sessions_of_user(self, user_id: UUID | str) -> None:
        """End all sessions of a person, who may sign in again."""
        self.request('DELETE', f'/api/v1/users/{self.quote(user_id)}/sessions')

    def list_webhooks(self) -> WebhookList:
        """List all webhooks (20 at most)."""
        answer: WebhookList = self.request('GET', '/api/v1/webhooks')
        return answer

    def create_webhook(self, body: NewWebhook, *, idempotency_key: str | None = None) -> WebhookWithSecret:
        """Create a webhook."""
        answer: WebhookWithSecret = self.request('POST', '/api/v1/webhooks', json=body, idempotency_key=idempotency_key, keyed=True)
        return answer

    def get_webhook(self, webhook_id: UUID | str) -> Webhook:
        """Get a webhook and its health. `ETag` is its version."""
        answer: Webhook = self.request('GET', f'/api/v1/webhooks/{self.quote(webhook_id)}')
        return answer

    def change_webhook(self, webhook_id: UUID | str, body: WebhookChange, *, if_match: str | None = None) -> Webhook:
        """Change, disable or enable a webhook. Messages for a disabled one wait until it is enabled again."""
        answer: Webhook = self.request('PUT', f'/api/v1/webhooks/{self.quote(webhook_id)}', json=body, if_match=if_match)
        return answer

    def delete_webhook(self, webhook_id: UUID | str) -> None:
        """Delete a webhook, its delivery log and its pending messages."""
        self.request('DELETE', f'/api/v1/webhooks/{self.quote(webhook_id)}')

    def list_deliveries(self, webhook_id: UUID | str, *, status: DeliveryStatus | None = None, cursor: str | None = None, limit: int | None = None) -> DeliveryPage:
        """List deliveries, newest first: attempts, the receiver's answer, the next attempt."""
        answer: DeliveryPage = self.request('GET', f'/api/v1/webhooks/{self.quote(webhook_id)}/deliveries', query={'status': status, 'cursor': cursor, 'limit': limit})
        return answer

    def replay_delivery(self, webhook_id: UUID | str, delivery_id: UUID | str, *, idempotency_key: str | None = None) -> Delivery:
        """Redeliver a message, whatever its state, with the same `webhook-id`."""
        answer: Delivery = self.request('POST', f'/api/v1/webhooks/{self.quote(webhook_id)}/deliveries/{self.quote(delivery_id)}/replay', idempotency_key=idempotency_key, keyed=True)
        return answer

    def replay_dead_deliveries(self, webhook_id: UUID | str, *, idempotency_key: str | None = None) -> Replayed:
        """Redeliver all messages that were given up, in order."""
        answer: Replayed = self.request('POST', f'/api/v1/webhooks/{self.quote(webhook_id)}/replay-dead', idempotency_key=idempotency_key, keyed=True)
        return answer

    def rotate_webhook_secret(self, webhook_id: UUID | str, *, idempotency_key: str | None = None) -> WebhookWithSecret:
        """Rotate the secret, which is shown only here. For 24 hours messages carry signatures by the old one too."""
        answer: WebhookWithSecret = self.request('POST', f'/api/v1/webhooks/{self.quote(webhook_id)}/rotate', idempotency_key=idempotency_key, keyed=True)
        return answer

    def test_webhook(self, webhook_id: UUID | str, *, idempotency_key: str | None = None) -> Delivery:
        """Send a test message of type `webhook.test`. Its delivery appears in the log a moment later."""
        answer: Delivery = self.request('POST', f'/api/v1/webhooks/{self.quote(webhook_id)}/test', idempotency_key=idempotency_key, keyed=True)
        return answer
