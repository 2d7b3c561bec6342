"""The verbs of the ``risk`` command, one module each; ``infra/cli.py`` puts them together."""
