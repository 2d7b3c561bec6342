"""Measurements and screenshots of a local stack, for ``risk bench`` and ``risk screenshots``."""
