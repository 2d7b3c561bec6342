"""Alerts: their states, the actions analysts take, priority, alert policy, and the messages webhooks get.

Pure. Imports ``risk.domain``.
"""
