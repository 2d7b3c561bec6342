"""The report on a data set: its contents, and the results of model, rules and definitions."""
