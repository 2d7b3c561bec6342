"""What the engine writes: batches, profiles, rule hits, drift counts; and the lease that lets it write."""
