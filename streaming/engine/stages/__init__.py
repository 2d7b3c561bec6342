"""The stages of the graph: profile features, rule prefilter, scoring, drift counts."""
