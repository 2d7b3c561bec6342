"""Documents that explanations may cite."""
