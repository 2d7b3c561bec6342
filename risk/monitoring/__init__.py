"""How well scores and data hold up: drift (PSI), precision and recall, calibration, model comparison.

Pure. Imports ``risk.domain``.
"""
