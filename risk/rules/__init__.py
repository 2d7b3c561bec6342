"""Rules: CEL expressions, their evaluation and prefilter, lists, lifecycle and backtests.

Pure. Imports ``risk.features`` and below.
"""
