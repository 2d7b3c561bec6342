"""Measurements and pictures on a local stack, behind ``risk bench`` and ``risk screenshots``."""
