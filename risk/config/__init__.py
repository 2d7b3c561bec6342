"""Typed settings from the environment, and the secrets behind them.

Imports ``risk.domain`` alone.
"""
