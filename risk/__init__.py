"""The domain of the Real-Time Risk Management System, shared by every deployable.

Imports go downwards only: store | adapters, explanations, scoring, alerts, monitoring, rules, reason_text, features,
config, domain. Only ``store`` and ``adapters`` (and ``config.secrets``) do input and output.
"""
