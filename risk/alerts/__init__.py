"""Alerts: states, analysts' actions, grouping, priority, policy, and webhook messages.

Pure. Imports ``risk.domain``.
"""
