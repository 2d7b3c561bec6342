"""Judges a model on a file with known truth, by kind of fraud, beside a plain baseline."""
