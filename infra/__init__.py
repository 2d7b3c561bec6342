"""All that deploys and operates the system: stacks, bundles, the local run, and the ``risk`` command."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
