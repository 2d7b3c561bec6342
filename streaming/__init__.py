"""The streaming engine, and what shares its code: training, offline scoring, benches, the simulator."""
