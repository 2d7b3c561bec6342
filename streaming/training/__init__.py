"""Training on labelled history: examples, fitting, evaluation."""
