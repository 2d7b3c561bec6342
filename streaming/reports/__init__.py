"""The report on somebody's data: what it looks like, and what model, rules and definitions make of it."""
