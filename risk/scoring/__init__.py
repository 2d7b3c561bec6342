"""From features and rule hits to a score, a level and reasons.

Holds the scorecard, the LightGBM model with exact SHAP values, model manifests, the champion and challenger, and the
model that ships (``models/default``). Imports ``risk.monitoring``, ``risk.rules``, ``risk.reason_text`` and below.
"""
