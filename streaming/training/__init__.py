"""Labelled history to a model: examples, fitting, evaluation."""
