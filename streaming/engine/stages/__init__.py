"""What the graph does to a batch: profile features, rule prefilter, scoring, drift counts."""
