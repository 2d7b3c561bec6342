"""How well a model finds the frauds of a file whose truth lies beside it, kind by kind, beside a plain baseline."""
