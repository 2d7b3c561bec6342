"""Assessments: live view, history, evidence, account and counterparty activity, exports."""
