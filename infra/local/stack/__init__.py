"""The local stack: starts, watches and stops every process of ``risk up``."""
