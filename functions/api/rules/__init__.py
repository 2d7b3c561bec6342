"""Rules: drafts, trials, backtests, lifecycle."""
